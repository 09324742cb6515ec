"""Arguments that no harvester sends: they are refused with an error, in well-formed XML, and nothing of them comes back raw.

Rule: OAI-PMH 2.0 sections 3.2 and 3.6. What XML cannot hold can be in no legal argument, and what looks like markup must
be written as text where it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from repo_harvest.check.case import Case, fault
from repo_harvest.check.client import Asked
from repo_harvest.check.outcome import Fault, Level
from repo_harvest.check.reading import Answer
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]

_ADVICE = (
    "Refuse what XML 1.0 cannot hold with badArgument, escape what is repeated, and never let it reach the database."
)
_MARKUP = '"><script>repo-harvest</script>&'
_CLIENT_ERROR = 400


class _Row(NamedTuple):
    id: str
    title: str
    value: str
    percent: bytes = b""  # the value as it is sent by POST, when a URL cannot hold it


_ROWS = (
    _Row("hostile.control", "Control characters in arguments are refused", "a\x01b"),
    _Row("hostile.nul", "NUL in arguments is refused", "a\x00b"),
    _Row("hostile.octets", "Octets that are no UTF-8 in arguments are refused", "a\udcff\udcfe"),
    _Row("hostile.surrogate", "Encoded surrogates in arguments are refused", "a\udced\udca0\udc80b"),
    _Row("hostile.noncharacter", "U+FFFE in arguments is refused", "a\ufffeb"),
    _Row("hostile.markup", "Markup in arguments is refused or escaped", _MARKUP),
    _Row("hostile.percent", "A lone % in arguments is refused", "a%b", b"a%zz"),
)


def _arguments(case: Case, value: str) -> Iterator[tuple[tuple[str, str], ...]]:
    yield (("verb", value),)
    yield (("verb", "GetRecord"), ("identifier", value), ("metadataPrefix", case.prefix))
    yield (("verb", "ListIdentifiers"), ("metadataPrefix", value))
    yield (("verb", "ListIdentifiers"), ("metadataPrefix", case.prefix), ("set", value))
    yield (("verb", "ListRecords"), ("resumptionToken", value))


def _rule(row: _Row) -> Callable[[Case], Iterator[Fault]]:
    def rule(case: Case) -> Iterator[Fault]:
        for pairs in _arguments(case, row.value):
            if row.percent:
                content = b"&".join(
                    name.encode() + b"=" + (row.percent if value == row.value else value.encode())
                    for name, value in pairs
                )
                asked = Asked.post(case.base_url, pairs, content=content)
            else:
                asked = Asked.get(case.base_url, pairs)
            yield from _judged(case.send(asked))

    return rule


def _judged(answer: Answer) -> Iterator[Fault]:
    """An error in well-formed XML, or HTTP's own refusal."""
    if answer.fault and not _CLIENT_ERROR <= answer.status < _CLIENT_ERROR + 100:
        yield fault("an error in well-formed XML was expected", answer)
    elif not answer.fault and not answer.errors:
        yield fault("it was accepted", answer)


CHECKS = tuple(
    Check(id=row.id, title=row.title, level=Level.MUST, section="3.6", advice=_ADVICE, rule=_rule(row)) for row in _ROWS
)
