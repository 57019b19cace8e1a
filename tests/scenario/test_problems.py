"""Each mistake is told with its code, place and remedy, all of them at once."""

from __future__ import annotations

import pickle

import pytest

from garita import errors
from garita.errors import GaritaError, Problem, RunError, ScenarioError, did_you_mean, register_messages
from garita.scenario import load, loads
from scenario.texts import DESIGN, FULL, INLINE


def problems(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert str(caught.value)
    return caught.value.problems


def codes(text):
    return [problem.code for problem in problems(text)]


D, F, I = DESIGN, FULL, INLINE  # noqa: E741
FROM = "from: 2018-11-25 11:30"
CASES = [
    (D, "garita: 1", "garita: 3", "unsupported-version"),
    (D, "garita: 1\n", "", "missing-field"),
    (D, "days: 4", "days: four", "not-a-number"),
    (D, "days: 4", "days: 4.5", "not-a-whole-number"),
    (D, "days: 4", "days: 0", "out-of-range"),
    (D, "days: 4", "days: -4", "out-of-range"),
    (D, "days: 4", "days: 1e400", "not-finite"),
    (D, "days: 4", "days: [4]", "not-a-number"),
    (D, "days: 4", "days: 3700\nwarm_up_days: 366\nreplications2: 3", "unknown-field"),
    (D, "days: 4\nreplications: 100", "days: 3700\nreplications: 100000", "too-much"),
    (D, "start: 2018-11-24", "start: 24/11/2018", "ambiguous-date"),
    (D, "start: 2018-11-24", "start: 2018-02-30", "not-a-time"),
    (D, "start: 2018-11-24", "start: 0001-01-01", "date-out-of-range"),
    (D, "start: 2018-11-24", "start: {range: [2018-11-24, 2018-11-25]}", "not-a-time"),
    (D, "start: 2018-11-24", "start: 2018-03-11 02:30", "time-nonexistent"),
    (D, "start: 2018-11-24", "start: 2018-11-04 01:30", "time-ambiguous"),
    (D, "base: san-diego-tijuana", "base: san-diego-tijuna", "unknown-base"),
    (D, "base: san-diego-tijuana", "base: nowhere.yaml", "unknown-base"),
    (D, "base: san-diego-tijuana", "base: [a]", "not-text"),
    (D, "base: san-diego-tijuana", "", "no-region"),
    (D, "crossing: san-ysidro", "crossing: san-ysdro", "unknown-crossing"),
    (D, "crossing: san-ysidro", "crossing: San Ysidro!", "not-an-identifier"),
    (D, "crossing: san-ysidro", "crossing: {a: b}", "not-an-identifier"),
    (D, "[car, bus]", "[car, buss]", "unknown-name"),
    (D, "[car, bus]", "[train]", "mode-reserved"),
    (D, "[car, bus]", "[truck]", "unknown-mode"),
    (D, "[car, bus]", "[]", "too-short"),
    (D, "[car, bus]", "{car: 1}", "not-a-list"),
    (D, "[car, bus]", "[car]\n    lane_types: [fast]", "unknown-lane-type"),
    (D, "[car, bus]", "[car]\n    lane_types: [slow]", "unknown-name"),
    (D, "[car, bus]", "[car]\n    directions: [northbound]", "unknown-name"),
    (D, FROM, "from: 2018-11-25 18:30", "until-before-from"),
    (D, FROM, "from: 2018-11-25 17:30", "claim-before-start"),
    (D, FROM, "from: soon", "not-a-time"),
    (D, FROM, "start: 2018-11-25 11:30", "unknown-field"),
    (D, FROM, "from: {claims: []}", "no-claims"),
    (D, FROM, "from: {claims: [{value: 2018-11-25, who: a, weight: 0}]}", "weights-zero"),
    (D, FROM, "from: {claims: [{value: 2018-11-25}]}", "missing-field"),
    (D, FROM, "from: {claims: [{value: 2018-11-25, who: a, weight: -1}]}", "out-of-range"),
    (D, FROM, "from: {claims: {value: 2018-11-25, who: a}}", "not-a-list"),
    (D, FROM, "from: {range: [2018-11-25, 2018-11-24]}", "range-order"),
    (D, FROM, "from: {range: [2018-11-25]}", "range-length"),
    (D, FROM, "from: {distribution: normal, mean: 2018-11-25 11:00, sd: 5}", "duration-unit"),
    (D, FROM, "from: {distribution: gamma, mean: 2018-11-25 11:00, sd: 5 min}", "distribution-value"),
    (D, FROM, "from: {distribution: weibull, mean: 2018-11-25 11:00}", "unknown-name"),
    (D, FROM, "from: {}", "unknown-quantity"),
    (D, FROM, "from: {value: 3}", "unknown-quantity"),
    (D, "notice: none", "notice: never", "not-a-time"),
    (D, "notice: none", "notice: -2 h", "out-of-range"),
    (D, "notice: none", "notice: 2018-12-01", "notice-after-start"),
    (D, "notice: none", "share: 120 %", "out-of-range"),
    (D, "notice: none", "share: 0.5\n    lanes: 3", "either-or"),
    (D, "notice: none", "share: -0.1", "out-of-range"),
    (D, "notice: none", "share: nan", "not-finite"),
    (D, "notice: none", "share: .inf", "not-finite"),
    (D, "notice: none", "share: 1,000", "not-a-number"),
    (D, "notice: none", "share: true", "not-a-number"),
    (D, "notice: none", "share: {distribution: normal, mean: 0.5}", "distribution-missing"),
    (D, "notice: none", "share: {distribution: normal, mean: 0.5, sd: 1, cv: 1}", "either-or"),
    (D, "notice: none", "share: {distribution: normal, mean: 0.5, sd: 1, low: 0}", "distribution-field"),
    (D, "notice: none", "share: {distribution: lognormal, mean: 0, sd: 1}", "distribution-value"),
    (D, "notice: none", "share: {distribution: erlang, mean: 0.5, shape: 1.5}", "distribution-value"),
    (D, "notice: none", "share: {distribution: gamma, mean: 0.5, sd: 0}", "distribution-value"),
    (D, "notice: none", "share: {distribution: uniform, low: 1, high: 0}", "range-order"),
    (
        D,
        "notice: none",
        "share: {distribution: triangular, low: 0, mode: 1, high: 0.5}",
        "distribution-value",
    ),
    (D, "notice: none", "reopening: [{at: 2018-11-25 10:00}]", "reopening-outside"),
    (D, "notice: none", "reopening: [{at: 2018-11-25 19:00}]", "reopening-outside"),
    (D, "notice: none", "reopening: [{at: 2018-11-25 12:00, modes: [truck]}]", "unknown-mode"),
    (D, "notice: none", "reopening: [x]", "not-a-mapping"),
    (D, "notice: none", "exempt: [tourists]", "unknown-name"),
    (D, "notice: none", "lanes: 1.5", "not-a-whole-number"),
    (D, "notice: none", "reason: [a]", "not-text"),
    (D, "notice: none", "reason: " + "x" * 3000, "too-long"),
    (D, "until:  ", "until: {range: [1 h, 2018-11-25 18:00]}\n    notice: 1 h\n    x:", "range-kinds"),
    (D, "title: San Ysidro closes for an afternoon", "title:", "missing-field"),
    (D, "title: San Ysidro closes for an afternoon", "title: ''", "too-short"),
    (D, "closures:", "closures: []\nclosures:", "duplicate-field"),
    (D, "closures:", "closure:", "unknown-field"),
    (D, "closures:", "flows: [{crossing: x}]\nclosures:", "inline-with-base"),
    (F, "choice_rule: logit", "choice_rule: loggit", "unknown-name"),
    (F, "patience_min: 2 h", "patience_min: -2 h", "out-of-range"),
    (F, "patience_min: 2 h", "patience_min: 2 fortnights", "not-a-duration"),
    (F, "patience_min: 2 h", "patiense_min: 2 h", "unknown-field"),
    (F, "change: -1", "change: -1, lanes: 2", "either-or"),
    (F, "change: -1, ", "", "nothing-to-change"),
    (F, "event: true", "event: perhaps", "not-yes-or-no"),
    (F, "factor: 50 %, ", "", "missing-field"),
    (F, "name: main", "name: main\n    question: why", "unknown-field"),
    (F, "  - crossing: tecate\n", "  - crossing: tecate\n    name: main\n", "duplicate-name"),
    (F, "directions: [inbound]", "directions: [outbound]", "unknown-lane-type"),
    (F, "until: 5 h", "until: -5 h", "out-of-range"),
    (I, "zone: America/Chicago", "zone: America/Chikago", "unknown-zone"),
    (I, "zone: America/Chicago", "zone: ../etc", "unknown-zone"),
    (I, "region: {id: two-bridges, name: Two bridges, zone: America/Chicago}\n", "", "missing-field"),
    (I, "  - {id: new, port", "  - {id: old, port", "duplicate-crossing"),
    (I, "    lane_type: ready\n", "", "duplicate-flow"),
    (I, "origin: old, destination: new", "origin: old, destination: newer", "unknown-crossing"),
    (I, "secondary:\n  - {crossing: old", "secondary:\n  - {crossing: olds", "unknown-crossing"),
    (I, "hours: 05:00-23:00", "hours: all day", "not-opening-hours"),
    (I, "lat: 27.5", "lat: 127.5", "out-of-range"),
    (I, "mean: 55 s, shape: 3", "mean: 55 s", "distribution-missing"),
    (I, "mean: 55 s, shape: 3", "mean: 55 s, shape: 2.5", "distribution-value"),
    (I, "mean: 55 s, shape: 3", "mean: 55, shape: 3", "duration-unit"),
    (I, "mean: 55 s, shape: 3", "mean: 0 s, shape: 3", "out-of-range"),
    (I, "mean: 2 min, cv: 0.5", "mean: 2 min, cv: 0.5, shape: 4", "distribution-missing"),
    (I, "mean: 20 min", "mean: 20 min, cv: 1", "distribution-field"),
    (I, "weights: [3, 2, 1]", "weights: [3, 2]", "wrong-count"),
    (I, "weights: [3, 2, 1]", "weights: [0, 0, 0]", "weights-zero"),
    (I, "per_hour: [1, 2,", "per_hour: [1,", "wrong-count"),
    (I, "arrivals: 120", "arrivals: []", "wrong-count"),
    (I, "arrivals: 120", "arrivals: {per_hour: 3, per_day: 4}", "either-or"),
    (I, "arrivals: 120", "arrivals: {per_hour: 3, profile: [" + "1, " * 23 + "1]}", "either-or"),
    (I, "arrivals: 120", "arrivals: {}", "nothing-to-change"),
    (I, "arrivals: 120", "arrivals: 999999999", "out-of-range"),
    (I, "days: 3\nwarm_up_days: 0", "days: 3000\nreplications: 1000", "too-much"),
    (I, "profile: [0, 0,", "profile: [0,", "wrong-count"),
    (I, "arrivals: 120", "arrivals: {per_day: 5, profile: [" + "0, " * 23 + "0]}", "profile-zero"),
    (I, '{from: "00:00", booths: 1}', '{from: "07:00", booths: 1}', "steps-order"),
    (I, '{from: "00:00", booths: 1}', '{from: "25:00", booths: 1}', "not-a-clock-time"),
    (I, "2024-03-10 12:00, per_hour", "2024-03-08 12:00, per_hour", "steps-order"),
    (I, "2024-03-10 12:00, per_hour", "2024-03-10 02:12, per_hour", "time-nonexistent"),
]


@pytest.mark.parametrize(
    ("text", "old", "new", "code"), CASES, ids=[f"{i}-{case[3]}" for i, case in enumerate(CASES)]
)
def test_a_mistake_is_told(text, old, new, code):
    assert old in text
    broken = text.replace(old, new, 1)
    found = problems(broken)
    assert code in [problem.code for problem in found], found
    for problem in found:
        assert problem.line is not None or problem.code in ("missing-field", "no-region")
        assert problem.field is not None or problem.code == "no-region"
        assert "{" not in problem.text.replace("{value", "").replace("{a", "")
        assert problem.text and problem.remedy


def test_places_and_hints():
    text = DESIGN.replace("crossing: san-ysidro", "crossing: san-ysdro").replace("days: 4", "dayz: 4")
    missing, unknown, crossing = problems(text)
    assert (missing.code, missing.field) == ("missing-field", "days")
    assert (unknown.line, unknown.column, unknown.field) == (5, 1, "dayz")
    assert "Did you mean `days`?" in str(unknown)
    assert (crossing.line, crossing.column) == (8, 15)
    assert "Did you mean `san-ysidro`?" in str(crossing) and "line 8: closures[0].crossing" in str(crossing)


def test_all_problems_of_one_entry_at_once():
    text = (
        DESIGN.replace("san-ysidro\n", "san-ysdro\n").replace("[car, bus]", "[cra]").replace("17:05", "17:65")
    ).replace("notice: none", "notice: soon")
    assert sorted(codes(text)) == ["not-a-time", "not-a-time", "unknown-crossing", "unknown-name"]


def test_a_closure_outside_the_days_is_a_warning():
    case = loads(DESIGN.replace("2018-11-24", "2018-12-24"))
    assert [(problem.code, problem.severity) for problem in case.warnings] == [
        ("closure-outside-run", "warning")
    ]


def test_a_distribution_that_may_end_before_it_begins_is_put_in_order():
    text = DESIGN.replace("from: 2018-11-25 11:30", "from: {range: [2018-11-25 11:00, 2018-11-25 17:30]}")
    case = loads(text)
    for i in range(50):
        closure = case.resolve(i).closures[0]
        assert closure.start <= closure.until


def test_files_that_cannot_be_read(tmp_path):
    for name in (tmp_path, tmp_path / "no.yaml", "no-such-case", "san-ysidro-2108", "a\0b", "x" * 5000, ""):
        with pytest.raises(ScenarioError) as caught:
            load(name)
        assert caught.value.exit_code == 2 and caught.value.problems
    with pytest.raises(ScenarioError, match="san-ysidro-2018"):
        load("san-ysidro-2081")
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * 4_000_001)
    with pytest.raises(ScenarioError, match="4000001"):
        load(big)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "file-empty", 1),
        (b"# only a remark\n", "file-empty", 1),
        (b"\xef\xbb\xbf  \n", "file-empty", 1),
        (b"garita: 1\ntitle: \xff\n", "not-utf8", 2),
        ("garita: 1".encode("utf-16"), "not-utf8", 1),
        (b"garita: 1\ntitle: a\x07\n", "control-character", 2),
        (b"garita: 1\n\ttitle: a\n", "yaml-tab", 2),
        (b"garita: 1\ntitle: [a\n", "yaml-syntax", 3),
        (b"garita: 1\n---\ntitle: a\n", "yaml-documents", 2),
        (b"- garita\n", "not-a-mapping", 1),
        (b"hello\n", "not-a-mapping", 1),
        (b"garita: !!python/name:os.system 1\n", "yaml-tag", 1),
        (b"a: &a [*a]\n", "yaml-alias", 1),
        (b"? [a]\n: 1\n", "field-name", 1),
        (b"[" * 20000, "too-deep", 1),
        (b"- " * 3000, "too-deep", None),
        (b"a: " + b"[" * 50 + b"]" * 50, "too-deep", 1),
    ],
)
def test_broken_yaml(tmp_path, data, code, line):
    path = tmp_path / "broken.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    first = next(problem for problem in caught.value.problems if problem.code == code)
    assert first.line == line and first.file.endswith("broken.yaml")


def test_aliases_that_multiply_are_stopped():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "yaml-alias" in codes("\n".join(lines))
    assert loads(DESIGN.replace("[car, bus]", "&m [car, bus]").replace("notice: none", "exempt: []")).digest


def test_errors_travel_between_processes():
    error = ScenarioError(Problem("file-missing", {"hint": ""}, "a.yaml", 1, 2, "x"))
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems and str(again) == str(error)


def test_the_message_table_can_be_added_to(monkeypatch):
    monkeypatch.setattr(errors, "MESSAGES", dict(errors.MESSAGES))
    register_messages({"new-code": ("{what} is new", "Look")})
    assert str(Problem("new-code", {"what": "this"})) == "this is new. Look."
    with pytest.raises(ValueError, match="new-code"):
        register_messages({"new-code": ("other", "text")})
    assert str(Problem("unheard-of", {"message": "odd", "remedy": "Ask."}, field="a")) == "a: odd. Ask."
    assert str(GaritaError("in short")) == "- in short."
    assert RunError([]).exit_code == 3
    assert did_you_mean("zzzz", ["aaaa"]) == ""
    assert errors.file_name(None) is None


def test_every_message_can_be_filled():
    for code, (text, remedy) in errors.MESSAGES.items():
        assert Problem(code).text is not None and text, code
        assert remedy, code
