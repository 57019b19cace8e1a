"""Every simple path of up to k steps from each place, over all links, open or not."""

from __future__ import annotations

import numpy as np

from garita.engine.kernel import kernel

DEEPEST = 64


@kernel
def list_routes(
    first_link,
    link_of,
    end,
    taken_as,
    distance,
    marker,
    awareness,
    most,
    work,
    km,
    first,
    ends,
    lengths,
    hops,
    links,
):
    """Write the routes of all places, no further than the arrays reach; gives up beyond ``most`` routes.

    ``first_link`` [P + 1] and ``link_of``: the links out of each place in order; ``taken_as`` [L]: the link
    that is travelled instead (of parallel ones Flee takes the first). A ``marker`` [P] is no destination and
    uses up no step of the ``awareness``. ``ends``, ``lengths`` (km) [R], ``hops`` [R + 1] and ``links`` [H]
    are filled, and ``first`` [P + 1], the first route of each place. Returns how many routes and hops
    there are.
    ``work`` [3, DEEPEST + P] and ``km`` [DEEPEST] are working memory.
    """
    places = first_link.shape[0] - 1
    path, at, steps = work[0], work[1], work[2]
    visited = work[0, DEEPEST:]
    for place in range(places):
        visited[place] = 0
    first[0] = 0
    routes, used = np.int64(0), np.int64(0)
    for origin in range(places):
        visited[origin] = 1
        depth, at[0] = np.int64(0), first_link[origin]
        steps[0], km[0] = 0, 0.0
        place = origin
        while depth >= 0:
            if at[depth] >= first_link[place + 1]:
                if depth > 0:
                    visited[place] = 0
                depth -= 1
                if depth >= 0:
                    place = origin if depth == 0 else end[path[depth - 1]]
                continue
            link = link_of[at[depth]]
            at[depth] += 1
            to = end[link]
            if visited[to]:
                continue
            path[depth] = link
            length = km[depth] + distance[link]
            step = steps[depth] + (0 if marker[to] else 1)
            if not marker[to]:
                if routes < ends.shape[0] and used + depth + 1 <= links.shape[0]:
                    ends[routes], lengths[routes] = to, length
                    for i in range(depth + 1):
                        links[used + i] = taken_as[path[i]]
                    hops[routes + 1] = used + depth + 1
                routes += 1
                used += depth + 1
                if routes > most:
                    return routes, used
            if step < awareness and depth + 1 < DEEPEST:
                depth += 1
                visited[to] = 1
                place = to
                at[depth], steps[depth], km[depth] = first_link[to], step, length
        first[origin + 1] = routes
        visited[origin] = 0
    return routes, used
