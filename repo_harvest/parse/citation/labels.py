"""What the author of a page calls a box or a run (its classes, id, itemprop) in; the field it holds out.

A label is a few words glued together: `pub-title`, `tp_pub_author`, `artifact-abstract`, `citation_journal_title`. The
last word that names a field decides, unless another says that the thing is only a button. The words are those that
platforms and people use in several languages; no site is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from repo_harvest.parse.text import table

__all__ = ["Role", "role"]


class Role(StrEnum):
    """What a stretch of a page is, as its label says."""

    TITLE = "title"
    CREATORS = "creators"
    DATE = "date"
    CONTAINER = "container"
    VOLUME = "volume"
    ISSUE = "issue"
    PAGES = "pages"
    PUBLISHER = "publisher"
    IDENTIFIER = "identifier"
    ABSTRACT = "abstract"
    TYPE = "type"
    LINKS = "links"
    BIBTEX = "bibtex"
    CONTROL = "control"
    """a button, a badge, a remark: no part of the citation"""


_WORDS = {
    Role.TITLE: table("title titles titel titre titulo título titolo headline name tytul tytuł"),
    Role.CREATORS: table(
        "author authors creator creators autor autores autoren auteur auteurs autore autori byline contributor",
        "contributors people verfasser autorzy",
    ),
    Role.DATE: table("date year jahr datum annee année año anno fecha published datepublished issued rok pubdate"),
    Role.CONTAINER: table(
        "journal periodical venue booktitle source container conference proceedings magazine zeitschrift revue revista",
        "rivista ispartof publisher-journal hostpublication",
    ),
    Role.VOLUME: table("volume vol volumenumber band"),
    Role.ISSUE: table("issue issuenumber journalnumber number heft"),
    Role.PAGES: table("pages page pagination seiten paginas"),
    Role.PUBLISHER: table("publisher verlag editeur éditeur editorial editora editore"),
    Role.IDENTIFIER: table("doi isbn identifier identifiers arxiv handle"),
    Role.ABSTRACT: table(
        "abstract abstracts summary description zusammenfassung resume résumé resumen resumo riassunto streszczenie",
    ),
    Role.TYPE: table("type genre kind pubtype typ"),
    Role.LINKS: table("links urls resources downloads download pdf fulltext attachments files"),
    Role.BIBTEX: table("bibtex bib bibentry ris endnote"),
    Role.CONTROL: table(
        "btn button buttons toggle show hide close menu badge badges altmetric metrics press media note notes award awards",
        "keyword keywords tags tag thumbnail thumb preview icon share code teaser",
    ),
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words}
_LARGER = table("journal source book conference host container series magazine proceedings periodical parent")
_NOT_A_TITLE = table("site page post entry section list widget block group main nav header footer year sub")
_CONTROLS = table("btn button toggle show hide close menu collapse badge trigger open expand switch")
_OPENED = frozenset({Role.ABSTRACT, Role.BIBTEX, Role.LINKS})  # what a link called so opens rather than holds
_PARTS = re.compile(r"[^\W\d_]+")
# the smaller thing stands inside the larger one
_INNER_FIRST = (
    Role.CONTROL, Role.TYPE, Role.VOLUME, Role.ISSUE, Role.PAGES, Role.DATE, Role.IDENTIFIER, Role.PUBLISHER,
    Role.CONTAINER, Role.CREATORS, Role.TITLE, Role.BIBTEX, Role.ABSTRACT, Role.LINKS,
)  # fmt: skip


def role(labels: Iterable[str]) -> Role | None:
    """The field that these labels name, the innermost if they name several; `None` if they name none.

    >>> role({"pub-title"}), role({"citation_journal_title"}), role({"tp_pub_additional_booktitle"})
    (<Role.TITLE: 'title'>, <Role.CONTAINER: 'container'>, <Role.CONTAINER: 'container'>)
    >>> role({"tp_abstract_link", "tp_show"}), role({"row", "col-sm-8"})
    (<Role.CONTROL: 'control'>, None)
    """
    found = {said for label in labels if (said := _of_one(label))}
    return next((said for said in _INNER_FIRST if said in found), None)


@lru_cache(maxsize=4096)
def _of_one(label: str) -> Role | None:
    parts = _PARTS.findall(label)
    at, said = _last(parts)
    if said is Role.DATE and _last(parts[:at])[1] in {Role.PUBLISHER, Role.CREATORS, Role.CONTAINER}:
        return None  # publisher-date: both
    if not _CONTROLS.isdisjoint(parts):
        return Role.CONTROL
    if "link" in parts and said in _OPENED:  # abstract-link opens it, title-link is it
        return Role.CONTROL
    return _of_title(parts, at) if said is Role.TITLE and at else said


def _of_title(parts: list[str], at: int) -> Role | None:
    """Whose title or name it is: `journal-title` and `author-name` are none of the publication."""
    if parts[at] == "name":
        return _last(parts[:at])[1]
    if parts[at - 1] in _LARGER:
        return Role.CONTAINER
    return None if parts[at - 1] in _NOT_A_TITLE else Role.TITLE


def _last(parts: list[str]) -> tuple[int, Role | None]:
    """The last word that names a field, and that field; compounds such as `papertitle` count by their end."""
    for at in range(len(parts) - 1, -1, -1):
        if said := _ROLE_OF.get(parts[at]):
            return at, said
        for ending in ("title", "authors", "author", "abstract", "journal"):
            if parts[at].endswith(ending):
                return at, Role.CONTAINER if parts[at] in {"booktitle", "journaltitle"} else _ROLE_OF[ending]
    return -1, None
