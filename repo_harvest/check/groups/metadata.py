"""What Dublin Core says: nothing the protocol asks for, all that people will see (OAI-PMH 2.0 section 5, good practice)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import named
from repo_harvest.check.outcome import Fault, Level, NotApplicable
from repo_harvest.check.reading import Record
from repo_harvest.check.rule import Check

__all__ = ["CHECKS", "OAI_DC", "dublin_core", "share"]

OAI_DC = "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?)?)?")
_MOJIBAKE = re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac|\ufffd")
_CONTROL = re.compile("[\x7f-\x84\x86-\x9f]")
_MARKUP = re.compile(
    r"</?(?:p|br|i|b|em|strong|sup|sub|div|span)\b[^>]*>|&(?:amp|lt|gt|quot|nbsp|#[0-9]+);", re.IGNORECASE
)


def dublin_core(case: Case) -> list[Record]:
    """The records that were seen with metadata in oai_dc; raises `NotApplicable` if there is none."""
    found = [record for record in case.records.sample if record.root == OAI_DC]
    if not found:
        raise NotApplicable("no record in oai_dc was seen")
    return found


def share(case: Case, has: Callable[[Record], bool]) -> float:
    """The share, 0 to 1, of records in oai_dc for which it holds."""
    records = dublin_core(case)
    return sum(map(has, records)) / len(records)


def _all(has: Callable[[Record], bool], words: str) -> Callable[[Case], Iterator[Fault]]:
    """A fault that counts the records for which it does not hold."""

    def rule(case: Case) -> Iterator[Fault]:
        records = dublin_core(case)
        without = [record.head.identifier for record in records if not has(record)]
        if without:
            yield fault(f"{len(without)} of {len(records)} records {words}: {named(without)}", case.records.first)

    return rule


def _texts(record: Record) -> Iterator[str]:
    return (text for texts in record.elements.values() for text in texts)


def _url(record: Record) -> bool:
    return any(re.match(r"https?://\S", text.strip()) for text in record.elements.get("identifier", ()))


def _dated(record: Record) -> bool:
    dates = [text.strip() for text in record.elements.get("date", ())]
    return not dates or any(_DATE.fullmatch(date) for date in dates)


_ROWS = (
    ("metadata.title", "Every record has a title", Level.SHOULD, "Give each record a dc:title.",
     _all(lambda record: any(map(str.strip, record.elements.get("title", ()))), "have no title")),
    ("metadata.link", "Every record leads to its page", Level.SHOULD, "Put the address of the landing page into dc:identifier, beginning with https://.",
     _all(_url, "have no web address in dc:identifier")),
    ("metadata.empty", "No element is empty", Level.SHOULD, "Leave out what has no value.",
     _all(lambda record: all(map(str.strip, _texts(record))), "have empty elements")),
    ("metadata.text", "No text is garbled", Level.SHOULD, "Decode once, as what the source was written in: UTF-8 read as Latin-1 looks like this.",
     _all(lambda record: not any(_MOJIBAKE.search(text) for text in _texts(record)), "hold text that was decoded wrongly")),
    ("metadata.control", "No text holds control characters", Level.SHOULD, "Clean texts when they come in.",
     _all(lambda record: not any(_CONTROL.search(text) for text in _texts(record)), "hold control characters")),
    ("metadata.markup", "No text holds HTML", Level.INFO, "Take tags and entities out of titles and abstracts.",
     _all(lambda record: not any(_MARKUP.search(text) for text in _texts(record)), "hold HTML tags or entities")),
    ("metadata.date", "Dates can be read", Level.SHOULD, "Write dc:date as YYYY, YYYY-MM or YYYY-MM-DD.",
     _all(_dated, "have no date in the form YYYY-MM-DD, YYYY-MM or YYYY")),
)  # fmt: skip  # a table

CHECKS = tuple(
    Check(id=name, title=title, level=level, section="5", advice=advice, rule=rule)
    for name, title, level, advice, rule in _ROWS
)
