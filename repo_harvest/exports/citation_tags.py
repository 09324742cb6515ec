"""A `Record` and the address of its page in, the Highwire Press tags for the head of that page out.

The names are those of Google Scholar's "Inclusion Guidelines for Webmasters", and those that follow the name of an author with
what is known of that person; what is not known has no tag.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.exports.work import date_parts, general, issn, one_line
from repo_harvest.formats.agents import affiliations, name_identifiers
from repo_harvest.formats.parts import doi, first_appearance, urn
from repo_harvest.formats.terms import language_tag
from repo_harvest.model import Record

__all__ = ["citation_tags"]

_CONTAINER = {"BookChapter": "citation_inbook_title", "ConferencePaper": "citation_conference_title"}
_PUBLISHER = {
    "Dissertation": "citation_dissertation_institution",
    "Report": "citation_technical_report_institution",
}


def citation_tags(record: Record, page: str | None = None) -> list[tuple[str, str]]:
    """(name, content) of each tag, in their order; none for a record without a title, which no reader would take.

    >>> citation_tags(Record(title=("On Trust",), creators=("Buck, G.",), date=("2021-03",)))
    [('citation_title', 'On Trust'), ('citation_author', 'Buck, G.'), ('citation_publication_date', '2021/03')]
    """
    if not record.title:
        return []
    return [(name, one_line(content)) for name, content in _tags(record, page) if content]


def _tags(record: Record, page: str | None) -> Iterator[tuple[str, str | None]]:
    kind, known, bodies = general(record), name_identifiers(record), affiliations(record)
    yield "citation_title", record.title[0]
    for name in record.creators:
        yield "citation_author", name
        for body in bodies.get(name, ()):
            yield "citation_author_institution", body.body
        if name in known and known[name].scheme == "ORCID":
            yield "citation_author_orcid", known[name].address
    yield "citation_publication_date", "/".join(date_parts(record))
    place = first_appearance(record)
    first, last = place.ends or ("", "")
    yield _CONTAINER.get(kind, "citation_journal_title"), place.container
    yield "citation_volume", place.volume
    yield "citation_issue", place.issue
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_doi", doi(record)
    yield "citation_isbn", urn(record, "isbn")
    yield "citation_issn", issn(record)
    for publisher in record.publisher:
        yield _PUBLISHER.get(kind, "citation_publisher"), publisher
    yield "citation_abstract_html_url", page
    yield "citation_language", language_tag(record)
    for subject in record.subjects:
        yield "citation_keywords", subject
