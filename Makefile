# Garita. Needs a POSIX shell, make and Python 3.11 or newer; everything else is fetched into .venv.
#   make demo    the San Ysidro case, from nothing to the report
#   make test    every fast test, from nothing
# Another Python: make demo PYTHON=/path/to/python3.12        Another place for the environment: VENV=/somewhere

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

VENV ?= .venv
# The first Python that is new enough; looked for only when the environment is made.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$python"; break; }; done)
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet
PYTEST := $(RUN) -m pytest
OUT ?= results/san-ysidro-2018
export PYTHONUTF8 := 1

.PHONY: help demo test test-fast coverage mutants slow bench docs lint lock nightly clean browser random

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/stamp-run ## the San Ysidro case of November 2018, to the finished report
	@$(VENV)/bin/garita demo --out $(OUT)

test: $(VENV)/stamp-dev browser lint test-fast ## set-up, style, types and all fast tests

test-fast: $(VENV)/stamp-dev ## the fast tests only
	$(PYTEST) -m "not slow" --numprocesses auto --maxprocesses 4 --dist loadfile

slow: $(VENV)/stamp-dev ## tests that take long or need the shared data
	$(PYTEST) -m slow

coverage: $(VENV)/stamp-dev ## lines of the engine and of build as plain Python, with the same bits as compiled
	NUMBA_DISABLE_JIT=1 $(PYTEST) tests/build tests/journeys tests/plain -m "not compiled" \
		--cov --cov-config=tests/plain/coverage.ini

mutants: $(VENV)/stamp-dev ## change the engine in 400 places, one at a time: does a test notice? (an hour or more; goes on where it was)
	$(RUN) scripts/mutants.py --jobs 2

random: $(VENV)/stamp-dev ## the random draws through dieharder, some hours; skipped where it is not installed
	$(RUN) scripts/random_battery.py --out results/dieharder.txt

lint: $(VENV)/stamp-dev ## ruff and mypy
	$(RUN) -m ruff check .
	$(RUN) -m mypy

bench: $(VENV)/stamp-bench ## Garita beside SimPy, Ciw and salabim on one workload; and how its cost grows
	$(RUN) -m benchmarks
	$(RUN) -m benchmarks.scaling

docs: $(VENV)/stamp-docs ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict --site-dir site
	@echo "site/index.html"

nightly: test coverage slow mutants bench random docs ## everything

# One version of each library for every Python, so that results do not depend on the Python; no index address in the files.
LOCK = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header
lock: $(VENV)/stamp-dev ## choose and lock the versions of all libraries anew
	$(LOCK) --upgrade --group build -o requirements/run.txt
	$(LOCK) --upgrade --group dev -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) --upgrade --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) --upgrade --group docs -c requirements/dev.txt -o requirements/docs.txt

clean: ## remove the environment and everything made
	test ! -e $(VENV)/pyvenv.cfg || rm -rf $(VENV)
	rm -rf site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov
	find src tests benchmarks examples -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- the environment ------------------------------------------------------------------------------------------------
# A stamp is newer than the lock file it was made from, so nothing is installed twice.

$(VENV)/stamp-venv:
	@test -n "$(PYTHON)" || { echo "Garita needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/make-venv.sh
	@touch $@

$(VENV)/stamp-%: requirements/%.txt pyproject.toml | $(VENV)/stamp-venv
	@echo "installing requirements/$*.txt"
	@$(PIP) --require-hashes -r requirements/$*.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# The tests of pages need Chromium. Where it is missing and may be installed, it is; elsewhere those tests are skipped and say why.
browser:
	@sh scripts/get-chromium.sh
