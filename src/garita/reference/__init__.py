"""Packaged facts: regions with crossings, demand, waits and staffing; each row names status and source."""

from __future__ import annotations

from garita.reference.loader import (
    RegionTables,
    is_region,
    load_region,
    read_region,
    region_about,
    region_name,
    regions,
    validation_waits,
)

__all__ = [
    "RegionTables",
    "is_region",
    "load_region",
    "read_region",
    "region_about",
    "region_name",
    "regions",
    "validation_waits",
]
