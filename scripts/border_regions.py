"""The regions of the border as the generator takes them: which crossings, and where their counts stand.

A crossing names its number in CBP's wait time feed (lanes and hours) and its TxDOT bridge, or the BTS port
and the share of it by mode. Points that publishers give for a port only are moved to the facility by hand
and marked as estimates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ALL_MODES = ("car", "pedestrian", "bus", "truck")


@dataclass(frozen=True)
class Crossing:
    """A crossing; ``kinds``: lane types by mode where they are not those of the feed; ``lanes`` likewise.

    ``shares`` of a port's counts by mode: where any is given, a mode without one does not use the crossing.
    """

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


@dataclass(frozen=True)
class Region:
    """A region of crossings that people choose between."""

    id: str
    name: str
    zone: str
    about: str
    crossings: tuple[Crossing, ...]
    countries: str = "US;MX"


PLAIN = {"car": "standard", "pedestrian": "standard", "truck": "standard"}

IMPERIAL = Region(
    "imperial-mexicali", "Imperial-Mexicali", "America/Los_Angeles",
    "Calexico West and East between Imperial County and Mexicali, with Andrade",
    (
        Crossing("calexico-west", "Calexico West", "calexico", "Calexico", "2503", "250302"),
        Crossing("calexico-east", "Calexico East", "calexico-east", "Calexico East", "2507", "250301"),
        Crossing("andrade", "Andrade", "andrade", "Andrade", "2502", "250201"),
    ),
)  # fmt: skip

YUMA = Region(
    "yuma-san-luis", "Yuma-San Luis Río Colorado", "America/Phoenix",
    "San Luis I (cars, people on foot) and San Luis II (cargo)",
    (
        Crossing("san-luis-1", "San Luis I", "san-luis", "San Luis", "2608", "260801",
                 shares={"car": 1, "pedestrian": 1, "bus": 1}),
        Crossing("san-luis-2", "San Luis II, cargo", "san-luis", "San Luis", "2608", "260802",
                 shares={"truck": 1}, point=(32.4862, -114.6977)),
    ),
)  # fmt: skip

LUKEVILLE = Region(
    "lukeville", "Lukeville-Sonoyta", "America/Phoenix",
    "Lukeville, on the road from Phoenix and Tucson to Puerto Peñasco; no other crossing is near",
    (Crossing("lukeville", "Lukeville", "lukeville", "Lukeville", "2602", "260201"),),
)  # fmt: skip

NOGALES = Region(
    "nogales", "Nogales", "America/Phoenix",
    "DeConcini, Morley Gate and Mariposa between the two cities of Nogales, with Sasabe",
    (
        Crossing("deconcini", "DeConcini", "nogales", "Nogales", "2604", "260401",
                 shares={"car": 0.48, "pedestrian": 0.60}),
        Crossing("morley-gate", "Morley Gate", "nogales", "Nogales", "2604", "260403",
                 shares={"pedestrian": 0.25}, point=(31.3328, -110.9402)),
        Crossing("mariposa", "Mariposa", "nogales", "Nogales", "2604", "260402",
                 shares={"car": 0.52, "pedestrian": 0.15, "bus": 1, "truck": 1}, point=(31.3336, -110.9660)),
        Crossing("sasabe", "Sasabe", "sasabe", "Sasabe", "2606", hours=("08:00", "20:00")),
    ),
)  # fmt: skip

DOUGLAS = Region(
    "douglas-naco", "Douglas-Agua Prieta and Naco", "America/Phoenix",
    "Douglas (Raul Hector Castro) and Naco",
    (
        Crossing("douglas", "Douglas", "douglas", "Douglas", "2601", "260101"),
        Crossing("naco", "Naco", "naco", "Naco", "2603", "260301"),
    ),
)  # fmt: skip

COLUMBUS = Region(
    "columbus", "Columbus-Palomas", "America/Denver",
    "Columbus; BTS does not count Antelope Wells apart from it",
    (Crossing("columbus", "Columbus", "columbus", "Columbus", "2406", "240601"),),
)  # fmt: skip

SAN_DIEGO = Region(  # for rail and trade only
    "san-diego-tijuana", "San Diego-Tijuana", "America/Los_Angeles", "",
    (
        Crossing("otay-mesa-commercial", "Otay Mesa, cargo", "otay-mesa", "Otay Mesa", "2506", "250602"),
        Crossing("tecate", "Tecate", "tecate", "Tecate", "2505", "250501"),
    ),
)  # fmt: skip

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
                 "Marcelino Serna Bridge", kinds=PLAIN),
        Crossing("fort-hancock", "Fort Hancock", "tornillo", "Tornillo", "2404", "240403",
                 "Fort Hancock-El Porvenir Bridge", kinds=PLAIN),
        Crossing("santa-teresa", "Santa Teresa", "santa-teresa", "Santa Teresa", "2408", "240801"),
    ),
)  # fmt: skip

PRESIDIO = Region(
    "presidio", "Presidio-Ojinaga", "America/Chicago",
    "Presidio, and Boquillas for people on foot in Big Bend",
    (
        Crossing("presidio", "Presidio", "presidio", "Presidio", "2403", "240301",
                 "Presidio-Ojinaga International Bridge"),
        Crossing("boquillas", "Boquillas", "boquillas", "Boquillas", "2410", "", "Boquillas",
                 hours=("09:00", "18:00")),
    ),
)  # fmt: skip

DEL_RIO = Region(
    "del-rio-eagle-pass", "Del Rio-Eagle Pass", "America/Chicago",
    "Del Rio with Lake Amistad Dam, and the two road bridges of Eagle Pass",
    (
        Crossing("del-rio", "Del Rio", "del-rio", "Del Rio", "2302", "230201",
                 "Del Rio International Bridge"),
        Crossing("amistad-dam", "Lake Amistad Dam", "del-rio", "Del Rio", "2302", "",
                 "Lake Amistad Dam Crossing", hours=("10:00", "18:00")),
        Crossing("eagle-pass-1", "Eagle Pass, Bridge I", "eagle-pass", "Eagle Pass", "2303", "230301",
                 "Eagle Pass International Bridge"),
        Crossing("eagle-pass-2", "Eagle Pass, Camino Real (Bridge II)", "eagle-pass", "Eagle Pass", "2303",
                 "230302", "Camino Real International Bridge"),
    ),
)  # fmt: skip

LAREDO = Region(
    "laredo", "Laredo-Nuevo Laredo", "America/Chicago",
    "The four road bridges of Laredo",
    (
        Crossing("laredo-1", "Gateway to the Americas (Bridge I)", "laredo", "Laredo", "2304", "230401",
                 "Gateway to the Americas Bridge"),
        Crossing("laredo-2", "Juárez-Lincoln (Bridge II)", "laredo", "Laredo", "2304", "230402",
                 "Juárez-Lincoln International Bridge"),
        Crossing("colombia", "Colombia Solidarity", "laredo", "Laredo", "2304", "230403",
                 "Colombia Solidarity Bridge"),
        Crossing("world-trade", "World Trade Bridge", "laredo", "Laredo", "2304", "230404",
                 "World Trade Bridge"),
    ),
)  # fmt: skip

VALLEY = Region(
    "rio-grande-valley", "Rio Grande Valley", "America/Chicago",
    "Crossings from Lake Falcon to Brownsville and Matamoros",
    (
        Crossing("falcon-dam", "Lake Falcon Dam", "roma", "Roma", "2310", "",
                 "Lake Falcon Dam International Crossing", hours=("07:00", "21:00")),
        Crossing("roma", "Roma", "roma", "Roma", "2310", "231001",
                 "Roma-Ciudad Miguel Alemán International Bridge"),
        Crossing("rio-grande-city", "Rio Grande City (Starr-Camargo)", "rio-grande-city", "Rio Grande City",
                 "2307", "230701", "Starr-Camargo Bridge"),
        Crossing("los-ebanos", "Los Ebanos Ferry", "rio-grande-city", "Rio Grande City", "2307", "",
                 "Los Ebanos Ferry", hours=("08:00", "16:00")),
        Crossing("anzalduas", "Anzalduas", "hidalgo", "Hidalgo", "2305", "230503",
                 "Anzalduas International Bridge"),
        Crossing("hidalgo", "McAllen-Hidalgo", "hidalgo", "Hidalgo", "2305", "230501",
                 "McAllen-Hidalgo International Bridge"),
        Crossing("pharr", "Pharr", "hidalgo", "Hidalgo", "2305", "230502", "Pharr International Bridge"),
        Crossing("donna", "Donna-Rio Bravo", "progreso", "Progreso", "2309", "230902",
                 "Donna-Rio Bravo International Bridge"),
        Crossing("progreso", "Progreso", "progreso", "Progreso", "2309", "230901",
                 "Progreso International Bridge"),
        Crossing("los-indios", "Los Indios (Free Trade Bridge)", "brownsville", "Brownsville", "2301",
                 "535503", "Free Trade International Bridge (Los Indios)"),
        Crossing("brownsville-matamoros", "Brownsville and Matamoros (B&M)", "brownsville", "Brownsville",
                 "2301", "535501", "Brownsville & Matamoros Express Bridge"),
        Crossing("gateway", "Gateway", "brownsville", "Brownsville", "2301", "535504",
                 "Gateway International Bridge"),
        Crossing("veterans", "Veterans (Los Tomates)", "brownsville", "Brownsville", "2301", "535502",
                 "Veterans International Bridge at Los Tomates"),
    ),
)  # fmt: skip

SOUTHERN = (
    IMPERIAL, YUMA, LUKEVILLE, NOGALES, DOUGLAS, COLUMBUS, EL_PASO, PRESIDIO, DEL_RIO, LAREDO, VALLEY,
)  # fmt: skip

# --- the border with Canada: points read off a map, shares of ports assumed
NEXUS, NEXUS_ONLY = {"car": "standard;nexus", "truck": "standard;fast"}, {"car": "nexus"}

DETROIT = Region(
    "detroit-windsor", "Detroit-Windsor and Port Huron-Sarnia", "America/Detroit",
    "Ambassador Bridge and Tunnel between Detroit and Windsor, with the Blue Water Bridge at Port Huron",
    (
        Crossing("ambassador-bridge", "Ambassador Bridge", "detroit", "Detroit", "3801", "380001",
                 shares={"car": 0.5, "bus": 0.2, "truck": 0.99}, kinds=NEXUS, point=(42.3119, -83.0740)),
        Crossing("windsor-tunnel", "Detroit-Windsor Tunnel", "detroit", "Detroit", "3801", "380002",
                 shares={"car": 0.5, "bus": 0.8, "truck": 0.01}, kinds={**NEXUS, "truck": "standard"},
                 point=(42.3247, -83.0402)),
        Crossing("blue-water-bridge", "Blue Water Bridge", "port-huron", "Port Huron", "3802", "380201",
                 kinds=NEXUS, point=(42.9987, -82.4235)),
    ), "US;CA",
)  # fmt: skip

BUFFALO = Region(
    "buffalo-niagara", "Buffalo-Niagara Falls", "America/New_York",
    "Peace, Rainbow, Whirlpool (NEXUS only) and Lewiston-Queenston bridges",
    (
        Crossing("peace-bridge", "Peace Bridge", "buffalo", "Buffalo-Niagara Falls", "0901", "090101",
                 shares={"car": 0.43, "bus": 0.45, "truck": 0.64, "pedestrian": 0.1},
                 kinds={**NEXUS, "truck": "standard"}, point=(42.9065, -78.9055)),
        Crossing("rainbow-bridge", "Rainbow Bridge", "buffalo", "Buffalo-Niagara Falls", "0901", "090102",
                 shares={"car": 0.27, "bus": 0.25, "pedestrian": 0.9}, kinds={"car": "standard"},
                 point=(43.0902, -79.0677)),
        Crossing("whirlpool-bridge", "Whirlpool Bridge", "buffalo", "Buffalo-Niagara Falls", "0901", "090103",
                 shares={"car": 0.03}, kinds=NEXUS_ONLY, point=(43.1092, -79.0583)),
        Crossing("lewiston-bridge", "Lewiston-Queenston Bridge", "buffalo", "Buffalo-Niagara Falls", "0901",
                 "090104", shares={"car": 0.27, "bus": 0.3, "truck": 0.36},
                 kinds={**NEXUS, "truck": "standard"}, point=(43.1530, -79.0444)),
    ), "US;CA",
)  # fmt: skip

BLAINE = Region(
    "blaine", "Blaine-Surrey", "America/Los_Angeles",
    "Peace Arch and Pacific Highway at Blaine, with Lynden and Sumas",
    (
        Crossing("peace-arch", "Peace Arch", "blaine", "Blaine", "3004", "300402",
                 shares={"car": 0.58, "pedestrian": 0.6}, kinds={"car": "standard;nexus"},
                 point=(49.0021, -122.7565)),
        Crossing("pacific-highway", "Pacific Highway", "blaine", "Blaine", "3004", "300401",
                 shares={"car": 0.42, "pedestrian": 0.4, "bus": 1, "truck": 1}, kinds=NEXUS,
                 point=(49.0023, -122.7353)),
        Crossing("lynden", "Lynden", "lynden", "Lynden", "3023", "302301",
                 kinds={"car": "standard;nexus", "truck": "standard"}, point=(49.0024, -122.4852)),
        Crossing("sumas", "Sumas", "sumas", "Sumas", "3009", "300901",
                 kinds={"car": "standard;nexus", "truck": "standard"}, point=(49.0024, -122.2650)),
    ), "US;CA",
)  # fmt: skip

SWEETGRASS = Region(
    "sweetgrass", "Sweetgrass-Coutts", "America/Denver",
    "Sweetgrass, on the road from Great Falls to Lethbridge",
    (
        Crossing("sweetgrass", "Sweetgrass", "sweetgrass", "Sweetgrass", "3310", "331001",
                 kinds={"car": "standard", "truck": "standard"}, point=(48.9986, -111.9600)),
    ), "US;CA",
)  # fmt: skip

NORTHERN = (DETROIT, BUFFALO, BLAINE, SWEETGRASS)
REGIONS = (*SOUTHERN, *NORTHERN)
