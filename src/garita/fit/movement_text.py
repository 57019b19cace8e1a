"""What a fit of the rule of movement prints."""

from __future__ import annotations

from collections.abc import Iterator

from garita.fit.movement import SPACE, MovementFit


def lines(fit: MovementFit) -> Iterator[str]:
    """Rescaled errors by instance and their means, then the parameters."""
    yield "averaged relative difference, rescaled"
    width = max(4, *(len(one.name) for one in fit.figures))
    heading = f"{'':{width}}   flee3  fitted  left out    gain"
    yield f"{heading}    total, left out: at end  daily error"
    for one in fit.figures:
        gain = 1.0 - one.left_out / one.flee3 if one.flee3 > 0 else 0.0
        yield (
            f"{one.name:{width}}  {one.flee3:6.4f}  {one.fitted:6.4f}    {one.left_out:6.4f}  {gain:6.1%}"
            f"    {one.total_at_end:22.2f} x  {one.total_error:10.2f}"
        )
    count = len(fit.figures)
    flee3, fitted, left_out = (
        sum(getattr(one, name) for one in fit.figures) / count for name in ("flee3", "fitted", "left_out")
    )
    yield f"{'mean':{width}}  {flee3:6.4f}  {fitted:6.4f}    {left_out:6.4f}  {fit.gain:6.1%}"
    yield ""
    for parameter in SPACE:
        at = fit.intervals[parameter.name]
        told = "" if at.told else ", hardly told by the data"
        value = getattr(fit.rule, parameter.name)
        yield f"{parameter.label:20} {value:8.3f} {parameter.unit:12} ({at.low:.3g} to {at.high:.3g}{told})"
    yield f"{'setting out':20} {fit.rule.people_a_day:8.1f} a day from a place of 100,000 in full conflict"
