"""Lists in pages: that the pages are the list, no more and no less, and say so (OAI-PMH 2.0 section 3.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import compared, named, resumable, unmoved
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.reading import Head
from repo_harvest.check.rule import Check
from repo_harvest.check.walk import End, PageSeen, Walk

__all__ = ["CHECKS"]

_LOOKED_FOR = 4  # records that one list was not seen to hold
_NARROW = 3  # pages of a window around one of them


def _walks(case: Case) -> Iterator[tuple[str, Walk]]:
    yield "ListIdentifiers", case.headers
    yield "ListRecords", case.records


def _split(case: Case) -> list[tuple[str, Walk]]:
    """The lists in more than one page; raises `NotApplicable` if there is none."""
    found = [(verb, seen) for verb, seen in _walks(case) if len(seen.pages) > 1 or seen.first.token]
    if not found:
        raise NotApplicable("no list is split into pages")
    return found


def _at(what: str, page: PageSeen) -> Fault:
    return Fault(what=what, request=page.request, answer=page.said)


def _answered(case: Case) -> Iterator[Fault]:
    """Most other checks rest on these two."""
    scope = {"set_": case.options.set_spec} if case.options.set_spec else {}
    for verb in ("ListIdentifiers", "ListRecords"):
        answer = case.ask(verb, metadataPrefix=case.prefix, **scope)
        if answer.fault or (answer.kind != verb and "noRecordsMatch" not in answer.codes):
            yield fault(f"{verb} in {case.prefix} is not answered with a list", answer)


def _ends(case: Case) -> Iterator[Fault]:
    for verb, seen in _split(case):
        if seen.end in {End.CIRCLE, End.BROKEN}:
            yield _at(f"{verb} does not come to its end: {seen.why}", seen.pages[-1])


def _once(case: Case) -> Iterator[Fault]:
    for verb, seen in _walks(case):
        counts = Counter((head.identifier, head.datestamp) for head in seen.heads)
        twice = [identifier for (identifier, _), count in counts.items() if count > 1]
        if twice:
            yield fault(f"{verb} lists {len(twice)} records more than once: {named(twice)}", seen.first)


def _agree(case: Case) -> Iterator[Fault]:
    """Lists that were seen to their end hold the same. Of others, what both hold is the same; what one lacks is looked for."""
    headers = {head.identifier: head for head in _settled(case, case.headers)}
    records = {head.identifier: head for head in _settled(case, case.records)}
    if case.headers.complete and case.records.complete:
        for verb, seen, has, other in (
            ("ListRecords", case.records, records, headers),
            ("ListIdentifiers", case.headers, headers, records),
        ):
            lacking = unmoved(case, (head for name, head in other.items() if name not in has))
            if lacking:
                names = named(head.identifier for head in lacking)
                yield fault(f"{verb} lacks {len(lacking)} records of the other list: {names}", seen.first)
    both = headers.keys() & records.keys()
    if not both and headers and records:
        raise CouldNot("the pages that were read of both lists have no record in common")
    unlike = [name for name in sorted(both) if _bare(headers[name]) != _bare(records[name])]
    if unlike:
        example = f"ListIdentifiers says {_words(headers[unlike[0]])}, ListRecords {_words(records[unlike[0]])}"
        yield fault(f"headers differ between the lists: {named(unlike)}; {example}", case.records.first)
    if not (case.headers.complete and case.records.complete):
        yield from _left_out(
            case, "ListRecords", "ListIdentifiers", (h for n, h in headers.items() if n not in records)
        )
        yield from _left_out(
            case, "ListIdentifiers", "ListRecords", (h for n, h in records.items() if n not in headers)
        )


def _left_out(case: Case, verb: str, other: str, heads: Iterable[Head]) -> Iterator[Fault]:
    """A few of the headers that one list was not seen to hold: in a window of their own, both lists hold them or neither."""
    for head in islice(heads, _LOOKED_FOR):
        window = {"metadataPrefix": case.prefix, "from_": head.datestamp, "until": head.datestamp, **case.scope}
        try:
            lacks, holds = (case.list(one, pages=_NARROW, **window) for one in (verb, other))
        except CouldNot:  # whether windows are answered is for other checks
            return
        if lacks.complete and head in holds.heads:
            yield from compared(case, [head], lacks, f"{verb} lacks a record that {other} lists")


def _settled(case: Case, seen: Walk) -> Iterator[Head]:
    """Those that did not change during this run."""
    began = stamps.parse(case.headers.first.date)
    for head in seen.heads:
        stamp = stamps.parse(head.datestamp)
        if stamp is None or began is None or stamp.seconds < began.seconds:
            yield head


def _bare(head: Head) -> tuple[str, frozenset[str], bool]:
    return head.datestamp, frozenset(head.sets), head.deleted


def _words(head: Head) -> str:
    sets = f" in {named(head.sets)}" if head.sets else " in no set"
    return f"{head.datestamp}{sets}{' and deleted' if head.deleted else ''}"


def _cursor(case: Case) -> Iterator[Fault]:
    stated = 0
    for _, seen in _split(case):
        delivered = 0
        for page in seen.pages:
            cursor = page.resumption.cursor if page.resumption else None
            if cursor is not None:
                stated += 1
                if cursor.strip() != str(delivered):
                    yield _at(f"cursor is {cursor}, and {delivered} had been delivered before this page", page)
                    break
            delivered += page.count
    if not stated:
        raise NotApplicable("resumptionTokens have no cursor")


def _size(case: Case) -> Iterator[Fault]:
    """It may be an estimate; one that does not fit the list misleads whoever waits for its end."""
    stated = 0
    for verb, seen in _split(case):
        total = sum(page.count for page in seen.pages)
        sizes = [
            (page, page.resumption.size.strip()) for page in seen.pages if page.resumption and page.resumption.size
        ]
        stated += len(sizes)
        for page, size in sizes:
            wrong = not size.isdecimal() or (int(size) != total if seen.complete else int(size) < total)
            if wrong:
                held = f"{total} records" if seen.complete else f"at least {total} records"
                yield _at(f"completeListSize of {verb} is {size}, and the list holds {held}", page)
                break
    if not stated:
        raise NotApplicable("resumptionTokens have no completeListSize")


def _last(case: Case) -> Iterator[Fault]:
    complete = [(verb, seen) for verb, seen in _split(case) if seen.complete]
    if not complete:
        raise CouldNot("no list in several pages was read to its end; --full reads all of it")
    for verb, seen in complete:
        if seen.pages[-1].resumption is None:
            yield _at(f"the last page of {verb} has no empty resumptionToken", seen.pages[-1])


def _unsplit(case: Case) -> Iterator[Fault]:
    """An empty token ends a list that was split; a whole list in one answer has nothing to end."""
    whole = [seen for _, seen in _walks(case) if len(seen.pages) == 1 and seen.complete]
    if not whole and case.stamped:
        head, seconds = case.stamped[0]
        text = stamps.second_text(seconds) if case.fine else head.datestamp
        narrow = case.heads(from_=text, until=text)
        whole = [narrow] if len(narrow.pages) == 1 else []
    if not whole:
        raise CouldNot("no list that fits into one page was found")
    for seen in whole:
        if seen.pages[0].resumption is not None:
            yield _at("a list in one page has a resumptionToken", seen.pages[0])


def _held(case: Case) -> Iterator[Fault]:
    for verb, seen in _walks(case):
        for page in seen.pages:
            if not page.count:
                yield _at(f"a page of {verb} holds nothing", page)


def _order(case: Case) -> Iterator[Fault]:
    marks = [(head, stamp.seconds) for head in case.some if (stamp := stamps.parse(head.datestamp)) is not None]
    for (before, earlier), (after, later) in pairwise(marks):
        if later < earlier:
            what = f"{after.identifier} ({after.datestamp}) comes after {before.identifier} ({before.datestamp})"
            yield fault(f"the list is not in the order of datestamps: {what}", case.headers.first)
            return


def _expires(case: Case) -> Iterator[Fault]:
    first, _ = resumable(case)
    stated = first.resumption.expires if first.resumption else None
    if stated is None:
        raise NotApplicable("resumptionTokens have no expirationDate")
    expires, now = stamps.parse(stated), stamps.parse(first.date)
    if expires is None or not expires.fine:
        yield fault(f"expirationDate is {stated!r}, not like 2026-01-31T12:00:00Z", first)
    elif now is not None and expires.seconds <= now.seconds:
        yield fault(f"the token expired at {stated}, before it was given", first)


def _size_pages(case: Case) -> Iterator[Fault]:
    """The guideline leaves it open; harvesters ask for tens to hundreds of records at a time."""
    for verb, seen in _split(case):
        size = seen.pages[0].count
        if verb == "ListRecords" and not 10 <= size <= 1000:  # noqa: PLR2004 - what is called reasonable
            yield _at(f"a page of {verb} holds {size} records", seen.pages[0])


CHECKS = (
    Check(
        id="list.answered",
        title="Both lists are answered",
        level=Level.MUST,
        section="4.5",
        advice="Look into the repository's log; or check the prefix and the set that were asked for.",
        rule=_answered,
    ),
    Check(
        id="list.ends",
        title="Every list comes to its end",
        level=Level.MUST,
        section="3.5",
        advice="Keep the place in the list in the token, and see that the last page has an empty one.",
        rule=_ends,
    ),
    Check(
        id="list.once",
        title="No record is listed twice",
        level=Level.MUST,
        section="3.5",
        advice="Go on behind the last record of the page before, by a key that is unique, not by an offset.",
        rule=_once,
    ),
    Check(
        id="list.agree",
        title="ListIdentifiers and ListRecords list the same",
        level=Level.MUST,
        section="4.3",
        advice="Make both lists from the same data: deleted records are in both.",
        rule=_agree,
    ),
    Check(
        id="list.held",
        title="Every page holds something",
        level=Level.MUST,
        section="3.5",
        advice="Answer noRecordsMatch where nothing matches, and end a list with its last record.",
        rule=_held,
    ),
    Check(
        id="list.cursor",
        title="cursor counts what was delivered before",
        level=Level.MUST,
        section="3.5",
        advice="State the number of records on all pages before this one, from 0.",
        rule=_cursor,
    ),
    Check(
        id="list.size",
        title="completeListSize is the size of the list",
        level=Level.SHOULD,
        section="3.5",
        advice="Count the list of this very request, with its set and its dates; or leave the attribute out.",
        rule=_size,
    ),
    Check(
        id="list.last-token",
        title="The last page of a list in several pages has an empty resumptionToken",
        level=Level.MUST,
        section="3.5",
        advice="Put <resumptionToken/> on it: without it, harvesters cannot tell an end from a broken answer.",
        rule=_last,
    ),
    Check(
        id="list.unsplit",
        title="A list in one page has no resumptionToken",
        level=Level.SHOULD,
        section="3.5",
        advice="Leave the element out where the list was never split.",
        rule=_unsplit,
    ),
    Check(
        id="list.expires",
        title="expirationDate lies ahead",
        level=Level.MUST,
        section="3.5",
        advice="Write it as a second in UTC that harvesters can still reach.",
        rule=_expires,
    ),
    Check(
        id="list.order",
        title="The list is in the order of datestamps",
        level=Level.INFO,
        section="guidelines for repositories 5",
        advice="Sort by datestamp: what changes during a harvest is then met again at the end.",
        rule=_order,
    ),
    Check(
        id="list.page-size",
        title="Pages are of a reasonable size",
        level=Level.INFO,
        section="guidelines for repositories 6",
        advice="Pages of 100 to 500 records suit most harvesters.",
        rule=_size_pages,
    ),
)
