"""A `Record` in, its CSL-JSON out: a list of one item of the schema csl-data (Citation Style Language 1.0.2)."""

from __future__ import annotations

import json

from repo_harvest.exports.work import cite_key, date_parts, general, issn, link, with_contributions
from repo_harvest.formats.agents import about
from repo_harvest.formats.parts import Name, doi, first_appearance, urn
from repo_harvest.formats.terms import kind_of, language_tag
from repo_harvest.model import Record

__all__ = ["EXTENSION", "LABEL", "MEDIA_TYPE", "export"]

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
EXTENSION = "json"
LABEL = "CSL-JSON"

_TYPES = {
    "JournalArticle": "article-journal",
    "Book": "book",
    "BookChapter": "chapter",
    "ConferenceProceeding": "book",
    "ConferencePaper": "paper-conference",
    "Dissertation": "thesis",
    "Report": "report",
    "Preprint": "article",
    "Dataset": "dataset",
    "Software": "software",
    "Image": "graphic",
    "Audiovisual": "motion_picture",
    "Sound": "song",
    "InteractiveResource": "webpage",
}


def export(record: Record) -> str:
    """The item in a list, as citation managers take it in.

    >>> json.loads(export(Record(title=("On Trust",), type=("book",))))
    [{'id': 'trust', 'type': 'book', 'title': 'On Trust'}]
    """
    kind = kind_of(record)
    item: dict[str, object] = {"id": cite_key(record), "type": _TYPES.get(general(record), "document")}
    texts = {
        "title": next(iter(record.title), ""),
        **_appeared(record),
        "publisher": "; ".join(record.publisher),
        "genre": kind.label if kind and kind.of_thesis is not None else "",
        "DOI": doi(record),
        "ISBN": urn(record, "isbn"),
        "ISSN": issn(record),
        "URL": link(record),
        "language": language_tag(record),
        "keyword": ", ".join(record.subjects),
        "note": with_contributions(record),
        "abstract": " ".join(record.description),
    }
    if record.creators:
        item["author"] = [_name(about(record, text).name) for text in record.creators]
    if parts := date_parts(record):
        item["issued"] = {"date-parts": [[int(part) for part in parts]]}
    item.update({name: value for name, value in texts.items() if value})
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _appeared(record: Record) -> dict[str, str]:
    place = first_appearance(record)
    pages = "-".join(dict.fromkeys(place.ends)) if place.ends else place.pages
    return {"container-title": place.container, "volume": place.volume, "issue": place.issue, "page": pages}


def _name(name: Name) -> dict[str, str]:
    if name.family is None or name.given is None:
        return {"literal": name.full}
    return {"family": name.family, "given": name.given}
