"""Three crossings at six in the morning, ready for kernels to be called one by one, by name."""

from __future__ import annotations

import inspect

import numpy as np

from engine import helpers
from garita.engine import state, types
from garita.engine.run import _booths, _new_state
from garita.engine.types import records

U64 = np.uint64
NAMES = ("a", "b", "c")
RATES = {"a": 40.0, "b": 15.0, "c": 5.0}


class Place:
    """Three crossings at six in the morning, ready for a kernel to be called."""

    def __init__(self, behaviour=None, crossings=None, **flow):
        flows = [helpers.flow(name, RATES[name], 2, **flow) for name in NAMES]
        travel = [
            {"origin": x, "destination": y, "minutes": 20 + 10 * abs(NAMES.index(x) - NAMES.index(y))}
            for x in NAMES
            for y in NAMES
            if x != y
        ]
        case = helpers.case(
            flows,
            crossings=crossings or [{"id": name, "choice_group": "g", "port": name} for name in NAMES],
            travel=travel,
            behaviour={"choice_rule": "logit", "tick_min": 5, **(behaviour or {})},
        )
        self.built = helpers.built(case)
        self.model, self.output = self.built.run.model, self.built.run.new_output()
        self.state = _new_state(self.built.run, _booths(self.built.run))
        self.state.lines.status = types.OPEN
        self.state.lines.published = np.nan
        self.hour, self.now = 6, float(self.model.hours[6].start)

    @property
    def behaviour(self):
        return self.model.behaviour[0]

    def call(self, kernel, **given):
        """Call a kernel with what it asks for by name; new features add arguments that are not used here."""
        usual = {
            "seed": U64(1),
            "replication": U64(0),
            "model": self.model,
            "state": self.state,
            "output": self.output,
            "extra": None,
            "behaviour": self.behaviour,
            "news": self.model.news,
            "interval": 0,
            "flow": 0,
            "station": 0,
            "line": 0,
            "hour": self.hour,
            "epoch": 0,
            "now": self.now,
            "time": self.now,
            "row": 3,
            "tick": True,
            "sure": False,
            "flows": len(NAMES),
            **given,
        }
        asked = inspect.signature(kernel).parameters
        assert given.keys() <= asked.keys(), kernel.__name__
        with np.errstate(over="ignore"):
            return kernel(**{name: usual[name] for name in asked})


def closed_in_the_model(place, flow=0, remaining=100.0):
    """As if a second epoch of news said so."""
    belief, news = records(types.BELIEF, 2, 3), records(types.NEWS, 2)
    belief.closed[1, flow], belief.remaining[1, flow] = 1, remaining
    news.start[1] = place.now
    place.model = place.model._replace(belief=belief, news=news)
    place.state = place.state._replace(
        chance=records(state.CHANCE, 3, 2, 4), where=np.zeros((3, 2, 4, 3)), weights=np.zeros(3)
    )
