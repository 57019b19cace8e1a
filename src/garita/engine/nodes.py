"""The booths of stations that hold one another up: who is free, who inspects, who waits for room behind."""

from __future__ import annotations

from garita.engine.booths import BOOTH_BITS, BOOTH_MASK, booth_key
from garita.engine.kernel import kernel
from garita.engine.stations import first_post
from garita.engine.types import FREE


@kernel
def push_key(heap, size, key):
    """Add a booth to a heap of keys of the given size."""
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if heap[parent] < key:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = key


@kernel
def pop_key(heap, size):
    """Take the first booth off a heap of keys of the given size."""
    last, i = heap[size - 1], 0
    while True:
        child = 2 * i + 1
        if child >= size - 1:
            break
        if child + 1 < size - 1 and heap[child + 1] < heap[child]:
            child += 1
        if last < heap[child]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = last


@kernel
def set_booths(extra, station, wanted, now):
    """Booths 0 .. wanted - 1 of a station are open; one that closes finishes the party it has."""
    node, servers, idle = extra.nodes[station], extra.servers[station], extra.idle[station]
    before = node.open
    if wanted == before:
        return
    node.open, node.idle = wanted, 0
    for number in range(wanted):
        server = servers[number]
        if number >= before:
            server.free = max(server.free, now)
        if server.task == FREE:
            push_key(idle, node.idle, booth_key(server.free, number))
            node.idle += 1


@kernel
def set_free(extra, station, number, time):
    """A booth has nobody; if it is open it waits for the next."""
    node, server = extra.nodes[station], extra.servers[station, number]
    server.task, server.free = FREE, time
    node.manned -= 1
    if number < node.open:
        push_key(extra.idle[station], node.idle, booth_key(time, number))
        node.idle += 1


@kernel
def wait_behind(extra, target, station, number):
    """Line up, in its booth, for room at the next station."""
    node, who = extra.nodes[target], (station << BOOTH_BITS) | number
    if node.held == 0:
        node.first = who
    else:
        extra.servers[node.last >> BOOTH_BITS, node.last & BOOTH_MASK].next = who
    node.last = who
    node.held += 1


@kernel
def leave(model, extra, station):
    """A party has left an inspection before primary."""
    x = station - first_post(model)
    if x >= 0:
        extra.nodes[station].inside -= extra.posts[x].before
