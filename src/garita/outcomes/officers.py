"""What officers do: those of a pool on duty, at booths and on the way, and emergencies that are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from garita.outcomes.arrays import Arrays
from garita.outcomes.tables import Columns, rows_by_bin

if TYPE_CHECKING:
    import pandas as pd

# Fields of ``Arrays.officer_counts``: officer-minutes and moves of pools, minutes of emergencies.
ON_DUTY, AT_BOOTHS, MOVING, MOVES, IN_FORCE = range(5)
OFFICER_FIELDS = 5


def officers_columns(outcome: Arrays) -> Columns:
    """Columns of ``officers``: one row per replication, pool or emergency, and bin; bins of the warm-up are
    left out. What a pool has is NaN for an emergency, and the other way round.
    """
    layout = outcome.layout
    cut = outcome.officer_counts[..., layout.first_bin :]
    names = {name: [getattr(axis, name) for axis in layout.officers] for name in ("name", "kind")}
    columns = rows_by_bin(layout, outcome.replications, names)
    pools = columns["kind"] == "pool"
    length = np.float32(layout.bin_min)
    for name, field in (("on_duty", ON_DUTY), ("at_booths", AT_BOOTHS), ("moving", MOVING)):
        columns[name] = np.where(pools, cut[field].reshape(-1) / length, np.float32(np.nan))
    columns["moves"] = np.where(pools, cut[MOVES].reshape(-1), np.float32(np.nan))
    columns["in_force_min"] = np.where(pools, np.float32(np.nan), cut[IN_FORCE].reshape(-1))
    return columns


def officers_table(outcome: Arrays) -> pd.DataFrame:
    """``officers`` as pandas."""
    import pandas as pd

    return pd.DataFrame(officers_columns(outcome))
