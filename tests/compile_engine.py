"""Compile the engine in the form that most runs need; with the word ``all`` also in that with everything."""

from __future__ import annotations

import sys

from engine import helpers
from garita.engine import load
from properties import worlds

load(helpers.built(worlds.case()).run)
if "all" in sys.argv:
    load(helpers.built(worlds.case(behaviour={**worlds.LOGIT, **worlds.everything()})).run)
