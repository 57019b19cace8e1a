"""Downloads from a local server that serves well, stalls, breaks off, refuses and changes its mind."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from garita import cli
from garita.errors import DataError, RunError
from garita.sources import download as downloads
from garita.sources import fetch as fetches
from garita.sources import reading
from garita.sources.catalogue import SOURCES
from garita.sources.download import Manners, download
from garita.sources.records import record_of
from sources import files
from sources.files import codes, series
from sources.local_server import Server, serving

QUICK = Manners(silence=0.3, attempts=4, pause=0.01, between=0.0)
CONTENT = files.bts_csv(series("Roma", "2310", "Buses", (1996, 1), range(100, 420))).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Server(CONTENT)) as running:
        yield running


def fetched(server: Server, folder: Path, **how: object) -> downloads.Fetched:
    return download(f"{server.address}/file", folder / "bts.csv", {"terms": "free"}, QUICK, **how)  # type: ignore[arg-type]


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_fetched_checked_and_recorded(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    found = fetched(server, tmp_path, progress=lambda *state: seen.append(state))
    assert found.path.read_bytes() == CONTENT
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    record = json.loads(record_of(found.path).read_text(encoding="utf-8"))
    assert (record["bytes"], record["sha256"], record["terms"]) == (len(CONTENT), found.sha256, "free")
    assert record["address"] == f"{server.address}/file"
    assert left(tmp_path) == {"bts.csv", "bts.csv.source.json"}
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert server.asked[0]["user-agent"].startswith("garita/")
    assert "range" not in server.asked[0]


@pytest.mark.parametrize("fault", ["stall", "cut"])
def test_what_has_arrived_is_not_fetched_again(server: Server, tmp_path: Path, fault: str) -> None:
    server.faults = [fault, fault]
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT
    half = len(CONTENT) // 2
    wanted = [asked.get("range") for asked in server.asked]
    assert wanted[:2] == [None, f"bytes={half}-"]
    assert server.asked[1]["if-range"] == '"one"'
    assert len(wanted) == 3 and wanted[2] != wanted[1]


def test_a_download_goes_on_in_another_call(server: Server, tmp_path: Path) -> None:
    server.faults = ["cut", "503", "503", "503"]
    with pytest.raises(RunError) as caught:
        fetched(server, tmp_path)
    assert caught.value.exit_code == 3
    assert codes(caught.value.problems) == {"stopped-early"}
    assert f"{len(CONTENT):,} bytes" in str(caught.value)
    assert left(tmp_path) == {"bts.csv.part", "bts.csv.part.json"}
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT
    assert server.asked[-1]["range"] == f"bytes={len(CONTENT) // 2}-"
    assert left(tmp_path) == {"bts.csv", "bts.csv.source.json"}


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.faults = ["cut", "503", "503", "503"]
    with pytest.raises(RunError):
        fetched(server, tmp_path)
    server.content, server.etag = CONTENT.replace(b"Roma", b"Rome"), '"two"'
    assert fetched(server, tmp_path).path.read_bytes() == server.content


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    server.faults = ["cut", "no ranges"]
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT


def test_a_wrong_range_is_not_put_together(server: Server, tmp_path: Path) -> None:
    server.faults = ["cut", "wrong range"]
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("etag", "changed"), [(None, None), ('W/"weak"', None), (None, "Sun, 25 Nov 2018 19:30:00 GMT")]
)
def test_only_what_is_surely_the_same_file_goes_on(
    server: Server, tmp_path: Path, etag: str | None, changed: str | None
) -> None:
    server.etag, server.changed, server.faults = etag, changed, ["cut"]
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT
    assert ("range" in server.asked[1]) == (changed is not None)


def test_the_finished_part_of_another_call_is_taken(server: Server, tmp_path: Path) -> None:
    """Everything had arrived, and the program was stopped before it gave the file its name."""
    (tmp_path / "bts.csv.part").write_bytes(CONTENT)
    note = {"address": f"{server.address}/file", "version": '"one"', "total": len(CONTENT)}
    (tmp_path / "bts.csv.part.json").write_text(json.dumps(note), encoding="utf-8")
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("note", ["", "[]", "{", '{"address": "http://elsewhere/"}'])
def test_a_part_of_unknown_origin_is_dropped(server: Server, tmp_path: Path, note: str) -> None:
    (tmp_path / "bts.csv.part").write_bytes(b"something else")
    (tmp_path / "bts.csv.part.json").write_text(note, encoding="utf-8")
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT


def test_a_file_that_has_not_changed_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    first = fetched(server, tmp_path)
    again = fetched(server, tmp_path)
    assert again.unchanged and again.fetched == first.fetched
    (tmp_path / "bts.csv").write_text("edited", encoding="utf-8")
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT  # what was edited is no copy of it


@pytest.mark.parametrize("fault", ["503", "500", "429"])
def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path, fault: str) -> None:
    server.faults = [fault] * 3
    assert fetched(server, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "said"), [("404", "moved"), ("403", "browser"), ("410", "page"), ("401", "password")]
)
def test_a_refusal_is_final(server: Server, tmp_path: Path, fault: str, said: str) -> None:
    server.faults = [fault]
    with pytest.raises(DataError) as caught:
        fetched(server, tmp_path)
    assert codes(caught.value.problems) == {"refused"} and said in str(caught.value)
    assert len(server.asked) == 1 and not left(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"), [(b"<!doctype html><p>Busy</p>", "a web page"), (b"", "nothing")]
)
def test_a_web_page_or_nothing_is_no_file(server: Server, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "bts.csv").write_text("of last month", encoding="utf-8")
    server.content = content
    with pytest.raises(DataError, match=said):
        fetched(server, tmp_path)
    assert (tmp_path / "bts.csv").read_text(encoding="utf-8") == "of last month"


def test_more_than_can_be_read_is_not_fetched(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "LIMIT", 1000)
    for server.length in (True, False):
        with pytest.raises(DataError) as caught:
            fetched(server, tmp_path)
        assert codes(caught.value.problems) == {"too-large"}


def test_a_full_disk_is_no_fault_of_the_network(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def __exit__(self, *_: object) -> None:  # a file that could not write tries again when it is closed
            raise OSError(errno.ENOSPC, "No space left on device")

    whole = Path.open

    def opened(path: Path, mode: str = "r", **how: object) -> object:
        return Full() if mode in ("ab", "wb") else whole(path, mode, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(DataError, match="No space left"):
        fetched(server, tmp_path)
    assert len(server.asked) == 1


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_network(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, *_: object, **how: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "write_text", forbidden)
    with pytest.raises(DataError, match="Permission denied"):
        fetched(server, tmp_path)
    assert len(server.asked) == 1
    monkeypatch.undo()
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written"):
        fetched(server, tmp_path / "taken")


def test_addresses_may_have_accents_and_spaces(server: Server, tmp_path: Path) -> None:
    address = f"{server.address}/línea uno%20dos?$limit=5"
    assert download(address, tmp_path / "x", None, QUICK).path.read_bytes() == CONTENT
    assert server.paths == ["/l%C3%ADnea%20uno%20dos?$limit=5"]
    assert download(address, tmp_path / "x", None, QUICK).unchanged


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_a_network_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        download(f"http://127.0.0.1:{closed_port()}/x", tmp_path / "x", None, QUICK)
    assert "cannot be reached" in str(caught.value) and "Is there a network?" in str(caught.value)
    assert caught.value.exit_code == 2 and not left(tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bts.csv",
        "file:///etc/hosts",
        "ftp://127.0.0.1/x",
        "http://",
        "https:",
        "http://[::1/x",
        "http://127.0.0.1:999999/x",
        "http://127.0.0.1:port/x",
    ],
)
def test_only_addresses_of_the_web_are_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(DataError) as caught:
        download(address, tmp_path / "x", None, QUICK)
    assert codes(caught.value.problems) == {"address-unknown"}


def test_every_address_is_asked_for_what_was_wanted(server: Server, tmp_path: Path) -> None:
    wanted = {"crossing": ["San Ysidro PedWest"], "month": ["3", "7"], "lanes": ["PED"]}
    address = server.address + "/{crossing}/{lanes}/GEN/{month}/7"
    found = list(fetches.fetch("cbp-historical", tmp_path, wanted, address, QUICK))
    assert server.paths == ["/09250407/PED/GEN/3/7", "/09250407/PED/GEN/7/7"]
    assert [item.path.name for item in found] == [
        "cbp-historical-09250407-ped-3.json", "cbp-historical-09250407-ped-7.json"
    ]  # fmt: skip


def test_averages_know_their_month_by_the_address(server: Server, tmp_path: Path) -> None:
    server.content = json.dumps(
        {"wait_times": [{"bwt_day": "0", "time_slot": "8", "pv_time_avg": "50"}]}
    ).encode()
    wanted = {"crossing": ["250401"], "month": ["11"], "lanes": ["POV"]}
    address = server.address + "/historicalwaittimes/{crossing}/{lanes}/GEN/{month}/7"
    (found,) = fetches.fetch("cbp-historical", tmp_path, wanted, address, QUICK)
    assert reading.read(found.path)["month"].tolist() == [11.0]
    record_of(found.path).unlink()
    assert reading.read(found.path)["month"].tolist() != [11.0]


def test_waits_of_the_moment_are_kept_apart_by_time(server: Server, tmp_path: Path) -> None:
    (found,) = fetches.fetch("cbp-waits", tmp_path, None, f"{server.address}/bwtnew", QUICK)
    assert found.path.name.startswith("cbp-waits-2") and found.path.name.endswith("Z.json")


def test_a_copy_of_a_table_is_named_as_one(server: Server, tmp_path: Path) -> None:
    (found,) = fetches.fetch("texas-bridges", tmp_path, None, f"{server.address}/bridges", QUICK)
    assert found.path.name == "texas-bridges.csv"


def test_one_file_that_is_not_there_does_not_keep_the_others(server: Server, tmp_path: Path) -> None:
    wanted = {"crossing": ["250401"], "lanes": ["POV"], "month": ["1", "2", "3"]}
    address = server.address + "/{crossing}/{lanes}/{month}"
    server.faults = ["", "404"]
    found = []
    with pytest.raises(RunError) as caught:
        found += list(fetches.fetch("cbp-historical", tmp_path, wanted, address, QUICK))
    assert codes(caught.value.problems) == {"refused"}
    assert len([name for name in left(tmp_path) if name.endswith("pov-3.json")]) == 1


@pytest.mark.parametrize(
    ("name", "wanted", "code"),
    [
        ("bst", {}, "source-unknown"),
        ("transborder", {}, "no-address"),
        ("cbp-wait-graph", {}, "say-which"),
        ("bts", {"crossing": ["250401"]}, "not-by"),
        ("cbp-historical", {"crossing": ["250401"], "date": ["2026-05-12"]}, "not-by"),
        ("cbp-wait-graph", {"crossing": ["250401"]}, "say-which"),
        ("cbp-wait-graph", {"crossing": ["Laredo"], "date": ["2026-05-12"]}, "crossing-ambiguous"),
        ("cbp-wait-graph", {"crossing": ["Atlantis"], "date": ["2026-05-12"]}, "crossing-unknown"),
    ],
)
def test_what_is_asked_wrongly_is_said_before_any_request(
    tmp_path: Path, name: str, wanted: fetches.Wanted, code: str
) -> None:
    with pytest.raises(DataError) as caught:
        list(fetches.fetch(name, tmp_path, wanted, manners=QUICK))
    assert codes(caught.value.problems) == {code}


@pytest.mark.parametrize("address", ["http://127.0.0.1/{", "http://127.0.0.1/{}", "http://127.0.0.1/{a.b}"])
def test_braces_that_do_not_fit_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(DataError) as caught:
        list(fetches.fetch("bts", tmp_path, None, address, QUICK))
    assert codes(caught.value.problems) == {"address-unknown"}


def test_crossings_are_found_by_number_and_name() -> None:
    assert (
        fetches.crossing("250401")
        == fetches.crossing("09250401")
        == fetches.crossing("San Ysidro")
        == "09250401"
    )
    assert fetches.crossing("pedwest") == "09250407"


def test_addresses_are_those_of_the_publishers() -> None:
    for source in SOURCES.values():
        assert source.page.startswith("https://") and source.terms
        assert all(address.startswith("https://") for address in source.addresses)


def test_the_command_fetches_and_its_file_is_read(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, code in (
        (["fetch", "bts", "--from", f"{server.address}/rows.csv", "--out", str(tmp_path)], 0),
        (["read", str(tmp_path / "bts.csv")], 0),
        (["fetch", "bts", "--from", f"http://127.0.0.1:{closed_port()}/", "--out", str(tmp_path / "b")], 2),
    ):
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr(fetches, "Manners", lambda: QUICK)
            cli.main(["sources", *words])
        assert ended.value.code in (code, None if code == 0 else code)
    told = capsys.readouterr()
    assert "bts.csv" in told.out and "320 rows" in told.out
    assert "SHA-256" in told.err and "public domain" in told.err and "cannot be reached" in told.err
