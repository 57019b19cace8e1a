from __future__ import annotations

from pathlib import Path

from garita.outcomes import DEFINITIONS, compare
from outcomes.synthetic import make_layout, make_outcome

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "indicators.md"


def test_the_page_lists_every_indicator():
    text = PAGE.read_text(encoding="utf-8")
    for name, item in DEFINITIONS.items():
        assert f"`{name}`" in text and item.text in text, name


def test_the_page_lists_every_column():
    text = PAGE.read_text(encoding="utf-8")
    outcome = make_outcome(make_layout(replications=1))
    for table in (outcome.waits, outcome.flows, outcome.events):
        for column in table.columns:
            assert f"`{column}`" in text, column
    layout = make_layout(replications=2)
    for name, rows in compare(make_outcome(layout), make_outcome(layout)).tables().items():
        assert f"{name}.csv" in text, name
        for column in rows[0] if rows else ():
            stem = column.removesuffix("_mean").removesuffix("_low").removesuffix("_high")
            stem = stem.removesuffix("_min_replication").removesuffix("_max_replication")
            assert f"`{column}`" in text or f"`{stem}_...`" in text, (name, column)


def test_every_indicator_has_a_definition():
    layout = make_layout(replications=2)
    used = {item.name for item in compare(make_outcome(layout), make_outcome(layout)).indicators}
    assert used <= set(DEFINITIONS)
    assert all(item.text.endswith(".") and item.label and item.unit for item in DEFINITIONS.values())
