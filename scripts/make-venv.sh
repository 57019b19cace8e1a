#!/bin/sh
# Makes the virtual environment $VENV with $PYTHON, also where Debian has split `ensurepip` off into python3-venv.
set -eu

if [ -e "$VENV" ] && [ ! -e "$VENV/pyvenv.cfg" ]; then
    echo "$VENV exists and is no virtual environment: name another with VENV=..." >&2
    exit 2
fi
rm -rf "$VENV"
if "$PYTHON" -c 'import ensurepip' 2>/dev/null && "$PYTHON" -m venv "$VENV"; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    if apt-get install -y -qq --no-install-recommends "python$version-venv" && "$PYTHON" -m venv --clear "$VENV"; then
        exit 0
    fi
fi
if "$PYTHON" -m virtualenv --version >/dev/null 2>&1; then
    exec "$PYTHON" -m virtualenv --quiet "$VENV"
fi
echo "This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv; then run make again." >&2
exit 2
