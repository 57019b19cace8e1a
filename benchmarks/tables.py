"""The results of a benchmark as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def markdown(result: Mapping[str, Any]) -> str:
    """The whole page."""
    parts = ["# The reference day, side by side\n", _setting(result), _speed(result)]
    if result["bound"]:
        parts.append(_bound(result["bound"]))
    if result["agreement_summary"]:
        parts.append(_agreement_summary(result))
        parts.append(_agreement(result["agreement"]))
    return "\n".join(parts)


def _setting(result: Mapping[str, Any]) -> str:
    machine, settings = result["machine"], result["settings"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items() if version)
    text = (
        f"Measured {result['measured']} on {machine['processor']}, one core"
        f"{'' if settings['pinned'] else ' (not pinned)'}; {machine['system']}, Python {machine['python']}; "
        f"{versions}. Medians of {settings['repeat']} runs, the engines in turn; Garita's run is "
        f"{settings['days']} days, divided by that number. Imports and Garita's compilation are not counted; "
        f"the latter is shown apart.\n"
    )
    if settings["fraction"] != 1.0:
        text += (
            f"\n**A quick check with {settings['fraction']:g} of the travellers: its speeds mean little.**\n"
        )
    return text


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _speed(result: Mapping[str, Any]) -> str:
    parts = []
    for scenario in result["settings"]["scenarios"]:
        timings = [row for row in result["timings"] if row["scenario"] == scenario]
        timings.sort(key=lambda row: -row["travellers_per_cpu_s"])
        rows = [
            [
                row["label"],
                _seconds(row["wall_s"]),
                _seconds(row["cpu_s"]),
                _count(row["travellers_per_cpu_s"]),
                _ratio(row["times_fastest_peer"]),
                _ratio(row["garita_times"]),
                "" if row["peak_memory_mb"] is None else f"{row['peak_memory_mb']:.0f}",
                _seconds(row["load_wall_s"]),
            ]
            for row in timings
        ]
        heads = ["engine", "wall s a day", "CPU s a day", "travellers per CPU s", "times the fastest peer",
                 "Garita is … times as fast", "peak MB", "compile s"]  # fmt: skip
        parts.append(f"## {scenario}\n\n{_table(heads, rows)}")
    return "\n".join(parts)


def _bound(bound: Sequence[Row]) -> str:
    rows = [
        [row["scenario"], f"{row['ns_per_traveller']:.1f}", _count(row["travellers_per_cpu_s"]),
         "" if row["garita_share"] is None else f"{row['garita_share']:.0%}"]
        for row in bound
    ]  # fmt: skip
    heads = ["scenario", "ns a traveller", "travellers per CPU s", "share of it that Garita reaches"]
    return f"## The bound by random numbers and memory alone\n\n{_table(heads, rows)}"


def _agreement_summary(result: Mapping[str, Any]) -> str:
    rows = [
        [f"{row['engine']} and {row['against']}", str(row["figures"]), f"{row['mean_z2']:.2f}",
         str(row["beyond_2"]), str(row["beyond_3"]), f"{row['largest']:.2f}"]
        for row in result["agreement_summary"]
    ]  # fmt: skip
    heads = ["engines", "figures", "mean z²", "beyond 2", "beyond 3", "largest"]
    return (
        "## Agreement\n\nMean waits and longest queues by station and scenario; `kernel` is an independent "
        "kernel written before Garita (1,000 and 600 days). If two engines simulate the same thing, mean z² "
        f"is about 1 and one figure in twenty lies beyond 2.\n\n{_table(heads, rows)}"
    )


def _agreement(comparisons: Sequence[Row]) -> str:
    pairs = list(dict.fromkeys((row["engine"], row["against"]) for row in comparisons))
    against = "garita" if any(pair[1] == "garita" for pair in pairs) else "kernel"
    engines = [engine for engine, other in pairs if other == against]
    keys = dict.fromkeys((row["scenario"], row["station"], row["figure"]) for row in comparisons)
    cells = {
        (row["scenario"], row["station"], row["figure"], row["engine"]): row
        for row in comparisons
        if row["against"] == against
    }
    rows = []
    for key in keys:
        found = [cells.get((*key, engine)) for engine in engines]
        reference = next((row["against_mean"] for row in found if row), None)
        if reference is None:
            continue
        rows.append([
            ", ".join(key),
            _figure(reference),
            *("" if row is None else f"{_figure(row['mean'])} ({row['z']:+.1f})" for row in found),
        ])  # fmt: skip
    return _table(["mean (z)", against, *engines], rows)


def _figure(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}" if abs(value) < 1000 else f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"


def _count(value: float) -> str:
    return f"{value / 1e6:.1f} M" if value >= 1e6 else f"{value / 1e3:,.1f} k"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
