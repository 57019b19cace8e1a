"""Ten small networks: Garita agrees with SimPy, and with Ciw where Ciw knows what they need."""

from __future__ import annotations

import re

import pytest

from slow import networks

pytestmark = pytest.mark.slow
MOST_ERRORS = 3.5  # of some sixty comparisons: chance alone passes it once in thirty such tables


def agree(network, theirs):
    scores = networks.compared(networks.by_garita(network), theirs)
    assert scores and max(map(abs, scores.values())) < MOST_ERRORS, scores


@pytest.mark.parametrize("network", networks.NETWORKS, ids=lambda network: network.name)
def test_simpy(network):
    pytest.importorskip("simpy", reason="SimPy is installed for benchmarks only")
    from slow.networks_simpy import by_simpy

    agree(network, by_simpy(network))


@pytest.mark.parametrize(
    "network", [one for one in networks.NETWORKS if one.for_ciw], ids=lambda network: network.name
)
def test_ciw(network):
    pytest.importorskip("ciw", reason="Ciw is installed for benchmarks only")
    from slow.networks_ciw import by_ciw

    agree(network, by_ciw(network))


def test_the_page_has_every_network():
    text = networks.PAGE.read_text(encoding="utf-8")
    cell = r"[^|]+ ± [^|]+"
    row = rf"^\| ([^|]+) \| [^|]+ \| {cell} \| {cell} \| ([^|]+) \|$"
    rows = re.findall(row, text, re.MULTILINE)
    assert {name for name, _ in rows} == {network.name for network in networks.NETWORKS}
    with_ciw = {name for name, cell in rows if "±" in cell}
    assert with_ciw == {network.name for network in networks.NETWORKS if network.for_ciw}
