"""Where machine code is kept, and what happens where it cannot be."""

from __future__ import annotations

import logging
import sys

import pytest

from garita.engine import cache


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GARITA_CACHE_DIR", str(tmp_path))
    cache.machine_code_folder.cache_clear()
    yield tmp_path
    cache.machine_code_folder.cache_clear()


def test_what_is_kept_is_found_again_if_it_is_whole(folder):
    assert cache.kept("code") is None
    cache.keep("code", b"machine code")
    assert cache.kept("code") == b"machine code"
    [path] = cache.machine_code_folder().iterdir()
    assert folder in path.parents
    path.write_bytes(path.read_bytes()[:-1])
    assert cache.kept("code") is None


def test_where_no_folder_can_be_made_nothing_is_kept(folder, caplog, monkeypatch):
    (folder / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("GARITA_CACHE_DIR", str(folder / "file"))
    with caplog.at_level(logging.WARNING, "garita"):
        cache.keep("code", b"machine code")
        assert cache.kept("code") is None
    assert caplog.text.count("every start compiles anew") == 1


def test_what_cannot_be_written_is_not_kept(folder, caplog):
    (cache.machine_code_folder() / "code").mkdir()
    with caplog.at_level(logging.WARNING, "garita"):
        cache.keep("code", b"machine code")
    assert "every start compiles anew" in caplog.text
    assert [path.name for path in cache.machine_code_folder().iterdir()] == ["code"]


def test_the_folder_of_each_platform(folder, monkeypatch):
    found = [cache.user_cache_folder()]
    monkeypatch.delenv("GARITA_CACHE_DIR")
    for platform, variable in (("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA"), ("darwin", "NONE")):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv(variable, str(folder / platform))
        found.append(cache.user_cache_folder())
    assert found[0] == folder
    assert found[1:3] == [folder / "linux" / "garita", folder / "win32" / "garita" / "cache"]
    assert found[3].parts[-3:] == ("Library", "Caches", "garita")


def test_the_digest_is_of_all_sources():
    assert len(cache.engine_digest()) == 64
