"""Demand settings of san-diego-tijuana: who crosses when. Proposals unless the comment names a publisher."""

from __future__ import annotations


def hours(**parts: float) -> list[float]:
    """Turn h05=0.6, h06=1.6, ... into 24 values."""
    return [float(parts.get(f"h{hour:02d}", 0.0)) for hour in range(24)]


# Northbound tour starts of residents of Mexico, per cent by hour (SANDAG, all purposes).
MEXICO_NORTHBOUND = hours(
    h05=0.6, h06=1.6, h07=7.7, h08=11.2, h09=17.0, h10=15.7, h11=12.7, h12=13.0, h13=11.6, h14=7.5, h15=1.0
)
# Southbound returns of residents of Mexico, per cent by hour (SANDAG); the 4.5 % not listed: after midnight.
MEXICO_SOUTHBOUND = hours(
    h00=3.0,
    h01=1.5,
    h12=4.4,
    h13=7.6,
    h14=11.0,
    h15=10.5,
    h16=11.4,
    h17=13.3,
    h18=11.3,
    h19=7.8,
    h20=7.1,
    h21=4.2,
    h22=2.7,
    h23=4.2,
)

# Profiles, relative weights by hour. The two SANDAG profiles are smoothed over five hours before use: they
# are starts of modelled tours on a mean weekday; counts at a port are smoother.
PROFILES: dict[str, list[float]] = {
    # people who must be at work or school: queueing from 03 h
    "work": [1, 1, 3, 9, 15, 17, 15, 10, 6, 4, 3, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1],
    # residents of the US coming home
    "us-weekday": [2, 1, 1, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 8, 7, 6, 5, 4, 3],
    "us-saturday": [4, 3, 3, 2, 1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7, 7, 8, 8, 8, 8, 8, 7, 7, 7],
    "us-sunday": [5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 7, 7, 6, 5, 3],
    # Saturday and Sunday outings of residents of Mexico start later and last into the evening
    "mexico-weekend": [1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 7, 7, 6, 6, 5, 4, 4, 3, 2],
    "mexico-sunday": [1, 1, 1, 1, 2, 2, 3, 5, 6, 7, 8, 8, 8, 8, 8, 7, 6, 6, 5, 5, 4, 3, 2, 1],
    # any hour, so that no hour is empty
    "round-the-clock": [1.0] * 24,
    # southbound
    "us-out-weekday": [1, 1, 1, 1, 2, 3, 5, 7, 8, 8, 8, 7, 6, 5, 5, 6, 7, 8, 6, 5, 4, 3, 2, 1],
    "us-out-weekend": [2, 1, 1, 1, 1, 2, 4, 6, 8, 10, 11, 10, 9, 8, 7, 6, 6, 6, 5, 5, 4, 4, 3, 2],
    # air passengers: flights of the day
    "air-in": [3, 1, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 4],
    "air-out": [4, 4, 4, 6, 6, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 5, 4, 4, 4, 4, 4, 3, 3, 3],
    "bus": [2, 1, 1, 1, 2, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 4, 4, 3, 3],
    # cargo: northbound builds up to the afternoon, weekends 8 to 16 h
    "truck-weekday": [0, 0, 0, 0, 0, 0, 5, 6, 7, 8, 8, 8, 8, 9, 9, 9, 8, 7, 5, 2, 0, 0, 0, 0],
    "truck-weekend": [0, 0, 0, 0, 0, 0, 0, 0, 12, 14, 15, 15, 14, 12, 10, 5, 0, 0, 0, 0, 0, 0, 0, 0],
    "truck-out-weekday": [0, 0, 0, 0, 0, 0, 6, 9, 10, 10, 9, 9, 8, 8, 8, 8, 6, 5, 3, 1, 0, 0, 0, 0],
}

# Mix of profiles: (direction, mode, lane types) -> day type -> weights. "M" is the smoothed SANDAG northbound
# profile, "S" the southbound one. Only residents of Mexico follow them; residents of the US have their own.
MIXES: dict[tuple[str, str, str], dict[str, dict[str, float]]] = {
    ("inbound", "car", "standard"): {
        "weekday": {"work": 0.25, "M": 0.29, "us-weekday": 0.34, "round-the-clock": 0.12},
        "saturday": {"work": 0.06, "mexico-weekend": 0.46, "us-saturday": 0.40, "round-the-clock": 0.08},
        "sunday": {"work": 0.03, "mexico-sunday": 0.39, "us-sunday": 0.50, "round-the-clock": 0.08},
    },
    ("inbound", "car", "ready"): {
        "weekday": {"work": 0.27, "M": 0.28, "us-weekday": 0.33, "round-the-clock": 0.12},
        "saturday": {"work": 0.06, "mexico-weekend": 0.46, "us-saturday": 0.40, "round-the-clock": 0.08},
        "sunday": {"work": 0.03, "mexico-sunday": 0.37, "us-sunday": 0.52, "round-the-clock": 0.08},
    },
    ("inbound", "car", "sentri"): {
        "weekday": {"work": 0.33, "M": 0.22, "us-weekday": 0.37, "round-the-clock": 0.08},
        "saturday": {"work": 0.08, "mexico-weekend": 0.42, "us-saturday": 0.42, "round-the-clock": 0.08},
        "sunday": {"work": 0.04, "mexico-sunday": 0.34, "us-sunday": 0.54, "round-the-clock": 0.08},
    },
    ("inbound", "pedestrian", "*"): {
        "weekday": {"work": 0.30, "M": 0.36, "us-weekday": 0.28, "round-the-clock": 0.06},
        "saturday": {"work": 0.07, "mexico-weekend": 0.51, "us-saturday": 0.36, "round-the-clock": 0.06},
        "sunday": {"work": 0.03, "mexico-sunday": 0.47, "us-sunday": 0.44, "round-the-clock": 0.06},
    },
    ("inbound", "bus", "*"): {d: {"bus": 1.0} for d in ("weekday", "saturday", "sunday")},
    ("inbound", "truck", "*"): {
        "weekday": {"truck-weekday": 1.0},
        "saturday": {"truck-weekend": 1.0},
        "sunday": {"truck-weekend": 1.0},
    },
    ("outbound", "car", "standard"): {
        "weekday": {"S": 0.70, "us-out-weekday": 0.25, "round-the-clock": 0.05},
        "saturday": {"S": 0.55, "us-out-weekend": 0.40, "round-the-clock": 0.05},
        "sunday": {"S": 0.60, "us-out-weekend": 0.35, "round-the-clock": 0.05},
    },
    ("outbound", "pedestrian", "*"): {
        "weekday": {"S": 0.75, "us-out-weekday": 0.20, "round-the-clock": 0.05},
        "saturday": {"S": 0.60, "us-out-weekend": 0.35, "round-the-clock": 0.05},
        "sunday": {"S": 0.65, "us-out-weekend": 0.30, "round-the-clock": 0.05},
    },
    ("outbound", "bus", "*"): {d: {"bus": 1.0} for d in ("weekday", "saturday", "sunday")},
    ("outbound", "truck", "*"): {
        "weekday": {"truck-out-weekday": 1.0},
        "saturday": {"truck-weekend": 1.0},
        "sunday": {"truck-weekend": 1.0},
    },
}
# Cross Border Xpress follows flights.
AIR_MIX = {"inbound": {"air-in": 1.0}, "outbound": {"air-out": 1.0}}
# Otay Mesa waits are flat at an hour from 05 to 15 h (V1): a flatter profile, more round the clock.
FLATTER = {("otay-mesa-passenger", "car"): 0.15}

# In the hour before it opens this share of those who would come in it queue at the gate: V1 has 39 min (cars)
# and 26 min (on foot) at Tecate in the hour of opening.
EARLY_SHARE = {("tecate", "car"): 0.7, ("tecate", "pedestrian"): 0.7}

# Weekday factors, mean 1 over the week. No counts by weekday are published: cars and people on foot are set
# so that Saturday and Sunday carry the longer waits of the CBP averages with rosters like those of weekdays.
WEEKDAY_FACTORS = {
    ("inbound", "car", "standard"): [0.98, 0.96, 0.95, 0.96, 0.98, 1.08, 1.09],
    ("inbound", "car", "ready"): [0.98, 0.96, 0.95, 0.96, 0.98, 1.08, 1.09],
    ("inbound", "car", "sentri"): [1.03, 1.04, 1.04, 1.03, 1.02, 0.93, 0.91],
    ("inbound", "pedestrian", "*"): [0.98, 0.96, 0.96, 0.96, 0.99, 1.11, 1.04],
    ("inbound", "bus", "*"): [0.98, 0.94, 0.94, 0.96, 1.06, 1.08, 1.04],
    ("inbound", "truck", "*"): [1.20, 1.24, 1.25, 1.25, 1.22, 0.61, 0.23],
    ("outbound", "car", "standard"): [0.94, 0.94, 0.95, 0.98, 1.09, 1.12, 0.98],
    ("outbound", "pedestrian", "*"): [0.94, 0.94, 0.95, 0.98, 1.08, 1.12, 0.99],
    ("outbound", "bus", "*"): [0.94, 0.94, 0.96, 1.00, 1.10, 1.08, 0.98],
    ("outbound", "truck", "*"): [1.20, 1.24, 1.25, 1.25, 1.22, 0.61, 0.23],
}
AIR_WEEKDAY = [1.02, 0.94, 0.95, 1.00, 1.05, 0.97, 1.07]

# --- rosters -----------------------------------------------------------------------------------------------
# Whole booths after the inversion: one booth of one block is added, taken or moved to the next block as long
# as that lowers the error of a fluid line against the usual wait; then again from a few moves away. Demand a
# few per cent off counts as well (demand factor: importance), and arrivals have the spread of chance over
# some weeks, so that the roster does not rest on one exact demand. The first week warms up.
TUNING_DEMANDS = {0.95: 1.0, 1.0: 2.0, 1.05: 1.0}
TUNING_WEEKS = 4
TUNING_PASSES = 12
TUNING_RESTARTS = 4
# A roster must not live from its trim: minutes of error added per share of the week's demand not served.
SHORT_ROSTER_PENALTY_MIN = 300.0
# Weight of the wait of those who join against the published wait, in what the roster is tuned to.
TRUE_WAIT_WEIGHT = 0.2
# Usual waits that no publisher gives (minutes, opening hours), by direction and mode.
ASSUMED_WAITS = {
    ("inbound", "bus", "standard"): 2.0,
    ("inbound", "truck", "standard"): 20.0,
    ("inbound", "truck", "fast"): 2.0,
    ("outbound", "car", "standard"): 0.0,
    ("outbound", "pedestrian", "standard"): 0.0,
    ("outbound", "bus", "standard"): 2.0,
    ("outbound", "truck", "standard"): 2.0,
}
# Small lines without a publisher's wait.
ASSUMED_WAITS_BY_PORT = {"cross-border-xpress": 2.0, "tecate": 2.0}
