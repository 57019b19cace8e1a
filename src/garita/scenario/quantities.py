"""Quantities: where a number, a time or a duration stands, a range, a distribution or a list of claims may
stand.

The same mechanism serves every kind: :func:`quantity` makes, for one kind of value, the pydantic type that
accepts
the value itself or one of three models. A model keeps what was said; :meth:`Uncertain.draw` gives a plain
value for a number between 0 and 1, and :meth:`Uncertain.nominal` the value to show.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import tzinfo
from typing import Annotated, Any, ClassVar, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    create_model,
    model_validator,
)

from garita.errors import shorten
from garita.scenario.quantiles import PARAMETERS, quantile
from garita.scenario.scalars import TIMES, Scalar, Word, refuse
from garita.scenario.times import LocalTime, Special

TAGS: dict[str, type[Any]] = {}  # tag in an error's path -> model, to say what is allowed there

WEIGHT = Scalar("number", 0.0, 1e9)


class Strict(BaseModel):
    """Base of all models: no field beyond those declared, and frozen."""

    model_config = ConfigDict(
        defer_build=True,  # many kinds of quantity are never used in one scenario
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        ser_json_inf_nan="constants",
    )

    _key: str = PrivateAttr(default="")  # what the draws of this entry are keyed by; set when a case is made


class Uncertain(Strict):
    """What stands where a single value would."""

    scalar: ClassVar[Scalar]

    def draw(self, u: float, zone: tzinfo) -> Any:
        """A plain value for ``u`` in (0, 1)."""
        raise NotImplementedError

    def nominal(self, zone: tzinfo) -> Any:
        """The value to show: the median of a range or distribution, the weightiest (else first) claim."""
        return self.draw(0.5, zone)

    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every single value written in it, with its path."""
        raise NotImplementedError

    def support(self, zone: tzinfo) -> tuple[float, float]:
        """The lowest and highest number behind it (of a distribution, all but one part in a million)."""
        raise NotImplementedError


class Claim(Strict):
    """One of several figures that sources disagree on."""

    value: Any
    who: str = Field(min_length=1, max_length=300, description="who says so")
    source: str = Field(default="", max_length=2000, description="where it was said, usually an address")
    weight: Annotated[float, WEIGHT] = Field(default=1.0, description="how much it counts among the claims")


class Claims(Uncertain):
    """A contested figure: each replication takes one of the claims, by weight."""

    claims: list[Any]

    @model_validator(mode="after")
    def _check(self) -> Claims:
        if not self.claims:
            refuse("no-claims")
        if sum(claim.weight for claim in self.claims) <= 0.0:
            refuse("weights-zero", what="claim")
        return self

    def draw(self, u: float, zone: tzinfo) -> Any:
        left = u * math.fsum(claim.weight for claim in self.claims)
        chosen = next(claim for claim in reversed(self.claims) if claim.weight > 0.0)
        for claim in self.claims:
            left -= claim.weight
            if left < 0.0 < claim.weight:
                chosen = claim
                break
        return self.scalar.settle(chosen.value, zone)

    def nominal(self, zone: tzinfo) -> Any:
        best = max(self.claims, key=lambda claim: claim.weight)  # the first of the weightiest
        return self.scalar.settle(best.value, zone)

    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        for i, claim in enumerate(self.claims):
            yield ("claims", i, "value"), claim.value

    def support(self, zone: tzinfo) -> tuple[float, float]:
        numbers = [self.scalar.number(claim.value, zone) for claim in self.claims if claim.weight > 0.0]
        return min(numbers), max(numbers)


class Range(Uncertain):
    """Anything between two values, all equally likely."""

    range: list[Any]

    @model_validator(mode="after")
    def _check(self) -> Range:
        if len(self.range) != 2:
            refuse("range-length")
        low, high = self.range
        if (
            isinstance(low, Special)
            or isinstance(high, Special)
            or isinstance(low, LocalTime) != isinstance(high, LocalTime)
        ):
            refuse("range-kinds")
        if isinstance(low, LocalTime):
            backwards = low.offset == high.offset and low.moment > high.moment
        else:
            backwards = low > high
        if backwards:
            refuse("range-order", low=str(low), high=str(high))
        return self

    def draw(self, u: float, zone: tzinfo) -> Any:
        low, high = sorted(self.support(zone))
        if self.scalar.kind == "count":  # each whole number equally likely
            return min(math.floor(low + u * (high - low + 1)), int(high))
        return self.scalar.drawn(low + u * (high - low), zone, isinstance(self.range[0], LocalTime))

    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        for i, value in enumerate(self.range):
            yield ("range", i), value

    def support(self, zone: tzinfo) -> tuple[float, float]:
        return self.scalar.number(self.range[0], zone), self.scalar.number(self.range[1], zone)


_POSITIONS = ("mean", "low", "mode", "high")  # values of the kind itself
_SPREADS = ("sd", "cv", "shape")


class Distribution(Uncertain):
    """A distribution, given by what people know of it: usually its mean and standard deviation."""

    distribution: Annotated[str, Word("distribution", tuple(PARAMETERS))] = Field(description="its name")

    @model_validator(mode="after")
    def _check(self) -> Distribution:
        params = self._given()
        zone_free = {name: (0.0 if isinstance(value, LocalTime) else value) for name, value in params.items()}
        check_parameters(
            self.distribution, zone_free, of_times=any(isinstance(v, LocalTime) for v in params.values())
        )
        return self

    def _given(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in (*_POSITIONS, *_SPREADS)}
        return {name: value for name, value in values.items() if value is not None}

    def _is_time(self) -> bool:
        return any(isinstance(value, LocalTime) for value in self._given().values())

    def _quantile(self, u: float, zone: tzinfo) -> float:
        given = {name: self.scalar.number(value, zone) for name, value in self._given().items()}
        return quantile(self.distribution, given, u)

    def draw(self, u: float, zone: tzinfo) -> Any:
        return self.scalar.drawn(self._quantile(u, zone), zone, self._is_time())

    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        for name in _POSITIONS:
            if getattr(self, name) is not None:
                yield (name,), getattr(self, name)

    def support(self, zone: tzinfo) -> tuple[float, float]:
        return self._quantile(1e-6, zone), self._quantile(1 - 1e-6, zone)


def check_parameters(name: str, given: dict[str, Any], of_times: bool = False) -> None:
    """Refuse parameters that make no distribution of that name."""
    needed, optional = PARAMETERS[name]
    allowed = ", ".join(" or ".join(choice) for choice in needed) + (
        f" (and {', '.join(optional)})" if optional else ""
    )
    for field in given:
        if field not in optional and not any(field in choice for choice in needed):
            refuse("distribution-field", distribution=name, name=field, allowed=allowed)
    for choice in needed:
        chosen = [field for field in choice if field in given]
        if not chosen:
            refuse("distribution-missing", distribution=name, name=" or ".join(choice), allowed=allowed)
        if len(chosen) > 1:
            refuse("either-or", given=" and ".join(chosen))
    if any(isinstance(value, Special) for value in given.values()):
        refuse("range-kinds")
    if of_times:
        if name not in ("normal", "uniform", "triangular") or "cv" in given:
            need = "Times are normal (mean, sd), uniform or triangular."
            refuse("distribution-value", distribution=name, name="distribution", value=name, need=need)
        return
    _check_values(name, given)


def _check_values(name: str, given: dict[str, Any]) -> None:
    def bad(field: str, need: str) -> None:
        refuse("distribution-value", distribution=name, name=field, value=shorten(given[field]), need=need)

    if name in ("lognormal", "exponential", "erlang", "gamma") and given["mean"] <= 0:
        bad("mean", "Its mean is above 0.")
    if given.get("shape") is not None and (given["shape"] <= 0 or (name == "erlang" and given["shape"] % 1)):
        bad("shape", "Its shape is above 0, and a whole number for erlang.")
    if name == "gamma" and any(given.get(spread) == 0 for spread in ("sd", "cv")):
        bad("sd" if "sd" in given else "cv", "Its spread is above 0.")
    if "low" in given and "high" in given and given["low"] > given["high"]:
        refuse("range-order", low=str(given["low"]), high=str(given["high"]))
    if "mode" in given and not given["low"] <= given["mode"] <= given["high"]:
        bad("mode", "The mode lies between low and high.")


def _select(value: Any) -> str | None:
    if isinstance(value, Uncertain):
        return next((tag for tag, model in TAGS.items() if isinstance(value, model)), None)
    if isinstance(value, dict):
        return next((f"~{form}" for form in ("claims", "range", "distribution") if form in value), None)
    return "~value"


def quantity(name: str, scalar: Scalar) -> Any:
    """The type of a value of that kind, or a range, a distribution or claims of such values."""
    single = Annotated[Any, scalar]
    spread = Scalar(
        "duration"
        if scalar.kind in TIMES
        else "minutes"
        if scalar.kind == "minutes"
        else "duration"
        if scalar.kind == "duration"
        else "number",
        0.0,
        1e9,
    )
    optional: dict[str, Any] = {
        position: (single | None, Field(default=None, description=position)) for position in _POSITIONS
    }
    optional["sd"] = (Annotated[Any, spread] | None, Field(default=None, description="standard deviation"))
    optional["cv"] = (
        Annotated[Any, Scalar("number", 0.0, 100.0)] | None,
        Field(default=None, description="standard deviation divided by the mean"),
    )
    optional["shape"] = (
        Annotated[Any, Scalar("number", 0.0, 1e6)] | None,
        Field(default=None, description="shape"),
    )
    claim: Any = create_model(f"{name}Claim", __base__=Claim, value=(single, Field(description=scalar.form)))
    models: dict[str, type[Uncertain]] = {
        "claims": create_model(
            f"{name}Claims",
            __base__=Claims,
            claims=(list[claim], Field(description="what is claimed", max_length=1000)),
        ),
        "range": create_model(
            f"{name}Range",
            __base__=Range,
            range=(list[single], Field(description="lowest and highest", max_length=1000)),
        ),
        "distribution": create_model(f"{name}Distribution", __base__=Distribution, **optional),
    }
    members: list[Any] = [Annotated[single, Tag("~value")]]
    for form, model in models.items():
        model.scalar = scalar
        kind = next(base for base in (Claims, Range, Distribution) if issubclass(model, base))
        model.__doc__ = kind.__doc__
        TAGS[f"~{form}"] = kind
        members.append(Annotated[model, Tag(f"~{form}")])
    return Annotated[Union[tuple(members)], Discriminator(_select), Quantity(scalar)]  # noqa: UP007


class Quantity:
    """Marks an annotation as a quantity of one kind (for the reference of the language)."""

    def __init__(self, scalar: Scalar) -> None:
        self.scalar = scalar
