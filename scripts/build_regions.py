"""Rebuild the packaged regions of the border from the publishers' files.

    python scripts/build_regions.py [data folder] [--out folder] [region ...]

Written are the facts only: crossings, lanes, monthly counts, published waits, rail and trade. What no
planner has is inferred from them when a region is loaded (garita.reference.inference), by the same function
that serves a user's own region. The same input gives the same files, byte for byte. san-diego-tijuana has a
script of its own."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import border_data
import border_regions
import border_waits
from border_data import Data, Row
from border_regions import ALL_MODES, SAN_DIEGO, Crossing, Region

REGIONS = border_data.ROOT / "src" / "garita" / "reference" / "regions"
YEAR = 2018
FEED = "[CBP feed]"
MANY = 100
SOURCES = {
    "BTS": ("BTS Border Crossing Entry Data, dataset keg4-3bc2", "https://data.bts.gov/d/keg4-3bc2"),
    "TxDOT": (
        "CBP's northbound counts by bridge, compiled by TxDOT and processed by UNT",
        "https://github.com/unt-clscm/CBP-Border-Crossings",
    ),
    "CBP feed": (
        "CBP border wait time feed, sample of 2022-06-29: hours, lanes, lane types, one reading of waits",
        "https://bwt.cbp.gov/api/bwtnew",
    ),
    "CBP averages": (
        "CBP average waits at El Paso by month, weekday and hour (2025; method of April 2019 on)",
        "https://bwt.cbp.gov",
    ),
    "TransBorder": (
        "BTS TransBorder Freight Data 2018: imports by port and mode, aggregated by UNT",
        "https://www.bts.gov/transborder",
    ),
    "estimate": ("Read off a map by hand", ""),
}


def counted(crossing: Crossing, mode: str, data: Data) -> dict[str, tuple[int, str, str]]:
    """Parties by month, with status and source; no months where nobody is counted all year.

    BTS has no row for a month in which nobody came, and sometimes none for one in which many did: between two
    months with MANY a missing one takes their mean.
    """
    months = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
    if crossing.bridge:
        bridge = {month: data.bridge(crossing.bridge, mode, month) or 0 for month in months}
        label = ("measured", f"[TxDOT] {crossing.bridge}")
        return {month: (count, *label) for month, count in bridge.items()} if any(bridge.values()) else {}
    share = crossing.shares.get(mode, 0.0 if crossing.shares else 1.0)
    whole = ("measured", "[BTS]")
    label = ("derived", f"[BTS]; {share:.3g} of the port: assumed") if share < 1 else whole
    port = [data.port(crossing.bts, mode, month) for month in months]
    found = {}
    for at, month in enumerate(months):
        around = [port[at - 1] or 0, port[(at + 1) % 12] or 0]
        if port[at] is None and min(around) >= MANY:
            count = round(sum(around) / 2 * share)
            found[month] = (count, "derived", "[BTS] has no row: mean of the months before and after")
        else:
            found[month] = (round((port[at] or 0) * share), *label)
    return found if any(count for count, *_ in found.values()) else {}


def volumes(crossing: Crossing, data: Data) -> list[Row]:
    """Rows of volumes.csv; people in cars and buses are the port's people per vehicle of the month."""
    rows = []
    for mode in ALL_MODES:
        for month, (count, status, source) in counted(crossing, mode, data).items():
            size = data.people_per_party(crossing.bts, mode, month)
            row = {"crossing": crossing.id, "mode": mode, "month": month, "parties": str(count)}
            rows.append(
                {**row, "people": str(max(count, round(count * size))), "status": status, "source": source}
            )
    return rows


def crossing_row(crossing: Crossing, data: Data) -> Row:
    """A row of crossings.csv."""
    feed, point = data.feed.get(crossing.cbp, {}), crossing.point
    lat, lon = (f"{value:.6f}" for value in point or data.point(crossing))
    where = "point: [estimate]" if crossing.point else f"point: {data.point_source(crossing)}"
    opens, closes = crossing.hours or border_data.opening(feed.get("hours_2022_06", "24 hrs/day"))
    when = "hours: [estimate]" if crossing.hours else f"hours: {FEED}, taken as those of {YEAR}"
    return {
        "crossing": crossing.id, "port": crossing.port, "port_name": crossing.port_name,
        "name": crossing.name, "lat": lat, "lon": lon, "bts_port_code": crossing.bts,
        "choice_group": "land", "opens": opens, "closes": closes, "status": "assumed",
        "source": f"{where}; {when}",
    }  # fmt: skip


def flow_rows(crossing: Crossing, data: Data) -> list[Row]:
    """Rows of flows.csv: lanes by mode, and the lane types they serve."""
    rows = []
    for mode in ALL_MODES:
        if not counted(crossing, mode, data):
            continue
        lanes, kinds = data.lanes(crossing, mode)
        source = f"lanes and lane types: {FEED}" if lanes else "no lanes are published"
        rows.append(
            {"crossing": crossing.id, "mode": mode, "lane_type": kinds, "lanes": str(lanes) if lanes else "",
             "status": "assumed", "source": source}
        )  # fmt: skip
    return rows


def written(rows: list[Row]) -> str:
    """Rows as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def tables_of(region: Region, data: Data) -> dict[str, str]:
    """Text of every table of a region, by file name."""
    crossings = region.crossings
    tables: dict[str, list[Row]] = {
        "region": [
            {"id": region.id, "name": region.name, "zone": region.zone, "countries": region.countries,
             "description": region.about, "status": "measured", "source": "[BTS]"}
        ],
        "crossings": [crossing_row(crossing, data) for crossing in crossings],
        "flows": [row for crossing in crossings for row in flow_rows(crossing, data)],
        "volumes": [row for crossing in crossings for row in volumes(crossing, data)],
        "usual_waits": [row for crossing in crossings for row in border_waits.rows(crossing, data)],
        "rail": data.rail([crossing.bts for crossing in crossings], crossings),
        "trade": data.trade([crossing.bts for crossing in crossings], crossings),
    }  # fmt: skip
    used = {
        name for rows in tables.values() for row in rows for name in SOURCES if f"[{name}]" in row["source"]
    }
    tables["sources"] = [
        {"key": key, "title": title, "address": address, "status": "measured", "source": key}
        for key, (title, address) in SOURCES.items()
        if key in used
    ]
    return {f"{name}.csv": written(rows) for name, rows in tables.items() if rows}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Rebuild the packaged regions of the border.")
    parser.add_argument("regions", nargs="*", help="regions to rebuild; all by default")
    parser.add_argument("--data", type=Path, default=border_data.DATA, help="folder of publishers' files")
    parser.add_argument("--out", type=Path, default=REGIONS, help="folder to write to")
    arguments = parser.parse_args()
    data = Data(arguments.data, YEAR)
    for region in border_regions.REGIONS:
        if arguments.regions and region.id not in arguments.regions:
            continue
        folder = arguments.out / region.id
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in tables_of(region, data).items():
            (folder / name).write_text(content, encoding="utf-8", newline="\n")
        print(folder)
    if not arguments.regions or SAN_DIEGO.id in arguments.regions:
        for name in ("rail.csv", "trade.csv"):
            content = tables_of(SAN_DIEGO, data)[name]
            (arguments.out / SAN_DIEGO.id / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
