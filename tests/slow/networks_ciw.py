"""The networks in Ciw, as far as it knows what they need."""

from __future__ import annotations

import ciw
import numpy as np

from slow.networks import REPLICATIONS, Line, Network, measures

END_MIN = 2 * 1440.0


def _arrivals(line: Line) -> ciw.dists.Distribution:
    rates = [line.rate(hour) / 60.0 for hour in range(24)]
    return ciw.dists.PoissonIntervals([*rates, 0.0], [*(60.0 * (h + 1) for h in range(24)), END_MIN], END_MIN)


def _service(line: Line) -> ciw.dists.Distribution:
    if line.law == "exponential":
        return ciw.dists.Exponential(1.0 / line.mean)
    return ciw.dists.Deterministic(line.mean)


def _patience(line: Line) -> ciw.dists.Distribution | None:
    return None if line.patience is None else ciw.dists.Exponential(1.0 / line.patience)


def _network(network: Network) -> ciw.network.Network:
    """Nodes: the lines, then the places of secondary inspection. Made anew for every replication, because
    Ciw draws arrivals at changing rates when they are described.
    """
    lines, crossings = network.lines, list(network.secondary)
    nodes = len(lines) + len(crossings)
    routing = np.zeros((nodes, nodes))
    for i, line in enumerate(lines):
        if line.referral:
            routing[i, len(lines) + crossings.index(line.name)] = line.referral
    places = [network.secondary[name] for name in crossings]
    rooms = [float("inf") if line.room is None else line.room - line.staffed(0) for line in lines]
    return ciw.create_network(
        arrival_distributions=[*map(_arrivals, lines), *(None for _ in crossings)],
        service_distributions=[*map(_service, lines), *(ciw.dists.Exponential(1.0 / m) for _, m in places)],
        number_of_servers=[*(line.staffed(0) for line in lines), *(number for number, _ in places)],
        queue_capacities=[*rooms, *(float("inf") for _ in crossings)],
        reneging_time_distributions=[*map(_patience, lines), *(None for _ in crossings)],
        routing=routing.tolist(),
    )


def by_ciw(network: Network) -> list[dict[str, float]]:
    """Every replication's measures."""
    lines, found = network.lines, []
    for replication in range(REPLICATIONS):
        ciw.seed(2000 + replication)
        simulation = ciw.Simulation(_network(network))
        simulation.simulate_until_max_time(END_MIN)
        waits: dict[str, list[float]] = {name: [] for name in (*(line.id for line in lines), "secondary")}
        lost = 0
        for record in simulation.get_all_records():
            if record.record_type == "service":
                first = record.node <= len(lines)
                waits[lines[record.node - 1].id if first else "secondary"].append(record.waiting_time)
            elif record.record_type in ("renege", "rejection"):
                lost += 1
        came = lost + sum(len(waits[line.id]) for line in lines)
        found.append(measures(waits, came, lost, 0))
    return found
