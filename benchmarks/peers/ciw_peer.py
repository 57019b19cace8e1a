"""Ciw: a ``Schedule`` of servers for the booths, and an arrival node that knows the diversion rule.

At every boundary of a schedule Ciw sends all servers off duty, who finish the traveller they have, and
brings a full new set: for a moment more may be inspected than booths are open ("replacement" semantics).
So the schedule lists only hours at which the number changes. Ciw draws its own random numbers; Erlang
times come from its gamma distribution, which is the same law and faster than its phases.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import ciw

from benchmarks.draws import lognormal_parameters
from benchmarks.measures import Station, measure
from benchmarks.reference_day import HORIZON_HOURS, MINUTES_PER_HOUR, Day, Inspection, Line

HORIZON_MIN = HORIZON_HOURS * MINUTES_PER_HOUR
HOUR_ENDS_MIN = [MINUTES_PER_HOUR * (hour + 1) for hour in range(24)]


def station_names(day: Day) -> list[str]:
    """Stations in the order of Ciw's nodes: the lines of a port, then its secondary."""
    return [
        f"{port.name} {name}"
        for port in day.ports
        for name in [*(line.name for line in port.lines), "secondary"]
    ]


def servers(day: Day, port_index: int, by_hour: tuple[int, ...]) -> int | ciw.Schedule:
    """A number of servers, or their schedule where it changes."""
    changes = day.changes(port_index, by_hour)
    if len(changes) == 1:
        return changes[0].open
    return ciw.Schedule(
        numbers_of_servers=[change.open for change in changes],
        shift_end_dates=[change.minute for change in changes[1:]] + [HORIZON_MIN],
    )


def duration(inspection: Inspection) -> ciw.dists.Distribution:
    """Ciw's form of an inspection time."""
    if inspection.distribution == "erlang":
        return ciw.dists.Gamma(shape=inspection.shape, scale=inspection.mean_min / inspection.shape)
    return ciw.dists.Lognormal(*lognormal_parameters(inspection))


def arrival_times(line: Line) -> ciw.dists.Distribution:
    """A Poisson process with a constant rate within each hour of one day."""
    rates = [line.per_minute(hour) for hour in range(24)]
    return ciw.dists.PoissonIntervals(rates=rates, endpoints=HOUR_ENDS_MIN, max_sample_date=HOUR_ENDS_MIN[-1])


def network(day: Day) -> ciw.Network:
    """The ports of the day as a Ciw network."""
    arrivals: list[Any] = []
    services: list[Any] = []
    numbers: list[Any] = []
    size = len(station_names(day))
    routes = []
    for port_index, port in enumerate(day.ports):
        secondary_node = len(numbers) + len(port.lines)
        for line in port.lines:
            arrivals.append(arrival_times(line))
            services.append(duration(line.inspection))
            numbers.append(servers(day, port_index, line.booths))
            routes.append([line.referred if node == secondary_node else 0.0 for node in range(size)])
        arrivals.append(None)
        services.append(duration(port.secondary))
        numbers.append(servers(day, port_index, port.secondary_places))
        routes.append([0.0] * size)
    return ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=services,
        number_of_servers=numbers,
        routing=routes,
    )


def diverting_arrivals(day: Day) -> type[ciw.ArrivalNode]:
    """An arrival node whose travellers may drive on from the first port to the second.

    The trip takes the same time for all, so those on the way are a queue in order of arrival.
    """
    nodes_per_port = len(day.ports[0].lines) + 1
    lines = [line for port in day.ports for line in (*port.lines, None)]

    class DivertingArrivals(ciw.ArrivalNode):
        def __init__(self, simulation: ciw.Simulation) -> None:
            self.on_the_way: deque[tuple[float, Any, Any]] = deque()
            super().__init__(simulation)

        def find_next_event_date(self) -> None:
            super().find_next_event_date()
            if self.on_the_way and self.on_the_way[0][0] < self.next_event_date:
                self.next_event_date = self.on_the_way[0][0]
                self.next_node = None

        def have_event(self) -> None:
            if self.next_node is not None:
                super().have_event()
                return
            _, node, individual = self.on_the_way.popleft()
            super().send_individual(node, individual)
            self.find_next_event_date()

        def send_individual(self, next_node: Any, next_individual: Any) -> None:
            if next_node.id_number <= nodes_per_port:
                there = self.simulation.transitive_nodes[next_node.id_number - 1 + nodes_per_port]
                wait = self.predicted_wait(next_node)
                if wait > day.threshold_above_min and wait > (
                    self.predicted_wait(there) + day.threshold_margin_min
                ):
                    arrival = self.simulation.current_time + day.extra_min
                    self.on_the_way.append((arrival, there, next_individual))
                    return
            super().send_individual(next_node, next_individual)

        def predicted_wait(self, node: Any) -> float:
            line = lines[node.id_number - 1]
            work = (node.number_of_individuals - node.number_in_service) * line.inspection.mean_min
            return work / node.c if node.c else work / min(line.booths) + day.threshold_closed_min

    return DivertingArrivals


def run(day: Day, seed: int) -> dict[str, Station]:
    """Simulate one day; figures by station, e.g. ``A general``."""
    ciw.seed(seed)
    simulation = ciw.Simulation(
        network(day), arrival_node_class=diverting_arrivals(day) if day.divert else None
    )
    simulation.simulate_until_max_time(HORIZON_MIN)
    names = station_names(day)
    joined: list[list[float]] = [[] for _ in names]
    started: list[list[float]] = [[] for _ in names]
    for record in simulation.get_all_records():
        joined[record.node - 1].append(record.arrival_date)
        started[record.node - 1].append(record.service_start_date)
    return {name: measure(joined[node], started[node]) for node, name in enumerate(names)}
