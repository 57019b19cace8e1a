"""Small stories of journeys that the tests start from."""

from __future__ import annotations

from typing import Any

from garita.outcomes import JourneyOutcome
from garita.runs import travel
from garita.scenario import Case
from garita.scenario.case import loads

HEAD = """\
garita: 1
title: A story
start: 2018-11-01
days: 1
replications: 3
"""
PORT = """\
region: {id: here, zone: America/Tijuana}
crossings: [{id: gate, port: port}, {id: bridge, port: port}]
flows:
  - {crossing: gate, mode: pedestrian, arrivals: 10, service: {mean: 30 s}, booths: 2}
  - {crossing: bridge, mode: pedestrian, arrivals: 10, service: {mean: 30 s}, booths: 2}
  - {crossing: gate, mode: car, arrivals: 10, service: {mean: 30 s}, booths: 2}
"""
LINE = """\
journeys:
  from: 2018-10-01
  days: 30
  places: [{id: a, country: A}, {id: b, country: B}, {id: c, country: B}, {id: d, country: C}]
  routes: [{from: a, to: b, km: 75}, {from: b, to: c, km: 60}, {from: c, to: d, km: 45}]
  groups: [{name: walkers, place: a, to: d, from: 2018-10-03, people: 100}]
"""


def story(journeys: str = LINE, more: str = "", port: bool = False) -> Case:
    """A scenario of journeys; with ``port`` two crossings on foot."""
    return loads(HEAD + (PORT if port else "") + more + journeys)


def told(journeys: str, more: str = "", **how: Any) -> JourneyOutcome:
    """What comes of it, in one history unless said otherwise."""
    case = story(journeys, more, how.pop("port", False))
    return travel(case, **({"replications": 1} | how))


def at(outcome: JourneyOutcome, place: str) -> int:
    """The number of a place."""
    return [one.id for one in outcome.layout.places].index(place)
