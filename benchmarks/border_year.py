"""A year of the southern border, every inbound party: `python -m benchmarks.border_year`.

A process of its own, so that its memory is that of the run; the machine should have nothing else to do.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path


def measured(workers: int | None = None) -> dict[str, float]:
    """Parties, seconds by the clock and of processors, and the largest memory of this process, bytes."""
    began, used = time.perf_counter(), time.process_time()
    from garita.runs.border import run_border
    from garita.scenario.border import load_border

    outcome = run_border(load_border("border-2018").year(), workers=workers)
    return {
        "parties": outcome.manifest["parties_simulated"],
        "seconds": time.perf_counter() - began,
        "processor_seconds": time.process_time() - used,
        "memory_bytes": most_memory(),
        "cores": float(os.cpu_count() or 1),
    }


def most_memory() -> float:
    """The largest memory of this process, bytes. Linux hands ``ru_maxrss`` on from the process that started
    this one, so there it is read where it is counted from the beginning of the program.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(
            line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line
        )
        return 1024.0 * float(lines["VmHWM"].split()[0])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(memory if sys.platform == "darwin" else memory * 1024)


if __name__ == "__main__":
    print(json.dumps(measured(), indent=1))
