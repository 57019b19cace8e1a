"""The scenario language described: as JSON schema, and as the reference page of the documentation."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from garita.scenario import (
    behaviour,
    events,
    initial,
    inline,
    journeys,
    list_kinds,
    models,
    officers,
    shares,
    standard,
    stations,
)
from garita.scenario.problems import is_list, models_in, names_of, scalar_in
from garita.scenario.scalars import Word


def schema() -> dict[str, Any]:
    """The JSON schema of a scenario file, with the description and unit of every field."""
    described = models.Scenario.model_json_schema(by_alias=True)
    described["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return described


_PARTS: tuple[type[BaseModel], ...] = (
    models.Scenario,
    events.Closure,
    events.Reopening,
    events.LaneChange,
    events.StaffingChange,
    events.HoursChange,
    officers.Conversion,
    officers.OfficerPool,
    officers.PoolChange,
    officers.Emergency,
    officers.Giver,
    events.DemandChange,
    stations.Station,
    initial.Initial,
    behaviour.Behaviour,
    journeys.Journeys,
    journeys.JourneyPlace,
    journeys.Route,
    journeys.Group,
    journeys.Rest,
    journeys.Merge,
    shares.Shares,
    standard.StandardRow,
    journeys.DatedPeople,
    journeys.Shelter,
    journeys.WaitingList,
    list_kinds.ListKind,
    journeys.Choice,
    journeys.Return,
    journeys.WayClosed,
    journeys.PublishedCount,
    events.Source,
    inline.Region,
    inline.Crossing,
    inline.Flow,
    inline.WalkThrough,
    inline.Arrivals,
    inline.ArrivalStep,
    inline.Service,
    inline.BoothStep,
    inline.Secondary,
    inline.Travel,
)

_HEAD = "| field | what it is | written as | unit | default |\n|---|---|---|---|---|"

_OPENING = """# The scenario language

A scenario is one YAML file: a packaged base and what differs, or a region of its own. This page is made from
the
models of the program (`garita.scenario.schema.markdown()`); `garita schema` prints the same as JSON schema.

## How values are written

| what | how |
|---|---|
| number | `1000`, `0.5`; a share or factor may be `30 %` |
| duration | a number and its unit: `90 s`, `2 h`, `1 h 30 min`, `1 day`; where minutes are meant, `45` too |
| date and time | `2018-11-25 11:30`, `2018-11-25T11:30`, `25 Nov 2018 11:30 am`; a date is its midnight |
| time zone | times are local to the port; `2018-11-25 11:30 -08:00` or `Z` says otherwise |
| clock changes | a local time that clocks skip is an error, one they repeat needs its offset |
| end | also a duration counted from the beginning (`5 h`), or `for good` |
| yes or no | `true` or `false` |
| several names | a list `[car, bus]`; one name may stand by itself |

All scalars are read as text and typed by the models. A field without a value is as good as not written.

## Quantities

Wherever the tables below say *quantity*, one of four forms may stand. Each replication draws its own value,
keyed by the seed, the replication and the place of the quantity, so that no other field touches it. `days`,
`warm_up_days`,
`replications`, `seed`, `start` and times of day are single values.

```yaml
closures:
  - crossing: san-ysidro
    share: 0.5                                                      # a value
    from: {range: [2018-11-25 11:20, 2018-11-25 11:40]}             # anything between, equally likely
    until:                                                          # what sources claim, drawn by weight
      claims:
        - {value: 2018-11-25 17:05, who: AP, source: "https://...", weight: 2}
        - {value: 5 h, who: KFI, source: "https://..."}
behaviour:
  patience_min: {distribution: lognormal, mean: 180, cv: 0.3}       # a distribution
```

| distribution | given by |
|---|---|
| normal, lognormal | `mean` and `sd` or `cv` |
| uniform | `low`, `high` |
| triangular | `low`, `mode`, `high` |
| exponential, deterministic | `mean` |
| erlang | `mean`, `shape` (whole) |
| gamma | `mean` and `shape`, `sd` or `cv` |

Times may be normal (`sd` a duration), uniform or triangular. What is drawn outside the bounds of a field is
put at the
bound. Where one value is shown, it is the median of a range or distribution, and the weightiest (else first)
claim.

## Bases

`base` names a packaged region, a packaged case, a scenario file or a folder with the tables of a region, as
`garita fit` writes them (paths are relative to the file that names them). Where the folder has `members/`,
the replications take them in turn. The lists
`closures`, `lanes`, `staffing`, `hours`, `conversions`, `officers`, `pools`, `emergency`, `demand`,
`stations`, `sources` and `notes` are added to those of the base, `behaviour` is overridden parameter by
parameter, anything else is replaced. A scenario on a packaged region cannot add crossings or flows to it; one
without a base defines `region`, `crossings` and `flows` itself.

`without("closures")` leaves out the closures and every change marked `event: true`: what is left is what the
closures are compared with. Changes that would have been there anyway are not marked.

The warm-up days come before `start`: they are simulated and not reported, except that
final outcomes count all parties of the run. Without `from` a change holds from
the beginning of the run, without `until` to its end. A closure with `until` equal to `from` closes nothing.
"""


def markdown() -> str:
    """The reference page: every field with what it is, how it is written, its unit, default and bounds."""
    parts = [_OPENING]
    for model in _PARTS:
        about = " ".join((model.__doc__ or "").split())
        parts.append(f"## {_title(model)}\n\n{about}\n\n{_HEAD}")
        parts[-1] += "".join("\n" + _row(name, field) for name, field in names_of(model).items()) + "\n"
    return "\n".join(parts)


def _title(model: type[BaseModel]) -> str:
    where = {
        "Scenario": "the file",
        "Closure": "`closures`",
        "LaneChange": "`lanes`",
        "StaffingChange": "`staffing`",
        "HoursChange": "`hours`",
        "Conversion": "`conversions`",
        "OfficerPool": "`officers`",
        "PoolChange": "`pools`",
        "Emergency": "`emergency`",
        "Giver": "`emergency.taken_from`",
        "DemandChange": "`demand`",
        "Station": "`stations`",
        "Initial": "`initial`",
        "Source": "`sources`",
        "Reopening": "`closures.reopening`",
        "Flow": "`flows`",
        "WalkThrough": "`flows.walk_through`",
        "Arrivals": "`flows.arrivals`",
        "ArrivalStep": "`flows.arrivals.table`",
        "Service": "`service`, `patience`",
        "BoothStep": "`flows.booths`, as steps",
        "Secondary": "`secondary`",
        "Travel": "`travel`",
        "Crossing": "`crossings`",
        "Region": "`region`",
        "Behaviour": "`behaviour`",
        "Journeys": "`journeys`",
        "JourneyPlace": "`journeys.places`",
        "Route": "`journeys.routes`",
        "Group": "`journeys.groups`",
        "Rest": "`journeys.groups.rests`",
        "Merge": "`journeys.groups.merges`",
        "StandardRow": "`journeys.standard`",
        "Shares": "`shares` of groups, waiting lists and returns",
        "DatedPeople": "`table` of groups and returns",
        "Shelter": "`journeys.shelters`",
        "WaitingList": "`journeys.waiting_lists`",
        "ListKind": "`journeys.waiting_lists.kinds`",
        "Choice": "`journeys.choices`",
        "Return": "`journeys.returns`",
        "WayClosed": "`journeys.closures`",
        "PublishedCount": "`journeys.published`",
    }[model.__name__]
    return where[0].upper() + where[1:]


def _row(name: str, field: Any) -> str:
    unit = (field.json_schema_extra or {}).get("unit", "")
    cells = (f"`{name}`", field.description or "", _written(field), unit, _default(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _written(field: Any) -> str:
    inner = next(models_in(field.annotation), None)
    scalar = scalar_in(field)
    if scalar is not None:
        single = inner is None
        text = scalar.form if single else f"quantity: {scalar.form}"
        text = f"{text}; {scalar.allowed}" if scalar.allowed else text
        word = _word(field)  # a mapping has names and values
        return f"fields of {', '.join(f'`{name}`' for name in word.allowed)}; each a {text}" if word else text
    if inner is not None:
        return f"list of {_title(inner)}" if is_list(field.annotation) else f"fields of {_title(inner)}"
    word = _word(field)
    if word is not None:
        names = ", ".join(f"`{name}`" for name in word.allowed)
        return f"list of {names}" if is_list(field.annotation) else names
    return "list of texts" if is_list(field.annotation) else _plain(field)


def _plain(field: Any) -> str:
    described = str(field.metadata)
    for mark, text in (
        ("_identifier", "small letters, digits, hyphens"),
        ("_clock", "time of day: 05:30"),
        ("_yes_or_no", "true or false"),
        ("_version", "1"),
        ("_hours", "05:00-23:00 or 24 h"),
    ):
        if mark in described or mark in str(field.annotation):
            return text
    return "text"


def _word(field: Any) -> Word | None:
    def search(annotation: Any, metadata: tuple[Any, ...]) -> Word | None:
        for item in metadata:
            if isinstance(item, Word):
                return item
        for part in get_args(annotation):
            found = search(part, getattr(part, "__metadata__", ()))
            if found is not None:
                return found
        return None

    return search(field.annotation, tuple(field.metadata))


def _default(field: Any) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if (
        value is None
        or value is PydanticUndefined
        or value == []
        or value == ""
        or isinstance(value, BaseModel)
    ):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "-".join(value)
    if isinstance(value, list):
        return ", ".join(f"{item[0]}-{item[1]}" if isinstance(item, tuple) else str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
