"""What can be odd about a publisher's file, in words, and the list in which a reader collects it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from garita.errors import DataError, Problem, Severity, register_messages

KEPT_PER_CODE = 500
"""Remarks of one kind that are kept in full; the others are counted."""

register_messages(
    {
        # the file as a whole
        "data-missing": ("there is no such file", "Check the name, or get it with `garita sources fetch`."),
        "data-folder": ("this is a folder, not a data file", "Give a file inside it."),
        "data-too-big": ("the file holds more than {limit} bytes", "Give a smaller part of it."),
        "data-empty": ("the file is empty", "Download it again."),
        "data-html": (
            "this is a web page, not data (it begins with `{start}`)",
            "Download the file itself; the publisher may have answered with an error page.",
        ),
        "data-binary": ("this is {kind}, not text", "Save it as CSV, or unpack it, and read that."),
        "data-unknown": (
            "no known data set has these fields: {found}",
            "{hint}Known are: {known}. `garita sources list` tells more.",
        ),
        "data-nothing": ("nothing in the file could be used", "See what is said of its lines."),
        "data-personal": (
            "the field `{field_name}` may identify a person",
            "Garita reads counts, never records of persons. Remove the field first.",
        ),
        "column-missing": ("there is no column `{name}`", "{hint}The columns here: {found}."),
        "file-unwritable": ("the file cannot be written ({reason})", "Check the folder and the space left."),
        # oddities of the text
        "gzip-damaged": ("the compressed file ends too early or is damaged", "Download it again; {what}."),
        "text-coding": (
            "the text is {coding}, not UTF-8",
            "It was read as {coding}: check names with accents.",
        ),
        "delimiter": ("cells are separated by {sign}, not by commas", "It was read so."),
        "line-too-long": ("the line has {length} characters", "It was left out; at most {limit} are read."),
        "quotes-broken": ("a quotation mark opens or closes where none should", "The line was left out."),
        "cells-missing": ("the line has {found} cells, the heading {wanted}", "The line was left out."),
        "header-again": ("the heading stands here again", "It was left out; were files put together?"),
        "column-ignored": ("the column `{name}` is not known", "It was left out."),
        "column-absent": ("the column `{name}` is not in this file", "It is empty in the table."),
        "column-renamed": ("`{found}` was taken for the column `{name}`", "Check that it is."),
        "column-twice": ("the column `{name}` stands twice", "The first is used."),
        "json-cut": (
            "the JSON ends or breaks here: {reason}",
            "What stood before was used. Download it again.",
        ),
        "json-page": (
            "there are exactly {count} entries: the interface gives so many unless told otherwise",
            "Ask for more, with `?$limit=500000` behind the address.",
        ),
        "json-entry": ("this entry is {got}, not what was expected", "It was left out."),
        "xml-cut": (
            "the XML ends or breaks here: {reason}",
            "What stood before was used. Download it again.",
        ),
        # oddities of values
        "bad-cell": ("`{value}` is not {wanted}", "{done}"),
        "negative-count": ("the count {value} is below zero", "The line was left out."),
        "duplicate-row": ("the same row stands on line {first}", "It was left out."),
        "conflict": (
            "{what} was already given on line {first}, as {other} instead of {value}",
            "Neither is used: ask the publisher which is right.",
        ),
        "unknown-port": (
            "no port is known as {value}",
            "It was kept. Is the code mistyped, or the port new?",
        ),
        "other-name": ("{value} is known as {known}, not {name}", "It was kept. Is the code mistyped?"),
        "unknown-kind": ("`{value}` is not among the known values of {name}", "It was kept."),
        "months-unlisted": (
            "{what}: no row for {months}",
            "The port reported other counts then, and the publisher leaves out zeros: they may be zeros.",
        ),
        "months-missing": (
            "{what}: no row for {months}, between {before} and {after}",
            "These are no zeros: nothing is known of these months.",
        ),
        "months-absent": ("{what}: no row at all for {months}", "Nothing is known of these months."),
        "placeholder-zero": (
            "{what}: {reason}",
            "These zeros say that nothing was counted; they are not used.",
        ),
        "carried": ("{what}: {value} again, as on line {first}", "It may be carried over; it is marked."),
        "outlier": ("{what}: {value} between {before} and {after}", "It is marked; check it."),
        # waits
        "no-wait": ("{what}: no wait is given (status: {status})", "It is missing, not zero."),
        "port-closed": ("{what}: {value} min although the port is {state}", "It is marked."),
        "wait-carried": (
            "{what}: {value} min were reported {age} minutes before",
            "It is marked as carried over.",
        ),
        "lanes-above-most": ("{what}: {open} lanes are open, of {most} there are", "It was kept; check it."),
        "lane-not-there": (
            "every wait is zero: there is no such lane here",
            "The column is empty in the table.",
        ),
        "hours-carried": (
            "{value} min, {hours} hours in a row",
            "They may be carried over; they are marked.",
        ),
        "year-months-absent": ("there is nothing for {months}", "Nothing is put in their place."),
        # trade and encounters
        "weight-not-recorded": (
            "{count} exports that have a value weigh nothing, from here on",
            "The weight of exports by land is not recorded: it is missing in the table.",
        ),
        "never-counted": (
            "{what}: zero in every month",
            "None crosses here, or none is counted: not used.",
        ),
        "id-differs": (
            "the id `{id}` says another month than {month}",
            "The columns Year and Month are used.",
        ),
        "fiscal-year": ("{month} lies in fiscal year {right}, not {value}", "The month is used."),
        "rounded": ("every count is a multiple of ten", "They were rounded by the publisher."),
        "ysleta": (
            "El Paso (2402) includes Ysleta until February 2020, which has a code of its own (2401) since",
            "Add the two for a series that goes on; the rows before are marked.",
        ),
        # displacement
        "parts-differ": (
            "{parts} add up to {found}, not to the {total} that are told",
            "It was kept and marked: ask the publisher which is right.",
        ),
        "more-households": ("more households than people are told", "It was kept and marked; check it."),
        "sum-row": ("this row is a sum of others", "It was left out."),
        "day-or-month": (
            "no date tells whether the day or the month comes first",
            "The month was taken to come first. Write dates as 2018-11-25.",
        ),
        "more": ("{count} more of this kind", "Correct the file, or read it in parts, to see them."),
    }
)


class Notes:
    """Collects what is odd in one file. `lost` says whether something had to be left out."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.lost = False
        self._kept: list[Problem] = []
        self._seen: Counter[str] = Counter()

    def odd(self, code: str, line: int | None = None, field: str | None = None, **params: Any) -> None:
        """Something doubtful that was kept."""
        self._add("warning", code, line, field, params)

    def lose(self, code: str, line: int | None = None, field: str | None = None, **params: Any) -> None:
        """Something that was left out because it cannot be used."""
        self.lost = True
        self._add("error", code, line, field, params)

    def refuse(
        self, code: str, line: int | None = None, field: str | None = None, **params: Any
    ) -> DataError:
        """The error to raise when the file as a whole cannot be used; with what was noted before."""
        problem = Problem(code, params, self.file, line, None, field)
        return DataError([*(item for item in self.remarks() if item.severity == "error"), problem])

    def _add(
        self, severity: Severity, code: str, line: int | None, field: str | None, params: dict[str, Any]
    ) -> None:
        self._seen[code] += 1
        if self._seen[code] <= KEPT_PER_CODE:
            self._kept.append(Problem(code, params, self.file, line, None, field, severity))

    def remarks(self) -> list[Problem]:
        """Everything noted, by severity, kind and line; each kind ends with how many more there are."""
        remarks = []
        order = sorted(self._kept, key=lambda item: (item.severity, item.code, item.line or 0))
        for place, item in enumerate(order):
            remarks.append(item)
            last = place + 1 == len(order) or order[place + 1].code != item.code
            if last and self._seen[item.code] > KEPT_PER_CODE:
                more = {"count": self._seen[item.code] - KEPT_PER_CODE}
                remarks.append(Problem("more", more, self.file, severity=item.severity))
        return remarks
