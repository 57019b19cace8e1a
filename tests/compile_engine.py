"""Compile the engine in the forms that tests use: without what most runs do without, and with it."""

from __future__ import annotations

from engine import helpers
from garita.engine import load
from properties import worlds

for case in (worlds.case(), worlds.case(behaviour={**worlds.LOGIT, **worlds.everything()})):
    load(helpers.built(case).run)
