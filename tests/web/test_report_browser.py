"""The report in headless Chromium: no console message, no outside request, and everything works."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from garita.report import write
from web import fake_comparison
from web.devtools import Browser, executable

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(executable() is None, reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        fake_comparison.comparison(),
        tmp_path_factory.mktemp("report") / "report.html",
        fake_comparison.case(),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as made:
        yield made


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Browser]:
    browser.resize(1280, 900)
    browser.console.clear()
    browser.requests.clear()
    browser.open(report)
    yield browser
    assert browser.console == []
    assert [
        address for address in browser.requests if not address.startswith(("file:", "data:", "blob:"))
    ] == []


def test_it_opens_without_a_message_or_a_request(page: Browser, report: Path) -> None:
    assert page.run("document.title").startswith("San Ysidro closes for an afternoon")
    assert page.run("document.querySelectorAll('.panel svg').length") > 15
    assert report.resolve().as_uri() in page.requests


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_sticks_out(page: Browser, report: Path, width: int) -> None:
    page.resize(width, 800, mobile=width < 500)
    page.open(report)
    assert page.run("document.documentElement.scrollWidth") <= width
    maps = page.run("[...document.querySelectorAll('svg.map')].map(one => getComputedStyle(one).display)")
    assert maps.count("none") == 1


def test_tables_begin_with_their_numbers_on_a_phone(page: Browser, report: Path) -> None:
    """A table may be scrolled; its first column of numbers and the text above it are seen without."""
    page.resize(390, 800, mobile=True)
    page.open(report)
    page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.run("document.querySelector('table.numbers tbody td').getBoundingClientRect().right") < 390
    ends = page.run(
        "[...document.querySelectorAll('caption span')].map(one => one.getBoundingClientRect().right)"
    )
    assert ends and max(ends) <= 390


def test_text_on_a_phone_can_be_read(page: Browser, report: Path) -> None:
    page.resize(360, 800, mobile=True)
    page.open(report)
    smallest = page.run(
        "Math.min(...[...document.querySelectorAll('svg text')]"
        ".filter(one => one.getBoundingClientRect().width)"
        ".map(one => parseFloat(getComputedStyle(one).fontSize)"
        " * one.ownerSVGElement.getBoundingClientRect().width"
        " / one.ownerSVGElement.viewBox.baseVal.width))"
    )
    assert smallest > 8


def test_the_pointer_reads_every_chart_at_once(page: Browser) -> None:
    page.run("document.querySelector('#glance .panel').scrollIntoView()")
    box = page.run(
        "(one => [one.left, one.top, one.width])"
        "(document.querySelector('#glance svg.chart').getBoundingClientRect())"
    )
    at_rest = page.run("document.querySelector('#glance .readout').textContent")
    page.move(box[0] + box[2] * 0.4, box[1] + 60)
    told = page.run("[...document.querySelectorAll('.readout')].map(one => one.textContent)")
    assert re.match(r"Sun 25 Nov \d\d:\d\d: wait [\d,]+ min", told[0])
    assert len({words.split(": ")[0] for words in told}) == 1
    assert page.run("getComputedStyle(document.querySelector('.cursor')).visibility") == "visible"
    page.move(2, 2)
    assert page.run("document.querySelector('#glance .readout').textContent") == at_rest


def test_the_keyboard_reads_too(page: Browser) -> None:
    page.run("document.querySelector('#glance .panel').focus()")
    for _ in range(3):
        page.call("Input.dispatchKeyEvent", type="keyDown", key="PageDown", code="PageDown")
    assert page.run("document.querySelector('#glance .readout').textContent").startswith("Sun 25 Nov 18:00")


def column(page: Browser, number: int) -> list[float]:
    script = (
        "[...document.querySelectorAll('#indicator-table tbody tr')].filter(row => !row.hidden)"
        f".map(row => row.cells[{number}].textContent)"
    )
    found = [re.match(r"[+−-]?[\d,.]+", text.strip()) for text in page.run(script)]
    return [float(one[0].replace(",", "").replace("−", "-").replace("+", "")) for one in found if one]


def test_columns_sort_both_ways(page: Browser) -> None:
    button = "#indicator-table thead th:nth-child(5) button"
    page.click(button)
    up = column(page, 4)
    assert up == sorted(up)
    assert page.run("document.querySelectorAll('#indicator-table [aria-sort=ascending]').length") == 1
    page.click(button)
    assert column(page, 4) == sorted(up, reverse=True)


def choose(page: Browser, name: str, value: str) -> None:
    page.run(
        f"(one => {{ one.value = {json.dumps(value)}; "
        "one.dispatchEvent(new Event('input', {bubbles: true})); })"
        f"(document.querySelector('[data-table=indicator-table] [name={name}]'))"
    )


def test_filters_narrow_the_table(page: Browser) -> None:
    shown = "[...document.querySelectorAll('#indicator-table tbody tr')].filter(row => !row.hidden).length"
    main = page.run(shown)
    choose(page, "main", "")
    everything = page.run(shown)
    assert 0 < main < everything
    choose(page, "crossing", "tecate")
    choose(page, "key", "peak_wait")
    texts = page.run(
        "[...document.querySelectorAll('#indicator-table tbody tr')].filter(row => !row.hidden)"
        ".map(row => row.innerText)"
    )
    assert texts
    assert all("Tecate" in text and "Peak wait" in text for text in texts)
    assert page.run("document.querySelector('[data-table=indicator-table] output').textContent").startswith(
        str(len(texts))
    )


def test_the_table_can_be_saved_as_csv(page: Browser, tmp_path: Path) -> None:
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.click("button.save")
    page.wait(lambda: any(path.suffix == ".csv" for path in tmp_path.iterdir()))
    text = (tmp_path / "garita-indicators.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    peak = [
        row for row in rows if row["indicator"] == "peak_wait" and row["crossing"] == "san-ysidro-vehicles"
    ]
    assert any(float(row["with"]) > float(row["without"]) for row in peak)
    assert all(row["unit"] for row in rows)


def test_definitions_show_at_the_name(page: Browser) -> None:
    assert page.run("document.querySelector('a.def').title").startswith("Time in the queue")


def test_links_unfold_what_they_point_at(page: Browser) -> None:
    assert page.run("document.querySelectorAll('details:not([open])').length") > 0
    page.run("location.hash = '#claims'")
    assert page.run("document.getElementById('claims').getBoundingClientRect().top") < 900


def test_everything_has_a_name_for_those_who_do_not_see(page: Browser) -> None:
    assert page.run("document.documentElement.lang") == "en"
    unnamed = (
        "[...document.querySelectorAll('[role=img]')].filter(one => !one.getAttribute('aria-label')).length"
    )
    assert page.run(unnamed) == 0
    assert page.run("[...document.querySelectorAll('th')].filter(one => !one.scope).length") == 0
    labels = "[...document.querySelectorAll('input, select')].filter(one => !one.closest('label')).length"
    assert page.run(labels) == 0
    levels = page.run("[...document.querySelectorAll('h1, h2, h3, h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_colours_of_text_stand_out(page: Browser) -> None:
    """Contrast of 4.5 to 1 (WCAG AA) for every colour of text on its ground."""
    script = """
    (() => {
      const light = c => c.map(v => v / 255)
        .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const parse = text => text.match(/[\\d.]+/g).map(Number);
      const poor = [];
      for (const one of document.querySelectorAll('body *')) {
        const own = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (one.closest('svg') || !own) continue;
        if (['SCRIPT', 'STYLE'].includes(one.tagName)) continue;
        let ground = [255, 255, 255], up = one;
        while (up) {
          const c = parse(getComputedStyle(up).backgroundColor);
          if (c.length === 3 || c[3] === 1) { ground = c.slice(0, 3); break; }
          up = up.parentElement;
        }
        const a = light(parse(getComputedStyle(one).color).slice(0, 3)), b = light(ground);
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push(one.outerHTML.slice(0, 120) + ' ' + ratio.toFixed(2));
      }
      return poor;
    })()
    """
    assert page.run(script) == []


def test_nothing_is_wider_than_the_sheet(page: Browser, tmp_path: Path) -> None:
    """A table that stuck out would make the browser shrink every page; numbers as large as real ones."""
    large = write(fake_comparison.comparison(3, scale=1.0), tmp_path / "large.html", fake_comparison.case())
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        page.resize(round((8.27 - 24 / 25.4) * 96), round((11.69 - 23 / 25.4) * 96))
        page.open(large)
        page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.run("document.documentElement.scrollWidth <= innerWidth")
        # The charts begin on a sheet of their own, with what explains them.
        assert page.run("getComputedStyle(document.getElementById('curves-by-line')).breakBefore") == "page"
    finally:
        page.call("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize(("width", "height"), [(8.27, 11.69), (8.5, 11.0)])
def test_it_prints_with_one_good_first_page(
    page: Browser, tmp_path: Path, width: float, height: float
) -> None:
    """On A4 and on Letter the answer, the map and two charts fit on the first page."""
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        # As wide as the sheet between its margins of 12 mm; the height between those of 11 and 12 mm.
        page.resize(round((width - 24 / 25.4) * 96), round((height - 23 / 25.4) * 96))
        tall = page.run("document.getElementById('first').getBoundingClientRect().height")
        shown = page.run(
            "[...document.querySelectorAll('#glance .panel')].filter(one => one.offsetHeight).length"
        )
    finally:
        page.call("Emulation.setEmulatedMedia", media="")
    assert shown == 2
    assert tall <= (height - 23 / 25.4) * 96
    pdf = page.pdf(tmp_path / "report.pdf", paperWidth=width, paperHeight=height)
    assert pdf.read_bytes().startswith(b"%PDF")
