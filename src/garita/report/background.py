"""What stands around the numbers: who claims what, caveats, and how to run it again."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from garita.report import numbers
from garita.report.model import Claim
from garita.scenario import packaged_cases

if TYPE_CHECKING:
    from garita.outcomes import Comparison

DIRECTION_ONLY = "direction only"


def claims(comparison: Comparison, case: Any | None) -> tuple[Claim, ...]:
    """From the case (grouped by figure) or, without one, from the manifest (grouped or flat)."""
    found = list(case.claims()) if case is not None else []
    if not found:
        found = list(comparison.claims)
    made = []
    for item in found:
        get = (
            item.get
            if isinstance(item, Mapping)
            else lambda name, default=None, one=item: getattr(one, name, default)
        )
        if str(get("field") or "").startswith("journeys.published"):
            continue  # compared with, and never drawn
        voices = get("claims") or [item]
        total = sum(float(_of(voice, "weight", 1.0)) for voice in voices) if get("claims") else math.nan
        for voice in voices:
            weight = float(_of(voice, "weight", 1.0))
            used = (
                f"drawn with a chance of {numbers.share(weight, total)}"
                if total == total
                else "drawn by weight"
            )
            made.append(
                Claim(
                    _field_name(str(get("field") or ""), getattr(case, "scenario", None)),
                    _claimed(str(_of(voice, "value", ""))),
                    str(_of(voice, "who", "")),
                    str(_of(voice, "source", "") or ""),
                    used,
                )
            )
    return tuple(made)


def _claimed(value: str) -> str:
    """``300.0 min`` as ``5 h``, ``100.0`` as ``100``, a day without its midnight; else as it was written."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) min", value)
    return numbers.duration(float(found[1])) if found else re.sub(r"(?<=\d)\.0$| 00:00$", "", value)


def _field_name(path: str, scenario: Any) -> str:
    """``closures[0].until`` as ``closures, vehicles: until`` where the entry has a name."""
    found = re.fullmatch(r"(journeys\.)?(\w+)\[(\d+)\]\.(.+)", path)
    if found is None:
        return path
    holder = getattr(scenario, "journeys", None) if found[1] else scenario
    entries = list(getattr(holder, found[2], None) or ())
    entry = entries[int(found[3])] if int(found[3]) < len(entries) else None
    name = getattr(entry, "name", None) or getattr(entry, "id", None) or f"number {int(found[3]) + 1}"
    field = re.sub(r"\[\d+\]\.", ": ", found[4]).replace("_", " ")
    return f"{found[2].replace('_', ' ')}, {name}: {field}"


def _of(item: Any, name: str, default: Any) -> Any:
    return item.get(name, default) if isinstance(item, Mapping) else getattr(item, name, default)


def caveats(comparison: Comparison, scenario: Any, evidence: str) -> tuple[str, ...]:
    outbound = any(flow.direction == "outbound" for flow in comparison.layout.flows)
    made = [
        "Intervals tell how well the mean of the histories is known; bands tell how histories differ; "
        "neither tells how far the model is from the world.",
        "Waits are for primary inspection only, by the time of joining the queue; secondary inspection comes "
        "on top. At a closed line those who stay show their whole wait at the hour they joined; "
        "those who leave show none.",
        "How people choose (another crossing, later, not at all) rests on coefficients of other studies and "
        "on assumptions; see the table of behaviour among the inputs.",
        "Trips not made are counted, not priced: no lost sales, wages or production is in these numbers.",
    ]
    if evidence == DIRECTION_ONLY:
        made.insert(
            0,
            "Direction only: the effects are not checked against counts of this event; queues, diverted and "
            "cancelled trips by the hour are not published. Trust sign and order of size, not digits.",
        )
    if _without_notice(scenario):
        made.append(
            "After a closure without notice, demand is assumed to stay lower for some days (aftermath_drop, "
            "aftermath_days). Most cancelled trips come from that one assumption, and it keeps later queues "
            "shorter: run it with aftermath_drop 0 to see how much hangs on it."
        )
    if outbound:
        made.append(
            "Southbound traffic is not counted by anyone in this detail; it is derived from return trips."
        )
    made += [str(note) for note in getattr(scenario, "notes", None) or ()]
    return tuple(made)


def assumed(scenario: Any) -> tuple[str, ...]:
    """The assumption that the totals of the first page hang on most, where there is one."""
    if not _without_notice(scenario):
        return ()
    return (
        "How many stay away on the days after is an assumption (aftermath_drop); person-hours, and how many "
        "do not set out over all days, hang on it.",
    )


def _without_notice(scenario: Any) -> bool:
    """Whether some closure came without notice, so that demand is taken to stay away for a while."""
    drop = getattr(getattr(scenario, "behaviour", None), "aftermath_drop", 0.0)
    closures = getattr(scenario, "closures", None) or ()
    return drop != 0.0 and any(
        getattr(_of(closure, "notice", None), "value", _of(closure, "notice", None)) in (None, "none", 0.0)
        for closure in closures
    )


def reproduce(comparison: Comparison, case: Any | None) -> dict[str, str]:
    """The command first, then what identifies the run."""
    manifest = comparison.with_closure.manifest
    layout = comparison.layout
    made: dict[str, str] = {}
    command = manifest.get("command")
    if isinstance(command, (list, tuple)):
        command = " ".join(map(str, command))
    if not command:
        name = getattr(case, "name", None)
        if name not in packaged_cases():
            name = getattr(case, "path", None) or name or "SCENARIO"
        what = f"garita run {shlex.quote(str(name))}"
        command = f"{what} --replications {layout.replications} --seed {manifest.get('seed', '')}"
    made["command"] = str(command)
    made["Seed"] = str(manifest.get("seed", ""))
    made["Replications"] = str(layout.replications)
    versions = manifest.get("versions")
    if isinstance(versions, Mapping):
        made["Versions"] = ", ".join(f"{name} {version}" for name, version in versions.items())
    made["Scenario (SHA-256)"] = str(getattr(case, "digest", "") or layout.digest)
    for key, name in (("engine_digest", "Engine (SHA-256)"), ("digest", "Results (SHA-256)")):
        if manifest.get(key):
            made[name] = str(manifest[key])
    return {name: value for name, value in made.items() if value}
