"""``simsetting.yml`` of a Flee instance: every key that Flee reads, with Flee's own defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from garita.errors import Severity, did_you_mean, shorten
from garita.sources.flee_text import Problems, number, text_of


class Number(NamedTuple):
    """A number between two others."""

    default: float
    low: float
    high: float
    whole: bool = False


class Switch(NamedTuple):
    """Yes or no. ``unsupported``: what is not simulated when it is on."""

    default: bool = False
    unsupported: str = ""


FAR = 1e9
SPAWN: dict[str, Any] = {
    "take_from_population": Switch(),
    "insert_day0": Switch(default=True),
    "empty_camps_on_day0": Switch(),
    "conflict_zone_spawning_only": Switch(default=True),
    "flood_zone_spawning_only": Switch(unsupported="people setting out because of floods"),
    "camps_are_sinks": Switch(),
    "camps_are_sicks": Switch(),
    "read_from_agents_csv_file": Switch(),
    "sum_from_camps": Switch(default=True),
    "starvation_driven_spawning": Switch(unsupported="people setting out because of hunger"),
    "conflict_spawn_decay_interval": Number(30, 1, 100_000, whole=True),
    "average_social_connectivity": Number(3, 0, FAR),
}
MOVE: dict[str, Any] = {
    "max_move_speed": Number(360, 1e-3, 1e6),
    "max_walk_speed": Number(35, 1e-3, 1e6),
    "max_crossing_speed": Number(20, 0, 1e6),
    "foreign_weight": Number(1, 0, FAR),
    "camp_weight": Number(1, 0, FAR),
    "conflict_weight": Number(10**-0.5, 0, FAR),
    "conflict_movechance": Number(1, 0, 1),
    "camp_movechance": Number(0.001, 0, 1),
    "idpcamp_movechance": Number(0.1, 0, 1),
    "default_movechance": Number(0.3, 0, 1),
    "awareness_level": Number(1, -1, 20, whole=True),
    "capacity_buffer": Number(0.9, 0, 0.999999),
    "capacity_scaling": Number(1, 0, FAR),
    "avoid_short_stints": Switch(),
    "start_on_foot": Switch(),
    "use_v1_rules": Switch(unsupported="the movement rule of Flee 1"),
    "softening": Number(10, 0, FAR),
    "weight_softening": Number(0, 0, FAR),
    "weight_power": Number(1, 0, 100),
    "distance_power": Number(1, 0, 100),
    "stay_close_to_home": Switch(),
    "home_distance_power": Number(0.5, 0, 100),
    "use_pop_for_loc_weight": Switch(),
    "pop_power_for_loc_weight": Number(0.1, 0, 100),
    "movechance_pop_base": Number(10_000, 1e-9, FAR),
    "movechance_pop_scale_factor": Number(0, -100, 100),
    "pruning_threshold": Number(1, 0, FAR),
    "fixed_routes": Switch(),
    "two_system_decision_making": Switch(unsupported="the choice between habit and deliberation"),
    "use_economic_pull": Switch(unsupported="the pull of trade and development"),
    "farmer_fraction": Number(0, 0, 1),
    "flee_when_starving": Switch(unsupported="leaving because of hunger"),
    "avoid_food_deprived_locations": Switch(),
    "children_avoid_hazards": Switch(unsupported="another choice of route for children"),
    "boys_take_risk": Switch(unsupported="another choice of route for boys"),
    "women_avoid_hazards": Switch(unsupported="another choice of route for women"),
    "elderly_avoid_hazards": Switch(unsupported="another choice of route for old people"),
    "match_camp_ethnicity": Switch(unsupported="camps chosen by ethnicity"),
    "match_town_ethnicity": Switch(unsupported="towns chosen by ethnicity"),
    "match_conflict_ethnicity": Switch(unsupported="conflict zones chosen by ethnicity"),
    "match_camp_religion": Switch(unsupported="camps chosen by religion"),
    "match_town_religion": Switch(unsupported="towns chosen by religion"),
    "match_conflict_religion": Switch(unsupported="conflict zones chosen by religion"),
    "avg_religion_fraction": Number(0.25, 0, 1),
}
CONFLICT_SPAWN = {"displaced_per_conflict_day": Number(500, 0, FAR)}
OPTIMISATIONS = {"hasten": Number(1, 1, 1_000_000, whole=True)}
LOGS = ("agent", "link", "camp", "init", "conflict", "idp_totals", "granularity")
MODES = ("constant", "poisson", "pop_ratio")
_TRUE, _FALSE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0", ""})
_SPELLINGS = {name.replace("_", ""): name for name in MOVE}


@dataclass
class FleeSettings:
    """The settings of an instance by Flee's own names, completed with its defaults.

    ``decay``: shares of the intensity by intervals since the conflict began, none if empty; ``rate``: people
    (or, in the mode ``pop_ratio``, the share of the population) that set out per day of full conflict, None
    where numbers are taken from the validation data.
    """

    spawn: dict[str, Any] = field(default_factory=lambda: _defaults(SPAWN))
    move: dict[str, Any] = field(default_factory=lambda: _defaults(MOVE))
    decay: tuple[float, ...] = ()
    spawn_mode: str | None = None
    rate: float | None = None
    hasten: int = 1
    idp_totals: bool = False


def _defaults(specs: dict[str, Number] | dict[str, Switch] | dict[str, Any]) -> dict[str, Any]:
    return {
        name: int(spec.default) if getattr(spec, "whole", False) else spec.default
        for name, spec in specs.items()
    }


def read_settings(path: Path, problems: Problems) -> FleeSettings:
    """The settings in a file. What is wrong, unknown or not simulated is noted in ``problems``."""
    settings = FleeSettings()
    text = text_of(path, problems)
    if text is None or not text.strip():
        return settings
    try:
        tree, lines = _compose(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        reason = getattr(error, "problem", None) or str(error) or "it is nested too deep"
        problems.add("flee-text", path, mark.line + 1 if mark is not None else None, reason=shorten(reason))
        return settings
    _Reader(tree, lines, path, problems, settings).read()
    return settings


Where = tuple[str, ...]


def _compose(text: str) -> tuple[dict[str, Any], dict[Where, int]]:
    """Settings as nested dicts of texts and lists, none of them typed, and the line of each."""
    node = YAML(typ="safe", pure=True).compose(text)
    lines: dict[Where, int] = {}
    if node is None:
        return {}, lines
    if node.id != "mapping":
        raise ValueError("it holds no settings")
    return _mapping(node, (), lines), lines


def _mapping(node: Any, where: Where, lines: dict[Where, int]) -> dict[str, Any]:
    found = {}
    for name, value in node.value:
        if name.id != "scalar" or len(where) > 2:
            raise ValueError(f"line {name.start_mark.line + 1} is no setting")
        inner = (*where, str(name.value))
        lines[inner] = name.start_mark.line + 1
        found[inner[-1]] = _value(value, inner, lines)
    return found


def _value(node: Any, where: Where, lines: dict[Where, int]) -> Any:
    if node.id == "mapping":
        return _mapping(node, where, lines)
    if node.id == "sequence":
        return [item.value if item.id == "scalar" else None for item in node.value]
    return node.value


class _Reader:
    """Puts the settings of a file into ``settings``."""

    def __init__(
        self,
        tree: dict[str, Any],
        lines: dict[Where, int],
        path: Path,
        problems: Problems,
        settings: FleeSettings,
    ) -> None:
        self.tree, self.lines, self.path, self.problems, self.settings = tree, lines, path, problems, settings

    def add(self, code: str, where: Where, severity: Severity = "error", **params: Any) -> None:
        self.problems.add(code, self.path, self.lines.get(where), ".".join(where), severity, **params)

    def read(self) -> None:
        sections = {
            "log_levels": self.logs,
            "spawn_rules": self.spawn,
            "move_rules": self.moves,
            "optimisations": self.optimisations,
        }
        for name, value in self.tree.items():
            if name in sections:
                sections[name](self.section((name,), value))
            elif name in ("number_of_steps", "conflict_input_file"):
                self.unsupported(
                    (name,), f"the setting `{name}`", "sim_period.csv and conflicts.csv are read."
                )
            else:
                self.unknown((name,), name, sections)

    def section(self, where: Where, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value not in (None, "", "null", "~"):
            self.add("flee-value", where, value=shorten(value), what="a list of settings")
        return {}

    def unknown(self, where: Where, name: str, allowed: Any) -> None:
        self.add("flee-setting", where, "warning", value=shorten(name), hint=did_you_mean(name, allowed))

    def unsupported(self, where: Where, what: str, instead: str = "It is left out.") -> None:
        self.add("flee-unsupported", where, "warning", what=what, instead=instead)

    def values(
        self, section: str, given: dict[str, Any], specs: dict[str, Any], into: dict[str, Any]
    ) -> None:
        for name, value in given.items():
            where = (section, name)
            spec = specs.get(name)
            if spec is None:
                self.unknown(where, name, specs)
            elif isinstance(spec, Switch):
                into[name] = self.switch(where, value, spec)
            else:
                into[name] = self.number(where, value, spec)

    def switch(self, where: Where, value: Any, spec: Switch) -> bool:
        text = str(value).casefold() if isinstance(value, str) else None
        if text in _TRUE:
            if spec.unsupported:
                self.unsupported(where, spec.unsupported)
            return True
        if text not in _FALSE:
            self.add("flee-value", where, value=shorten(value), what="True or False")
        return False

    def number(self, where: Where, value: Any, spec: Number) -> float:
        found = number(value) if isinstance(value, str) else None
        if found is None or (spec.whole and found != int(found)):
            self.add(
                "flee-value", where, value=shorten(value), what="a whole number" if spec.whole else "a number"
            )
        elif not spec.low <= found <= spec.high:
            self.add("flee-range", where, value=shorten(value), allowed=f"{spec.low:g} to {spec.high:g}")
        else:
            return int(found) if spec.whole else found
        return int(spec.default) if spec.whole else spec.default

    def logs(self, given: dict[str, Any]) -> None:
        for name, value in given.items():
            where = ("log_levels", name)
            if name not in LOGS:
                self.unknown(where, name, LOGS)
            elif name == "idp_totals":
                self.settings.idp_totals = number(str(value)) not in (None, 0.0)
            elif name in ("agent", "link") and number(str(value)) not in (None, 0.0):
                self.unsupported(where, f"the file {name}s.out", "Nothing is written person by person.")

    def spawn(self, given: dict[str, Any]) -> None:
        rest = dict(given)
        where = ("spawn_rules", "conflict_spawn_decay")
        self.settings.decay = self.decay(where, rest.pop("conflict_spawn_decay", None))
        driven = rest.pop("conflict_driven_spawning", None)
        flood = rest.pop("flood_driven_spawning", None)
        if flood is not None:
            self.unsupported(
                ("spawn_rules", "flood_driven_spawning"), SPAWN["flood_zone_spawning_only"].unsupported
            )
        self.values("spawn_rules", rest, SPAWN, self.settings.spawn)
        if not self.settings.spawn["conflict_zone_spawning_only"]:
            self.unsupported(
                ("spawn_rules", "conflict_zone_spawning_only"), "setting out where there is no conflict"
            )
        if driven is not None:
            self.driven(driven)

    def decay(self, where: Where, value: Any) -> tuple[float, ...]:
        if value in (None, "", "null", "~", "None"):
            return ()
        shares = (
            [number(item) if isinstance(item, str) else None for item in value]
            if isinstance(value, list)
            else []
        )
        if not shares or any(share is None or share < 0 for share in shares):
            self.add("flee-value", where, value=shorten(value), what="a list of shares, 0 or more")
            return ()
        return tuple(share for share in shares if share is not None)

    def driven(self, value: Any) -> None:
        where = ("spawn_rules", "conflict_driven_spawning")
        given = dict(self.section(where, value))
        mode = str(given.pop("spawn_mode", "constant")).lower()
        if mode not in MODES:
            allowed = ", ".join(MODES)
            hint = did_you_mean(mode, MODES)
            self.add(
                "flee-kind", where, value=shorten(mode), what="a way to set out", hint=hint, allowed=allowed
            )
        into = {"displaced_per_conflict_day": 0.01 if mode == "pop_ratio" else 500.0}
        self.values("spawn_rules", given, CONFLICT_SPAWN, into)
        self.settings.spawn_mode, self.settings.rate = mode, into["displaced_per_conflict_day"]

    def moves(self, given: dict[str, Any]) -> None:
        rest = {}
        for name, value in given.items():
            if name == "harvest_months":
                if value not in ([], "", "[]", None):
                    self.unsupported(("move_rules", name), "going home for the harvest")
            elif name == "flood_rules":
                self.unsupported(("move_rules", name), "floods")
            else:
                rest[name] = value
        by_name = {
            _SPELLINGS.get(name.casefold().replace("_", ""), name): (name, value)
            for name, value in rest.items()
        }
        for name, (written, value) in by_name.items():
            spec = MOVE.get(name)
            where = ("move_rules", written)
            if spec is None:
                self.unknown(where, written, MOVE)
            elif isinstance(spec, Switch):
                self.settings.move[name] = self.switch(where, value, spec)
            else:
                self.settings.move[name] = self.number(where, value, spec)

    def optimisations(self, given: dict[str, Any]) -> None:
        into: dict[str, Any] = {"hasten": 1}
        self.values("optimisations", given, OPTIMISATIONS, into)
        self.settings.hasten = into["hasten"]
