"""What there is to close: the crossings and flows of a region, packaged or defined in the scenario itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from garita.scenario.times import find_zone

Flow = tuple[str, str, str, str]  # crossing, direction, mode, lane type


class Tables(Protocol):
    """The packaged tables of a region (see `garita.reference`)."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def digest(self) -> str: ...
    def inbound(self) -> Tables: ...
    @property
    def tables(self) -> Mapping[str, Sequence[Mapping[str, str]]]: ...
    @property
    def members(self) -> Sequence[Tables]: ...


def packaged_regions() -> list[str]:
    """The ids of the packaged regions."""
    from garita import reference

    return [str(getattr(region, "id", region)) for region in reference.regions()]


def load_tables(region: str) -> Tables:
    """The tables of a packaged region."""
    from garita import reference

    tables: Tables = reference.load_region(region)
    return tables


def is_region(folder: Path) -> bool:
    """Whether a folder holds the tables of a region."""
    from garita import reference

    return reference.is_region(folder)


def read_tables(folder: Path) -> Tables:
    """The tables of a region in a folder. Raises DataError."""
    from garita import reference

    tables: Tables = reference.read_region(folder)
    return tables


@dataclass(frozen=True)
class Catalogue:
    """The crossings of a region by port, their time zones, and the flows that use them."""

    zone: ZoneInfo
    ports: Mapping[str, tuple[str, ...]]
    zones: Mapping[str, ZoneInfo]
    flows: frozenset[Flow]
    pools: tuple[tuple[str, frozenset[Flow]], ...] = ()  # of officers, with the lines they staff

    @property
    def crossings(self) -> tuple[str, ...]:
        return tuple(self.zones)

    @property
    def names(self) -> list[str]:
        """Everything `crossing:` may say."""
        return [*dict.fromkeys([*self.ports, *self.zones]), "all"]

    def expand(self, name: str | None) -> tuple[str, ...]:
        """The crossings behind a crossing, a port or `all`; empty when there is none of that name."""
        if name == "all":
            return self.crossings
        if name is None:
            return ()
        if name in self.ports:
            return self.ports[name]
        return (name,) if name in self.zones else ()

    def staffed_by(self, pool: Any) -> frozenset[Flow]:
        """The lines of a pool under `officers`: those of the region's pool of that name, as far as it is not
        said otherwise."""
        known = dict(self.pools).get(pool.pool)
        places = {place for name in pool.crossings or ["all"] for place in self.expand(name)}
        return frozenset(
            flow
            for flow in (known if known is not None and pool.crossings is None else self.flows)
            if flow[0] in places
            and all(
                wanted is None or value in wanted
                for wanted, value in zip(
                    (pool.directions, pool.modes, pool.lane_types), flow[1:], strict=True
                )
            )
        )

    def zone_at(self, name: str | None) -> ZoneInfo:
        """The zone of a crossing or port; that of the region when its crossings do not share one."""
        zones = {str(self.zones[crossing]): self.zones[crossing] for crossing in self.expand(name)}
        return next(iter(zones.values())) if len(zones) == 1 else self.zone

    def some(
        self,
        part: int,
        crossings: Iterable[str],
        directions: Iterable[str] | None = None,
        modes: Iterable[str] | None = None,
    ) -> list[str]:
        """The directions (1), modes (2) or lane types (3) found at some crossings, optionally among others'
        limits."""
        chosen, ways, means = set(crossings), set(directions or ()), set(modes or ())
        found = {
            flow[part]
            for flow in self.flows
            if flow[0] in chosen and (not ways or flow[1] in ways) and (not means or flow[2] in means)
        }
        return sorted(found)


def from_tables(region: Tables) -> Catalogue:
    """The catalogue of a packaged region."""
    zone = find_zone(region.zone) or ZoneInfo("UTC")
    ports: dict[str, list[str]] = {}
    zones: dict[str, ZoneInfo] = {}
    for row in region.tables.get("crossings", []):
        ports.setdefault(row.get("port") or row["crossing"], []).append(row["crossing"])
        zones[row["crossing"]] = find_zone(row.get("zone") or "") or zone
    flows = frozenset(
        (row["crossing"], row["direction"], row["mode"], row["lane_type"])
        for row in region.tables.get("flows", [])
    )
    pools: dict[str, set[Flow]] = {}
    for row in region.tables.get("flows", []):
        if row.get("pool"):
            line = row["crossing"], row["direction"], row["mode"], row["lane_type"]
            pools.setdefault(row["pool"], set()).add(line)
    staffed = tuple((pool, frozenset(lines)) for pool, lines in sorted(pools.items()))
    return Catalogue(zone, {port: tuple(names) for port, names in ports.items()}, zones, flows, staffed)


def from_scenario(scenario: Any) -> Catalogue:
    """The catalogue of a scenario's own region; fields that could not be read are None and skipped."""
    region = scenario.region
    zone = (find_zone(region.zone or "") if region is not None else None) or ZoneInfo("UTC")
    ports: dict[str, list[str]] = {}
    zones: dict[str, ZoneInfo] = {}
    for crossing in scenario.crossings or []:
        if crossing is None or crossing.id is None:
            continue
        zones[crossing.id] = zone
        if crossing.port is not None:
            ports.setdefault(crossing.port, []).append(crossing.id)
    lines = [flow for flow in scenario.flows or [] if flow is not None]
    flows = [(flow.crossing, flow.direction, flow.mode, flow.lane_type) for flow in lines]
    whole = frozenset(flow for flow in flows if None not in flow)
    return Catalogue(zone, {port: tuple(names) for port, names in ports.items()}, zones, whole)
