"""CSL-JSON in, entries out: what citation managers and `application/vnd.citationstyles.csl+json` of a DOI give.

The fields are those of the schema csl-data of the Citation Style Language, version 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded.draft import Draft, plain
from repo_harvest.parse.embedded.jsonld import loads
from repo_harvest.parse.embedded.tree import Tree

__all__ = ["read", "read_scripts"]

_PARTS = frozenset({"chapter", "paper-conference", "article-journal", "entry-encyclopedia"})
_MOST_NAMES = 5_000
_MOST_FUNDERS = 200  # and bodies of one person, and awards of one funder


def read_scripts(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries of a page's scripts of that type."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for script in tree.root.iter("script"):
        if "citationstyles.csl+json" in (script.get("type") or "").lower():
            place = f"{tree.place(script)} script"
            found, wrong = read(script.text or "", place=place)
            entries += found
            problems += wrong
    return tuple(entries), tuple(problems)


def read(text: str, *, place: str | None = None) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries of a text of CSL-JSON, one item or a list, and what was wrong; never raises.

    `place` is where the text stands; without it, entries stand at items of the text.

    >>> entries, _ = read('{"title": "Trust", "author": [{"family": "Buck"}], "issued": {"date-parts": [[2021, 3]]}}')
    >>> entries[0].title, entries[0].creators, str(entries[0].date)
    ('Trust', ('Buck',), '2021-03')
    """
    values, what = loads(text)
    problems = [Problem(where=place or "text", what=f"CSL-JSON: {what}")] if what else []
    items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    entries = []
    for number, item in enumerate(items, 1):
        if isinstance(item, Mapping):
            draft = Draft(form="CSL-JSON", place=place or f"item {number}")
            _fill(draft, item)
            problems += draft.problems
            if entry := draft.entry():
                entries.append(entry)
    return tuple(entries), tuple(problems)


def _fill(draft: Draft, item: Mapping[str, object]) -> None:
    for field, names in {"title": ("title",), "container": ("container-title",), "publisher": ("publisher",), "abstract": ("abstract",)}.items():  # fmt: skip
        for name in names:
            draft.text(field, plain(_text(item.get(name))), name)
    for name in ("author", "editor"):
        people = item.get(name)
        if not draft.has_creators and isinstance(people, list):
            for person in people[:_MOST_NAMES]:
                draft.creator(_person(person), name)
                if isinstance(person, Mapping):
                    _about(draft, person, name)
    _funders(draft, item.get("funder"))
    for name in ("issued", "published"):
        draft.date(_date(item.get(name)), name)
    draft.doi(_text(item.get("DOI")), "DOI")
    draft.identifier(_text(item.get("URL")), "URL")
    if item.get("type") not in _PARTS:
        draft.isbn(_text(item.get("ISBN")), "ISBN")


def _text(value: object) -> str:
    """A text, or the first of a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else ""


def _person(person: object) -> str:
    """One name: the parts that the standard has, or a body's name as it stands."""
    if not isinstance(person, Mapping):
        return plain(_text(person))
    said = {name: plain(_text(person.get(name))) for name in ("family", "given", "suffix", "literal", "name", "non-dropping-particle", "dropping-particle")}  # fmt: skip
    family = f"{said['non-dropping-particle']} {said['family']}".strip()
    given = f"{said['given']} {said['dropping-particle']}".strip()
    return ", ".join(part for part in (family, given, said["suffix"]) if part) if family else said["literal"] or said["name"]  # fmt: skip


def _about(draft: Draft, person: Mapping[str, object], source: str) -> None:
    """The ORCID iD and the affiliations of a person, as Crossref adds them to a name."""
    name = _person(person)
    draft.name_identifier(name, _text(person.get("ORCID")), f"{source} ORCID")
    for body in _objects(person.get("affiliation")):
        stated = (_text(one.get("id")) for one in _objects(body.get("id")))
        address = next((text for text in stated if "ror.org/" in text), "")
        draft.affiliation(name, plain(_text(body.get("name"))), address, f"{source} affiliation")


def _funders(draft: Draft, funders: object) -> None:
    """Who paid for it: a funder once for each of its awards, or without one."""
    for funder in _objects(funders):
        awards = funder.get("award")
        numbers = [_text(award) for award in awards[:_MOST_FUNDERS]] if isinstance(awards, list) else []
        for number in numbers or [""]:
            draft.funding(plain(_text(funder.get("name"))), _text(funder.get("DOI")), plain(number), "funder")


def _objects(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; of anything else none."""
    return [one for one in value[:_MOST_FUNDERS] if isinstance(one, Mapping)] if isinstance(value, list) else []


def _date(stated: object) -> str:
    """A date of parts, or as a text."""
    if not isinstance(stated, Mapping):
        return _text(stated)
    parts = stated.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    if isinstance(first, list) and first and all(isinstance(part, str) and part.isascii() and part.isdigit() for part in first[:3]):  # fmt: skip
        return "-".join(part if at == 0 else part.zfill(2) for at, part in enumerate(first[:3]))
    return _text(stated.get("raw") or stated.get("literal"))
