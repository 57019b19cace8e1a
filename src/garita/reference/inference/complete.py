"""The tables of a region with everything inferred that they leave out."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence

from garita.reference.inference import lines as about_lines
from garita.reference.inference import places, staffing, waits
from garita.reference.inference.arithmetic import DAY_TYPES, DAYS, text
from garita.reference.inference.lines import LIKE, Line, LineKey, Row

Tables = dict[str, list[Row]]
BY_LINE = ("weekday_factors", "hour_shares", "usual_waits", "rosters")
SAME_EVERYWHERE = ("purposes", "classes", "behaviour", "costs")
OWN_SOURCES = (
    ("user", "Given in the region's own tables", "measured"),
    ("SDT", "The packaged region san-diego-tijuana, whose tables name the sources of each figure", "assumed"),
    ("inferred", "Inferred from counts, lanes, hours and waits: garita.reference.inference", "derived"),
)


def line_key(row: Row) -> LineKey:
    """The line a row is about."""
    return row["crossing"], row.get("direction") or "inbound", row["mode"], row["lane_type"]


def is_complete(tables: Tables) -> bool:
    """Whether a region says everything itself."""
    if not all(tables.get(name) for name in (*BY_LINE, *SAME_EVERYWHERE, "secondary", "pools")):
        return False
    known = {line_key(row) for row in tables["flows"]}
    return all(known <= {line_key(row) for row in tables[name]} for name in BY_LINE)


class _Model:
    """San Diego-Tijuana, which lines take after."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.flows = {line_key(row): row for row in tables["flows"]}
        self.shares: dict[tuple[LineKey, str], list[float]] = defaultdict(list)
        for row in tables["hour_shares"]:
            self.shares[line_key(row), row["day_type"]].append(float(row["share"]))
        self.factors: dict[LineKey, list[float]] = defaultdict(list)
        for row in tables["weekday_factors"]:
            self.factors[line_key(row)].append(float(row["factor"]))


def complete(tables: Tables, model: Tables) -> Tables:
    """All tables of a region; ``model``: those of San Diego-Tijuana, from which usual figures are taken."""
    if is_complete(tables):
        return tables
    like, found = _Model(model), dict(tables)
    found["crossings"] = [_crossing(row) for row in tables["crossings"]]
    found["volumes"], people = _volumes(tables["volumes"])
    lines = _lines(tables, like, people, found["volumes"])
    found["flows"] = [_flow_row(line) for line in lines]
    for name in BY_LINE:
        found[name] = [row for row in tables.get(name, ()) if name != "usual_waits"]
    _fill_lines(found, tables, lines)
    kinds = {line.key[1:] for line in lines}
    for name in SAME_EVERYWHERE:
        if not tables.get(name):
            found[name] = _like_model(model[name], name, kinds)
    inferred: dict[str, list[Row]] = {
        "secondary": places.secondary(lines),
        "pools": places.pools(found["crossings"]),
        "travel": places.travel(found["crossings"], lines),
    }
    for name, rows in inferred.items():
        if not tables.get(name) and rows:
            found[name] = rows
    own = {row["key"] for row in tables.get("sources", ())}
    found["sources"] = [*tables.get("sources", ()), *(
        {"key": key, "title": title, "address": "", "status": status, "source": key}
        for key, title, status in OWN_SOURCES if key not in own
    )]  # fmt: skip
    return {name: rows for name, rows in found.items() if rows}


def _crossing(row: Row) -> Row:
    """A crossing with a port and a group of crossings to choose among."""
    cells = {
        "port": row["crossing"],
        "port_name": row["name"],
        "bts_port_code": "",
        "choice_group": "land",
        "status": "measured",
        "source": "[user]",
    }
    return {**{name: row[name] for name in row if name not in cells},
            **{name: row.get(name) or value for name, value in cells.items()}}  # fmt: skip


def _volumes(rows: Sequence[Row]) -> tuple[list[Row], dict[tuple[str, str], float]]:
    """Volumes with every cell, and people in a party by crossing and mode."""
    parties: dict[tuple[str, str], float] = defaultdict(float)
    persons: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        if row.get("people") and float(row["parties"]) > 0:
            parties[row["crossing"], row["mode"]] += float(row["parties"])
            persons[row["crossing"], row["mode"]] += float(row["people"])
    people = {
        (row["crossing"], row["mode"]): about_lines.PEOPLE[row["mode"]] for row in rows
    } | {key: max(1.0, persons[key] / count) for key, count in parties.items() if count > 0}  # fmt: skip
    made = []
    for row in rows:
        size = people[row["crossing"], row["mode"]]
        label = {"status": row.get("status") or "measured", "source": row.get("source") or "[user]"}
        if not row.get("people"):
            label = {"status": "derived", "source": f"{label['source']}; people: {size:.3g} a party"}
        made.append(
            {"crossing": row["crossing"], "direction": row.get("direction") or "inbound", "mode": row["mode"],
             "month": row["month"], "parties": row["parties"],
             "people": row.get("people") or str(round(float(row["parties"]) * size)),
             "not_counted_parties": row.get("not_counted_parties") or "0", **label}
        )  # fmt: skip
    return made, people


def _a_day(volumes: Sequence[Row]) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Parties a day by crossing, direction and mode: mean of the months, and the busiest month over it."""
    days: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in volumes:
        count = float(row["parties"]) + float(row["not_counted_parties"] or 0)
        length = monthrange(int(row["month"][:4]), int(row["month"][5:7]))[1]
        days[row["crossing"], row["direction"], row["mode"]].append(count / length)
    means = {key: sum(values) / len(values) for key, values in days.items()}
    return {key: (mean, max(days[key]) / mean if mean > 0 else 1.0) for key, mean in means.items()}


def _lines(tables: Tables, like: _Model, people: Mapping[tuple[str, str], float],
           volumes: Sequence[Row]) -> list[Line]:  # fmt: skip
    """The region's lines with their booths, service times and an ordinary week."""
    hours = {row["crossing"]: (int(row["opens"][:2]), int(row["closes"][:2])) for row in tables["crossings"]}
    port = {row["crossing"]: row.get("port") or row["crossing"] for row in tables["crossings"]}
    shares, factors = _given_shares(tables), _given_factors(tables)
    daily, waits_of = _a_day(volumes), _by_line(tables.get("usual_waits", ()))
    lines: list[Line] = []
    for row in tables["flows"]:
        size = people.get((row["crossing"], row["mode"]), about_lines.PEOPLE[row["mode"]])
        for line in about_lines.split(row, *hours[row["crossing"]], like.flows, size):
            model = about_lines.model_of(line.key, like.flows)
            own = shares.get(line.key) or about_lines.hour_shares(line, like.shares, like.flows)
            days = factors.get(line.key) or like.factors[model]
            mean, line.busiest = daily.get(line.key[:3], (0.0, 1.0))
            line.week = about_lines.ordinary_week(mean * line.share, days, own)
            about_lines.fit_booths(line, waits.published(waits_of[line.key]))
            if not row.get("pool"):
                line.row["pool"] = port[row["crossing"]] if line.key[1] == "inbound" else ""
            line.shares, line.factors = own, list(days)
            lines.append(line)
    return lines


def _by_line(rows: Sequence[Row]) -> dict[LineKey, list[Row]]:
    found: dict[LineKey, list[Row]] = defaultdict(list)
    for row in rows:
        found[line_key(row)].append(row)
    return found


def _given_shares(tables: Tables) -> dict[LineKey, dict[str, list[float]]]:
    found: dict[LineKey, dict[str, list[float]]] = {}
    for row in tables.get("hour_shares", ()):
        days = found.setdefault(line_key(row), {kind: [0.0] * 24 for kind in dict.fromkeys(DAY_TYPES)})
        days[row["day_type"]][int(row["hour"])] = float(row["share"])
    return found


def _given_factors(tables: Tables) -> dict[LineKey, list[float]]:
    found: dict[LineKey, list[float]] = {}
    for row in tables.get("weekday_factors", ()):
        found.setdefault(line_key(row), [1.0] * 7)[DAYS.index(row["weekday"])] = float(row["factor"])
    return found


def _flow_row(line: Line) -> Row:
    cells = {name: value for name, value in line.row.items() if name not in ("status", "source")}
    cells["lane_share"] = text(line.share, 6)
    said = line.given.get("source") or ""
    source = "; ".join(filter(None, [said, f"what is not said there: {LIKE}, booths from counts [inferred]"]))
    return {**cells, "status": "assumed", "source": source}


def _fill_lines(found: Tables, tables: Tables, lines: Sequence[Line]) -> None:
    """Rows of the tables by line, for lines that have none."""
    has = {name: {line_key(row) for row in tables.get(name, ())} for name in BY_LINE}
    rows = _by_line(tables.get("usual_waits", ()))
    for line in lines:
        place = dict(zip(("crossing", "direction", "mode", "lane_type"), line.key, strict=True))
        label = {"status": "assumed", "source": LIKE}
        if line.key not in has["weekday_factors"]:
            found["weekday_factors"] += [
                {**place, "weekday": day, "factor": text(factor), **label}
                for day, factor in zip(DAYS, line.factors, strict=True)
            ]
        if line.key not in has["hour_shares"]:
            found["hour_shares"] += [
                {**place, "day_type": kind, "hour": str(hour), "share": text(share), **label}
                for kind, values in line.shares.items()
                for hour, share in enumerate(values)
            ]
        usual, said = waits.given(line, rows[line.key]), rows[line.key]
        status = said[0].get("status") or "measured" if said else "assumed"
        source = said[0].get("source") or "[user]" if said else "moderate wait of its lane type [inferred]"
        usual = usual if usual is not None else waits.shaped(line, waits.level(line))
        found["usual_waits"] += waits.rows_of(line, usual, status, source)
        if line.key not in has["rosters"]:
            found["rosters"] += _roster_rows(line, usual, place)


def _roster_rows(line: Line, usual: Sequence[float], place: Mapping[str, str]) -> list[Row]:
    """The roster of a line, a row where it changes."""
    week = staffing.Week(line.week, usual, line.opens, line.closes, line.mean_s, line.booths)
    booths = staffing.same_on_shared_days(staffing.inverted_roster(week))
    booths = staffing.with_gate_shut(staffing.sufficient(booths, week))
    label = {
        "made_for": f"{sum(line.week) / 7:.6g}",  # parties a day
        "status": "derived",
        "source": "from arrivals and usual waits [inferred]",
    }
    rows = []
    for day in DAYS:
        before = -1
        for start, count in zip(staffing.BLOCKS, booths[day], strict=True):
            if count != before:
                rows.append({**place, "weekday": day, "from_hour": str(start), "booths": str(count), **label})
            before = count
    return rows


def _like_model(rows: Sequence[Row], name: str, kinds: set[tuple[str, str, str]]) -> list[Row]:
    """A table of San Diego-Tijuana with what was measured there assumed here; only the kinds of line here."""
    made = []
    for row in rows:
        label = {"status": "proposal" if row["status"] == "proposal" else "assumed", "source": LIKE}
        if name == "purposes":
            wanted = [kind for kind in kinds if _same_kind(kind, row)]
            made += [{**row, "lane_type": kind[2], **label} for kind in sorted(wanted)]
        elif name != "classes" or (row["direction"], row["mode"]) in {kind[:2] for kind in kinds}:
            made.append({**row, **label})
    return made


def _same_kind(kind: tuple[str, str, str], row: Row) -> bool:
    lane_type = "sentri" if kind[2] == "nexus" else kind[2]
    return (row["direction"], row["mode"], row["lane_type"]) == (*kind[:2], lane_type)
