"""What officers do: those of a pool on duty, at booths and on the way, and emergencies that are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from garita.outcomes.arrays import Arrays

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, NDArray[Any]]
# Fields of ``Arrays.officer_counts``: officer-minutes and moves of pools, minutes of emergencies.
ON_DUTY, AT_BOOTHS, MOVING, MOVES, IN_FORCE = range(5)
OFFICER_FIELDS = 5


def officers_columns(outcome: Arrays) -> Columns:
    """Columns of ``officers``: one row per replication, pool or emergency, and bin; bins of the warm-up are
    left out. What a pool has is NaN for an emergency, and the other way round.
    """
    layout = outcome.layout
    cut = outcome.officer_counts[..., layout.first_bin :]
    shape = cut.shape[1:]

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(np.broadcast_to(values, shape)).reshape(-1)

    position = flat(np.arange(shape[1])[None, :, None])
    bins = flat(np.arange(layout.first_bin, layout.bins)[None, None, :])
    columns: Columns = {"replication": flat(np.arange(shape[0], dtype=np.int32)[:, None, None])}
    for name in ("name", "kind"):
        values = np.array([getattr(axis, name) for axis in layout.officers], dtype=object)
        columns[name] = values[position]
    columns["bin_start_utc"] = layout.starts_utc()[bins]
    columns["bin_start_local"] = layout.starts_local()[bins]
    pools = np.array([axis.kind == "pool" for axis in layout.officers])[position]
    length = np.float32(layout.bin_min)
    for name, field in (("on_duty", ON_DUTY), ("at_booths", AT_BOOTHS), ("moving", MOVING)):
        columns[name] = np.where(pools, flat(cut[field]) / length, np.float32(np.nan))
    columns["moves"] = np.where(pools, flat(cut[MOVES]), np.float32(np.nan))
    columns["in_force_min"] = np.where(pools, np.float32(np.nan), flat(cut[IN_FORCE]))
    return columns


def officers_table(outcome: Arrays) -> pd.DataFrame:
    """``officers`` as pandas."""
    import pandas as pd

    return pd.DataFrame(officers_columns(outcome))
