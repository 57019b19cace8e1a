"""Ten small networks, said once, to be simulated by Garita, SimPy and Ciw.

`python tests/slow/networks.py` (with `tests` and `src` on the path) runs them all and writes the table of
docs/reference/independent-engines.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine import helpers
from garita.engine import types

REPLICATIONS = 50  # of SimPy and Ciw
OURS = 300
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "independent-engines.md"


@dataclass(frozen=True)
class Line:
    """A line: parties an hour and booths, each one figure or 24; means in minutes."""

    name: str
    per_hour: Any
    booths: Any
    mean: float
    lane_type: str = "standard"
    law: str = "exponential"  # or deterministic
    referral: float = 0.0
    room: int | None = None
    patience: float | None = None

    def rate(self, hour: int) -> float:
        return float(self.per_hour[hour] if isinstance(self.per_hour, list) else self.per_hour)

    def staffed(self, hour: int) -> int:
        return int(self.booths[hour] if isinstance(self.booths, list) else self.booths)

    @property
    def id(self) -> str:
        return f"{self.name}:inbound:car:{self.lane_type}"


@dataclass(frozen=True)
class Network:
    """Lines; places of secondary inspection and their mean by crossing; closures (crossing, from, until)."""

    name: str
    lines: tuple[Line, ...]
    secondary: dict[str, tuple[int, float]] = field(default_factory=dict)
    closures: tuple[tuple[str, float, float], ...] = ()
    threshold: tuple[float, float, float, float] | None = None  # above, margin, closed, minutes between

    @property
    def for_ciw(self) -> bool:
        """Ciw's servers go with their shift, and its customers know no closure."""
        constant = not any(isinstance(line.booths, list) for line in self.lines)
        return constant and not self.closures and self.threshold is None


DAY = [20, 10, 10, 20, 50, 90, 110, 110, 90, 70, 60, 60, 60, 60, 70, 80, 90, 90, 70, 50, 40, 30, 30, 20]
BOOTHS = [1, 1, 1, 1, 2, 3, 4, 4, 3, 3, 2, 2, 2, 2, 3, 3, 3, 4, 3, 2, 2, 1, 1, 1]

NETWORKS = (
    Network("two booths", (Line("a", 100, 2, 1.0),)),
    Network("demand by the hour", (Line("a", DAY, 3, 1.8),)),
    Network("booths by the hour", (Line("a", DAY, BOOTHS, 1.7),)),
    Network("a closure of three hours", (Line("a", 80, 3, 1.7),), closures=(("a", 7.0, 10.0),)),
    Network(
        "three lines that share secondary inspection",
        (
            Line("a", 60, 2, 1.6, referral=0.1),
            Line("a", 90, 2, 1.0, "ready", referral=0.08),
            Line("a", 50, 1, 0.8, "sentri", "deterministic", referral=0.02),
        ),
        {"a": (2, 7.0)},
    ),
    Network("a bounded room", (Line("a", 130, 2, 1.0, room=6),)),
    Network("no room to wait, demand by the hour", (Line("a", DAY, 2, 1.5, law="deterministic", room=2),)),
    Network("patience", (Line("a", DAY, 1, 0.9, patience=12.0),)),
    Network(
        "room, patience, booths by the hour and a closure",
        (Line("a", DAY, BOOTHS, 1.9, room=45, patience=40.0, referral=0.05),),
        {"a": (1, 10.0)},
        (("a", 8.5, 10.0),),
    ),
    Network(
        "the shorter queue, while one of two is closed",
        (Line("a", 70, 2, 1.4), Line("b", 40, 2, 1.4)),
        closures=(("a", 9.0, 13.0),),
        threshold=(30.0, 15.0, 120.0, 20.0),
    ),
)


def measures(waits: dict[str, list[float]], came: int, lost: int, moved: int) -> dict[str, float]:
    """What is compared of a replication; ``waits`` by line and for secondary inspection."""
    found = {f"mean wait, {name}": float(np.mean(values)) for name, values in waits.items() if values}
    if lost:
        found["left unserved, share"] = lost / came
    if moved:
        found["went elsewhere, share"] = moved / came
    return found


def by_garita(network: Network) -> list[dict[str, float]]:
    flows = [
        helpers.flow(
            line.name,
            line.per_hour,
            line.booths,
            lane_type=line.lane_type,
            service={"distribution": line.law, "mean": f"{60.0 * line.mean} s"},
            referral=line.referral,
            **({"room": line.room} if line.room is not None else {}),
            **(
                {"patience": {"distribution": "exponential", "mean": f"{60.0 * line.patience} s"}}
                if line.patience is not None
                else {}
            ),
        )
        for line in network.lines
    ]
    more: dict[str, Any] = {
        "closures": [
            {"crossing": name, "from": helpers.at(begin), "until": helpers.at(end)}
            for name, begin, end in network.closures
        ],
        "secondary": [
            {
                "crossing": name,
                "places": places,
                "service": {"distribution": "exponential", "mean": f"{60.0 * mean} s"},
            }
            for name, (places, mean) in network.secondary.items()
        ],
    }
    if network.threshold is not None:
        above, margin, closed, minutes = network.threshold
        names = [line.name for line in network.lines]
        more["crossings"] = [{"id": name, "choice_group": "g"} for name in names]
        more["travel"] = [
            {"origin": one, "destination": other, "minutes": minutes}
            for one in names
            for other in names
            if one != other
        ]
        more["behaviour"] = {
            "choice_rule": "threshold",
            "tick_min": 5,
            "threshold_above_min": above,
            "threshold_margin_min": margin,
            "threshold_closed_min": closed,
        }
    case = helpers.case(flows, **more)
    order, found = helpers.lines(case), []
    for output in helpers.run(case, OURS, seed=8):
        values = {}
        for line in network.lines:
            bins = output.bins[order.index(line.id)]
            values[f"mean wait, {line.id}"] = bins[:, types.WAIT_SUM].sum() / bins[:, types.WAITED].sum()
        for total in output.secondary:
            values["mean wait, secondary"] = total[1] / total[0]
        came = output.balance.sum()
        if output.balance[types.GAVE_UP]:
            values["left unserved, share"] = output.balance[types.GAVE_UP] / came
        moved = output.gross[:, types.DIVERTED_AT_DEPARTURE, 0].sum()
        if moved:
            values["went elsewhere, share"] = moved / came
        found.append(values)
    return found


Engine = Callable[[Network], list[dict[str, float]]]


def mean_and_error(found: list[dict[str, float]], name: str) -> tuple[float, float]:
    values = np.array([one.get(name, 0.0) for one in found])
    return float(values.mean()), float(values.std(ddof=1) / len(values) ** 0.5)


def compared(one: list[dict[str, float]], other: list[dict[str, float]]) -> dict[str, float]:
    """Difference of each measure in standard errors of the difference."""
    names = sorted({name for found in (*one, *other) for name in found})
    scores = {}
    for name in names:
        (a, error_a), (b, error_b) = mean_and_error(one, name), mean_and_error(other, name)
        error = float(np.hypot(error_a, error_b))
        scores[name] = (a - b) / error if error > 0.0 else (0.0 if a == b else np.inf)
    return scores


def write_page() -> None:
    """The table of the documentation, from a run."""
    from slow.networks_ciw import by_ciw
    from slow.networks_simpy import by_simpy

    rows = []
    for network in NETWORKS:
        ours, theirs = by_garita(network), by_simpy(network)
        ciw = by_ciw(network) if network.for_ciw else None
        for name in sorted(ours[0]):
            cells = [_cell(ours, name), _cell(theirs, name), _cell(ciw, name) if ciw else "-"]
            rows.append(f"| {network.name} | {name} | {' | '.join(cells)} |")
    text = PAGE.read_text(encoding="utf-8")
    head = text[: text.index("| network |")]
    titles = "| network | measure | Garita | SimPy | Ciw |\n|---|---|---|---|---|\n"
    PAGE.write_text(head + titles + "\n".join(rows) + "\n", encoding="utf-8")


def _cell(found: list[dict[str, float]], name: str) -> str:
    mean, error = mean_and_error(found, name)
    return f"{mean:.4f} ± {1.96 * error:.4f}" if "share" in name else f"{mean:.2f} ± {1.96 * error:.2f}"


if __name__ == "__main__":
    write_page()
