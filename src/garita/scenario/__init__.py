"""The scenario language: what a user may say, read, checked and made into plain values.

`load` gives a :class:`Case`; `Case.resolve` gives the scenario of one possible history.
"""

from __future__ import annotations

from garita.scenario.case import Case, find, load, loads
from garita.scenario.merge import packaged_cases
from garita.scenario.messages import MESSAGES
from garita.scenario.models import Scenario
from garita.scenario.region import Catalogue
from garita.scenario.resolve import Contested
from garita.scenario.schema import markdown, schema

__all__ = [
    "MESSAGES",
    "Case",
    "Catalogue",
    "Contested",
    "Scenario",
    "find",
    "load",
    "loads",
    "markdown",
    "packaged_cases",
    "schema",
]
