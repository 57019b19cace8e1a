"""The reference day as a Garita scenario file. ``python -m benchmarks.garita_scenario`` rewrites
``reference-day.yaml``, which is its ``divert`` version, for people to read and run."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reference_day import Day, Inspection, Line, Port, day

COMMITTED = Path(__file__).with_name("reference-day.yaml")

# What the day calls its lines, and a scenario's mode and lane type.
LINES = {
    "general": ("car", "standard"),
    "ready": ("car", "ready"),
    "sentri": ("car", "sentri"),
    "pedestrian": ("pedestrian", "standard"),
}

HEADER = """\
# The reference day of the benchmarks{small}, version "{scenario}"; made by benchmarks/garita_scenario.py.
# Every number is an assumption made for comparing programs, not an observation of any crossing.
garita: 1
title: Reference day ({scenario})
question: How fast is a program that simulates a closure, and does it agree with the others?
start: 2018-01-15
days: 1
warm_up_days: 0
replications: 40
seed: {seed}

region:
  id: reference-day
  name: Two made-up ports
  zone: UTC
"""


def crossing_id(port: Port) -> str:
    """The scenario's name of a port."""
    return f"port-{port.name.lower()}"


def scenario_text(of: Day, fraction: float = 1.0, seed: int = 1) -> str:
    """The whole scenario file."""
    small = "" if fraction == 1.0 else f", with {fraction:g} of the travellers"
    parts = [HEADER.format(scenario=of.scenario, small=small, seed=seed)]
    parts.append("crossings:\n" + "".join(_crossing(port) for port in of.ports))
    parts.append("flows:\n" + "".join(_flow(port, line) for port in of.ports for line in port.lines))
    parts.append("secondary:\n" + "".join(_secondary(of, index) for index in range(len(of.ports))))
    if of.divert:
        parts.append("travel:\n" + "".join(_travel(of, mode) for mode in ("car", "pedestrian")))
    if of.closure_min:
        parts.append(_closure(of))
    parts.append(_behaviour(of))
    return "\n".join(parts)


def _crossing(port: Port) -> str:
    return (
        f"  - {{id: {crossing_id(port)}, name: Port {port.name}, port: {crossing_id(port)}, "
        "choice_group: made-up, hours: 24 h}\n"
    )


def _flow(port: Port, line: Line) -> str:
    mode, lane_type = LINES[line.name]
    return (
        f"  - crossing: {crossing_id(port)}\n"
        f"    direction: inbound\n"
        f"    mode: {mode}\n"
        f"    lane_type: {lane_type}\n"
        f"    arrivals:\n"
        f"      per_day: {line.per_day:g}\n"
        f"      profile: {_list(line.profile)}\n"
        f"    service: {_service(line.inspection)}\n"
        f"    booths: {_list(line.booths)}\n"
        f"    referral: {line.referred:g}\n"
        f"    people_per_party: 1\n"
    )


def _secondary(of: Day, port_index: int) -> str:
    port = of.ports[port_index]
    places = [0] * 24
    for change in of.changes(port_index, port.secondary_places):
        first = int(change.minute // 60)
        if first < 24:
            places[first:] = [change.open] * (24 - first)
    return (
        f"  - crossing: {crossing_id(port)}\n"
        f"    direction: inbound\n"
        f"    modes: [car]\n"
        f"    places: {_list(places)}\n"
        f"    service: {_service(port.secondary)}\n"
    )


def _travel(of: Day, mode: str) -> str:
    # One way: travellers of the second port stay there.
    here, there = (crossing_id(port) for port in of.ports)
    return f"  - {{origin: {here}, destination: {there}, mode: {mode}, minutes: {of.extra_min:g}}}\n"


def _closure(of: Day) -> str:
    assert of.closure_min is not None
    start, until = (f"2018-01-15 {int(minute // 60):02d}:{int(minute % 60):02d}" for minute in of.closure_min)
    return (
        "closures:\n"
        f"  - crossing: {crossing_id(of.ports[0])}\n"
        f"    from: {start}\n"
        f"    until: {until}\n"
        "    notice: none\n"
        "    reason: the benchmark\n"
    )


# The other programs have nobody who stays at home after a closure.
NOBODY_STAYS_AWAY = "  aftermath_drop: 0\n"


def _behaviour(of: Day) -> str:
    if not of.divert:
        return f"behaviour:\n  choice_rule: none\n{NOBODY_STAYS_AWAY}"
    return (
        "behaviour:\n"
        "  choice_rule: threshold\n"
        f"  threshold_above_min: {of.threshold_above_min:g}\n"
        f"  threshold_margin_min: {of.threshold_margin_min:g}\n"
        f"  threshold_closed_min: {of.threshold_closed_min:g}\n"
        # How old the queues may be that people look at; the other programs look when somebody arrives.
        f"  tick_min: 1\n{NOBODY_STAYS_AWAY}"
    )


def _service(inspection: Inspection) -> str:
    mean = f"{inspection.mean_min * 60:.10g} s"
    if inspection.distribution == "erlang":
        return f"{{distribution: erlang, mean: {mean}, shape: {inspection.shape}}}"
    return f"{{distribution: lognormal, mean: {mean}, cv: {inspection.cv:g}}}"


def _list(values: tuple[int, ...] | list[int]) -> str:
    return f"[{', '.join(map(str, values))}]"


if __name__ == "__main__":
    COMMITTED.write_text(scenario_text(day("divert")), encoding="utf-8")
