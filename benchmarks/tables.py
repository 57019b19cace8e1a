"""The results of a benchmark as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.engines import BY_NAME

Row = Mapping[str, Any]

WHAT = {
    "base": "an ordinary day at port A",
    "close": "port A closed from 11:00 to 16:00",
    "divert": "as close, and port B takes those who drive on",
}


def markdown(result: Mapping[str, Any]) -> str:
    """The whole page."""
    return f"# The reference day, side by side\n\n{sections(result)}"


def sections(result: Mapping[str, Any]) -> str:
    """Everything below the title."""
    parts = [_setting(result), _ratios(result), _speed(result)]
    if result["bound"]:
        parts.append(_bound(result["bound"]))
    if result["agreement_summary"]:
        parts += [_agreement_summary(result), _agreement(result["agreement"])]
    return "\n".join(part for part in parts if part)


def _setting(result: Mapping[str, Any]) -> str:
    machine, settings = result["machine"], result["settings"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items() if version)
    text = (
        f"Measured {result['measured']} on {machine['processor']} ({machine['cores']} cores), on one core"
        f"{'' if settings['pinned'] else ' (not pinned)'}; {machine['system']}, Python {machine['python']}; "
        f"{versions}. Medians of {settings['repeat']} runs, the engines in turn; the slow ones "
        f"({_slow(settings)}) {_runs(settings['repeat_slow'])}. One run of Garita makes {settings['days']} "
        f"days.\n"
    )
    if settings["fraction"] != 1.0:
        text += (
            f"\n**A quick check with {settings['fraction']:g} of the travellers: its speeds mean little.**\n"
        )
    return text


def _slow(settings: Row) -> str:
    slow = [BY_NAME[name].label for name in settings["engines"] if BY_NAME[name].slow]
    return ", ".join(slow) or "none"


def _runs(number: int) -> str:
    return "ran once" if number == 1 else f"ran {number} times"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _ratios(result: Mapping[str, Any]) -> str:
    """How many times as fast Garita is as each peer, scenarios side by side."""
    scenarios = result["settings"]["scenarios"]
    cells = {(row["engine"], row["scenario"]): row for row in result["timings"]}
    peers = [name for name in result["settings"]["engines"] if BY_NAME[name].peer]
    if not any(row["engine_times"] or row["run_times"] for row in result["timings"]):
        return ""
    rows = []
    for name in peers:
        label = BY_NAME[name].label
        rows.append([f"**{label}**" if name == result["claim_against"] else label])
        for field in ("engine_times", "run_times"):
            rows[-1] += [_ratio(cells.get((name, scenario), {}).get(field)) for scenario in scenarios]
    heads = ["Garita is … times as fast as", *(f"{scenario}, engine" for scenario in scenarios),
             *(f"{scenario}, `garita.run`" for scenario in scenarios)]  # fmt: skip
    text = "## How many times as fast\n\nTravellers per CPU second, Garita's over the peer's."
    return f"{text}\n\n{_table(heads, rows)}"


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
                "" if row["peak_memory_mb"] is None else f"{row['peak_memory_mb']:.0f}",
                str(row["runs"]),
            ]
            for row in timings
        ]
        heads = ["engine", "wall s a day", "CPU s a day", "travellers per CPU s", "peak MB", "runs"]
        parts.append(f"## {scenario}: {WHAT[scenario]}\n\n{_table(heads, rows)}")
    return "\n".join([*parts, _compilation(result)])


def _compilation(result: Mapping[str, Any]) -> str:
    rows = [row for row in result["timings"] if row["engine"] == "garita" and row["load_wall_s"] is not None]
    if not rows or not result["settings"]["fresh_compile"]:
        return ""
    first = max(row["first_load_wall_s"] for row in rows)
    later = min(row["load_wall_s"] for row in rows)
    return (
        f"Not counted above: Garita's kernels were compiled once, in {first:.1f} s; every later start loaded "
        f"them in {later:.1f} s.\n"
    )


def _bound(bound: Sequence[Row]) -> str:
    rows = [
        [row["scenario"], f"{row['ns_per_traveller']:.1f}", _count(row["travellers_per_cpu_s"]),
         "" if row["garita_share"] is None else f"{row['garita_share']:.0%}"]
        for row in bound
    ]  # fmt: skip
    heads = ["scenario", "ns a traveller", "travellers per CPU s", "share of it that Garita's engine reaches"]
    return f"## The bound by random numbers and memory alone\n\n{_table(heads, rows)}"


def _agreement_summary(result: Mapping[str, Any]) -> str:
    rows = [
        [f"{row['engine']} and {row['against']}", str(row["figures"]), f"{row['mean_z2']:.2f}",
         str(row["beyond_2"]), str(row["beyond_3"]), f"{row['largest']:.2f}"]
        for row in result["agreement_summary"]
    ]  # fmt: skip
    heads = ["engines", "figures", "mean z²", "beyond 2", "beyond 3", "largest"]
    return (
        "## Agreement\n\nMean waits and longest queues by station and scenario. If two engines simulate the "
        f"same thing, mean z² is about 1 and one figure in twenty lies beyond 2.\n\n{_table(heads, rows)}"
    )


def _agreement(comparisons: Sequence[Row]) -> str:
    """Every figure: Garita's mean, and the others' with how many standard errors they are from it."""
    cells = {
        (row["scenario"], row["station"], row["figure"], row["engine"]): (row["mean"], row["z"], row)
        for row in comparisons
        if row["against"] == "garita"
    }
    for row in comparisons:
        if (row["engine"], row["against"]) == ("garita", "kernel"):
            key = row["scenario"], row["station"], row["figure"], "kernel"
            cells[key] = row["against_mean"], -row["z"], {"against_mean": row["mean"]}
    if not cells:
        return ""
    engines = list(dict.fromkeys(key[3] for key in cells))
    rows = []
    for key in dict.fromkeys(key[:3] for key in cells):
        found = [cells.get((*key, engine)) for engine in engines]
        garita = next(cell[2]["against_mean"] for cell in found if cell)
        shown = ["" if cell is None else f"{_figure(cell[0])} ({cell[1]:+.1f})" for cell in found]
        rows.append([", ".join(key), _figure(garita), *shown])
    return _table(["mean (z)", "garita", *engines], rows)


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
