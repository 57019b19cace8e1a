"""The engines that are compared, and how each understands that a booth closes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec


@dataclass(frozen=True)
class Engine:
    """One row of the tables. A peer's ``module`` has ``run(day, seed)``; ``slow`` peers run once."""

    name: str
    label: str
    module: str
    package: str
    closing: str
    peer: bool = True
    slow: bool = False

    @property
    def installed(self) -> bool:
        """Whether its package can be imported."""
        return find_spec(self.package) is not None

    @property
    def version(self) -> str:
        """The version of its package, or an empty text."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""


COUNT = "count: nobody starts while more are inspected than booths are open"
IDENTITY = "identity: named booths close, the open ones go on"
REPLACEMENT = "replacement: all servers leave after the traveller they have, a full new set comes"

ENGINES = (
    Engine("garita", "Garita, engine", "benchmarks.garita_engine", "garita", IDENTITY, peer=False),
    Engine("garita-run", "Garita, `garita.run`", "benchmarks.garita_engine", "garita", IDENTITY, peer=False),
    Engine("simpy-events", "SimPy, event list only", "benchmarks.peers.simpy_events", "simpy", COUNT),
    Engine("simpy-fastest", "SimPy, fastest `Resource`", "benchmarks.peers.simpy_fastest", "simpy", COUNT),
    Engine("simpy-documented", "SimPy, as documented", "benchmarks.peers.simpy_documented", "simpy", COUNT,
           slow=True),
    Engine("ciw", "Ciw", "benchmarks.peers.ciw_peer", "ciw", REPLACEMENT, slow=True),
    Engine("salabim", "salabim", "benchmarks.peers.salabim_peer", "salabim", COUNT, slow=True),
)  # fmt: skip
BOUND = Engine("bound", "random numbers and memory alone", "benchmarks.lower_bound", "numba", "", peer=False)

BY_NAME = {engine.name: engine for engine in (*ENGINES, BOUND)}

# What "SimPy's fastest idiom" means: still processes and resources. The bare event list is shown beside it.
CLAIM_AGAINST = "simpy-fastest"
