"""What came of a run: tables, indicators, the paired comparison, and results folders."""

from garita.outcomes.compare import Comparison, compare
from garita.outcomes.definitions import DEFINITIONS, Definition
from garita.outcomes.journeys import JourneyOutcome
from garita.outcomes.layout import CrossingAxis, FlowAxis, Layout, OfficersAxis, StationAxis
from garita.outcomes.outcome import Outcome, RunPart
from garita.outcomes.recorded import RECORDS, Recorded
from garita.outcomes.records import Affected, Indicator, Passing, Peak
from garita.outcomes.recovery import Recovery
from garita.outcomes.scopes import Scope
from garita.outcomes.series import Curve, Series
from garita.outcomes.statistics import Estimate

__all__ = [
    "DEFINITIONS",
    "RECORDS",
    "Affected",
    "Comparison",
    "CrossingAxis",
    "Curve",
    "Definition",
    "Estimate",
    "FlowAxis",
    "Indicator",
    "JourneyOutcome",
    "Layout",
    "OfficersAxis",
    "Outcome",
    "Passing",
    "Peak",
    "Recorded",
    "Recovery",
    "RunPart",
    "Scope",
    "Series",
    "StationAxis",
    "compare",
]
