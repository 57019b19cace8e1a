"""Write the tables of docs/background/normal-week.md from simulated fortnights.

    python scripts/normal_week_page.py [--replications 4] [--data folder of CBP's averages] [--check]

With --check nothing is written; the exit code is 1 if a table on the page differs from what is simulated now.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from garita.fit import normal_week as week
from garita.outcomes import Outcome

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "background" / "normal-week.md"
DATA = ROOT.parent / "shared" / "data"
AVERAGES = "cbp_avg_wait_san_ysidro_by_month_day_hour.csv"
FACTORS = (0.9, 0.95, 1.0, 1.05, 1.1)
NOVEMBER = {"Saturday": 5, "Sunday": 6, "Monday": 0}


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def errors_of_parts(outcome: Outcome, column: week.Column) -> float:
    """Spread between replications of a column's error, minutes (standard deviation)."""
    observed = week.observed_v1()[column.name]
    found = []
    for replication in range(outcome.bins.shape[0]):
        waits = week.weekday_mean(week.weekly_waits(outcome, column, replications=[replication]))
        found.append(week.errors({column.name: waits}, {column.name: observed})[column.name])
    return float(np.std(found, ddof=1)) if len(found) > 1 else float("nan")


def weekday_table(outcome: Outcome) -> str:
    """Errors against V1 by column."""
    rows, observed = [], week.observed_v1()
    for column in week.COLUMNS:
        simulated = week.weekday_mean(week.weekly_waits(outcome, column))
        both = ~np.isnan(simulated) & ~np.isnan(observed[column.name])
        difference = (simulated - observed[column.name])[both]
        rows.append(
            [
                column.name,
                f"{observed[column.name][both].mean():.0f}",
                f"{simulated[both].mean():.0f}",
                f"{np.abs(difference).mean():.1f}",
                f"{errors_of_parts(outcome, column):.1f}",
                f"{np.abs(difference).max():.0f}",
            ]
        )
    mean = float(np.mean(list(week.weekday_errors(outcome).values())))
    rows.append(["mean of the columns", "", "", f"{mean:.1f}", "", ""])
    header = ["Line", "V1, mean", "simulated, mean", "mean absolute error", "± between runs", "largest"]
    return table(header, rows)


def stability_table(outcomes: dict[float, Outcome]) -> str:
    """Errors, means and longest hours when all demand changes."""
    rows = []
    for name in ["mean absolute error, all columns"]:
        values = [np.mean(list(week.weekday_errors(outcome).values())) for outcome in outcomes.values()]
        rows.append([name, *(f"{value:.1f}" for value in values)])
    for column in week.COLUMNS:
        cells = []
        for outcome in outcomes.values():
            waits = week.weekday_mean(week.weekly_waits(outcome, column))
            error = week.errors({column.name: waits}, {column.name: week.observed_v1()[column.name]})
            cells.append(f"{error[column.name]:.1f} ({np.nanmean(waits):.0f}, {np.nanmax(waits):.0f})")
        rows.append([column.name, *cells])
    return table(["Line", *(f"demand × {factor:g}" for factor in outcomes)], rows)


def november_table(outcome: Outcome, averages: Path) -> str:
    """Shape and level of Saturdays, Sundays and Mondays against CBP's November."""
    rows, observed = [], week.observed_cbp(averages, 11)
    for column in week.CBP_COLUMNS.values():
        waits = week.weekly_waits(outcome, column)
        for name, day in NOVEMBER.items():
            found = week.shape(waits[day], observed[column.name][day])
            rows.append(
                [
                    f"{column.name}, {name}",
                    f"{observed[column.name][day].mean():.0f}",
                    f"{waits[day].mean():.0f}",
                    f"{found.level:.1f}",
                    f"{found.correlation:.2f}",
                    f"{found.scaled_error:.1f}",
                ]
            )
    header = ["Line and day", "CBP, mean", "simulated, mean", "ratio", "correlation", "error at equal means"]
    return table(header, rows)


def hours_table(outcome: Outcome) -> str:
    """Simulated published waits of a Sunday by three-hourly steps."""
    hours = range(0, 24, 3)
    rows = []
    for column in week.COLUMNS:
        sunday = week.weekly_waits(outcome, column)[6]
        rows.append([column.name, *("–" if np.isnan(sunday[h]) else f"{sunday[h]:.0f}" for h in hours)])
    return table(["Sunday, without a closure", *(f"{hour:02d} h" for hour in hours)], rows)


def replaced(page: str, name: str, content: str) -> str:
    """The page with the part between the two markers of a name exchanged."""
    start, end = f"<!-- {name}: written by scripts/normal_week_page.py -->", f"<!-- end of {name} -->"
    if start not in page or end not in page:
        raise SystemExit(f"{PAGE.name} has no part {name!r} between {start} and {end}")
    before, rest = page.split(start, 1)
    return f"{before}{start}\n{content}\n{end}{rest.split(end, 1)[1]}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write the tables of docs/background/normal-week.md.")
    parser.add_argument("--replications", type=int, default=4, help="simulated fortnights for each demand")
    parser.add_argument("--data", type=Path, default=DATA, help=f"folder with {AVERAGES}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if the page differs")
    arguments = parser.parse_args()
    averages = arguments.data / AVERAGES
    if not averages.is_file():
        raise SystemExit(f"no such file: {averages}; name its folder with --data")
    outcomes = {
        factor: week.simulate(week.fortnight(demand_factor=factor, replications=arguments.replications))
        for factor in FACTORS
    }
    before = page = PAGE.read_text(encoding="utf-8")
    parts = {
        "weekdays": weekday_table(outcomes[1.0]),
        "stability": stability_table(outcomes),
        "november": november_table(outcomes[1.0], averages),
        "sunday": hours_table(outcomes[1.0]),
    }
    differing = []
    for name, content in parts.items():
        page = replaced(page, name, content)
        if content not in before:
            differing.append(name)
    if not arguments.check:
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    print("tables that differed:", ", ".join(differing) or "none")
    if arguments.check and differing:
        sys.exit(1)


if __name__ == "__main__":
    main()
