"""How large a scenario may be: what the engine can count, and what could only be a slip of the pen.

`build/` looks again at what is known only once a history is drawn and its factors are multiplied; the
problems it raises then are made here, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from garita.errors import Problem
from garita.scenario.quantiles import quantile

MOST_BOOTHS = 4_095
"""Booths of a line, or places of secondary inspection: the engine keeps a booth's number in 12 bits."""

MOST_IN_LINE = 1_000_000
"""Parties that a bounded waiting room may hold; what holds more need not be bounded."""

MOST_PER_HOUR = 50_000.0
"""Parties an hour in one line, all factors included; no line in the world comes near.

Ten times that, the most that demand may grow, is far below the 2^24 parties of an hour that the engine
numbers; and a line that never moves fills the 2^24 places of a queue in two weeks.
"""

MOST_PARTIES = 500_000_000
"""Parties in one history."""

MOST_RUN_DAYS = 1_000_000
"""Days times replications."""

MOST_PLACE_DAYS = 40_000_000
"""Days times places, ways and shelters of journeys, times replications and variants: 2 GB of books."""

MOST_CROSSINGS = 255
"""Crossings of a region: the books keep a crossing's number in 8 bits."""

MOST_PEOPLE = 10.0
"""People in a party, on average; the engine holds parties of up to 15."""

MOST_ABOARD = 100.0
"""People in a bus, on average, where they walk through inspection."""

LONGEST_SERVICE_MIN = 525_600.0
"""A year. The engine holds 2^30 minutes; what lasts longer than a year is no inspection."""

LAST_QUANTILE = 1.0 - 2.0**-33
"""The rarest inspection that the engine draws: the end of `build`'s table of quantiles."""


def longest_service(distribution: str, given: Mapping[str, float]) -> float:
    """The longest inspection that is drawn, in minutes; ``given`` are the parameters of the distribution."""
    return quantile(distribution, given, LAST_QUANTILE)


def too_many_booths(line: str, booths: float) -> Problem:
    """More booths on a line's roster than can be simulated, after factors and changes."""
    return Problem("too-many-booths", {"value": f"{booths:,.6g}", "line": line, "limit": f"{MOST_BOOTHS:,}"})


def too_many_an_hour(line: str, parties: float) -> Problem:
    """More parties in an hour of a line than can be simulated, after all factors."""
    params = {"value": f"{parties:,.0f}", "line": line, "limit": f"{MOST_PER_HOUR:,.0f}"}
    return Problem("too-many-an-hour", params)


def too_many_parties(parties: float) -> Problem:
    """More parties in one history than can be simulated."""
    params = {"what": "the number of parties", "value": f"{parties:,.0f}", "limit": f"{MOST_PARTIES:,}"}
    return Problem("too-much", params)
