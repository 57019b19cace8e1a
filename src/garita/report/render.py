"""From a :class:`~garita.report.model.Story` to the text of one HTML file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from garita.engine.cache import user_cache_folder
from garita.report import bars, cells, inputs, maps, names, numbers, panels
from garita.report.model import Estimate, Line, Story

HERE = Path(__file__).parent
LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:)]|\[[^\[\]]{1,40}\]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # not allowed in HTML; a title could bring them
LEAD = 3


def page_of(story: Story) -> str:
    """The whole HTML text. It holds all it shows, and no address that a browser would open by itself."""
    script = static("report.js") + (static("journeys.js") if story.journeys is not None else "")
    page: dict[str, Any] = {
        "style": Markup(static("report.css")),  # our own files, checked in: nothing of the user's is in them
        "script": Markup(script),
        "script_hash": "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "period": period(story),
        "zone": zone(story),
        "shares": inputs.shares(story.inputs),
        "inputs": inputs.table(story.inputs),
        "anchors": {one.key: f"#source-{place}" for place, one in enumerate(story.references)},
        "map": map_of(story),
        "indicators": cells.indicators(story),
        "outcomes": {"changes": bars.changes(story.outcomes), "rows": cells.outcomes(story.outcomes)},
        "fates": bars.fates(story.fates),
        "peaks": cells.peaks(story),
        "for_good": any("for good" in words for words in story.closures),
        "transitions": cells.transitions(story),
        "gross": cells.gross(story.gross),
        "diversions": cells.diversions(story),
        "definitions": sorted(story.definitions, key=lambda one: one.label),
        "cumulative": [
            {"name": one.title, "svg": panels.cumulative(one, story.clock)} for one in story.curves
        ],
        "curves": Markup(curves(story)),
        "journeys": Markup(script_json(story.journeys.data)) if story.journeys is not None else "",
        **small_multiples(story),
    }
    text = environment().get_template("report.html.j2").render(story=story, page=page)
    return CONTROL.sub("", text)


def write_whole(path: Path, text: str) -> Path:
    """Write a page under another name, and rename it. Folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return path


@cache
def environment() -> jinja2.Environment:
    """Everything is escaped; a name the templates do not know is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled(),
    )
    made.filters["sources"] = sources
    made.filters["strong"] = strong
    made.filters["status"] = inputs.named
    return made


def compiled() -> jinja2.BytecodeCache | None:
    """Compiled templates are kept beside the engine's machine code; where that cannot be written, nowhere."""
    folder = user_cache_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    return jinja2.FileSystemBytecodeCache(str(folder))


@cache
def static(name: str) -> str:
    return (HERE / "static" / name).read_text(encoding="utf-8")


def sources(text: str, anchors: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A source in pieces: addresses become links, keys in square brackets lead to the list of sources."""
    end = 0
    for found in LINK.finditer(text):
        words, link = found.group(), ""
        if words.startswith("["):
            link = anchors.get(words[1:-1], "")
        else:
            link = words
            short = re.sub(r"^https?://(www\.)?", "", words)
            words = short if len(short) <= 60 else short[:57] + "…"
        if found.start() > end:
            yield {"text": text[end : found.start()], "link": ""}
        yield {"text": words, "link": link}
        end = found.end()
    if end < len(text):
        yield {"text": text[end:], "link": ""}


def strong(text: str) -> Markup:
    """Escaped text in which ``*...*`` stands out."""
    pieces = text.split("*")
    if len(pieces) % 2 == 0:  # an odd star is a star
        return escape(text)
    marked = (Markup("<strong>{}</strong>") if place % 2 else Markup("{}") for place in range(len(pieces)))
    return Markup("").join(mark.format(piece) for mark, piece in zip(marked, pieces, strict=True))


def period(story: Story) -> str:
    """``24 to 27 November 2018``."""
    first = story.clock.start.astimezone(story.clock.zone)
    last = numbers.moment_of(story.clock.start.timestamp() / 60.0 + story.clock.minutes - 1).astimezone(
        story.clock.zone
    )
    return days(first.date(), last.date())


def days(first: date, last: date) -> str:
    """The same of two days."""
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    start = f"{first.day}"
    if first.month != last.month or first.year != last.year:
        start += f" {first:%B}"
    if first.year != last.year:
        start += f" {first:%Y}"
    return f"{start} to {end}"


def zone(story: Story) -> str:
    """``America/Los_Angeles, PST``; both names when the clocks change within the run."""
    start = story.clock.start.timestamp() / 60.0
    found = {
        f"{numbers.moment_of(start + share * story.clock.minutes).astimezone(story.clock.zone):%Z}": None
        for share in (0.0, 0.5, 0.999)
    }
    return f"{story.clock.zone.key}, {' then '.join(found)}"


def script_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def curves(story: Story) -> str:
    """What the script reads out under the pointer."""
    clock = story.clock
    return script_json(
        {
            "width": panels.WIDTH,
            "left": panels.LEFT,
            "right": panels.RIGHT,
            "hour": max(1, round(60 / clock.bin_minutes)),
            "times": [clock.at(index * clock.bin_minutes) for index in range(clock.bins)],
            "lines": {line.id: panels.readout(line) for line in story.lines if used(line)},
        }
    )


def used(line: Line) -> bool:
    """Whether anybody was ever seen in the line."""
    return line.demand > 0 or any(
        band.peak() > 0 for band in (line.wait_with, line.wait_without, line.queue_with, line.queue_without)
    )


def small_multiples(story: Story) -> dict[str, Any]:
    """Panels in groups: northbound first, the port of the closure first; and a few for the first page."""
    tops: dict[tuple[str, str], float] = {}
    for line in story.lines:
        key = line.direction, line.mode
        tops[key] = max(tops.get(key, 0.0), panels.largest([line.wait_with, line.wait_without]))
    drawn: dict[str, dict[str, Any]] = {}
    for line in story.lines:
        if used(line):
            name = names.line(line, story.lines)
            unit = names.QUEUE_OF.get(line.mode, line.mode)
            picture = panels.panel(line, story.clock, tops[line.direction, line.mode], name, unit)
            drawn[line.id] = {"id": line.id, "name": name, "summary": summary(line), "svg": picture}
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in sorted(story.lines, key=lambda one: order(one, story)):
        if line.id in drawn:
            groups.setdefault((line.direction, line.place.port_name), []).append(line)
    return {
        "lead": [drawn[line.id] for line in lead(story) if line.id in drawn],
        "groups": [
            {
                "name": f"{port}, {names.direction(direction)}",
                "open": direction == "inbound",
                "panels": [drawn[line.id] for line in members],
            }
            for (direction, port), members in groups.items()
        ],
        "quiet": [
            f"{names.line(line, story.lines)} {names.direction(line.direction)}"
            for line in story.lines
            if line.id not in drawn
        ],
    }


def order(line: Line, story: Story) -> tuple[Any, ...]:
    """Northbound first, then the port of the closure, then from west to east; within it by mode."""
    port = [place for place in story.places if place.port == line.place.port]
    focused = any(place.id in story.focus for place in port)
    west = min((place.lon for place in port if place.located), default=0.0)
    rank = names.ORDER.index(line.mode) if line.mode in names.ORDER else len(names.ORDER)
    lanes = list(names.LANE_TYPES)
    lane = lanes.index(line.lane_type) if line.lane_type in lanes else len(lanes)
    return line.direction != "inbound", not focused, west, line.place.port, rank, line.place.name, lane


def lead(story: Story) -> list[Line]:
    """For the first page: the busiest closed line, that of the neighbour in the answer, another mode."""
    inbound = [line for line in story.lines if line.direction == "inbound" and used(line)]
    inbound.sort(key=lambda one: -one.demand)
    closed = [line for line in inbound if line.closed]
    near = [line for line in inbound if (line.place.id, line.direction, line.mode) == story.neighbour]
    chosen = closed[:1] + near[:1]
    chosen += [line for line in closed if line.mode != closed[0].mode][:1]
    return (chosen + [line for line in inbound if line not in chosen])[:LEAD]


def summary(line: Line) -> Markup:
    """What a panel says at rest, and in print."""
    unit = names.QUEUE_OF.get(line.mode, line.mode)
    wait = [minutes(estimate) for estimate in (line.peak_without, line.peak_with)]
    queue = [numbers.count(band.peak()) for band in (line.queue_without, line.queue_with)]
    return Markup(
        "peak wait (min) <i>{}</i> without, <b>{}</b> with; "
        "longest mean queue ({}) <i>{}</i> without, <b>{}</b> with"
    ).format(wait[0], wait[1], unit, queue[0], queue[1])


def minutes(estimate: Estimate) -> str:
    """A wait without its interval, but rounded by it."""
    least = numbers.least_step("min", estimate.value)
    return numbers.plain(
        estimate.value, numbers.step_for(estimate.value, estimate.low, estimate.high, least=least)
    )


def map_of(story: Story) -> dict[str, Any]:
    """Both maps and the list that goes with the narrow one."""
    name = {place.id: place.name for place in story.places}
    rows = [
        maps.Row(
            peak.crossing,
            name.get(peak.crossing, peak.crossing),
            peak.mode,
            peak.numbers.with_.value if peak.numbers.with_.known else 0.0,
            peak.numbers.without.value if peak.numbers.without.known else 0.0,
            (minutes(peak.numbers.without), minutes(peak.numbers.with_)),
        )
        for peak in story.peaks
        if peak.direction == story.way
    ]
    way = names.direction(story.way)
    drawn = maps.draw(story.places, rows, story.moves, way)
    if drawn is None:
        return {"wide": "", "way": way}
    together = {place.id: index for index, sign in enumerate(drawn.narrow_signs) for place in sign.places}
    inside = [
        f"{name[flow.origin]} to {name[flow.destination]} {numbers.count(flow.people.value)}"
        for flow in sorted(story.moves, key=lambda one: -one.people.value)
        if flow.origin in together
        and together.get(flow.destination) == together[flow.origin]
        and flow.people.value >= 10
    ]
    return {
        "wide": drawn.wide,
        "way": way,
        "narrow": drawn.narrow,
        "inside": names.listed(inside[:3]),
        "lists": [
            {"kind": kind, "signs": [signed(sign) for sign in signs]}
            for kind, signs in (("narrow", drawn.narrow_signs), ("wide", drawn.wide_signs))
            if signs
        ],
    }


def signed(sign: maps.Sign) -> dict[str, Any]:
    """A sign of the map as an entry of the list that goes with its number."""
    rows = [
        {"label": maps.label_of(row, sign), "without": row.told[0], "with_": row.told[1]} for row in sign.rows
    ]
    return {"name": sign.name, "rows": rows}
