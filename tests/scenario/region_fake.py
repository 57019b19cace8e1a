"""The names of the packaged region, without its figures."""

from __future__ import annotations

from dataclasses import dataclass, field

_CROSSINGS = {
    "san-ysidro-vehicles": ("san-ysidro", {"car": ["standard", "ready", "sentri"], "bus": ["standard"]}),
    "san-ysidro-pedeast": ("san-ysidro", {"pedestrian": ["standard", "ready"]}),
    "san-ysidro-pedwest": ("san-ysidro", {"pedestrian": ["standard"]}),
    "otay-mesa-passenger": (
        "otay-mesa",
        {"car": ["standard", "ready", "sentri"], "bus": ["standard"], "pedestrian": ["standard", "ready"]},
    ),
    "otay-mesa-commercial": ("otay-mesa", {"truck": ["standard", "fast"]}),
    "tecate": ("tecate", {"car": ["standard"], "pedestrian": ["standard"], "truck": ["standard"]}),
    "cross-border-xpress": ("cross-border-xpress", {"pedestrian": ["standard"]}),
}


@dataclass(frozen=True)
class FakeTables:
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    id: str = "san-diego-tijuana"
    name: str = "San Diego - Tijuana"
    zone: str = "America/Los_Angeles"
    digest: str = "0" * 64


def fake_region() -> FakeTables:
    crossings, flows = [], []
    for crossing, (port, modes) in _CROSSINGS.items():
        crossings.append({"crossing": crossing, "port": port})
        for mode, lane_types in modes.items():
            flows += [
                {"crossing": crossing, "direction": "inbound", "mode": mode, "lane_type": lane_type}
                for lane_type in lane_types
            ]
            flows.append(
                {"crossing": crossing, "direction": "outbound", "mode": mode, "lane_type": "standard"}
            )
    behaviour = [{"parameter": "patience_min", "value": "170"}, {"parameter": "not_for_us", "value": "1"}]
    return FakeTables({"crossings": crossings, "flows": flows, "behaviour": behaviour})
