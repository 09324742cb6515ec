"""The head of an item's page in, the one work that it describes out: Highwire Press, Dublin Core, PRISM and EPrints tags.

| Highwire Press `citation_…` | "Inclusion Guidelines for Webmasters", Google Scholar                      |
| Dublin Core `DC.…`, `dcterms.…` | "Expressing Dublin Core metadata using HTML/XHTML meta and link elements" |
| its names are followed by `citation_author_orcid` and `citation_author_institution` of the same person   |
| PRISM `prism.…`             | PRISM 3.0; its `publicationName` is the journal                             |
| EPrints `eprints.…`, bepress `bepress_citation_…` | as those platforms write them                          |

The vocabularies are one table, those first that say more exactly what they mean; a tag that has no row is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded.draft import Draft, plain
from repo_harvest.parse.embedded.tree import Tree

__all__ = ["read"]

_FIELDS = {
    "title": "citation_title dcterms.title dc.title prism.title eprints.title",
    "creator": "citation_author citation_authors dcterms.creator dc.creator dc.creator.personalname dc.contributor.author "
    "eprints.creators_name",
    "editor": "citation_editor citation_editors eprints.editors_name",
    "date": "citation_publication_date citation_date dcterms.issued dc.date.issued dc.issued prism.publicationdate "
    "eprints.date citation_cover_date citation_year citation_online_date dcterms.date dc.date dc.date.created",
    "container": "citation_journal_title citation_conference_title citation_conference citation_inbook_title "
    "citation_book_title prism.publicationname eprints.publication eprints.book_title dcterms.ispartof "
    "dc.relation.ispartof",
    "publisher": "citation_publisher citation_dissertation_institution citation_technical_report_institution "
    "dcterms.publisher dc.publisher prism.publisher eprints.publisher eprints.institution",
    "doi": "citation_doi dc.identifier.doi prism.doi eprints.doi",
    "isbn": "citation_isbn prism.isbn dc.identifier.isbn eprints.isbn",
    "identifier": "dc.identifier.uri dcterms.identifier dc.identifier eprints.id_number eprints.official_url prism.url "
    "citation_handle",
    "url": "citation_public_url citation_abstract_html_url citation_fulltext_html_url",
    "arxiv": "citation_arxiv_id",
    "pmid": "citation_pmid",
    "abstract": "citation_abstract dcterms.abstract dc.description.abstract eprints.abstract dc.description "
    "dcterms.description",
}
_FIELD_OF = {name: (field, rank) for field, names in _FIELDS.items() for rank, name in enumerate(names.split())}
_MOST_TAGS = 20_000


def read(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The work that the page's meta tags describe, if they state its title."""
    stated = _stated(tree)
    if "title" not in stated:
        return (), ()
    draft = Draft(form="meta", place="head")
    for field in ("title", "container", "publisher", "abstract"):
        for name, value in stated[field]:
            draft.text(field, plain(value), name)
    for field in ("creator", "editor"):
        if not draft.has_creators:
            for name, value in stated[field]:
                _creators(draft, name, value)
    _about_authors(draft, tree)
    for name, value in stated["date"]:
        draft.date(value, name)
    _identifiers(draft, stated, tree)
    entry = draft.entry()
    return (entry,) if entry else (), tuple(draft.problems)


def _stated(tree: Tree) -> defaultdict[str, list[tuple[str, str]]]:
    """The tags and values for each field: of a field that a work has once all, best first; else those of the best tag."""
    ranked: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for name, value in _tags(tree):
        folded = name.lower().replace("bepress_", "").replace(":", ".")
        if folded in _FIELD_OF and value.strip():
            field, rank = _FIELD_OF[folded]
            ranked[field].append((rank, name, value))
    stated: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for field, found in ranked.items():
        found.sort(key=lambda tag: tag[0])
        best = found[0][0]
        only = {best} if field in {"creator", "editor"} else {rank for rank, _, _ in found}
        stated[field] = [(name, value) for rank, name, value in found if rank in only]
    return stated


def _tags(tree: Tree) -> Iterator[tuple[str, str]]:
    for count, element in enumerate(tree.root.iter("meta")):
        if count == _MOST_TAGS:
            return
        name, content = element.get("name") or element.get("property"), element.get("content")
        if name and content:
            yield name.strip(), content


def _creators(draft: Draft, name: str, value: str) -> None:
    """The names in a tag: one, or several that semicolons part."""
    for part in plain(value).split(";"):
        draft.creator(part, name)


def _about_authors(draft: Draft, tree: Tree) -> None:
    """What the tags after a name say of that person; and of the funders, whose tag holds parts such as `citation_funder=…`."""
    author = ""
    for name, value in _tags(tree):
        folded = name.lower().replace("bepress_", "")
        if folded == "citation_author":
            author = "" if ";" in value else plain(value)
        elif folded == "citation_author_orcid":
            draft.name_identifier(author, plain(value), name)
        elif folded == "citation_author_institution":
            draft.affiliation(author, plain(value), "", name)
        elif folded == "citation_funding_source":
            parts = {
                key.strip(): part.strip() for key, _, part in (one.partition("=") for one in plain(value).split(";"))
            }
            funder = parts.get("citation_funder", "")
            draft.funding(funder, parts.get("citation_funder_id", ""), parts.get("citation_grant_number", ""), name)


def _identifiers(draft: Draft, stated: defaultdict[str, list[tuple[str, str]]], tree: Tree) -> None:
    for name, value in stated["doi"]:
        draft.doi(value, name)
    for name, value in stated["identifier"]:
        draft.identifier(value, name)
    for name, value in stated["url"][:1]:
        draft.url(tree.absolute(value), name)
    for name, value in stated["arxiv"][:1]:
        draft.url(f"https://arxiv.org/abs/{value.strip().removeprefix('arXiv:')}", name)
    for name, value in stated["pmid"][:1]:
        if value.strip().isascii() and value.strip().isdigit():
            draft.url(f"https://pubmed.ncbi.nlm.nih.gov/{value.strip()}/", name)
    if not {"citation_inbook_title", "citation_conference_title", "citation_book_title"} & {
        name for name, _ in stated["container"]
    }:
        for name, value in stated["isbn"]:
            draft.isbn(value, name)
