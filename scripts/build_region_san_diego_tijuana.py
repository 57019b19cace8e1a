"""Rebuild the computed tables of the packaged region san-diego-tijuana from the publishers' files.

    python scripts/build_region_san_diego_tijuana.py [data folder] [--out folder] [--check]

Needs two files in the data folder: bts_border_crossing_entry.csv.gz (BTS Border Crossing Entry Data) and
cbp_avg_wait_san_ysidro_by_month_day_hour.csv (averages published by CBP), and the project's own environment
(NumPy, Numba). The same input gives the same files, byte for byte. What is tuned stands in
region_sdt_demand.py and region_sdt_settings.py; tables written by hand (crossings, flows, behaviour, ...)
are edited in src/garita/reference and read from there.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import region_sdt_demand as demand
import region_sdt_model as model
import region_sdt_rosters as rosters
import region_sdt_settings as settings
from region_sdt_settings import Flow, Rows

from garita.reference.inference import staffing
from garita.reference.inference.arithmetic import text
from garita.reference.inference.lines import ordinary_week
from garita.reference.inference.places import ROAD_FACTOR, great_circle_km

DEFAULT_DATA = settings.REFERENCE.parents[3] / "shared" / "data"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FLOW_HEADER = ["crossing", "direction", "mode", "lane_type"]
LABEL = ["status", "source"]
Bts = dict[tuple[str, str, int], int]
Cell = str | int | float
Table = tuple[list[str], Iterable[list[Cell]]]
WaitsByFlow = dict[Flow, dict[str, list[float]]]


def read_bts(folder: Path) -> Bts:
    """Monthly values of the year by (port name, measure, month)."""
    ports = {name for name, _, _, _ in settings.VOLUMES.values()}
    values: Bts = {}
    path = folder / "bts_border_crossing_entry.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            month, year = row["Date"].split()
            if row["Port Name"] in ports and year == settings.YEAR:
                values[row["Port Name"], row["Measure"], MONTHS.index(month) + 1] = int(row["Value"])
    return values


def read_cbp(folder: Path) -> Rows:
    """CBP averages at San Ysidro: month, bwt_day (0 = Monday), time_slot (hour), minutes by column."""
    return settings.read_rows(folder / "cbp_avg_wait_san_ysidro_by_month_day_hour.csv")


# --- computed tables ---------------------------------------------------------------------------------------
def people_per_party(crossing: str, mode: str, bts: Bts) -> float:
    """People in a party, mean of the year."""
    port, parties, people, _ = settings.VOLUMES[crossing, mode]
    if people is None:
        return 1.0
    months = [m for m in range(1, 13) if (port, parties, m) in bts and (port, people, m) in bts]
    return sum(bts[port, people, m] for m in months) / sum(bts[port, parties, m] for m in months)


def volumes_table(bts: Bts) -> Table:
    """Parties and people a month by crossing and mode; outbound balances inbound."""
    header = ["crossing", "direction", "mode", "month", "parties", "people", "not_counted_parties", *LABEL]
    rows: list[list[Cell]] = []
    for crossing, mode in settings.VOLUMES:
        for month in range(1, 13):
            row = volume(crossing, mode, month, bts)
            if row:
                rows.append([crossing, "inbound", mode, f"{settings.YEAR}-{month:02d}", *row])
    outward: list[list[Cell]] = [
        [row[0], "outbound", *row[2:7], "derived", f"every entry is matched by an exit over time; {row[8]}"]
        for row in rows
    ]
    return header, rows + outward


def volume(crossing: str, mode: str, month: int, bts: Bts) -> list[Cell]:
    """Parties, people, parties not counted, status and source of a month; empty if BTS has none."""
    port, parties, people, share = settings.VOLUMES[crossing, mode]
    if (port, parties, month) not in bts:
        return []
    status, source = "measured", f"[BTS] {parties}" + (f", {people}" if people else "")
    count = bts[port, parties, month]
    if share < 1:
        # The larger facility takes the rest, so that the two add up to the published total.
        count = round(count * share) if share < 0.5 else count - round(count * (1 - share))
        status, source = "derived", f"{source}; share {share:g} of the port: proposal"
    persons = bts.get((port, people, month), 0) if people else count
    if not persons:
        persons = round(count * people_per_party(crossing, mode, bts))
        status, source = "derived", f"{source}; people not reported, from the mean of the year"
    lost = 0
    if month == settings.NOT_COUNTED_MONTH:
        days = settings.NOT_COUNTED_DAYS.get((crossing, mode), 0.0)
        lost = round(days * count / settings.NOT_COUNTED_DAYS_OF_MONTH)
    if lost:
        source += "; not_counted_parties (closures of 19 and 25 Nov): proposal"
    return [count, persons, lost, status, source]


def factors_table() -> Table:
    """Factor of each weekday by flow."""
    rows: list[list[Cell]] = []
    source = "proposal: no counts by weekday are published; weekends set by the waits of [CBP averages]"
    for flow in settings.LINES:
        factors = model.weekday_factors(flow)
        if abs(math.fsum(factors) / 7 - 1) > 1e-9:
            raise SystemExit(f"weekday factors of {flow} have mean {math.fsum(factors) / 7}, not 1")
        rows += [[*flow, day, f, "proposal", source] for day, f in zip(settings.DAYS, factors, strict=True)]
    return [*FLOW_HEADER, "weekday", "factor", *LABEL], rows


def shares_table() -> Table:
    """Share of a day's parties by hour, day type and flow."""
    rows: list[list[Cell]] = []
    for flow in settings.LINES:
        mix = model.mix_of(flow)
        for day_type, shares in model.hour_shares(flow).items():
            label = ["proposal", "profile: proposal"]
            if {"M", "S"} & mix[day_type].keys():
                label = ["assumed", "residents of Mexico: [SANDAG]; other profiles and the mix: proposal"]
            if flow[1] == "inbound" and (flow[0], flow[2]) in demand.EARLY_SHARE:
                label[1] += "; who queues before opening: proposal"
            rows += [[*flow, day_type, hour, share, *label] for hour, share in enumerate(shares)]
    return [*FLOW_HEADER, "day_type", "hour", "share", *LABEL], rows


def waits_label(flow: Flow, day: str) -> tuple[str, str]:
    """Status and source of the usual waits of a flow on a day."""
    crossing, direction, mode, lane_type = flow
    port = settings.CROSSINGS[crossing].port
    if direction == "outbound" or model.weekday_v1(port, mode, lane_type) is None:
        return "proposal", "proposal: no waits are published"
    extra = ""
    if mode == "pedestrian" and model.ready_share(port) > 0:
        ratio = settings.READY_PEDESTRIAN_RATIO
        extra = f"; one column on foot, split with Ready {ratio:g} of standard: proposal"
    at_san_ysidro = port == "san-ysidro"
    if day in ("sat", "sun") or (day == "mon" and at_san_ysidro):
        elsewhere = "" if at_san_ysidro else " of San Ysidro"
        source = f"shape{elsewhere} of [CBP averages], level of [SANDAG]"
        return "derived" if at_san_ysidro else "assumed", source + extra
    if at_san_ysidro:
        return "derived", "[SANDAG] mean of weekdays, less what Monday takes" + extra
    return "derived" if extra else "measured", "[SANDAG] mean of weekdays" + extra


def waits_table(waits: WaitsByFlow) -> Table:
    """Published wait people are used to, by flow, weekday and hour."""
    rows: list[list[Cell]] = [
        [*flow, day, hour, value, *waits_label(flow, day)]
        for flow, by_day in waits.items()
        for day, values in by_day.items()
        for hour, value in enumerate(values)
    ]
    return [*FLOW_HEADER, "weekday", "hour", "wait_min", *LABEL], rows


def november_mean(flow: Flow, bts: Bts) -> float:
    """Parties a day of November by the count of BTS."""
    port, parties, _, share = settings.VOLUMES[flow[0], flow[2]]
    return bts[port, parties, 11] / 30 * share * settings.LINES[flow].lane_share


def roster_target(flow: Flow, bts: Bts, waits: WaitsByFlow) -> rosters.Target:
    """An ordinary week of November on this line."""
    group = settings.CROSSINGS[flow[0]].choice_group
    same_kind = [
        november_mean(other, bts)
        for other in settings.LINES
        if other[1:] == flow[1:] and settings.CROSSINGS[other[0]].choice_group == group
    ]
    mean = november_mean(flow, bts)
    arrivals = ordinary_week(mean, model.weekday_factors(flow), model.hour_shares(flow))
    return rosters.target_of(flow, arrivals, waits[flow], mean / math.fsum(same_kind))


def rosters_table(bts: Bts, waits: WaitsByFlow) -> Table:
    """Booths by flow, weekday and first hour; a row holds until the next one of the same day."""
    rows: list[list[Cell]] = []
    for flow in settings.LINES:
        label = ["derived", "from arrivals of Nov 2018 and usual_waits.csv; no rosters are published"]
        if flow[1] == "outbound":
            label = ["proposal", "booths that keep the line free: proposal"]
        booths = staffing.with_gate_shut(rosters.tuned_roster(roster_target(flow, bts, waits)))
        for day in settings.DAYS:
            before = -1
            for start, count in zip(staffing.BLOCKS, booths[day], strict=True):
                if count != before:
                    rows.append([*flow, day, start, count, *label])
                before = count
    return [*FLOW_HEADER, "weekday", "from_hour", "booths", *LABEL], rows


# --- columns computed in tables written by hand ------------------------------------------------------------
def with_column(name: str, column: str, values: dict[int, str]) -> Table:
    """A hand-written table with one column replaced, by row number."""
    rows = settings.read_rows(settings.REGION / name)
    for i, row in enumerate(rows):
        row[column] = values[i]
    return list(rows[0]), [list(row.values()) for row in rows]


def flows_table(bts: Bts) -> Table:
    """flows.csv with people per party from BTS."""
    rows = settings.read_rows(settings.REGION / "flows.csv")
    values = {i: text(people_per_party(row["crossing"], row["mode"], bts), 3) for i, row in enumerate(rows)}
    return with_column("flows.csv", "people_per_party", values)


def travel_table() -> Table:
    """travel.csv with kilometres from the points of crossings.csv."""
    values = {}
    for i, row in enumerate(settings.read_rows(settings.REGION / "travel.csv")):
        ends = [settings.CROSSINGS[row[end]].point for end in ("origin", "destination")]
        values[i] = f"{great_circle_km(*ends) * ROAD_FACTOR:.1f}"
    return with_column("travel.csv", "km", values)


# --- files -------------------------------------------------------------------------------------------------
def text_of(table: Table) -> str:
    """A table as CSV."""
    header, rows = table
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([text(cell) for cell in row] for row in rows)
    return stream.getvalue()


def build(folder: Path) -> dict[str, str]:
    """Text of every table that is computed, whole or in part, by file name."""
    bts, cbp = read_bts(folder), read_cbp(folder)
    waits = {flow: model.usual_waits(flow, cbp) for flow in settings.LINES}
    tables = {
        "flows.csv": flows_table(bts),
        "travel.csv": travel_table(),
        "volumes.csv": volumes_table(bts),
        "weekday_factors.csv": factors_table(),
        "hour_shares.csv": shares_table(),
        "usual_waits.csv": waits_table(waits),
        "rosters.csv": rosters_table(bts, waits),
    }
    return {name: text_of(table) for name, table in tables.items()}


# --- fluid check of the committed rosters ------------------------------------------------------------------
def committed_roster(flow: Flow) -> dict[str, list[int]]:
    """Booths by weekday and block of rosters.csv."""
    booths = {day: [0] * len(staffing.BLOCKS) for day in settings.DAYS}
    for row in settings.read_rows(settings.REGION / "rosters.csv"):
        if settings.flow_of(row) == flow:
            first = staffing.BLOCKS.index(int(row["from_hour"]))
            booths[row["weekday"]][first:] = [int(row["booths"])] * (len(staffing.BLOCKS) - first)
    return booths


def check_errors(flow: Flow, wait: list[float], waits: dict[str, list[float]]) -> list[float]:
    """Mean absolute error of the mean weekday, Saturday, Sunday and Monday over opening hours, minutes."""
    hours = range(*model.opening(flow[0]))
    differences = {
        day: [wait[d * 24 + h] - waits[day][h] for h in hours] for d, day in enumerate(settings.DAYS)
    }
    weekday = [sum(values) / 5 for values in zip(*list(differences.values())[:5], strict=True)]
    compared = (weekday, differences["sat"], differences["sun"], differences["mon"])
    return [math.fsum(map(abs, values)) / len(hours) for values in compared]


def check(folder: Path) -> None:
    """Print how far a fluid queue's published wait under the committed rosters is from the usual wait."""
    bts, cbp = read_bts(folder), read_cbp(folder)
    waits = {flow: model.usual_waits(flow, cbp) for flow in settings.LINES}
    print("mean absolute error, minutes: mean weekday, Saturday, Sunday, Monday, at three demands")
    for flow in settings.LINES:
        port = settings.CROSSINGS[flow[0]].port
        if flow[1] == "outbound" or model.weekday_v1(port, flow[2], flow[3]) is None:
            continue
        booths = committed_roster(flow)
        target = roster_target(flow, bts, waits)
        noise = rosters.chance(target)
        cells = []
        for factor in (0.95, 1.0, 1.05):
            published, _ = rosters.fluid_waits(target, booths, noise, factor)
            errors = check_errors(flow, list(published), waits[flow])
            cells.append(" ".join(f"{error:.1f}" for error in errors))
        print(":".join(flow), "|", " | ".join(cells))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Rebuild the computed tables of san-diego-tijuana.")
    parser.add_argument(
        "data", nargs="?", type=Path, default=DEFAULT_DATA, help="folder of publishers' files"
    )
    parser.add_argument("--out", type=Path, default=settings.REGION, help="folder to write to")
    parser.add_argument("--check", action="store_true", help="build nothing; fluid check of the rosters")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        raise SystemExit(f"no such data folder: {arguments.data}")
    if arguments.check:
        check(arguments.data)
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, content in build(arguments.data).items():
        (arguments.out / name).write_text(content, encoding="utf-8", newline="\n")
        print(arguments.out / name)


if __name__ == "__main__":
    main()
