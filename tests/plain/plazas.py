"""More small days: plazas whose stations hold one another up, and officers who are moved."""

from __future__ import annotations

from typing import Any

from engine import helpers

SLOW = {"distribution": "lognormal", "mean": "7 min", "cv": 0.6}
RATES = [0] * 7 + [8, 12, 12, 8, 4, 2] + [0] * 11


def _post(name: str, place: str, places: Any, **more: Any) -> dict[str, Any]:
    service = {"distribution": "erlang", "mean": "6 min", "shape": 2}
    return {"name": name, "crossing": "a", "place": place, "places": places, "service": service, **more}


# Two inspections on either side of primary, given up in the middle of the day, and one that never inspects.
PLAZA: dict[str, Any] = {
    "flows": [
        helpers.flow("a", RATES, 3, service=SLOW, referral=0.3, usual_wait=10),
        helpers.flow("a", RATES, 2, service=SLOW, lane_type="ready", room=9),
        helpers.flow("a", RATES, 2, service=SLOW, mode="bus", patience={"mean": "20 min"}),
        helpers.flow("b", [rate / 4 for rate in RATES], 2, service=SLOW),
        helpers.flow("b", [rate / 2 for rate in RATES], 1, service=SLOW, mode="pedestrian"),
    ],
    "crossings": [{"id": "a", "choice_group": "river"}, {"id": "b", "choice_group": "river"}],
    "travel": [
        {"origin": one, "destination": other, "minutes": 20, "mode": "car"} for one, other in ("ab", "ba")
    ],
    "secondary": [
        {"crossing": "a", "modes": ["car"], "places": 2, "service": {"mean": "10 min"}},
    ],
    "stations": [
        _post("export", "before", 4, order=0, until=helpers.at(9.5)),
        _post("zone", "before", 4, room=2, room_behind=3, until=helpers.at(9)),
        _post("exit", "after", 2, room=2, share=0.8, until=helpers.at(9.2)),
        _post("gate", "after", 1, room=0, order=2, until=helpers.at(10)),
        {**_post("never", "before", 0, modes=["car"]), "crossing": "b"},
    ],
    "closures": [
        {
            "crossing": "a",
            "lane_types": ["ready"],
            "from": helpers.at(8.2),
            "until": "1 h",
            "exempt": ["citizens"],
        }
    ],
}

# Too few officers, on shifts, for lines busy at different hours; by hand and by the wait there are more.
OFFICERS: dict[str, Any] = {
    "flows": [
        helpers.flow("a", RATES, 3, service=SLOW, lanes=5),
        helpers.flow("a", RATES[3:] + [0] * 3, 2, service=SLOW, lane_type="ready", lanes=5),
        helpers.flow("b", RATES[4:] + [0] * 4, 2, service=SLOW, lanes=4),
        helpers.flow("b", [rate / 2 for rate in RATES], 2, service=SLOW, mode="pedestrian"),
    ],
    "crossings": [{"id": "a"}, {"id": "b", "hours": "03:00-09:00"}],
    "travel": [
        {"origin": one, "destination": other, "minutes": 15, "mode": "car"} for one, other in ("ab", "ba")
    ],
    "officers": [
        {
            "pool": "cars",
            "modes": ["car"],
            "on_duty": [{"from": "00:00", "booths": 7}, {"from": "08:00", "booths": 4}],
            "every_min": 15,
            "margin_min": 1,
            "horizon_min": 60,
            "most": 5,
        }
    ],
    "pools": [{"pool": "cars", "officers": 2, "from": helpers.at(8.4), "until": "1 h"}],
    "emergency": [
        {"crossing": "b", "booths": 1, "stay_open": True, "from": helpers.at(8.5), "until": "2 h"},
        {"crossing": "a", "modes": ["car"], "booths": 1, "wait_above_min": 15, "lasting_min": 30},
    ],
}
