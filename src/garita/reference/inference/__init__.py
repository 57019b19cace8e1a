"""What a region's tables do not say, inferred from what they do.

A planner has counts, lanes, opening hours and perhaps published waits. Everything else that a simulation
needs is inferred here, by one function, and each inferred row says so in its status and source. A row that
stands in the region's own tables is never touched. docs/background/inferred.md says what is inferred from
what."""

from __future__ import annotations

from garita.reference.inference.complete import complete, is_complete

__all__ = ["complete", "is_complete"]
