"""A file of JSON lines in, its records published, or another repository's feed moved here as it is; and out again.

An import is a source of its own: a line's `id` (or `identifier`) names its entry, so that a later import of the same name
updates it. Lines that a later file leaves out stay; a line with `"deleted": true` takes its entry away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from repo_harvest import catalogue, formats
from repo_harvest.errors import BadImport
from repo_harvest.ingest.carry import Press, carry_out
from repo_harvest.ingest.making import Policy
from repo_harvest.ingest.run import Report, counted, ended, fenced, recorded
from repo_harvest.ingest.stated import Stated
from repo_harvest.match import blocking_keys, features, place, to_text
from repo_harvest.match.candidates import HOT
from repo_harvest.model import Header, Item, Outcome, Run
from repo_harvest.store import ledger
from repo_harvest.store.browse import every_item
from repo_harvest.store.bulk import Migrated, migrate

__all__ = ["export_lines", "import_file", "migrate_file"]

_DAY = 86_400
Told = Callable[[int], None]


def import_file(path: Path, press: Press, *, told: Told = lambda _: None) -> Report:
    """Publish the records of a file; `told` is given the number of bytes read, as they are.

    Raises `BadImport` for a line that is wrong, with nothing published, `Busy`, and `StoreError`.
    """
    name = f"import-{path.stem}"
    state = ledger.source_state(press.engine, name, str(path))
    run = Run(source=name, started=int(press.clock()))
    lines = list(_read(path, told))
    page_url = path.resolve().as_uri()
    listed = [_listed(line, page_url, name, run.started) for line in lines if not line.imported.deleted]
    gone = frozenset(_local_id(line) for line in lines if line.imported.deleted) - {None}
    with recorded(press, state.id, run) as run_id:
        named = all(one.local_id is not None for one in listed)
        draft, datestamp = carry_out(fenced(press, run_id), state.id, listed, leaves=gone, named=named)
        done = ended(replace(counted(run, draft, []), datestamp=datestamp), press, Outcome.DONE)
        ledger.finish_run(press.engine, run_id, done, draft.quarantined)
    edits, held = tuple(draft.items), tuple(draft.quarantined)
    return Report(run=done, changes=tuple(draft.changes), edits=edits, quarantined=held)


def migrate_file(path: Path, press: Press, *, told: Told = lambda _: None) -> Report:
    """Move another repository's items into the empty feed, keeping identifier, datestamp, sets and deletions.

    A record that fails its schema is quarantined. Raises `BadImport`, with nothing written, `Refused` when the feed is
    not empty, and `StoreError`.
    """
    name = f"import-{path.stem}"
    state = ledger.source_state(press.engine, name, str(path))
    run = Run(source=name, started=int(press.clock()))
    quarantined: list[ledger.Quarantined] = []
    with recorded(press, state.id, run) as run_id:
        moved = migrate(
            press.engine,
            state.id,
            _migrated(path, run.started, quarantined, told, press.policy),
            page_url=path.resolve().as_uri(),
            fetched=run.started,
            told=press.sets,
            header_xml=formats.header,
            hot=HOT,
        )
        done = ended(replace(run, new=moved, refused=len(quarantined)), press, Outcome.DONE)
        ledger.finish_run(press.engine, run_id, done, quarantined)
    return Report(run=done, quarantined=tuple(quarantined))


def export_lines(press: Press) -> Iterator[str]:
    """Every item as a line that `import --migrate` reads back to the same feed."""
    for item in every_item(press.engine):
        yield json.dumps(catalogue.to_line(_exported(item)), ensure_ascii=False) + "\n"


def _exported(item: Item) -> catalogue.Imported:
    header = item.header
    return catalogue.Imported(
        record=item.record,
        identifier=header.identifier,
        datestamp=header.datestamp,
        deleted=header.deleted,
        sets=header.sets,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    number: int
    imported: catalogue.Imported


def _read(path: Path, told: Told) -> Iterator[_Line]:
    """The lines of a file; blank ones are passed over. Raises `BadImport` with file and line."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                told(len(raw))
                if raw.strip():
                    where = f"{path.name} line {number}"
                    yield _Line(number=number, imported=catalogue.from_line(_values(raw, where), where=where))
    except OSError as error:
        raise BadImport(f"{path}: cannot be read: {error.strerror}") from None


def _values(raw: bytes, where: str) -> object:
    try:
        values: object = json.loads(raw)
    except UnicodeDecodeError:
        raise BadImport(f"{where}: is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadImport(f"{where}: is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise BadImport(f"{where}: is nested too deeply") from None
    return values


def _listed(line: _Line, page_url: str, source: str, now: int) -> Stated:
    imported = line.imported
    return Stated(
        record=imported.record,
        source=source,
        place=f"line {line.number}",
        page_url=page_url,
        fetched=now,
        sets=imported.sets,
        local_id=_local_id(line),
    )


def _local_id(line: _Line) -> str | None:
    return line.imported.id or line.imported.identifier


def _migrated(
    path: Path, now: int, quarantined: list[ledger.Quarantined], told: Told, policy: Policy
) -> Iterator[Migrated]:
    seen: dict[str, int] = {}
    about = formats.about((), policy.metadata_rights)
    for line in _read(path, told):
        header = _header(line, path, now)
        earlier = seen.setdefault(header.identifier, line.number)
        if earlier != line.number:
            raise BadImport(
                f"{path.name} line {line.number}: identifier: {header.identifier} is already on line {earlier}"
            )
        record, where = line.imported.record, f"line {line.number}"
        found = features(record)
        one = Migrated(
            header=header,
            record=record,
            renditions=(),
            spot=place(found),
            keys=blocking_keys(found),
            said=to_text(found),
            prefixes=("oai_dc",) if header.deleted else (),
            place=where,
            local_id=_local_id(line),
        )
        if header.deleted:
            yield one
            continue
        renditions, problems = formats.disseminate(
            catalogue.shortened(record, policy.longest_value), policy.landing(header.identifier)
        )
        if problems:
            reason = "; ".join(map(str, problems))
            quarantined.append(ledger.Quarantined(place=where, reason=reason, record=record))
            continue
        yield replace(one, renditions=renditions, about=about)


def _header(line: _Line, path: Path, now: int) -> Header:
    imported, where = line.imported, f"{path.name} line {line.number}"
    if imported.identifier is None:
        raise BadImport(f"{where}: identifier: is missing; --migrate keeps the identifiers that harvesters know")
    datestamp = now if imported.datestamp is None else imported.datestamp
    if datestamp > now + _DAY:
        raise BadImport(f"{where}: datestamp: lies in the future; the feed's clock would have to run ahead of it")
    return Header(
        identifier=imported.identifier, datestamp=datestamp, sets=tuple(sorted(imported.sets)), deleted=imported.deleted
    )
