"""The text that an item's address answered with in, the works that it states out, and addresses that may say more.

| CSL-JSON, JSON-LD, BibTeX, RIS | the works in it                                                                 |
| HTML                           | what its head, scripts and attributes state, and a table of Dublin Core fields  |

More may be said at `describedby` and `cite-as` of its links (signposting.org, level 1; RFC 8574 for the latter), in files
of citations that it links to, and on DSpace's page of the full record. Nothing is fetched here, and no text raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from repo_harvest.model import Entry, Relation
from repo_harvest.parse.bounds import bounded
from repo_harvest.parse.embedded import bibtex, csl, fill, jsonld, linked, read, ris
from repo_harvest.parse.embedded.tree import Tree
from repo_harvest.parse.item.dspace import full_address, read_full
from repo_harvest.parse.item.same import same_work
from repo_harvest.parse.tree import parse_html

__all__ = ["CSL_TYPES", "DATA_TYPES", "Answer", "read_answer"]

CSL_TYPES = ("application/vnd.citationstyles.csl+json", "application/citeproc+json", "application/json")
"""The media types of what a DOI's registry tells of it, the one to ask for first."""

DATA_TYPES = (
    *CSL_TYPES[:2],
    "application/ld+json",
    "application/x-bibtex",
    "text/x-bibtex",
    "application/x-research-info-systems",
    "application/json",
)
"""The media types of data that are read, those first that say most exactly what they mean."""

_PLAIN = "text/plain"
_MOST_WORKS = 12  # of one answer: more is a list, and not what one address says of one work
_MOST_LEADS = 6
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/10\.(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The works that were stated, each once with all that was said of it; `leads` may say more, the best first.

    A lead that is a DOI is written https://doi.org/10.…
    """

    entries: tuple[Entry, ...]
    leads: tuple[str, ...] = ()


def read_answer(text: str, *, content_type: str, location: str, relations: Sequence[Relation] = ()) -> Answer:
    """What the text says. `location` is where it was found, `relations` what its Link headers said.

    >>> answer = read_answer('{"title": "Trust"}', content_type="application/json", location="https://doi.org/10.1000/1")
    >>> [entry.title for entry in answer.entries]
    ['Trust']
    >>> page = "<title>An item</title><meta name=citation_title content=Trust>"
    >>> read_answer(page, content_type="text/html", location="https://repository.example/handle/1/2").leads
    ('https://repository.example/handle/1/2?show=full',)
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in DATA_TYPES or (kind == _PLAIN and not text.lstrip("\ufeff \t\r\n").startswith("<")):
        return Answer(entries=_united(_data(text, kind, location)))
    root, _ = parse_html(text)
    if root is None:
        return Answer(entries=())
    tree = Tree(root, location=location)
    found = [entry for each in read(root, location=location) for entry in each.entries]
    if table := read_full(tree):
        found.append(table)
    leads = dict.fromkeys(_leads(tree, location, relations))
    leads.pop(location, None)
    return Answer(entries=_united(found), leads=tuple(leads)[:_MOST_LEADS])


def _data(text: str, kind: str, location: str) -> tuple[Entry, ...]:
    """The works of a text that is data."""
    if kind.endswith("json") or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return csl.read(text)[0] or _json_ld(text, location)
    return ris.read(text)[0] if ris.TELLS.search(text) else bibtex.read(text)[0]


def _json_ld(text: str, location: str) -> tuple[Entry, ...]:
    """JSON-LD, read as the script of a page that holds nothing else."""
    root = etree.Element("html")
    script = etree.SubElement(root, "script", {"type": "application/ld+json"})
    try:
        script.text = text
    except ValueError:  # a character that XML has not
        return ()
    return jsonld.read(Tree(root, location=location))[0]


def _united(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Each work once, the first statement of it filled from the later ones."""
    works: list[Entry] = []
    for entry in bounded(entries)[0]:
        if not entry.title:
            continue
        at = next((number for number, work in enumerate(works) if same_work(work, entry)), None)
        if at is not None:
            works[at] = fill(works[at], entry)[0]
        elif len(works) < _MOST_WORKS:
            works.append(entry)
    return tuple(replace(work, links=()) for work in works)


def _leads(tree: Tree, location: str, relations: Sequence[Relation]) -> Iterator[str]:
    stated = [*relations, *_link_elements(tree)]
    described = [
        one for one in stated if one.type in DATA_TYPES and {"describedby", "alternate"} & set(one.rel.split())
    ]
    yield from (one.url for one in sorted(described, key=lambda one: DATA_TYPES.index(one.type)))
    cited = (one.url for one in stated if "cite-as" in one.rel.split())
    yield from (f"https://doi.org/10.{match[1]}" for url in cited if (match := _DOI.fullmatch(url)))
    if (full := full_address(location)) is not None:
        yield full
    yield from (link.url for link in linked(tree.root, location=location) if link.url.startswith(("http:", "https:")))


def _link_elements(tree: Tree) -> Iterator[Relation]:
    for element in tree.root.iter("link"):
        url = tree.absolute(element.get("href") or "")
        if url.startswith(("http://", "https://")) and (rel := element.get("rel")):
            kind = (element.get("type") or "").partition(";")[0].strip().lower()
            yield Relation(url=url, rel=rel.lower(), type=kind)
