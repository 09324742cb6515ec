"""Files as pages: what is read, what is refused, and when nothing has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.errors import FetchError, NotAPage
from repo_harvest.model import Page, Validators
from repo_harvest.source import Limits, fetch
from repo_harvest.source.local import is_local
from tests.source.servers import noon


def get(url: str | Path, *, validators: Validators | None = None, size: int = 1000) -> Page:
    return fetch(str(url), now=noon, validators=validators or Validators(), limits=Limits(size=size))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "our list é.html"
    path.write_bytes(b"<p>a list")
    return path


def test_a_path_and_its_file_url_give_the_same_page(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(saved.parent)
    for url in (str(saved), saved.name, saved.as_uri(), saved.as_uri().replace("file://", "FILE://localhost")):
        found = get(url)
        assert found.url == url
        assert found.location == saved.resolve().as_uri()
        assert (found.content, found.content_type, found.charset) == (b"<p>a list", "text/html", None)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("list.HTM", b"words", "text/html"),
        ("list.xhtml", b"words", "application/xhtml+xml"),
        ("list.txt", b"<p>words", "text/plain"),
        ("list", b"<p>words", "text/html"),
        ("list.php", b"\n<!DOCTYPE html>", "text/html"),
        ("list.md", b"words", "text/plain"),
        ("empty", b"", "text/plain"),
    ],
)
def test_the_name_says_what_it_is_or_else_the_content(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert get(tmp_path / name).content_type == found


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"%PDF-1.4", "application/pdf"), (b"PK\x03\x04", "application/zip"), (b"<?xml?><rss/>", "xml")],
)
def test_a_file_that_is_no_page_is_refused_by_name(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "list").write_bytes(content)
    with pytest.raises(NotAPage, match=f"it is not a page but .*{found}"):
        get(tmp_path / "list")


def test_only_the_same_content_is_unchanged(saved: Path) -> None:
    first = get(saved)
    os.utime(saved, (1, 1))
    again = get(saved, validators=first.validators)
    assert (again.unchanged, again.content, again.validators) == (True, b"", first.validators)
    saved.write_bytes(b"<p>b list")
    os.utime(saved, (1, 1))
    other = get(saved, validators=first.validators)
    assert (other.unchanged, other.content) == (False, b"<p>b list")


def test_what_cannot_be_read_is_said(saved: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for url, reason in (
        (tmp_path / "nothing", "there is no such file. Check the path."),
        (f"{saved}/below", "Not a directory"),
        (tmp_path, "a directory or a device"),
        (tmp_path / "pipe", "a directory or a device"),
        ("/dev/zero", "a directory or a device"),
        ("", "a directory or a device"),
        ("a\0b", "not a path"),
        ("file:///a%00b", "not a path"),
        ("x" * 5000, "name too long"),
        ("file://elsewhere/list.html", "on another machine (elsewhere)"),
        ("www.example.org/list", 'as in "https://www.example.org/list"'),
    ):
        with pytest.raises(FetchError) as caught:
            get(url)
        assert reason in str(caught.value)
        assert str(caught.value).isprintable()


def test_a_file_is_read_no_further_than_allowed(saved: Path) -> None:
    assert get(saved, size=9).content == b"<p>a list"
    with pytest.raises(FetchError, match="larger than 8 bytes"):
        get(saved, size=8)


@given(st.sampled_from(["http", "https", "HTTP", "ftp", "ssh", "x-y+z.1"]), st.text())
def test_what_names_another_scheme_is_never_a_file(scheme: str, rest: str) -> None:
    assert not is_local(f"{scheme}://{rest}")
    assert not is_local(f"http:{rest}")
