"""A small validation case: three crossings, of which one is shut for five hours."""

from __future__ import annotations

from garita.fit.case_files import ValidationEntry, loads_case

LINE = "arrivals: {per_hour: 24}, service: {distribution: exponential, mean: 60 s}, booths: 1"
SCENARIO = f"""
scenario:
  start: 2018-11-26
  days: 1
  region: {{id: made-up, zone: UTC}}
  crossings: [{{id: south}}, {{id: east}}, {{id: far}}]
  flows:
    - {{crossing: south, {LINE}}}
    - {{crossing: south, lane_type: ready, {LINE}}}
    - {{crossing: south, mode: pedestrian, {LINE}}}
    - {{crossing: east, {LINE}}}
    - {{crossing: east, lane_type: ready, {LINE}}}
    - {{crossing: far, {LINE}}}
  closures:
    - {{crossing: south, from: 2018-11-26 10:00, until: 5 h}}
"""


def case(observations: str, more: str = "") -> ValidationEntry:
    text = f"validation: 1\ntitle: a case\n{SCENARIO}{more}\nobservations:\n{observations}"
    return loads_case(text)
