"""Compiled and as plain Python: the same bits."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

PROGRAM = """
import hashlib, json, warnings
warnings.simplefilter("ignore")
import numba
from engine.test_journeys_properties import some_network
from garita.engine.journeys import travel
net = some_network()
net = net._replace(initial=net.initial // 60, fixed=net.fixed // 10)
found = [[hashlib.sha256(book.tobytes()).hexdigest() for book in travel(net, 7, 3, rules)] for rules in MODES]
print(json.dumps([bool(numba.config.DISABLE_JIT), found]))
"""
MODES = ["flee3", "garita"]


def run(**environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("MODES", repr(MODES))],
        text=True,
        capture_output=True,
        timeout=600,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_plain_python_makes_the_same_bits():
    compiled, plain = run(), run(NUMBA_DISABLE_JIT="1")
    assert (compiled[0], plain[0]) == (False, True)
    assert compiled[1] == plain[1]
    assert hashlib.sha256(b"").hexdigest() not in str(plain[1])
