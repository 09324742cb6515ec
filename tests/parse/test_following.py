"""Where a list goes on, as pages say it; and what is no next page."""

from __future__ import annotations

import pytest

from repo_harvest.parse.following import next_page
from repo_harvest.parse.tree import parse_html

HERE = "https://example.org/publications/"


def found(page: str, location: str = HERE) -> str | None:
    root, _ = parse_html(page)
    assert root is not None
    return next_page(root, location=location)


@pytest.mark.parametrize(
    ("page", "url"),
    [
        ("<head><link rel=next href='?page=2'><body>a", f"{HERE}?page=2"),
        ("<a rel='nofollow next' href='page/2/'>x</a>", f"{HERE}page/2/"),
        ("<a href='?p=2'>Next</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>Next page</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>next ›</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>»</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>weiter</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>Page suivante</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>次へ</a>", f"{HERE}?p=2"),
        ("<a href='?offset=20' title='Siguiente'><img src=x></a>", f"{HERE}?offset=20"),
        ("<li class=next><a href='?p=2'>more of these</a>", f"{HERE}?p=2"),
        ("<span class=current>1</span> <a href='?p=2'>2</a> <a href='?p=3'>3</a>", f"{HERE}?p=2"),
        ("<strong>1</strong> <a href='?p=2'>2</a>", f"{HERE}?p=2"),
        ("<a aria-current=page href='?p=1'>1</a> <a href='?p=2'>2</a>", f"{HERE}?p=2"),
        ("<a href='?p=2'>2</a> <a href='?p=3'>3</a>", None),
        ("<a href='/news/?p=2'>Next</a>", None),
        ("<a href='https://elsewhere.example/publications/?p=2'>Next</a>", None),
        ("<a href='#top'>Next</a>", None),
        ("<a href=''>Next</a>", None),
        ("<a href='javascript:next()'>Next</a>", None),
        ("<a href='?p=2'>Next steps for prisons</a>", None),
        ("<b>2020</b> <a href='?y=2021'>2021</a>", None),
        ("<p>nothing</p>", None),
    ],
)  # fmt: skip  # a table
def test_where_a_list_goes_on(page: str, url: str | None) -> None:
    assert found(page) == url


@pytest.mark.parametrize(
    ("here", "href", "goes_on"),
    [
        ("https://example.org/list.html", "list-2.html", True),
        ("https://example.org/list/page/2", "../page/3", True),
        ("https://example.org/list?page=1&n=5", "?page=2&n=5", True),
        ("https://example.org/list?page=2", "?page=2#a", False),
        ("https://example.org/list/", "../other/2", False),
    ],
)
def test_a_list_goes_on_below_its_own_address(here: str, href: str, goes_on: bool) -> None:
    assert (found(f"<a rel=next href='{href}'>x</a>", here) is not None) is goes_on
