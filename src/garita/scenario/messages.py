"""What is said about a scenario: a message and a remedy for every code of a problem."""

from __future__ import annotations

from garita.errors import register_messages

MESSAGES = {
    # files and YAML
    "file-missing": ("there is no such file", "Check the name."),
    "not-a-file": (
        "this is a folder, not a file",
        "Give the scenario file inside it, for example scenario.yaml.",
    ),
    "file-unreadable": ("the file cannot be read ({reason})", "Check its permissions."),
    "file-too-big": ("the file has {size} bytes", "A scenario file may have at most {limit} bytes."),
    "not-utf8": ("the text is not UTF-8 (byte {byte})", "Save the file as UTF-8."),
    "control-character": (
        "the character {character} is not allowed",
        "Remove it; a scenario is plain text.",
    ),
    "file-empty": (
        "the file holds no scenario",
        "Start from `garita new mycase --from san-ysidro-2018`.",
    ),
    "yaml-syntax": (
        "this is not valid YAML: {reason}",
        "Check indentation, colons, quotes and brackets here.",
    ),
    "yaml-tab": ("a tab stands where YAML wants spaces", "Indent with spaces."),
    "yaml-documents": (
        "a second document starts here",
        "Keep one scenario per file; remove the line `---`.",
    ),
    "yaml-tag": ("the tag `{tag}` is not allowed", "Write the value without a tag."),
    "yaml-alias": (
        "the alias repeats itself or expands to more than {limit} values",
        "Write the values out.",
    ),
    "too-deep": ("lists or fields are nested more than {limit} deep", "Check brackets and indentation."),
    "duplicate-field": ("`{name}` was already given on line {first}", "Keep one of the two."),
    "field-name": ("a field name must be plain text", "Write `name: value`."),
    # fields
    "unknown-field": ("there is no field `{name}` here", "{hint}Allowed: {allowed}."),
    "missing-field": ("`{name}` is missing", "Add it: {description}"),
    "not-a-mapping": ("fields (`name: value`) are wanted here, not {got}", "{description}"),
    "not-a-list": (
        "a list is wanted here, not {got}",
        "Write each entry on a line that begins with `- `.",
    ),
    "not-text": ("text is wanted here, not {got}", "{description}"),
    "too-long": ("this is longer than {limit}", "Shorten it."),
    "too-many-entries": ("{what} has more than {limit}", "Leave some out, or put several into one."),
    "too-short": ("this is shorter than {limit}", "{description}"),
    "invalid-value": ("{reason}", "{description}"),
    "empty-value": ("nothing is written here", "Write a value or remove the entry."),
    "unsupported-version": (
        "scenario version {value} is not known",
        "This program reads version 1: `garita: 1`.",
    ),
    # values
    "not-a-number": (
        "`{value}` is not a number",
        "Write digits with a point, for example 1000 or 0.5{hint}.",
    ),
    "not-finite": ("`{value}` is not a finite number", "Write an ordinary number."),
    "not-a-whole-number": ("`{value}` is not a whole number", "Write digits only, for example 40."),
    "out-of-range": ("`{value}` is outside what is allowed", "Allowed: {allowed}."),
    "not-a-duration": (
        "`{value}` is not a duration",
        "Write a number and a unit: 90 s, 45 min, 2 h, 1 day{hint}.",
    ),
    "duration-unit": (
        "`{value}` has no unit",
        "Say which: {value} s, {value} min, {value} h or {value} days.",
    ),
    "not-a-time": (
        "`{value}` is not a date and time",
        "Write it like 2018-11-25 11:30 or 25 Nov 2018 11:30{hint}.",
    ),
    "date-out-of-range": (
        "{value} lies outside what can be simulated",
        "Allowed: from {first} to {last}, the warm-up days included.",
    ),
    "ambiguous-date": (
        "`{value}` may be day first or month first",
        "Write the year first: 2018-11-25 11:30.",
    ),
    "not-a-clock-time": ("`{value}` is not a time of day", "Write it like 05:30, from 00:00 to 24:00."),
    "not-opening-hours": ("`{value}` are not opening hours", "Write 05:00-23:00, or 24 h."),
    "not-yes-or-no": ("`{value}` is neither yes nor no", "Write true or false."),
    "not-an-identifier": ("`{value}` is not an identifier", "Use small letters, digits and hyphens."),
    "unknown-name": ("`{value}` is not a {kind}", "{hint}Allowed: {allowed}."),
    "mode-reserved": ("the mode `{value}` is not simulated yet", "Allowed: {allowed}."),
    # quantities
    "unknown-quantity": (
        "these fields make no quantity",
        "Write a value, or one of range, distribution, claims.",
    ),
    "range-length": ("a range has two ends", "Write `range: [lowest, highest]`."),
    "range-order": ("the range ends before it begins ({low} to {high})", "Write the smaller end first."),
    "range-kinds": (
        "a range goes between two values of the same kind",
        "Write two times, or two durations.",
    ),
    "distribution-field": ("a {distribution} distribution has no `{name}`", "It is given by {allowed}."),
    "distribution-missing": ("a {distribution} distribution needs {name}", "It is given by {allowed}."),
    "distribution-value": ("`{name}` = {value} makes no {distribution} distribution", "{need}"),
    "no-claims": (
        "the list of claims is empty",
        "Write at least one claim: {{value: ..., who: ..., source: ...}}.",
    ),
    "weights-zero": ("all weights are zero", "Give at least one {what} a weight above 0."),
    # the scenario as a whole
    "no-region": (
        "there are neither crossings nor a base",
        "Add `base: san-diego-tijuana`, or a region and flows.",
    ),
    "unknown-base": (
        "there is no base `{value}`",
        "{hint}Allowed: {allowed}, or a scenario file or a folder with a region's tables beside this one.",
    ),
    "base-cycle": ("this base leads back to itself", "Remove one `base`."),
    "region-incomplete": (
        "tables of the region are missing: {missing}",
        "Take a packaged region as a model.",
    ),
    "region-column": ("there is no column {missing}", "{hint}Name the columns in the first line."),
    "region-row": ("the row has {got} cells, the first line names {allowed} columns", "Mend the row."),
    "region-cell": ("`{value}` cannot stand here", "Give {allowed}."),
    "region-twice": ("this is told a second time, first in line {first}", "Leave one of them out."),
    "region-unknown": (
        "no crossing is called `{value}`",
        "Known: {allowed}. Or add it to crossings.csv.",
    ),
    "region-uncounted": (
        "there are no counts of {value}",
        "Add its months to volumes.csv, or leave the line out.",
    ),
    "region-unreadable": ("the tables of the region cannot be read ({reason})", "Mend the file."),
    "base-unreadable": ("the base `{value}` cannot be used: {reason}", "Mend or replace the base."),
    "inline-with-base": (
        "`{name}` cannot be added to the region `{base}`",
        "Leave out `base`, or leave out `{name}`.",
    ),
    "unknown-zone": ("`{value}` is not a time zone", "Write one like America/Los_Angeles{hint}"),
    "unknown-crossing": ("`{value}` is neither a crossing nor a port here", "{hint}Allowed: {allowed}."),
    "unknown-mode": ("no {value} crosses at {crossing}", "{hint}There: {allowed}."),
    "unknown-direction": ("nobody crosses {value} at {crossing}", "There: {allowed}."),
    "unknown-lane-type": ("there is no {value} lane at {crossing}", "{hint}There: {allowed}."),
    "duplicate-crossing": ("the crossing `{value}` is given twice", "Rename or remove one."),
    "duplicate-flow": ("the flow {value} is given twice", "Keep one of the two."),
    "duplicate-name": ("the name `{value}` is given twice", "Give each entry a name of its own."),
    "time-nonexistent": (
        "{value} does not exist in {zone}: clocks skip it",
        "Write a time an hour later or earlier.",
    ),
    "time-ambiguous": ("{value} happens twice in {zone}", "Add the offset: {first} or {second}."),
    "until-before-from": (
        "this ends ({until}) before it begins ({start})",
        "Exchange or correct the two times.",
    ),
    "claim-before-start": (
        "this claim ({value}) lies before the beginning ({start})",
        "Correct or drop the claim.",
    ),
    "reopening-outside": (
        "{value} lies outside the closure ({start} to {until})",
        "Reopen between the two.",
    ),
    "closure-outside-run": (
        "nothing of this falls into the days simulated ({start} to {until})",
        "Change its times, or `start` and `days`.",
    ),
    "notice-after-start": (
        "the notice ({value}) comes after the beginning ({start})",
        "Give a time before it.",
    ),
    "needs-logit": (
        "`{field}` has no effect with `choice_rule: {rule}`",
        "Leave it out, or use `choice_rule: logit`.",
    ),
    "nothing-to-change": ("this changes nothing", "Give {allowed}."),
    "either-or": ("{given} cannot be given together", "Keep one of them."),
    "same-line": ("lanes cannot change into what they are", "Give another `to_type`, or a `to_mode`."),
    "unknown-line": ("there is no line {value}", "{hint}Allowed: {allowed}."),
    "waits-crossed": (
        "it would end at once: it begins above {above} min and ends below {below} min",
        "Let `until_below_min` be the smaller.",
    ),
    "bounds-crossed": (
        "at least {least} and at most {most} cannot both hold",
        "Let `most` be the larger.",
    ),
    "unknown-pool": ("there is no pool of officers `{value}`", "{hint}Allowed: {allowed}."),
    "pool-twice": ("{line} is staffed by `{pool}` and by `{other}`", "Leave it to one of them."),
    "pool-of-nothing": (
        "this pool has no line to staff",
        "Name crossings, modes and lane types that there are.",
    ),
    "pool-travel": (
        "officers of `{pool}` cannot go from {origin} to {destination}: no travel time is known",
        "Give one under `travel`, or leave one of the two to another pool.",
    ),
    "exempt-in-part": (
        "a closure with `exempt` stops the other classes; with `{given}` it is not clear whom",
        "Write two closures: one with `exempt`, one with `{given}`.",
    ),
    "wrong-count": ("the number of values is {got}", "Give {allowed}."),
    "profile-zero": ("all shares are zero", "Give at least one hour a share above 0."),
    "steps-order": (
        "the steps are not in order of time",
        "Sort them; each begins later than the one before.",
    ),
    "station-order": (
        "`{other}` inspects some of the same lines in the same place, with the same order {order}",
        "Give one of the two a higher `order`: it comes after the other.",
    ),
    "conversion-with-stations": (
        "booths of {line} move to or from other lines, and it passes inspections before or after primary",
        "Leave one of the two out at this line: `conversions`, `officers` or `emergency`, or its `stations`.",
    ),
    "tandem-with-others": (
        "{line} has tandem booths, which go together with nothing that adds or moves booths",
        "Leave out `tandem`, or `room`, `conversions`, `officers`, `emergency`, more `lanes` or `stations`.",
    ),
    "tandem-of-three": ("{line} has more than two tandem booths in a lane", "Give `booths_per_lane: 2`."),
    "lanes-with-stations": (
        "people may choose another lane than {line}, and it passes inspections before or after primary",
        "Leave out `lane_rule`, or the `stations` of this line.",
    ),
    "walk-through-booths": (
        "people who walk through inspection use booths of a line on foot, or booths of their own",
        "Give either `booths_of`, or `booths` and `service`.",
    ),
    "walk-through-not-bus": (
        "people walk through inspection from a bus, and this is a line of mode {mode}",
        "Leave `walk_through` out, or say `mode: bus`.",
    ),
    "walk-through-nowhere": (
        "there is no line on foot at the crossing of {line} whose booths people of its buses could use",
        "Name the lane type of a line of pedestrians there, or give `booths` and `service`.",
    ),
    "walk-through-twice": (
        "people of two lines of buses use the booths of {line}",
        "Give one of them `booths` and `service` of its own.",
    ),
    "walk-through-with-others": (
        "{line} inspects people of buses, or is a line of such buses: it goes together with nothing that "
        "holds up or moves its booths",
        "Leave out `walk_through`, or `room`, `tandem`, `conversions`, `emergency` with `taken_from` or "
        "`stations` of this line; or give the buses' people `booths` and `service` of their own.",
    ),
    "walk-through-patience": (
        "parties of {line} have an exact patience, and its people walk through inspection",
        "Leave out `patience`; people in a line of buses leave it as `behaviour` says.",
    ),
    "people-of-buses": (
        "how many people a bus carries on average is uncertain, and they walk through inspection",
        "Give one number; from bus to bus it varies around it.",
    ),
    "party-of-many": (
        "{value} people in a party are more than can be simulated",
        "Allowed: at most {limit:g}; of a bus whose people `walk_through` inspection, at most {aboard:g}.",
    ),
    "room-nothing-before": (
        "nothing stands before `{name}` that a full room could hold up",
        "Leave `room` out: the queue for the first inspection stands on the road.",
    ),
    "room-behind-after": (
        "`room_behind` is the room between an inspection before the port and primary",
        "Leave it out; `room` is the room in front of this inspection.",
    ),
    "room-behind-not-last": (
        "`{other}` comes between this inspection and primary",
        "Give `room` to `{other}` instead.",
    ),
    "too-many-booths": (
        "{value} booths at {line} are more than can be simulated",
        "Allowed: at most {limit} in one line, after all factors.",
    ),
    "too-many-an-hour": (
        "{value} parties an hour at {line} are more than can be simulated",
        "Allowed: at most {limit}, after all factors.",
    ),
    "service-too-long": (
        "the longest inspections drawn from this take {value}",
        "Allowed: less than {limit}. Make the mean or the spread smaller.",
    ),
    "shares-above-one": (
        "the shares add up to {value}",
        "Allowed: at most 1 in all; the rest belongs to none of the classes.",
    ),
    "exempt-nobody": (
        "nobody is exempt from this at {lines}: no share of {exempt} is given there",
        "Give those flows `classes`, for example `classes: {{{example}: 0.4}}`.",
    ),
    "initial-warm-up": (
        "a run that begins with given lines has no warm-up",
        "Write `warm_up_days: 0`, or leave `initial` out.",
    ),
    "initial-hour": (
        "a run that begins with given lines begins at a full hour",
        "Write a `start` such as `{example}`.",
    ),
    "initial-twice": ("the line {value} is given twice", "Keep one of them."),
    "initial-too-many": (
        "{value} parties in the line {line} are more than there is room for",
        "At most {limit}, those in the booths included.",
    ),
    "too-much": ("{what} is more than can be simulated ({value})", "At most {limit}."),
    # packaged cases
    "unknown-case": ("there is no packaged case and no file `{value}`", "{hint}Packaged: {allowed}."),
    "unknown-part": ("`{value}` is not a part that can be left out", "{hint}Allowed: {allowed}."),
}
register_messages(MESSAGES)
