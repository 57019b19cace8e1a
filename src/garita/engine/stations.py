"""Inspections before and after primary: who goes where next, and what can be seen of them.

A party goes through the stations of its line in order: inspections before the port, the line's primary,
secondary if it is referred, inspections after primary. An inspection that does not exist at the moment, or
that does not pick a party out, is passed by.
"""

from __future__ import annotations

from garita.engine.kernel import kernel
from garita.engine.parties import planned_flow, planned_hour
from garita.engine.random import STATION, counter, threefry, uniform
from garita.engine.rooms import UNBOUNDED
from garita.engine.state import ORDINAL_MASK
from garita.engine.types import HELD, INSPECTING

OUT = -1  # where a party goes that has passed its last station


@kernel
def draw_at(seed, replication, model, post, tag):
    """The two random words of a party at an inspection, whatever other inspections there are."""
    return threefry(
        seed,
        replication,
        model.flows[planned_flow(tag)].hash ^ post.hash,
        counter(model.hours[planned_hour(tag)].key, tag & ORDINAL_MASK, STATION),
    )


@kernel
def first_post(model):
    """The station number of the first inspection: lines and secondary come before."""
    return model.flows.shape[0] + model.places.shape[1]


@kernel
def stops_at(seed, replication, model, extra, interval, station, tag):
    """Whether a party that comes by an inspection is inspected there."""
    x = station - first_post(model)
    if extra.post_exists[interval, x] == 0:
        return False
    post = extra.posts[x]
    if post.share >= 1.0:
        return True
    _, second = draw_at(seed, replication, model, post, tag)
    return uniform(second) < post.share


@kernel
def next_stop(seed, replication, model, extra, interval, way, station, tag, end):
    """The next inspection of a way after ``station`` (-1: from its beginning), or ``end``."""
    passed = station < 0
    for i in range(way.shape[0]):
        if way[i] < 0:
            break
        if passed and stops_at(seed, replication, model, extra, interval, way[i], tag):
            return way[i]
        passed = passed or way[i] == station
    return end


@kernel
def destination(seed, replication, model, extra, interval, station, server):
    """Where a party goes that has been inspected."""
    flows, line = model.flows.shape[0], server.line
    if station >= first_post(model) and extra.posts[station - first_post(model)].before:
        return next_stop(
            seed, replication, model, extra, interval, extra.ways_in[line], station, server.tag, line
        )
    if station < flows and server.referred:
        return model.flows[line].secondary
    after = station if station >= first_post(model) else -1
    return next_stop(seed, replication, model, extra, interval, extra.ways_out[line], after, server.tag, OUT)


@kernel
def one_by_one(model, extra, flow):
    """Whether those who come to a line join it, or an inspection before it, one by one."""
    if not 0 <= flow < model.flows.shape[0] or extra.group_of[flow] < 0:
        return False
    return extra.ways_in[flow, 0] >= 0 or extra.waiting_room[flow] != UNBOUNDED


@kernel
def before_primary(model, extra):
    """Parties in inspections before the port: waiting there, inspected, held up."""
    there = 0
    for station in range(first_post(model), extra.nodes.shape[0]):
        there += extra.nodes[station].inside
    return there


@kernel
def behind_primary(seed, replication, model, state, extra, interval):
    """Parties that have an inspection after primary still before them, as far as that can be said now."""
    there = 0
    for station in range(extra.nodes.shape[0]):
        x = station - first_post(model)
        if x >= 0:
            if extra.posts[x].before:
                continue
            there += state.lines[station].waiting
        elif extra.group_of[station] < 0:
            continue
        for number in range(extra.servers.shape[1]):
            server = extra.servers[station, number]
            if server.task == HELD:
                there += 1
            elif server.task == INSPECTING:
                to = destination(seed, replication, model, extra, interval, station, server)
                there += 1 if to != OUT else 0
    return there


@kernel
def minutes_a_party(model, state, extra, interval, flow, station):
    """How often a party of a line gets past an inspection that holds its line up: they take turns, booth by
    booth, with the other lines that it holds up.
    """
    x, booths = station - first_post(model), 0
    for other in range(model.flows.shape[0]):
        for i in range(extra.ways_out.shape[1]):
            if extra.ways_out[other, i] == station:
                booths += state.lines[other].open
    post, own = extra.posts[x], max(1, state.lines[flow].open)
    return post.share * post.mean_service / max(1, extra.post_places[interval, x]) * max(own, booths) / own


@kernel
def slow_down(model, state, extra, interval):
    """What who joins a line can see of the stations around it: its queue moves no faster than the inspection
    that holds its booths up, and the queues before the port come on top.
    """
    posts = first_post(model)
    for flow in range(model.flows.shape[0]):
        if extra.group_of[flow] < 0:
            continue
        line = state.lines[flow]
        each = line.each
        for i in range(extra.ways_out.shape[1]):
            station = extra.ways_out[flow, i]
            if station < 0 or extra.nodes[station].held == 0:
                break
            each = max(each, minutes_a_party(model, state, extra, interval, flow, station))
        line.live += line.waiting * (each - line.each)
        line.each = each
        for i in range(extra.ways_in.shape[1]):
            station = extra.ways_in[flow, i]
            if station < 0:
                break
            places = max(1, extra.post_places[interval, station - posts])
            line.live += state.lines[station].waiting * extra.posts[station - posts].mean_service / places
