"""The data sets that are known: publisher, address, terms and readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from garita.sources.layout import Layout

US_WORK = "work of the US government: public domain in the US (17 USC 105)"


@dataclass(frozen=True)
class Source:
    """A public data set.

    `reader` is the module under `garita.sources` that reads it. `page` is where people find it. `addresses`
    are what `fetch` asks for, with names in braces for what the user says; empty where the publisher has no
    lasting address. `ending` is that of the file; what is `of_the_moment` gets the time into its name.
    """

    name: str
    title: str
    publisher: str
    reader: str
    page: str
    terms: str
    addresses: tuple[str, ...] = ()
    ending: str = ".json"
    of_the_moment: bool = False


CBP = "US Customs and Border Protection (CBP)"
WAITS_PAGE = "https://bwt.cbp.gov/"
BRIDGES_TERMS = "counts: " + US_WORK + "; compilation: no licence is stated, ask before passing it on"

IOM = "International Organization for Migration (IOM), Displacement Tracking Matrix (DTM)"
DTM_TERMS = "free to use with the name of the publisher; each data set states its licence, many CC BY-IGO"

_ALL = (
    Source(
        "bts",
        "Border Crossing Entry Data: entries by port, month and measure since 1996",
        "Bureau of Transportation Statistics (BTS), from counts of CBP",
        "bts_entries",
        "https://data.bts.gov/Research-and-Statistics/Border-Crossing-Entry-Data/keg4-3bc2",
        US_WORK,
        ("https://data.bts.gov/api/views/keg4-3bc2/rows.csv?accessType=DOWNLOAD",),
        ending=".csv",
    ),
    Source(
        "transborder",
        "TransBorder Freight: value and weight of trade by port or state, mode and month since 1993",
        "Bureau of Transportation Statistics (BTS)",
        "transborder",
        "https://www.bts.gov/topics/transborder-raw-data",
        US_WORK,
        ending=".csv",
    ),
    Source(
        "cbp-waits",
        "Border wait times of the moment, by crossing and lane type",
        CBP,
        "cbp_live",
        WAITS_PAGE,
        US_WORK,
        ("https://bwt.cbp.gov/api/bwtnew",),
        of_the_moment=True,
    ),
    Source(
        "cbp-wait-graph",
        "Wait times of one day at a crossing by hour, beside the usual ones",
        CBP,
        "cbp_graph",
        WAITS_PAGE,
        US_WORK,
        ("https://bwt.cbp.gov/api/bwtwaittimegraph/{crossing}/{date}",),
    ),
    Source(
        "cbp-historical",
        "Average wait times of a crossing by month, weekday and hour",
        CBP,
        "cbp_averages",
        WAITS_PAGE,
        US_WORK,
        ("https://bwt.cbp.gov/api/historicalwaittimes/{crossing}/{lanes}/GEN/{month}/7",),
    ),
    Source(
        "cbp-holidays",
        "Wait times of a crossing by hour on days near a holiday",
        CBP,
        "cbp_averages",
        WAITS_PAGE,
        US_WORK,
        ("https://bwt.cbp.gov/api/holidaywaittimes/{crossing}/{lanes}/GEN/{holiday}",),
    ),
    Source(
        "texas-bridges",
        "Northbound counts of each Texas bridge by month and mode since 2008",
        "Texas Department of Transportation, from counts of CBP; table by the University of North Texas",
        "texas_bridges",
        "https://github.com/unt-clscm/CBP-Border-Crossings",
        BRIDGES_TERMS,
        ending=".csv",
    ),
    Source(
        "cbp-encounters",
        "Encounters at and between ports by month, component or area, citizenship and kind",
        CBP,
        "encounters",
        "https://www.cbp.gov/document/stats/southwest-land-border-encounters",
        US_WORK,
        ending=".csv",
    ),
    Source(
        "usbp-sectors",
        "Encounters by month and US Border Patrol sector since October 1999, rounded to tens",
        "Office of Homeland Security Statistics",
        "encounters",
        "https://ohss.dhs.gov/topics/immigration/immigration-enforcement/monthly-tables",
        US_WORK,
        ending=".csv",
    ),
    Source(
        "tijuana-app",
        "Wait times at Tijuana's crossings, as a local app repeats them",
        "unofficial; no publisher is named",
        "tijuana_app",
        "https://github.com/Brian-MadMath/border-wait-times",
        "no licence is stated: do not pass it on",
    ),
    Source(
        "garita-journeys",
        "Garita's own tables of journeys with HXL hashtags: people, shelters, needs and waiting lists by day",
        "whoever ran the scenario",
        "journey_tables",
        "https://hxlstandard.org/standard/1-1final/",
        "as whoever ran the scenario says; they hold simulated means, and no records of persons",
        ending=".csv",
    ),
    Source(
        "dtm-displacement",
        "Displaced people by country, area and round of assessment, as the public interface gives them",
        IOM,
        "dtm",
        "https://dtm.iom.int/data-and-analysis/dtm-api",
        DTM_TERMS,
        ending=".csv",
    ),
    Source(
        "dtm-sites",
        "Site assessments: people, households, women, men and children by site",
        IOM,
        "dtm",
        "https://data.humdata.org/organization/international-organization-for-migration",
        DTM_TERMS,
        ending=".csv",
    ),
    Source(
        "dtm-flows",
        "Flow monitoring: people who pass a monitoring point, by day",
        IOM,
        "dtm",
        "https://dtm.iom.int/about/methodological-framework/flow-monitoring",
        DTM_TERMS,
        ending=".csv",
    ),
)
SOURCES = {source.name: source for source in _ALL}


def layouts() -> Iterator[Layout]:
    """All layouts of all data sets, in the order of the catalogue."""
    for reader in dict.fromkeys(source.reader for source in _ALL):
        yield from import_module(f"garita.sources.{reader}").LAYOUTS
