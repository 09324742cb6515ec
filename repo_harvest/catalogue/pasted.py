"""Entries pasted from a repository in, the same with their links to it as identifiers out.

A list that was pasted from a repository often links to it beside the title: on a "View" or a bare address. Who keeps the list
knows that repository and configures it, as host names and beginnings of addresses; a link that leads there from one entry
alone is that entry's identifier. One that several entries share leads to a collection or a front page, and is nobody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from repo_harvest.model import Entry

__all__ = ["with_repository_links"]


def with_repository_links(entries: Sequence[Entry], repository: Iterable[str]) -> tuple[Entry, ...]:
    """The entries, each with its own links to the repository added to its identifiers.

    `repository` holds host names (`eprints.example.org`) and beginnings of addresses (`hdl.handle.net/10034/`), with or
    without a scheme.

    >>> from repo_harvest.model import Link
    >>> entry = Entry(title="A", place="p", links=(Link(url="https://hdl.handle.net/10034/1", text="View"),))
    >>> with_repository_links([entry], ["hdl.handle.net/10034/"])[0].identifiers
    ('https://hdl.handle.net/10034/1',)
    """
    beginnings = tuple(_beginning(text) for text in repository)
    if not beginnings:
        return tuple(entries)
    shared = Counter(url for entry in entries for url in {link.url for link in entry.links})
    return tuple(_with_links(entry, beginnings, shared) for entry in entries)


def _with_links(entry: Entry, beginnings: tuple[str, ...], shared: Counter[str]) -> Entry:
    found = [
        link.url
        for link in entry.links
        if shared[link.url] == 1
        and link.url not in entry.identifiers
        and _without_scheme(link.url).startswith(beginnings)
    ]
    if not found:
        return entry
    origins = entry.origins if entry.identifiers else (*entry.origins, ("identifiers", "link to the repository"))
    return replace(entry, identifiers=(*entry.identifiers, *dict.fromkeys(found)), origins=origins)


def _beginning(text: str) -> str:
    """A host name stands for everything below it, but not for its front page."""
    plain = _without_scheme(text)
    return plain if "/" in plain else f"{plain}/"


def _without_scheme(address: str) -> str:
    host, slash, path = address.partition("://")[2].partition("/") if "://" in address else address.partition("/")
    return f"{host.lower()}{slash}{path}" if path or not slash else host.lower()
