"""A year of the southern border, every inbound party: `python -m benchmarks.border_year`.

A process of its own, so that its memory is that of the run; the machine should have nothing else to do.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time


def measured(workers: int | None = None) -> dict[str, float]:
    """Parties, seconds by the clock and of processors, and the largest memory of this process, bytes."""
    began, used = time.perf_counter(), time.process_time()
    from garita.runs.border import run_border
    from garita.scenario.border import load_border

    outcome = run_border(load_border("border-2018").year(), workers=workers)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "parties": outcome.manifest["parties_simulated"],
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - used,
        "memory_bytes": float(memory if sys.platform == "darwin" else memory * 1024),
        "cores": float(os.cpu_count() or 1),
    }


if __name__ == "__main__":
    print(json.dumps(measured(), indent=1))
