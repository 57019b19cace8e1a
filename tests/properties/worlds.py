"""A small region in which everything happens: choice, publication, trim, secondary, passes, parties."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

from engine import helpers
from garita.engine.types import Output

DAY = [
    20,
    10,
    10,
    20,
    60,
    120,
    160,
    160,
    140,
    120,
    110,
    100,
    100,
    110,
    120,
    130,
    140,
    140,
    120,
    90,
    70,
    50,
    40,
    30,
]

LOGIT = {
    "choice_rule": "logit",
    "tick_min": 5,
    "trim_every_min": 15,
    "publication_every_min": 30,
    "aftermath_drop": 0.2,
    "announced_avoidance": 0.6,
    "patience_min": 45,
    "patience_mean_min": 60,
    "reconsider_mean_min": 30,
    "news_mean_min": 20,
    "look_again_min": 60,
}
# Features that most runs do without, as fields of ``behaviour``: one by one, and all at once.
FEATURES: dict[str, dict[str, Any]] = {
    "perfect": {"information": "perfect"},
    "plans": {"going_later": "planned", "later_tomorrow_share": 0.3, "later_reopening_share": 0.5},
    "home": {"home_share_inbound": 0.4, "home_share_outbound": 0.6, "stay_mean_other_min": 120},
    "walk": {"walk_able_share": 0.8, "walk_min": 10, "walk_equivalent_min": 40},
}
CROSSINGS = [
    {"id": "north", "choice_group": "river"},
    {"id": "middle", "choice_group": "river", "hours": "05:00-23:00"},
    {"id": "south", "choice_group": "river"},
    {"id": "island", "choice_group": "sea"},
]
TRAVEL = [
    ("north", "middle", 20),
    ("middle", "north", 25),
    ("middle", "south", 30),
    ("south", "middle", 30),
    ("north", "south", 45),
    ("south", "north", 50),
    ("north", "island", 60),
    ("island", "north", 60),
]


def flows(scale: float = 1.0) -> list[dict[str, Any]]:
    """Cars with and without passes, people on foot; only cars without have hours, to be read quickly."""
    found = []
    for crossing, share, booths in (
        ("north", 1.0, 3),
        ("middle", 0.6, 2),
        ("south", 0.5, 2),
        ("island", 0.4, 2),
    ):
        here = scale * share
        usual = {"usual_wait": 15, "target_wait": 15, "lanes": 6}
        lognormal = {"distribution": "lognormal", "mean": "80 s", "cv": 0.7}
        rates = [round(here * rate, 3) for rate in DAY]
        cars = {**usual, "people_per_party": 1.9, "referral": 0.06, "service": lognormal}
        found.append(helpers.flow(crossing, rates, booths, **cars))
        erlang = {"distribution": "erlang", "mean": "50 s", "shape": 2}
        found.append(helpers.flow(crossing, round(100 * here, 3), booths, mode="pedestrian", service=erlang))
        if crossing in ("north", "south"):
            gamma = {"distribution": "gamma", "mean": "60 s", "shape": 2}
            ready = {**usual, "lane_type": "ready", "people_per_party": 1.7, "service": gamma}
            found.append(helpers.flow(crossing, round(90 * here, 3), booths, **ready))
    return found


def rooms(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines; some have a bounded room, some parties of exact patience, some both."""
    room = {"north": 60, "south": 40}
    patience = {
        "south": {"distribution": "exponential", "mean": "40 min"},
        "middle": {"distribution": "lognormal", "mean": "30 min", "cv": 0.8},
    }
    return [
        {
            **line,
            **({"room": room[line["crossing"]]} if line["crossing"] in room else {}),
            **({"patience": patience[line["crossing"]]} if line["crossing"] in patience else {}),
        }
        for line in lines
    ]


def tandem(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines; those of cars have two booths behind one another in each of their lanes but one."""
    several = {"lanes": 2, "booths_per_lane": 2, "tandem": True}
    return [{**line, **(several if line.get("mode") is None else {}), "booths": 3} for line in lines]


def buses(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same lines, and buses in the north and south, whose people walk through inspection: at the booths
    of the line on foot, and at their own by day.
    """
    erlang = {"distribution": "erlang", "mean": "60 s", "shape": 2}
    bus = {"mode": "bus", "people_per_party": 22, "referral": 0.1, "usual_wait": 10, "lanes": 2}
    ways = {
        "north": {"booths_of": "standard", "walk": 1.5},
        "south": {"booths": [0] * 5 + [2] * 19, "service": erlang},
    }
    return lines + [
        helpers.flow(crossing, [rate / 40 for rate in DAY], 2, service=erlang, walk_through=way, **bus)
        for crossing, way in ways.items()
    ]


def outbound(scale: float = 1.0) -> list[dict[str, Any]]:
    """Lines out of the country, of people who go out earlier in the day than others come in."""
    rates = [round(0.8 * scale * DAY[(hour + 3) % 24], 3) for hour in range(24)]
    here = {"direction": "outbound", "usual_wait": 5, "lanes": 4, "people_per_party": 1.9}
    return [helpers.flow(crossing, rates, 3, **here) for crossing in ("north", "south")]


def region() -> dict[str, Any]:
    """What a scenario needs besides its flows."""
    return {
        "crossings": [dict(crossing) for crossing in CROSSINGS],
        "travel": [
            {"origin": a, "destination": b, "minutes": minutes, "mode": mode}
            for a, b, minutes in TRAVEL
            for mode in ("car", "pedestrian", "bus")
        ],
        "secondary": [
            {
                "crossing": name,
                "modes": ["car", "bus"],
                "places": 2,
                "service": {"distribution": "lognormal", "mean": "12 min", "cv": 0.6},
            }
            for name in ("north", "south", "island")
        ],
    }


def case(scale: float = 1.0, behaviour: dict[str, Any] | None = None, **more: Any):
    """One day of it, with people who react; with lines out of the country where some must come home."""
    lines = [*more.pop("flows", flows(scale))]
    if behaviour and "home_share_inbound" in behaviour:
        lines += outbound(scale)
    return helpers.case(**{"flows": lines, **region(), "behaviour": {**LOGIT, **(behaviour or {})}, **more})


def position(name: str) -> int:
    """Of the first line whose identifier begins so, in the arrays."""
    return next(f for f, line in enumerate(helpers.lines(case())) if line.startswith(name))


@cache
def usual() -> Output:
    """A day on which nothing happens."""
    return helpers.run(case())[0]


def few(examples: int) -> settings:
    """So many examples; one that fails is shown as it is, since making it smaller takes many runs."""
    return settings(max_examples=examples, phases=(Phase.explicit, Phase.generate))


seconds = st.integers(1, 86_399)


def stations() -> list[dict[str, Any]]:
    """Inspections before and after primary with little room between; one for a while and a share."""
    erlang = {"distribution": "erlang", "shape": 2}
    return [
        {
            "name": "zone",
            "crossing": "north",
            "modes": ["car"],
            "place": "before",
            "places": [2] * 6 + [4] * 18,
            "service": {**erlang, "mean": "40 s"},
            "room_behind": 6,
        },
        {
            "name": "exit",
            "crossing": "all",
            "place": "after",
            "places": 3,
            "service": {**erlang, "mean": "45 s"},
            "room": 4,
            "share": 0.8,
            "from": helpers.at(6.4),
            "until": helpers.at(19.7),
            "event": True,
        },
        {
            "name": "gate",
            "crossing": "south",
            "modes": ["car"],
            "place": "after",
            "order": 2,
            "places": 2,
            "service": {**erlang, "mean": "35 s"},
            "room": 0,
        },
    ]


def everything() -> dict[str, Any]:
    """All features at once."""
    return {name: value for feature in FEATURES.values() for name, value in feature.items()}


features = st.sampled_from([{}, *FEATURES.values(), everything()])


@st.composite
def closures(draw, crossings=("north", "middle", "south", "island", "all"), least=0, most=8 * 3600):
    """Any closure: whole or in part, announced or not, exempting some, opened in stages."""
    begin = draw(seconds) / 3600.0
    length = draw(st.integers(least, most))
    found: dict[str, Any] = {
        "crossing": draw(st.sampled_from(crossings)),
        "from": helpers.at(begin),
        "until": f"{length} s",
    }
    if draw(st.booleans()):
        found["modes"] = [draw(st.sampled_from(["car", "pedestrian"]))]
    kind = draw(st.sampled_from(["whole", "whole", "share", "lanes", "exempt"]))
    if kind == "share":
        found["share"] = draw(st.integers(0, 100)) / 100.0
    elif kind == "lanes":
        found["lanes"] = draw(st.integers(0, 6))
    elif kind == "exempt":
        found["exempt"] = ["citizens", "freight"]
    if draw(st.booleans()):
        found["notice"] = draw(st.sampled_from(["none", "2 h", "3 days"]))
    if length > 60 and draw(st.booleans()):
        found["reopening"] = [
            {
                "at": helpers.at(begin + draw(st.integers(0, length)) / 3600.0),
                "share": draw(st.integers(0, 100)) / 100.0,
            }
        ]
    return found


def officers(places: tuple[str, ...] = ("north", "middle", "south")) -> dict[str, Any]:
    """Booths and officers that move between lines of some crossings, as parts of a scenario."""
    change = {"crossing": "north", "from_type": "standard", "to_type": "ready", "lanes": 1}
    back = {"crossing": "south", "from_type": "ready", "to_type": "standard", "lanes": 2}
    return {
        "conversions": [
            {**change, "hours": ["05:50-09:10", "17:00-22:00"]},
            {**back, "hours": "21:30-06:00", "weekdays": ["sun", "mon"]},
        ],
        "officers": [
            {"pool": "bank", "crossings": ["south", "north"], "modes": ["car"], "least": 1, "most": 5},
            {
                "pool": "foot",
                "crossings": list(places),
                "modes": "pedestrian",
                "every_min": 35,
                "move_min": 7,
            },
        ],
        "emergency": [
            {
                "crossing": "north",
                "modes": ["car"],
                "lane_types": ["standard"],
                "booths": 2,
                "wait_above_min": 25,
                "until_below_min": 12,
                "lasting_min": 10,
                "delay_min": 20,
                "taken_from": {"mode": "pedestrian"},
            },
            {"crossing": places[1], "booths": 1, "stay_open": True, "wait_above_min": 15},
        ],
        "pools": [
            {"pool": "bank", "factor": 0.7, "from": "2018-01-15 06:20", "until": "4 h"},
            {"pool": "foot", "officers": 5, "from": "2018-01-15 16:00", "event": True},
        ],
    }


@st.composite
def networks(draw, most_lines=4):
    """Some lines at two crossings, of any size, with any inspections; some share secondary inspection."""
    laws = [{"distribution": "exponential"}, {"distribution": "deterministic"}]
    laws += [{"distribution": "lognormal", "cv": 1.2}, {"distribution": "erlang", "shape": 3}]
    places = [(name, lane) for name in ("east", "west") for lane in ("standard", "ready")]
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=most_lines, unique=True))
    lines = []
    for crossing, lane in chosen:
        booths, per_hour = draw(st.integers(1, 6)), draw(st.integers(5, 150))
        seconds_each = draw(st.floats(0.3, 1.1)) * 3600.0 * booths / per_hour
        service = {**draw(st.sampled_from(laws)), "mean": f"{seconds_each:.3f} s"}
        fields = {"lane_type": lane, "service": service, "referral": draw(st.sampled_from([0, 0.1]))}
        lines.append(helpers.flow(crossing, per_hour, booths, **fields))
    secondary = [
        {"crossing": name, "places": 2, "service": {"distribution": "exponential", "mean": "5 min"}}
        for name in sorted({crossing for crossing, _ in chosen})
    ]
    return {"flows": lines, "secondary": secondary}


def idle_cuts():
    """Changes of staffing that change nothing, at up to thirty moments."""
    change = {"crossing": "all", "until": "1 s", "factor": 1}
    moments = st.lists(seconds, min_size=1, max_size=30, unique=True)
    return moments.map(lambda listed: [{**change, "from": helpers.at(second / 3600)} for second in listed])
