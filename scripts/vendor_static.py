"""Rebuild what the report packages from outside: the outline of the border and its coasts, and coarse lands.

    python scripts/vendor_static.py            # fetch, check, write src/garita/report/static/
    python scripts/vendor_static.py --check    # rebuild and compare, change nothing

The npm package below is fetched with the npm client at an exact version and its archive is checked against
the SHA-256 noted here, so that the packaged figures can be traced to the publisher's file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE, VERSION, LICENCE = "world-atlas", "2.0.2", "ISC"
ARCHIVE_SHA256 = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"
MEMBER = "package/countries-10m.json"
STATIC = Path(__file__).resolve().parent.parent / "src" / "garita" / "report" / "static"

PAIRS = [("United States of America", "Mexico")]
TOLERANCE = 0.002  # degrees, about 200 m: less than a pixel at the scale of a region
COAST_REACH = 0.8  # degrees of coast kept around each end of a border

LANDS_TOLERANCE = 0.2  # degrees, about 20 km: a pixel or two on a map of a journey
LANDS_SMALLEST = 1.5  # degrees: islands smaller than this are left out

Point = tuple[float, float]


def fetch(folder: Path) -> dict[str, Any]:
    """The topology of the countries, from the checked archive."""
    subprocess.run(
        ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != ARCHIVE_SHA256:
        raise SystemExit(f"{archive.name} has SHA-256 {digest}, expected {ARCHIVE_SHA256}")
    with tarfile.open(archive) as opened:
        member = opened.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{MEMBER} is missing in {archive.name}")
        topology: dict[str, Any] = json.load(member)
    return topology


def decode(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs of a quantised TopoJSON as longitude, latitude."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(points)
    return arcs


def arcs_of(topology: dict[str, Any], country: str) -> set[int]:
    """Numbers of the arcs that bound a country."""

    def flat(nested: Any) -> list[int]:
        if isinstance(nested, int):
            return [nested if nested >= 0 else ~nested]
        return [number for part in nested for number in flat(part)]

    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["properties"]["name"] == country:
            return set(flat(geometry["arcs"]))
    raise SystemExit(f"no country {country!r} in {MEMBER}")


def simplify(points: list[Point], tolerance: float = TOLERANCE) -> list[Point]:
    """Douglas-Peucker without recursion."""
    keep = {0, len(points) - 1}
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        length = math.hypot(bx - ax, by - ay)
        worst, where = 0.0, -1
        for index in range(first + 1, last):
            px, py = points[index]
            if length:
                distance = abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
            else:
                distance = math.hypot(px - ax, py - ay)
            if distance > worst:
                worst, where = distance, index
        if worst > tolerance:
            keep.add(where)
            parts += [(first, where), (where, last)]
    return [points[index] for index in sorted(keep)]


def coast_from(end: Point, arcs: list[list[Point]], candidates: set[int]) -> list[Point]:
    """The coast that leaves a border's end, as far as ``COAST_REACH``; empty when the border ends on land."""
    for number in sorted(candidates):
        arc = arcs[number]
        for points in (arc, arc[::-1]):
            if points[0] == end:
                coast = []
                for point in points:
                    if abs(point[0] - end[0]) > COAST_REACH or abs(point[1] - end[1]) > COAST_REACH:
                        break
                    coast.append(point)
                return coast
    return []


def outline(topology: dict[str, Any]) -> dict[str, Any]:
    """Borders as lines and the sea at their ends as rings."""
    arcs = decode(topology)
    borders, seas = [], []
    for one, other in PAIRS:
        ours, theirs = arcs_of(topology, one), arcs_of(topology, other)
        for number in sorted(ours & theirs):
            line = arcs[number]
            borders.append({"between": [one, other], "line": rounded(simplify(line))})
            for end in (line[0], line[-1]):
                sea = sea_at(end, arcs, ours - theirs, theirs - ours, westward=end is min(line[0], line[-1]))
                if sea:
                    seas.append(rounded(sea))
    return {
        "source": f"Natural Earth 1:10m (public domain) by way of the npm package {PACKAGE} {VERSION} "
        f"({LICENCE}); simplified to {TOLERANCE} degrees by scripts/vendor_static.py",
        "borders": borders,
        "seas": seas,
    }


def lands(topology: dict[str, Any]) -> dict[str, Any]:
    """Coasts and borders of the world as coarse lines, for maps of journeys."""
    used: dict[int, int] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for number in arcs_of(topology, geometry["properties"]["name"]):
            used[number] = used.get(number, 0) + 1
    found: dict[str, list[list[list[float]]]] = {"coasts": [], "borders": []}
    for number, arc in enumerate(decode(topology)):
        wide = max(x for x, _ in arc) - min(x for x, _ in arc)
        tall = max(y for _, y in arc) - min(y for _, y in arc)
        shared = used.get(number, 0) > 1
        if used.get(number, 0) and (shared or max(wide, tall) >= LANDS_SMALLEST):
            line = simplify(arc, LANDS_TOLERANCE)
            if len(line) == 2 and line[0] == line[1]:  # a small round lake or enclave
                continue
            found["borders" if shared else "coasts"].append([[round(x, 2), round(y, 2)] for x, y in line])
    return {
        "source": f"Natural Earth 1:10m (public domain) by way of the npm package {PACKAGE} {VERSION} "
        f"({LICENCE}); simplified to {LANDS_TOLERANCE} degrees by scripts/vendor_static.py",
        **found,
    }


def sea_at(
    end: Point, arcs: list[list[Point]], ours: set[int], theirs: set[int], *, westward: bool
) -> list[Point]:
    """The two coasts that meet at a border's end, closed on the side of the sea."""
    one, other = coast_from(end, arcs, ours), coast_from(end, arcs, theirs)
    if not one or not other:
        return []
    coast = simplify(one[::-1]) + simplify(other)[1:]
    beyond = end[0] + (-2 if westward else 2) * COAST_REACH
    return [*coast, (beyond, coast[-1][1]), (beyond, coast[0][1])]


def rounded(points: list[Point]) -> list[list[float]]:
    return [[round(x, 3), round(y, 3)] for x, y in points]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with what is packaged, change nothing")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        topology = fetch(Path(folder))
    same = True
    for name, built in (("outline.json", outline(topology)), ("lands.json", lands(topology))):
        text, target = json.dumps(built, separators=(",", ":")) + "\n", STATIC / name
        if arguments.check:
            found = target.read_text(encoding="utf-8") == text
            print(f"{target.name} is {'as packaged' if found else 'not as packaged'}")
            same = same and found
            continue
        target.write_text(text, encoding="utf-8", newline="\n")
        digest = hashlib.sha256(text.encode()).hexdigest()
        print(f"wrote {target.name}, {len(text):,} characters, SHA-256 {digest}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
