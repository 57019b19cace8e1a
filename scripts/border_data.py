"""The publishers' files that the regions of the border are made from."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from border_regions import Crossing

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Row = dict[str, str]
# Mode -> measure of parties and of people in BTS, measure of TxDOT, lanes and lane types in the feed.
BTS = {
    "car": ("Personal Vehicles", "Personal Vehicle Passengers"),
    "pedestrian": ("Pedestrians", None),
    "bus": ("Buses", "Bus Passengers"),
    "truck": ("Trucks", None),
}
BRIDGE = {
    "Passenger Vehicles": "car", "Pedestrians/ Bicyclists": "pedestrian", "Buses": "bus",
    "Commercial Trucks": "truck",
}  # fmt: skip
LANES = {"car": "max_lanes_passenger", "pedestrian": "max_lanes_pedestrian", "truck": "max_lanes_commercial"}
KINDS = {
    "car": (("ready", "has_ready"), ("sentri", "has_sentri")),
    "pedestrian": (("ready", "has_ped_ready"),),
    "truck": (("fast", "has_fast"),),
    "bus": (),
}
GREATEST_PARTY = 15  # of the engine
RAIL = ("Trains", "Rail Containers Loaded", "Rail Containers Empty")


def read(path: Path) -> list[Row]:
    """All rows of a CSV file, also of a compressed one."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def opening(text: str) -> tuple[str, str]:
    """``("06:00", "22:00")`` of ``6 am-10 pm``."""
    if text.startswith("24"):
        return "00:00", "24:00"
    return tuple(_clock(part, last) for part, last in zip(text.split("-"), (False, True), strict=True))  # type: ignore[return-value]


def _clock(text: str, closing: bool) -> str:
    if text.strip().lower() == "midnight":
        return "24:00" if closing else "00:00"
    found = re.fullmatch(r"(\d+)(?::(\d\d))? (am|pm)", text.strip().lower())
    if not found:
        raise SystemExit(f"no time of day: {text}")
    return f"{int(found[1]) % 12 + (12 if found[3] == 'pm' else 0):02d}:{found[2] or '00'}"


def first_port(crossings: Iterable[Crossing]) -> dict[str, str]:
    """The port that stands for a BTS code: that of its first crossing."""
    found: dict[str, str] = {}
    for crossing in crossings:
        found.setdefault(crossing.bts, crossing.port)
    return found


def _of_sample(port: Any) -> Row:
    """Hours and lanes of a crossing as the sample of the feed has them."""
    found = {"hours_2022_06": port["hours"]}
    for mode, kind in (
        ("car", "passenger_vehicle"),
        ("pedestrian", "pedestrian"),
        ("truck", "commercial_vehicle"),
    ):
        lanes = port[f"{kind}_lanes"]["maximum_lanes"]
        found[LANES[mode]] = lanes if lanes.isdigit() else "0"
    return found


class Data:
    """Counts, lanes, hours, points and trade of one year."""

    def __init__(self, folder: Path, year: int) -> None:
        self.folder, self.year = folder, year
        self.ports: dict[tuple[str, str, str], int] = {}
        self.points: dict[str, tuple[float, float]] = {}
        self.north: set[str] = set()  # ports of the border with Canada
        for row in read(folder / "bts_border_crossing_entry.csv.gz"):
            month, found = row["Date"].split()
            if int(found) == year:
                when = f"{found}-{MONTHS.index(month) + 1:02d}"
                self.ports[row["Port Code"], row["Measure"], when] = int(row["Value"])
                self.points[row["Port Code"]] = (float(row["Latitude"]), float(row["Longitude"]))
                if row["Border"] == "US-Canada Border":
                    self.north.add(row["Port Code"])
        self.bridges: dict[tuple[str, str, str], int] = {}
        for row in read(folder / "tx_bridge_monthly_northbound_2008_2025.csv"):
            if int(row["Year"]) == year and row["Modes"] in BRIDGE:
                key = row["Crossing"], BRIDGE[row["Modes"]], f"{year}-{int(row['Month']):02d}"
                self.bridges[key] = int(float(row["Northbound Crossing"] or 0))
        self.feed = {row["cbp_port_number"]: row for row in read(folder / "crossings-reference.csv")}
        self.places = {
            row["Border Crossing Name"]: (float(row["Lat"]), float(row["Lon"]))
            for row in read(folder / "tx_bridge_coordinates.csv")
        }
        self.sample = json.loads(
            (folder / "samples" / "cbp_bwt_api_bwtnew_2022-06-29.json").read_text(encoding="utf-8")
        )
        self.feed = {row["port_number"]: _of_sample(row) for row in self.sample} | self.feed
        self.usd = self._usd()

    def port(self, code: str, mode: str, month: str) -> int | None:
        """Parties of a BTS port in a month; None if it reports none."""
        return self.ports.get((code, BTS[mode][0], month))

    def bridge(self, name: str, mode: str, month: str) -> int | None:
        """Parties of a Texas bridge in a month."""
        return self.bridges.get((name, mode, month))

    def people_per_party(self, code: str, mode: str, month: str) -> float:
        """People in a vehicle of the port in a month; of the year where the month has none."""
        vehicles, people = BTS[mode]
        if people is None:
            return 1.0
        for months in ([month], [f"{self.year}-{number:02d}" for number in range(1, 13)]):
            parties = sum(self.ports.get((code, vehicles, one), 0) for one in months)
            persons = sum(self.ports.get((code, people, one), 0) for one in months)
            if parties and persons:
                return min(persons / parties, 0.9 * GREATEST_PARTY)
        return 1.0

    def point(self, crossing: Crossing) -> tuple[float, float]:
        """Where a crossing is, degrees."""
        if crossing.bridge in self.places:
            return self.places[crossing.bridge]
        if crossing.cbp in self.feed:
            row = self.feed[crossing.cbp]
            return float(row["lat"]), float(row["lon"])
        return self.points[crossing.bts]

    def point_source(self, crossing: Crossing) -> str:
        """Who says so."""
        return "[TxDOT]" if crossing.bridge in self.places else "[BTS], of the port"

    def lanes(self, crossing: Crossing, mode: str) -> tuple[int, str]:
        """Lanes of a mode (0 if unknown) and its lane types, as ``standard;ready``."""
        row = self.feed.get(crossing.cbp, {})
        lanes = int(row.get(LANES.get(mode, ""), 0) or 0)
        if mode in crossing.kinds:
            return lanes, crossing.kinds[mode]
        kinds = ["standard", *(kind for kind, flag in KINDS[mode] if row.get(flag) == "True")]
        return lanes, ";".join(kinds)

    # --- rail and trade ------------------------------------------------------------------------------------
    def rail(self, codes: Sequence[str], crossings: Iterable[Crossing]) -> list[Row]:
        """Trains and rail containers by month; trains run on bridges of their own."""
        port = first_port(crossings)
        rows = []
        for code in dict.fromkeys(codes):
            for number in range(1, 13):
                month = f"{self.year}-{number:02d}"
                counts = [self.ports.get((code, measure, month), 0) for measure in RAIL]
                if any(counts):
                    rows.append(
                        {"port": port[code], "bts_port_code": code, "month": month, "trains": str(counts[0]),
                         "loaded": str(counts[1]), "empty": str(counts[2]), "status": "measured",
                         "source": f"[BTS] {', '.join(RAIL)}"}
                    )  # fmt: skip
        return rows

    def year_of(self, code: str, measure: str) -> int:
        """A measure of a port over the year."""
        return sum(count for (at, name, _), count in self.ports.items() if (at, name) == (code, measure))

    def _usd(self) -> dict[tuple[str, str], tuple[float, str, str]]:
        """Imports by port and mode, USD, status and source.

        Other ports than those of Texas share what is left of the imports from Mexico by loaded containers,
        and ports of the north those from Canada.
        """
        texas: dict[tuple[str, str], float] = defaultdict(float)
        for row in read(self.folder / "transborder_texas_ports_annual.csv"):
            if int(row["Year"]) == self.year and row["TradeType"] == "Import":
                texas[row["PortCode"], row["Mode"]] += float(row["TradeValue"])
        whole: dict[tuple[str, str], float] = defaultdict(float)
        for row in read(self.folder / "transborder_monthly_country_mode.csv"):
            if (row["Year"], row["TradeType"]) == (str(self.year), "Import"):
                whole[row["Country"], row["Mode"]] += float(row["TradeValue"])
        found: dict[tuple[str, str], tuple[float, str, str]] = {}
        for mode, name, measure in (
            ("truck", "Truck", "Truck Containers Loaded"), ("rail", "Rail", "Rail Containers Loaded"),
        ):  # fmt: skip
            at_texas = {code: value for (code, kind), value in texas.items() if kind == name}
            for code, value in at_texas.items():
                found[code, mode] = (value, "measured", "[TransBorder]")
            south = {code for code, _, _ in self.ports} - self.north - set(at_texas)
            shared = (
                (south, whole["Mexico", name] - sum(at_texas.values()), "not by ports of Texas"),
                (self.north, whole["Canada", name], "from Canada"),
            )
            for codes, rest, which in shared:
                loaded = {code: self.year_of(code, measure) for code in sorted(codes)}
                source = f"[TransBorder]: imports {which}, shared by loaded containers [BTS]"
                for code, count in loaded.items():
                    if count:
                        found[code, mode] = (rest * count / sum(loaded.values()), "derived", source)
        return found

    def trade(self, codes: Sequence[str], crossings: Iterable[Crossing]) -> list[Row]:
        """Imports of the year by port and mode, and what a truck or loaded rail container carries, USD."""
        port = first_port(crossings)
        rows = []
        for code in dict.fromkeys(codes):
            for mode, measure in (("truck", "Trucks"), ("rail", "Rail Containers Loaded")):
                value, status, source = self.usd.get((code, mode), (0.0, "", ""))
                count = self.year_of(code, measure)
                if value and count:
                    rows.append(
                        {"port": port[code], "bts_port_code": code, "mode": mode, "year": str(self.year),
                         "import_usd": f"{value:.0f}", "counted": str(count),
                         "usd_each": f"{value / count:.0f}", "status": status,
                         "source": f"{source}; counted: [BTS] {measure}"}
                    )  # fmt: skip
        return rows
