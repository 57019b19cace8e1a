"""One way to refuse a result: a ResultsError with a stable code; texts are registered here."""

from __future__ import annotations

from pathlib import Path

from garita.errors import Problem, ResultsError, file_name, register_messages

register_messages(
    {
        "results-missing": (
            "there are no results here: {what} is missing",
            "Run the scenario again into this folder, or name the folder a run wrote.",
        ),
        "results-unwritable": (
            "{what} cannot be written ({reason})",
            "Make room on the disk, or name another folder with --out.",
        ),
        "results-damaged": (
            "{what} cannot be read ({reason})",
            "Run the scenario again; the stored results are damaged.",
        ),
        "results-version": (
            "the results have version {value}, this program reads {allowed}",
            "Run the scenario again with this version of Garita.",
        ),
        "results-shape": (
            "replication {replication}: {what} has the shape {got}, not {wanted}",
            "Run the scenario again; the run and its axes do not belong together.",
        ),
        "results-replications": (
            "the replications are not 0 to {last}, each once: {reason}",
            "Resume the run, or run it again.",
        ),
        "results-not-conserved": (
            "replication {replication}: {kind}: {ledger} parties in the ledger, {finals} final outcomes",
            "This is a fault of the program, please report it with the scenario.",
        ),
        "results-not-paired": (
            "the two results cannot be paired: `{field}` differs ({first} and {second})",
            "Compare two variants of one run, with the same seed and number of replications.",
        ),
        "results-other-program": (
            "the two results were not made by the same program: `{field}` differs ({first} and {second})",
            "Run both scenarios again with this version of Garita, then compare.",
        ),
        "results-not-recorded": (
            "no {what} were recorded in this run",
            'Run it again with `--record {what}`, or `record=["{what}"]` from Python.',
        ),
        "results-unknown-line": ("there is no line {value} in these results", "Lines there: {allowed}."),
    }
)


def results_error(code: str, file: Path | str | None = None, **params: object) -> ResultsError:
    """A :class:`ResultsError` holding one problem; ``params`` fill the text of ``code``."""
    return ResultsError(Problem(code=code, params=params, file=file_name(file)))
