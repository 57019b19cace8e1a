"""Good scenario files that the tests start from."""

from __future__ import annotations

DESIGN = """\
garita: 1
title: San Ysidro closes for an afternoon
base: san-diego-tijuana          # packaged region: crossings, lanes, demand, travel times
start: 2018-11-24
days: 4
replications: 100
closures:
  - crossing: san-ysidro
    modes: [car, bus]
    from: 2018-11-25 11:30
    until:                         # a contested figure
      claims:
        - {value: 2018-11-25 17:05, who: AP, source: "https://..."}
        - {value: 2018-11-25 18:00, who: UPI, source: "https://..."}
    notice: none
"""

FULL = """\
garita: 1
title: Everything at once
question: Does it all load?
base: san-diego-tijuana
start: 2018-11-24
days: 4
warm_up_days: 2
replications: 7
seed: 42
closures:
  - name: main
    crossing: san-ysidro-vehicles
    directions: [inbound]
    modes: car
    lane_types: [standard, ready]
    from: {range: [2018-11-25 11:00, 2018-11-25 12:00]}
    until: 5 h
    notice: 2 days
    share: 80 %
    reopening:
      - {at: 2018-11-25 14:00, share: 0.5}
      - {at: 2018-11-25 15:00, lane_types: [ready], share: {range: [60 %, 90 %]}}
    reason: a test
    source: nobody
  - crossing: tecate
    from: 25 Nov 2018 1:30 pm
    until: for good
    lanes: 1
    notice: 2018-11-20 09:00
  - {crossing: otay-mesa-commercial, exempt: [citizens, freight], from: 2018-11-26, until: 3 h}
lanes:
  - {crossing: otay-mesa, modes: [car], lane_types: [standard], change: -1, from: 2018-11-13}
  - {crossing: otay-mesa-commercial, lanes: {range: [2, 4]}, until: 2018-11-26}
staffing:
  - {crossing: tecate, factor: {distribution: triangular, low: 0.5, mode: 0.9, high: 1}, event: true}
  - {crossing: otay-mesa, modes: [pedestrian], booths: 5, from: 2018-11-25, until: 2018-11-26}
demand:
  - {factor: {distribution: lognormal, mean: 1, cv: 0.1}}
  - {crossing: all, modes: [truck], factor: 50 %, from: 2018-11-26}
behaviour:
  choice_rule: logit
  patience_min: 2 h
  informed_share: {claims: [{value: 40 %, who: one}, {value: 0.6, who: two, weight: 3}]}
sources:
  - {what: a figure, who: somebody, source: "https://..."}
  - a line of text
notes: [one, two]
"""

INLINE = """\
garita: 1
title: Two bridges
start: 2024-03-09
days: 3
warm_up_days: 0
region: {id: two-bridges, name: Two bridges, zone: America/Chicago}
crossings:
  - {id: old, name: Old bridge, port: town, lat: 27.5, lon: -99.5, hours: 05:00-23:00}
  - {id: new, port: town, hours: [06:00-12:00, 13:00-22:00]}
flows:
  - crossing: old
    arrivals: 120
    service: {distribution: erlang, mean: 55 s, shape: 3}
    booths: 3
    referral: 3 %
    usual_wait: 20
  - crossing: old
    lane_type: ready
    arrivals: {per_hour: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]}
    service: {distribution: lognormal, mean: {range: [30 s, 40 s]}, cv: 0.7}
    booths: [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1]
  - crossing: new
    mode: pedestrian
    arrivals:
      per_day: 2400
      profile: [0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 1, 1, 1, 0, 0, 0]
    service: {distribution: empirical, values: [10 s, 20 s, 1 min], weights: [3, 2, 1]}
    booths: [{from: "00:00", booths: 1}, {from: "06:30", booths: {range: [2, 4]}}]
  - crossing: new
    direction: outbound
    mode: truck
    arrivals: {table: [{from: 2024-03-09, per_hour: 3}, {from: 2024-03-10 12:00, per_hour: 9}]}
    service: {distribution: gamma, mean: 2 min, cv: 0.5}
    booths: 1
secondary:
  - {crossing: old, places: 4, service: {distribution: exponential, mean: 20 min}}
travel:
  - {origin: old, destination: new, minutes: 12, km: 9}
  - {origin: new, destination: old, minutes: 12 min}
closures:
  - {crossing: town, from: 2024-03-10 08:00, until: 2024-03-10 08:00}
"""

GOOD = {"design": DESIGN, "full": FULL, "inline": INLINE}
