"""Small days that together go through all that the engine can do: few parties, because plain Python is slow.

A new feature of the engine adds a day here, or a line to one; `make coverage` says what none of them reaches.
"""

from __future__ import annotations

import hashlib
from typing import Any

from engine import helpers
from garita import scenario
from garita.build import Builder
from garita.engine import run_replication
from garita.engine.extra import with_log
from plain import plazas
from properties import worlds

SEED, REPLICATION = 7, 3
RATES = [0] * 7 + [6, 8, 8, 7, 6, 4, 4] + [0] * 10
SLOW = {"distribution": "lognormal", "mean": "7 min", "cv": 0.6}
USUAL = {"usual_wait": 10, "target_wait": 10, "lanes": 3, "must_share": 0.3, "people_per_party": 1.8}

CROSSINGS = [
    {"id": "north", "choice_group": "river"},
    {"id": "middle", "choice_group": "river", "hours": "05:00-13:00"},
    {"id": "south", "choice_group": "river"},
]
TRAVEL = [
    {"origin": origin, "destination": destination, "minutes": minutes, "mode": mode}
    for origin, destination, minutes in (
        ("north", "middle", 20),
        ("middle", "north", 25),
        ("north", "south", 45),
        ("south", "north", 50),
        ("middle", "south", 30),
    )
    for mode in ("car", "pedestrian")
]
LOGIT = {
    "choice_rule": "logit",
    "tick_min": 30,
    "trim_every_min": 30,
    "publication_every_min": 60,
    "publication_age_min": 0,
    "access_min": 30,
    "informed_share": 0.5,
    "aftermath_drop": 0.2,
    "announced_avoidance": 0.6,
    "patience_min": 30,
    "patience_mean_min": 30,
    "reconsider_mean_min": 20,
    "news_mean_min": 20,
    "look_again_min": 40,
    "later_share": 0.5,
}
CLOSED = {"crossing": "north", "from": helpers.at(9), "until": "4 h"}


def flows() -> list[dict[str, Any]]:
    """Cars everywhere, people on foot and a second lane type in the north."""
    return [
        helpers.flow("north", RATES, 1, service=SLOW, referral=0.3, **USUAL),
        helpers.flow("north", [rate / 3 for rate in RATES], 1, service=SLOW, lane_type="ready", usual_wait=5),
        helpers.flow("north", [rate / 3 for rate in RATES], 1, service=SLOW, mode="pedestrian"),
        helpers.flow("middle", RATES, 1, service=SLOW, **USUAL),
        helpers.flow("middle", [rate / 4 for rate in RATES], 1, service=SLOW, mode="pedestrian"),
        helpers.flow("south", [rate / 4 for rate in RATES], 1, service=SLOW, lane_type="ready", **USUAL),
        helpers.flow("south", [rate / 2 for rate in RATES], 1, service=SLOW, referral=0.3, **USUAL),
    ]


def text(behaviour: dict[str, Any] | None = None, **more: Any) -> str:
    """A day at three crossings."""
    fields: dict[str, Any] = {
        "flows": flows(),
        "crossings": CROSSINGS,
        "travel": TRAVEL,
        "secondary": [
            {
                "crossing": "north",
                "modes": ["car"],
                "places": [1] * 16 + [0] * 8,
                "service": {"distribution": "lognormal", "mean": "25 min", "cv": 0.6},
            }
        ],
        "behaviour": {**LOGIT, **(behaviour or {})},
    }
    return helpers.text(**{**fields, **more})


DAYS = {
    "usual": text(),
    "closed": text(closures=[CLOSED]),
    "threshold": text({"choice_rule": "threshold", "threshold_above_min": 20}, closures=[CLOSED]),
    "none": text({"choice_rule": "none", "access_min": 0}, closures=[CLOSED]),
    "announced": text(closures=[{**CLOSED, "notice": "3 days"}], seed=2),
    "exempt": text(closures=[{**CLOSED, "exempt": ["citizens", "freight"]}]),
    "for good": text(
        {
            "tick_min": 60,
            "trim_every_min": 60,
            "later_from_min": "4 days",
            "later_to_min": "5 days",
            "reconsider_mean_min": "3 days",
            "patience_min": "3 days",
        },
        closures=[{"crossing": "all", "from": helpers.at(9), "until": "for good"}],
    ),
    "in part": text(
        closures=[
            {"crossing": "middle", "from": helpers.at(7), "until": "6 h", "lanes": 1},
            {
                "crossing": "south",
                "from": helpers.at(8.5),
                "until": "5 h",
                "reopening": [{"at": helpers.at(10), "modes": ["car"], "share": 0.5}],
            },
        ],
        staffing=[{"crossing": "north", "from": helpers.at(6), "until": helpers.at(10), "factor": 2}],
        demand=[{"crossing": "all", "from": helpers.at(12), "until": helpers.at(13), "factor": 3}],
    ),
}


# Waiting rooms, exact patience and whatever else most runs do without; booths close over those they serve.
ROOM = {"north": 9, "south": 2}
SMALL = [
    {**flow, **({"room": ROOM[flow["crossing"]]} if "room" in flow else {})} for flow in worlds.rooms(flows())
]
FEATURES = {
    "closures": [
        {**CLOSED, "modes": ["car"]},
        {**CLOSED, "modes": ["pedestrian"], "until": "90 min"},
        {"crossing": "south", "from": helpers.at(12), "until": "2 h"},
        {"crossing": "south", "from": helpers.at(8), "until": "2 h", "exempt": ["citizens"]},
        {"crossing": "middle", "from": helpers.at(10), "until": "2 h", "exempt": ["citizens"]},
    ],
    "flows": [
        {**flow, "booths": [1, 1, 2, 0] * 6} if flow["crossing"] == "south" else flow for flow in SMALL
    ],
}
FEATURES = {**worlds.officers(("north", "middle")), **FEATURES}
DAYS["features, logit"] = text(worlds.everything(), **FEATURES)
DAYS["features, threshold"] = text({**worlds.FEATURES["perfect"], "choice_rule": "threshold"}, **FEATURES)
DAYS["features"] = text(worlds.everything(), **{**FEATURES, "closures": []})
BOTH_WAYS = [
    helpers.flow(
        name, [rate * 0.8 for rate in [*RATES[2:], 0, 0]], 1, service=SLOW, direction="outbound", **USUAL
    )
    for name in ("north", "south")
]
DAYS["home"] = text(
    {**worlds.FEATURES["home"], "stay_mean_other_min": 60, "stay_mean_must_min": 90, "later_share": 0.7},
    flows=[*flows(), *BOTH_WAYS],
    closures=[{**CLOSED, "directions": ["inbound", "outbound"]}],
)
for rule in ("shorter", "logit"):
    holders = [{**flow, "booths": 2 if flow.get("lane_type") else 1} for flow in flows()]
    DAYS[f"lanes, {rule}"] = text({"lane_rule": rule, "lane_margin_min": 2}, flows=holders, closures=[CLOSED])
QUICK = {"news_mean_min": 5, "publication_every_min": 30, "access_min": 0, "publication_age_min": 0}
DAYS["plaza"] = text(QUICK, **plazas.PLAZA)
DAYS["officers"] = text({**QUICK, "choice_rule": "none"}, secondary=[], **plazas.OFFICERS)
DAYS["buses"] = text(
    worlds.everything(),
    flows=[
        *flows(),
        helpers.flow(
            "north",
            [rate / 8 for rate in RATES],
            2,
            mode="bus",
            people_per_party=14,
            referral=0.5,
            service=SLOW,
            walk_through={"booths_of": "standard", "walk": 3},
        ),
        helpers.flow(
            "south",
            [rate / 8 for rate in RATES],
            1,
            mode="bus",
            people_per_party=5,
            service=SLOW,
            walk_through={"booths": [1] * 10 + [2] * 14, "service": SLOW, "together": True},
        ),
    ],
    secondary=[{"crossing": "north", "modes": ["car", "bus"], "places": 1, "service": SLOW}],
    closures=[CLOSED],
)
DAYS["stations"] = text(
    worlds.everything(),
    stations=[{**station, "places": 1} for station in worlds.stations()],
    closures=[{**CLOSED, "modes": ["car"]}],
)
DAYS["lines as seen"] = text(
    initial=[
        {"crossing": "north", "parties": 5},
        {"crossing": "south", "wait_min": 20, "lane_type": "ready"},
    ],
    closures=[{"crossing": "north", "from": helpers.at(1), "until": "4 h"}],
)
DAYS["tandem booths"] = text(flows=worlds.tandem(flows()), closures=[CLOSED])
# Every party and every event is written down as well: (room for events; too little of it at first).
RECORDED = {"features, logit": 4096, "usual": 256}


def ready(name: str, case: Any = None) -> Any:
    """The run of a day, or of another variant of it."""
    case = scenario.loads(DAYS[name]) if case is None else case
    if name not in RECORDED:
        return helpers.built(case).run
    found = Builder(case).build(case.resolve(0), record=("travellers", "events")).run
    found.extra = with_log(found.extra, RECORDED[name])
    return found


def run(name: str) -> Any:
    """The books of a day."""
    return run_replication(ready(name), SEED, REPLICATION)


def digests(output: Any) -> dict[str, str]:
    """Of every book, to the bit."""
    found = {name: hashlib.sha256(getattr(output, name).tobytes()).hexdigest() for name in output._fields}
    if output.extra is not None:
        for name, array in zip(output.extra._fields, output.extra, strict=True):
            found[f"extra.{name}"] = hashlib.sha256(array.tobytes()).hexdigest()
    return found
