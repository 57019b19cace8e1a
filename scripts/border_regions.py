"""The regions of the border as the generator takes them: which crossings, and where their counts stand.

A crossing names its number in CBP's wait time feed (lanes and hours) and its TxDOT bridge, or the BTS port
and the share of it (by lanes times hours, unless said otherwise). Points that publishers give for a port
only are moved to the facility by hand and marked as estimates."""

from __future__ import annotations

from dataclasses import dataclass, field

ALL_MODES = ("car", "pedestrian", "bus", "truck")


@dataclass(frozen=True)
class Crossing:
    """A crossing; ``kinds``: lane types by mode where they are not those of the feed; ``lanes`` likewise."""

    id: str
    name: str
    port: str
    port_name: str
    bts: str
    cbp: str = ""
    bridge: str = ""
    shares: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=dict)
    hours: tuple[str, str] | None = None
    point: tuple[float, float] | None = None
    estimate: bool = False  # the point


@dataclass(frozen=True)
class Region:
    """A region of crossings that people choose between."""

    id: str
    name: str
    zone: str
    about: str
    crossings: tuple[Crossing, ...]
    countries: str = "US;MX"


EL_PASO = Region(
    "el-paso-juarez", "El Paso-Ciudad Juárez", "America/Denver",
    "Bridges between El Paso and Ciudad Juárez, with Santa Teresa, Tornillo and Fort Hancock",
    (
        Crossing("paso-del-norte", "Paso del Norte", "el-paso", "El Paso", "2402", "240202",
                 "Paso del Norte Bridge"),
        Crossing("stanton", "Stanton (Good Neighbor Bridge)", "el-paso", "El Paso", "2402", "240204",
                 "Good Neighbor Bridge", kinds={"car": "sentri"}),
        Crossing("bridge-of-the-americas", "Bridge of the Americas", "el-paso", "El Paso", "2402", "240201",
                 "Bridge of the Americas"),
        Crossing("ysleta", "Ysleta-Zaragoza", "ysleta", "Ysleta", "2402", "240203", "Ysleta Bridge"),
        Crossing("tornillo", "Tornillo (Marcelino Serna Bridge)", "tornillo", "Tornillo", "2404", "240401",
                 "Marcelino Serna Bridge", kinds={"car": "standard", "pedestrian": "standard"}),
        Crossing("fort-hancock", "Fort Hancock", "tornillo", "Tornillo", "2404", "240403",
                 "Fort Hancock-El Porvenir Bridge", kinds={"car": "standard", "pedestrian": "standard"}),
        Crossing("santa-teresa", "Santa Teresa", "santa-teresa", "Santa Teresa", "2408", "240801"),
    ),
)  # fmt: skip

REGIONS = (EL_PASO,)
