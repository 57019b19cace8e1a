"""Displacement Tracking Matrix (DTM) of the International Organization for Migration (IOM): who is where.

Three shapes: displaced people by area and round, as the public interface gives them (version 3 and its CSV on
the Humanitarian Data Exchange); site assessments, one row a site; flow monitoring, people who pass a point by
day. Headings differ from country to country: they are known by many names, with or without the numbers of the
questionnaire (``1.1.d.1: Site Name``), and by HXL hashtags. They are counts and estimates by key informants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from garita.sources import cells
from garita.sources.day_order import in_one_order
from garita.sources.frame import Column, Frame, build, found_in
from garita.sources.layout import Document, Layout, table
from garita.sources.messages import Notes
from garita.sources.repeats import without_duplicates
from garita.sources.table import Table

DISPLACEMENT, SITES, FLOWS = "dtm-displacement", "dtm-sites", "dtm-flows"
TOTALS = {"total", "totals", "grandtotal", "subtotal", "totalgénéral", "totalgeneral", "gesamt"}


def _people(name: str, *also: str, tags: tuple[str, ...] = (), needed: bool = False) -> Column:
    return Column(name, "people" if needed else "people-or-none", also, needed, tags=tags)


def _area(level: int, *also: str) -> tuple[Column, Column]:
    names = (f"Admin {level} Name", f"Admin{level}", f"Admin {level}", f"ADM{level}_EN", *also)
    codes = (f"Admin {level} Pcode", f"ADM{level}_PCODE", f"Admin{level} Code")
    return (
        Column(f"admin{level}Name", also=names, needed=False, tags=(f"#adm{level}+name", f"#adm{level}")),
        Column(f"admin{level}Pcode", also=codes, needed=False, tags=(f"#adm{level}+code",)),
    )


COUNTRY = Column(
    "admin0Name",
    also=("Admin 0 Name", "Country", "Country Name"),
    needed=False,
    tags=("#country+name", "#country", "#adm0+name"),
)
AREAS = (
    *_area(1, "Region", "State", "Province", "Governorate", "Department"),
    *_area(2, "District", "County", "Zone", "Municipality", "LGA"),
)
DATES = ("Reporting Date", "Reported Date", "Survey Date", "Date of Survey", "Date of Assessment",
         "Assessment Date", "Date")  # fmt: skip
DATE_TAGS = ("#date+reported", "#date+survey", "#date")
ROUND = Column(
    "roundNumber",
    also=("Round", "Survey Round", "Round Number"),
    needed=False,
    tags=("#round+code", "#round"),
)
BY_KIND = (
    _people("Women", "Adult Women", "Adult Female", "Adult Females", "Number of Women", "Female Adults",
            tags=("#affected+f+adults", "#affected+f+adults+idps")),
    _people("Men", "Adult Men", "Adult Male", "Adult Males", "Number of Men", "Male Adults",
            tags=("#affected+m+adults", "#affected+m+adults+idps")),
    _people("Girls", "Number of Girls", "Female Children", tags=("#affected+f+children",)),
    _people("Boys", "Number of Boys", "Male Children", tags=("#affected+m+children",)),
    _people("Children", "Number of Children", "Minors", "Total Children", tags=("#affected+children",)),
    _people("numberFemales", "Number of Females", "Females", "Female", "Total Females", "Total Female",
            tags=("#affected+f", "#affected+f+idps")),
    _people("numberMales", "Number of Males", "Males", "Male", "Total Males", "Total Male",
            tags=("#affected+m", "#affected+m+idps")),
)  # fmt: skip
INDIVIDUALS = (
    "Total Number of IDP Individuals", "Total Number of Internally Displaced Persons",
    "Total Number of Individuals Present", "Total Number of Individuals", "Number of Individuals",
    "Total Individuals", "IDP Individuals", "Number of IDPs", "Total IDPs", "IDPs", "Number of Persons",
    "Number of People", "Number of Migrants", "Total Flow", "Total Number of People", "Persons",
)  # fmt: skip
PEOPLE_TAGS = ("#affected+idps+ind", "#affected+idps", "#affected+ind", "#affected")

DISPLACEMENT_COLUMNS = (
    Column("operation", needed=False, tags=("#operation+name",)),
    Column(COUNTRY.name, also=COUNTRY.also, tags=COUNTRY.tags),
    Column("admin0Pcode", also=("Admin 0 Pcode",), needed=False, tags=("#country+code",)),
    *AREAS,
    _people("numPresentIdpInd", *INDIVIDUALS, tags=PEOPLE_TAGS, needed=True),
    *BY_KIND,
    Column("idpOriginAdmin1Name", needed=False),
    Column("reportingDate", "day", DATES, tags=DATE_TAGS),
    ROUND,
    Column("displacementReason", also=("Reason for Displacement",), needed=False),
    Column("assessmentType", also=("Assessment Type",), needed=False, tags=("#assessment+type",)),
)
SITE_COLUMNS = (
    Column("Site ID", also=("SSID", "Site Code", "Site ID (SSID)"), needed=False, tags=("#loc+code",)),
    Column("Site Name", also=("Name of the Site", "Location Name", "Site"), tags=("#loc+name", "#loc")),
    Column("Site Type", also=("Settlement/site type", "Site Classification", "Location Type"), needed=False,
           tags=("#loc+type",)),
    COUNTRY,
    *AREAS,
    Column("Latitude", "number", ("GPS: Latitude", "Lat"), False, low=-90, high=90, tags=("#geo+lat",)),
    Column("Longitude", "number", ("GPS: Longitude", "Lon", "Long"), False, low=-180, high=180,
           tags=("#geo+lon",)),
    Column("reportingDate", "day", DATES, tags=DATE_TAGS),
    ROUND,
    _people("Households", "Number of Households", "Total Number of Households",
            "Total Number of IDP Households", "Total Households", "Number of HH", "HH",
            tags=("#affected+hh", "#affected+hh+idps")),
    _people("Individuals", *INDIVIDUALS, tags=PEOPLE_TAGS, needed=True),
    *BY_KIND,
)  # fmt: skip
FLOW_COLUMNS = (
    Column("Flow Monitoring Point", also=("Flow Monitoring Point Name", "FMP", "FMP Name", "Name of FMP",
           "FMP Location"), tags=("#loc+fmp+name", "#loc+fmp")),
    COUNTRY,
    *AREAS,
    Column("reportingDate", "day", DATES, tags=DATE_TAGS),
    Column("Direction", also=("Flow Direction", "Flow Type", "Type of Flow"), needed=False),
    Column("Departure", also=("Departure Country", "Country of Departure", "Place of Departure"),
           needed=False, tags=("#country+origin", "#country+departure")),
    Column("Destination", also=("Destination Country", "Country of Destination", "Intended Destination",
           "Country of Intended Destination"), needed=False, tags=("#country+destination",)),
    Column("Nationality", needed=False, tags=("#population+nationality",)),
    _people("Individuals", *INDIVIDUALS, tags=PEOPLE_TAGS, needed=True),
    *BY_KIND,
)  # fmt: skip


def read(
    source: str, columns: Sequence[Column], people: str, place: Sequence[str], form: str, document: Document
) -> Table:
    """The columns that the file has, under one name each.

    Marked ``parts-differ``: women, men and children, or females and males, do not add up to the people told.
    Sums at the end are left out. Raises DataError.
    """
    notes, rows = document.notes, document.rows
    there = [column for column in columns if column.needed or found_in(rows, column)]
    in_one_order(rows, next(column for column in there if column.name == "reportingDate"), notes)
    frame = build(rows, there, notes)
    frame = _without_sums(frame, place, notes)
    few = tuple(column.name for column in there if column.kind in ("people", "people-or-none"))
    keys = [name for name in frame.columns if name not in few]
    frame = without_duplicates(frame, keys, few, _named(frame, place), notes, few=True)
    _check_parts(frame, people, notes)
    if "Households" in frame.columns:
        for row in np.flatnonzero(frame["Households"] > frame[people]):
            frame.flags[int(row)].add("parts-differ")
            notes.odd("more-households", int(frame.lines[row]), "Households")
    return table((source, form), frame, notes, few=few, gaps=few)


def _named(frame: Frame, place: Sequence[str]) -> Callable[[int], str]:
    known = [name for name in place if name in frame.columns]

    def name(row: int) -> str:
        words = [str(frame[column][row]) for column in known if frame[column][row]]
        return ", ".join([*words, str(frame["reportingDate"][row])])

    return name


def _without_sums(frame: Frame, place: Sequence[str], notes: Notes) -> Frame:
    """Rows that are sums of others, by the name of their place."""
    known = [frame[name].tolist() for name in place if name in frame.columns]
    sums = np.zeros(len(frame.lines), bool)
    for row, names in enumerate(zip(*known, strict=True)):
        if any(cells.plain(name) in TOTALS for name in names):
            sums[row] = True
            notes.odd("sum-row", int(frame.lines[row]))
    if sums.all():
        raise notes.refuse("data-nothing")
    return frame.keep(~sums)


def _check_parts(frame: Frame, people: str, notes: Notes) -> None:
    """Where parts of the people told are all given, they add up."""
    for parts in (
        ("Women", "Men", "Girls", "Boys"),
        ("Women", "Men", "Children"),
        ("numberFemales", "numberMales"),
    ):
        if not all(name in frame.columns for name in parts):
            continue
        total = frame[people]
        each = np.stack([frame[name] for name in parts])
        exact = ((each == np.rint(each)) | np.isnan(each)).all(axis=0) & (total == np.rint(total))
        for row in np.flatnonzero(exact & ~np.isnan(each).any(axis=0) & (each.sum(axis=0) != total)):
            frame.flags[int(row)].add("parts-differ")
            told = {
                "parts": ", ".join(parts),
                "found": f"{each[:, row].sum():,.0f}",
                "total": f"{total[row]:,.0f}",
            }
            if total[row] >= 10:
                notes.odd("parts-differ", int(frame.lines[row]), people, **told)


def _layouts() -> tuple[Layout, ...]:
    shapes = (
        (FLOWS, FLOW_COLUMNS, "Individuals", ("Flow Monitoring Point",)),
        (SITES, SITE_COLUMNS, "Individuals", ("Site Name", "admin1Name")),
        (DISPLACEMENT, DISPLACEMENT_COLUMNS, "numPresentIdpInd", ("admin0Name", "admin1Name", "admin2Name")),
    )
    return tuple(
        Layout(
            source, form.upper(), form, columns, partial(read, source, columns, people, place, form.upper())
        )
        for source, columns, people, place in shapes
        for form in ("csv", "json")
    )


LAYOUTS: Sequence[Layout] = _layouts()
