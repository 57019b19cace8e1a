"""From a resolved scenario to frozen arrays: calendar, demand, stations, choice, checks."""

from __future__ import annotations

from garita.build.assemble import Builder, Built, build

__all__ = ["Builder", "Built", "build"]
