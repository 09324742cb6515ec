"""A legal request and one snapshot of the feed in, what will be said out: six functions named after the six verbs.

Every answer is of one committed state, whose watermark is its responseDate; the feed's promises rest on that. Lists
are in the order (datestamp, id) and go on behind the last row delivered, so a page costs the same however deep it lies.

A list without `until` is open: a record that changes while it is being read moves to its end and is met again there,
and new ones join it. completeListSize is the count taken on the first page, raised by what was delivered and is known
to follow, and on the last page exactly what all pages held: it never says less than a harvester has seen. The
alternative that lost is a list frozen at its first page: its records' bytes would have to be kept for every token.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from repo_harvest.formats.registry import FORMATS
from repo_harvest.model import Feed, Listed, Position, Snapshot, Window, utc_text
from repo_harvest.oai.answer import (
    NO_SUCH_SET,
    Answer,
    Code,
    Errors,
    Formats,
    Headers,
    Identity,
    Part,
    ProtocolError,
    Record,
    Records,
    Resumption,
    Sets,
)
from repo_harvest.oai.envelope import render
from repo_harvest.oai.repository import Repository
from repo_harvest.oai.request import (
    GetRecord,
    Identify,
    ListIdentifiers,
    ListMetadataFormats,
    ListRecords,
    ListSets,
    Request,
    Resume,
    decode,
    parse,
)
from repo_harvest.oai.tag import held_tag, is_named, make_tag
from repo_harvest.oai.token import BadToken, RowsToken, RowsVerb, SetsToken, Token, seal, unseal

__all__ = [
    "ANSWERS",
    "Response",
    "get_record",
    "identify",
    "list_identifiers",
    "list_metadata_formats",
    "list_records",
    "list_sets",
    "respond",
]


class Response(NamedTuple):
    """What is said to one request, from one state of the feed.

    `body` and `answer` are `None` when an answer that the client holds still stands. `tag` names the bytes of the body,
    or the answer that is held; it is `None` where the feed's state alone does not decide them. `sealed` is the
    watermark that the answer tells, `newest` the newest datestamp of the feed (`None` while it is empty), both in UTC
    seconds since 1970.
    """

    request: Request | Errors
    answer: Answer | None
    body: bytes | None
    tag: str | None
    sealed: int
    newest: int | None


def respond(
    query: bytes | str, *, feed: Feed, repository: Repository, now: float, held: Collection[str] = ()
) -> Response:
    """The whole response to a query string or form body; `now` is in UTC seconds since 1970.

    `held` are the tags of answers that the client still has: when one of them is to this request and nothing was
    published since, that is all there is to say. Raises `StoreError` when the feed cannot be read: that is for HTTP to
    say, because no error of OAI-PMH means it.
    """
    arguments = decode(query)
    request = parse(arguments)
    with feed.snapshot(now, _reach(request, repository)) as snapshot:
        sealed, newest = snapshot.sealed, snapshot.newest
        if held and (stands := held_tag(held, arguments, repository, newest=newest)):
            return Response(request=request, answer=None, body=None, tag=stands[0], sealed=stands[1], newest=newest)
        answer = request if isinstance(request, Errors) else ANSWERS[type(request)](request, snapshot, repository)
    folder = repository.folder
    body = render(
        answer,
        arguments=arguments,
        base_url=repository.base_url,
        response_date=sealed,
        stylesheet=None if folder is None else f"{folder}static/oai.css",
    )
    tag = make_tag(arguments, repository, sealed=sealed, newest=newest) if is_named(answer) else None
    return Response(request=request, answer=answer, body=body, tag=tag, sealed=sealed, newest=newest)


def get_record(request: GetRecord, snapshot: Snapshot, _repository: Repository) -> Record | Errors:
    """Section 4.1: one record; only its header once it is deleted."""
    row = snapshot.record(request.identifier, request.metadata_prefix) if request.metadata_prefix in FORMATS else None
    if row is not None:
        return Record(row=row)
    if snapshot.prefixes(request.identifier) is None:
        return _error("idDoesNotExist", _NO_ID)
    return _error("cannotDisseminateFormat", _NO_FORMAT)


def identify(_request: Identify, snapshot: Snapshot, repository: Repository) -> Identity:
    """Section 4.2. An empty repository has seen nothing earlier than its watermark."""
    earliest = snapshot.earliest()
    return Identity(repository=repository, earliest=snapshot.sealed if earliest is None else earliest)


def list_identifiers(request: ListIdentifiers, snapshot: Snapshot, repository: Repository) -> Headers | Errors:
    """Section 4.3: the headers of a window, a page at a time."""
    page = _page("ListIdentifiers", request.start, snapshot.headers, snapshot, repository)
    return page if isinstance(page, Errors) else Headers(rows=page.rows, resumption=page.resumption, part=page.part)


def list_metadata_formats(
    request: ListMetadataFormats, snapshot: Snapshot, _repository: Repository
) -> Formats | Errors:
    """Section 4.4: every format, or those that one item has."""
    if request.identifier is None:
        return Formats(formats=tuple(FORMATS.values()))
    prefixes = snapshot.prefixes(request.identifier)
    if prefixes is None:
        return _error("idDoesNotExist", _NO_ID)
    formats = tuple(format_ for prefix, format_ in FORMATS.items() if prefix in prefixes)
    return Formats(formats=formats) if formats else _error("noMetadataFormats", "this item is in no format")


def list_records(request: ListRecords, snapshot: Snapshot, repository: Repository) -> Records | Errors:
    """Section 4.5: the records of a window, a page at a time."""
    page = _page("ListRecords", request.start, snapshot.records, snapshot, repository)
    return page if isinstance(page, Errors) else Records(rows=page.rows, resumption=page.resumption, part=page.part)


def list_sets(request: ListSets, snapshot: Snapshot, repository: Repository) -> Sets | Errors:
    """Section 4.6: the sets in the order of their setSpecs, a page at a time."""
    after, cursor, size = None, 0, 0
    if request.start is not None:
        token = _open(request.start, repository)
        if not isinstance(token, SetsToken):
            return _bad_token()
        after, cursor, size = token.after, token.cursor, token.size
    found = snapshot.sets(after, repository.page_size + 1)
    if not found:
        return _bad_token() if cursor else _error("noSetHierarchy", _NO_SETS)
    sets = found[: repository.page_size]
    if len(found) == len(sets):
        return Sets(sets=sets, resumption=_last(cursor, len(sets)))
    delivered = cursor + len(sets)
    size = max(size or snapshot.count_sets(), delivered + 1)
    token = SetsToken(after=sets[-1].spec, cursor=delivered, size=size)
    return Sets(sets=sets, resumption=_more(cursor, token, repository))


ANSWERS: Mapping[type[Request], Callable[[Any, Snapshot, Repository], Answer]] = {
    GetRecord: get_record,
    Identify: identify,
    ListIdentifiers: list_identifiers,
    ListMetadataFormats: list_metadata_formats,
    ListRecords: list_records,
    ListSets: list_sets,
}


def _reach(request: Request | Errors, repository: Repository) -> int | None:
    """To which second an older state of the feed must be complete to answer this; `None` where only the latest will do.

    What names one item, or the sets, may come from any list, however new. A bound of a window may come from another
    answer's responseDate, and the next page must not lack what the page before could see.
    """
    match request:
        case Errors() | Identify():
            return 0
        case ListIdentifiers(start=Window() as window) | ListRecords(start=Window() as window):
            return max(window.since or 0, window.until or 0)
        case ListIdentifiers(start=Resume() as start) | ListRecords(start=Resume() as start):
            token = _open(start, repository)
            return token.sealed if isinstance(token, RowsToken) else 0
        case _:
            return None


# --- lists of rows, section 3.5 ---


class _Place(NamedTuple):
    """Where a page begins; `size` is the completeListSize announced before it, 0 on the first page."""

    window: Window
    started: int
    after: Position | None = None
    cursor: int = 0
    size: int = 0


class _Page(NamedTuple):
    rows: Sequence[Listed]
    resumption: Resumption | None
    part: Part


def _page(
    verb: RowsVerb,
    start: Window | Resume,
    fetch: Callable[[Window, Position | None, int], Sequence[Listed]],
    snapshot: Snapshot,
    repository: Repository,
) -> _Page | Errors:
    """The rows of one page and what goes on behind them. One row more than a page is asked for, to know if any does."""
    place = _resumed(verb, start, repository) if isinstance(start, Resume) else _Place(start, snapshot.sealed)
    if place is None:
        return _bad_token()
    if place.window.prefix not in FORMATS:
        return _error("cannotDisseminateFormat", _NO_FORMAT)
    found = fetch(place.window, place.after, repository.page_size + 1)
    if not found:
        return _nothing(place, snapshot)
    rows = found[: repository.page_size]
    part = Part(window=place.window, started=place.started, cursor=place.cursor)
    if len(found) == len(rows):
        return _Page(rows, _last(place.cursor, len(rows)), part)
    delivered = place.cursor + len(rows)
    size = max(place.size or snapshot.count(place.window), delivered + 1)
    datestamp, item_id, *_ = rows[-1]
    after = Position(datestamp, item_id)
    token = RowsToken(
        verb=verb,
        window=place.window,
        after=after,
        cursor=delivered,
        size=size,
        started=place.started,
        sealed=snapshot.sealed,
    )
    return _Page(rows, _more(place.cursor, token, repository), part)


def _more(cursor: int, token: Token, repository: Repository) -> Resumption:
    """What every page but the last says."""
    text = seal(token, repository.token_key)
    return Resumption(token=text, complete_list_size=token.size, cursor=cursor)


def _last(cursor: int, shown: int) -> Resumption | None:
    """What the last page says: nothing if it is also the first, else what all pages held."""
    return Resumption(token="", complete_list_size=cursor + shown, cursor=cursor) if cursor else None


def _resumed(verb: RowsVerb, start: Resume, repository: Repository) -> _Place | None:
    """Where the token goes on, if it is one of ours, of this verb, and its format is still served."""
    token = _open(start, repository)
    if not isinstance(token, RowsToken) or token.verb != verb or token.window.prefix not in FORMATS:
        return None
    return _Place(token.window, token.started, token.after, token.cursor, token.size)


def _open(start: Resume, repository: Repository) -> Token | None:
    try:
        return unseal(start.token, repository.token_key)
    except BadToken:
        return None


# --- what else there is to say, section 3.6 ---

_NO_FORMAT = "not a format of this item or repository; ListMetadataFormats lists them"
_NO_ID = "this repository has no such item, and never had"
_NO_SETS = "this repository has no sets"
_UNUSABLE = "this resumptionToken was not made here for this verb; start the list again"


def _nothing(place: _Place, snapshot: Snapshot) -> Errors:
    """Why a list is empty. For a set that does not exist the protocol has no code of its own: no record is in it."""
    window = place.window
    if place.cursor:  # `until` bounds the list, and all that was left of it has changed since the last page
        return _error("noRecordsMatch", "all that was left of this list has changed since; a later `from` will find it")
    if window.set_spec is not None and not snapshot.has_sets():
        return _error("noSetHierarchy", _NO_SETS)
    if window.set_spec is not None and not snapshot.has_set(window.set_spec):
        return _error("noRecordsMatch", NO_SUCH_SET)
    if window.since is not None and window.since > snapshot.sealed:
        return _error(
            "noRecordsMatch", f"nothing has changed since; records are complete to {utc_text(snapshot.sealed)}"
        )
    return _error("noRecordsMatch", "no record matches")


def _bad_token() -> Errors:
    return _error("badResumptionToken", _UNUSABLE)


def _error(code: Code, message: str) -> Errors:
    return Errors(errors=(ProtocolError(code=code, message=message),))
