"""What people know before they set out: what is published, everything, or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine import helpers, people
from garita.engine import run_replication, types
from properties import worlds

pytestmark = pytest.mark.slow  # needs a form of the engine that most runs do without

CROSSINGS = [{"id": name, "choice_group": "g", "port": name} for name in "ab"]
TRAVEL = [{"origin": a, "destination": b, "minutes": 10} for a, b in ("ab", "ba")]
BEHAVIOUR = {
    "choice_rule": "logit",
    "information": "perfect",
    "tick_min": 5,
    "wait_coefficient_other": -0.02,
    "suppression_other": 0,
    "travel_coefficient": -0.01,
    "induced_cap": 1,
    "patience_min": "3660 days",
    "look_again_min": "3660 days",
}
SERVICE = {"distribution": "deterministic", "mean": "60 s"}


def two(behaviour=None, **more):
    flows = [
        helpers.flow("a", 150, 2, service=SERVICE, must_share=0, usual_wait=5),
        helpers.flow("b", 40, 1, service=SERVICE, must_share=0, usual_wait=5),
    ]
    return helpers.case(
        flows, crossings=CROSSINGS, travel=TRAVEL, behaviour={**BEHAVIOUR, **(behaviour or {})}, **more
    )


@pytest.mark.parametrize("replication", range(3))
def test_perfect_information_party_by_party(replication):
    """The same parties, events one after the other in a model of its own: the same starts to the bit."""
    built = helpers.built(two())
    model = built.run.model
    output = run_replication(built.run, 5, replication)
    places = [
        people.Place(line.id, rate, booths, model.service[f], 5.0)
        for f, (line, rate, booths) in enumerate(zip(built.region.lines, (150.0, 40.0), (2, 1), strict=True))
    ]
    begin = float(model.hours.start[0])
    people.perfect(places, 10.0, -0.02, -0.01, 5.0, begin, 24, 5, replication)
    for f, place in enumerate(places):
        waits = [start - joined for _, joined, start in place.crossed]
        assert helpers.total(output, types.WAITED, f) == len(waits)
        assert helpers.total(output, types.WAIT_SUM, f) == sum(waits)
        bins = np.zeros(output.bins.shape[1])
        np.add.at(bins, [int((joined - begin) // 15) for _, joined, _ in place.crossed], waits)
        assert (bins == output.bins[f, :, types.WAIT_SUM]).all()
        from_elsewhere = sum(party.home != place.name for party, _, _ in place.crossed)
        assert output.diverted[1 - f, f, 0] == from_elsewhere
    assert output.diverted[0, 1, 0] > 100


def test_who_knows_the_lines_keeps_them_alike():
    """Waits of two crossings differ less the more people know."""

    def apart(information):
        output = helpers.one_of(two({"information": information, "publication_every_min": 60}), seed=2)
        waits = output.bins[:, 16:96, types.WAIT_SUM] / output.bins[:, 16:96, types.WAITED]
        return np.abs(np.diff(waits, axis=0)).mean()

    assert apart("perfect") < 0.7 * apart("published")
    assert apart("perfect") < 0.5 * apart("none")


def test_nobody_looks_without_information():
    """Without a closure nobody has a reason to change anything."""
    output = helpers.one_of(two({"information": "none"}))
    assert output.gross.sum() == 0 and output.diverted.sum() == 0
    published = helpers.one_of(two({"information": "published", "informed_share": 0}))
    assert not helpers.different(output, published)


def test_everybody_hears_of_a_closure_at_once():
    """And goes elsewhere or stays at home; how long it lasts is believed as by others."""
    closures = [{"crossing": "a", "from": helpers.at(9), "until": "3 h"}]
    behaviour = {"suppression_other": 1000, "news_mean_min": 600}  # who knows does not come
    perfect = helpers.one_of(two(behaviour, closures=closures))
    published = helpers.one_of(two({**behaviour, "information": "published"}, closures=closures))
    assert perfect.bins[0, 36:48, types.ARRIVED].sum() == 0
    assert published.bins[0, 36:48, types.ARRIVED].sum() > 100


def test_what_is_published_is_still_published():
    """Late and rounded as ever, whatever people know."""
    published = helpers.one_of(two()).bins[0, 12:96, types.PUBLISHED]
    assert (published % 5 == 0).all() and len(np.unique(published)) > 1


def test_more_cuts_change_nothing():
    cuts = [
        {"crossing": "all", "from": helpers.at(hour), "until": "1 s", "factor": 1}
        for hour in (0.01, 3.777, 9.001, 15.5004)
    ]
    closures = [{"crossing": "north", "from": helpers.at(8), "until": "5 h"}]
    behaviour = {"information": "perfect"}
    one = helpers.run(worlds.case(behaviour=behaviour, closures=closures))[0]
    other = helpers.run(worlds.case(behaviour=behaviour, closures=closures, staffing=cuts))[0]
    assert not helpers.different(one, other)
