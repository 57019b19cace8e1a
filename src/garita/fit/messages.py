"""What can be wrong with what a region is fitted to, in words."""

from __future__ import annotations

from garita.errors import register_messages

register_messages(
    {
        "fit-across-2019": (
            "these waits lie on both sides of April 2019 ({before} and {after}), when CBP changed how it "
            "measures them",
            "Fit each side by itself: give --until 2019-03, or --since 2019-05.",
        ),
        "fit-counts-before-2019": (
            "these averages are of waits measured since April 2019, the counts are taken from {since} on",
            "Give --since 2019-05 or later, or leave it out.",
        ),
        "fit-no-waits": ("these files hold no waits by month, weekday and hour", "Give CBP's averages."),
        "fit-one-instance": (
            "leaving one instance out in turn takes two or more, and no name twice",
            "Give more directories; each is called by its last part.",
        ),
        "fit-no-counts": (
            "these files hold no monthly counts of the region's ports",
            "Give BTS entries or the counts of Texas bridges.",
        ),
        "fit-which-place": (
            "the file does not say of which crossing its waits are",
            "Say it: --waits PLACE=FILE. Places here: {allowed}.",
        ),
        "fit-unknown-place": ("the region has no place `{value}`", "{hint}Places here: {allowed}."),
        "fit-nothing-matches": (
            "none of these waits is of a line of the region",
            "The region has: {allowed}. The files have: {found}.",
        ),
        "fit-few-months": (
            "there are waits of {found} months; a fit needs {wanted}",
            "Give more months, or leave fewer out.",
        ),
        "fit-unknown-month": (
            "`{value}` is not among the months of the waits",
            "There are: {allowed}.",
        ),
        "fit-all-fitted": (
            "all months of these waits were fitted",
            "Give waits of other months, or name a month with --month.",
        ),
        "fit-month": ("`{value}` is no month", "Write it as 2018-11, or of averages as 11 or november."),
        "fit-month-uncounted": (
            "no count of {what} is known for {month}",
            "Give counts that have it, or leave the month out.",
        ),
        "fit-lane-left-out": (
            "{what} is left out: {reason}",
            "Nothing; its line stays as the region has it.",
        ),
        "fit-folder-foreign": (
            "this folder holds something other than a fit, and nothing is overwritten",
            "Name another folder with --out.",
        ),
        "fit-folder-other": (
            "an unfinished fit stands here, of other {what}",
            "Name another folder with --out, or remove this one.",
        ),
        "fit-folder-none": ("there is no finished fit here", "Name a folder that `garita fit` wrote."),
        "fit-folder-damaged": ("the fit cannot be read ({reason})", "Fit again."),
    }
)  # fmt: skip
