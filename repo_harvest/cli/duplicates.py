"""The commands for duplicates: what is in doubt, both sides of it, a person's decision, and everything matched anew."""

from __future__ import annotations

import csv
import getpass
import sys
from pathlib import Path

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_table, progress, short, when
from repo_harvest.cli.said import givers, print_said, said_json
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.formats import oai_dc
from repo_harvest.ingest.duplicates import Ruling, merge, split, undo
from repo_harvest.ingest.planning import Draft
from repo_harvest.ingest.rebuild import Regrouped, matched, rebuild
from repo_harvest.match.bulk import Engine, engine
from repo_harvest.match.keys import title_of
from repo_harvest.model import Record, utc_text
from repo_harvest.store.browse import Detail, detail
from repo_harvest.store.review import count_doubts, doubts, every_place, said_of, stored_rulings

__all__ = ["duplicates_command"]

_SHOWN = 20


@click.group("duplicates")
def duplicates_command() -> None:
    """Duplicates: what may be one work, and what a person says of it.

    Example: repo-harvest duplicates list
    """


_by = click.option("--by", metavar="NAME", help="Who decides; without it, the name of the user who runs the command.")
_note = click.option("--note", default="", metavar="TEXT", help="Why, to be kept with the decision.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
_engine = click.option(
    "--engine",
    "name",
    type=click.Choice(["sql", "duckdb", "spark"]),
    default="sql",
    show_default=True,
    help="What does the work: this program; DuckDB, for a million records on one machine; or a Spark cluster.",
)
_memory = click.option(
    "--memory", default="1GB", show_default=True, help="duckdb: how much memory it may use before it spills."
)
_spill = click.option(
    "--spill", type=click.Path(path_type=Path, file_okay=False), help="duckdb: the folder it spills into."
)
_master = click.option(
    "--master", metavar="URL", help="spark: the cluster, such as spark://host:7077; without it, that of spark-submit."
)


@duplicates_command.command("list")
@click.option("--decisions", is_flag=True, help="List what people decided instead.")
@click.option("--limit", type=click.IntRange(1), default=_SHOWN, show_default=True, help="How many to list.")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to pass over.")
@_as_json
@pass_context
def list_command(context: Context, decisions: bool, limit: int, offset: int, as_json: bool) -> None:
    """List the pairs of records of which a person should say whether they are one work, the likeliest first.

    Example: repo-harvest duplicates list
    """
    if decisions:
        _list_decisions(context, as_json=as_json)
        return
    found, (pairs, items) = doubts(context.engine, offset=offset, limit=limit), count_doubts(context.engine)
    if as_json:
        print_json(
            {
                "pairs": pairs,
                "records": items,
                "listed": [
                    {
                        "one": {"identifier": d.one, "record": d.one_record.as_dict()},
                        "other": {"identifier": d.other, "record": d.other_record.as_dict()},
                        "score": round(d.score, 3),
                        "reasons": d.reasons,
                    }
                    for d in found
                ],
            }
        )
        return
    if not pairs:
        say("nothing is in doubt")
        return
    for doubt in found:
        say(f"{doubt.score:.2f}  {doubt.one}  {_line(doubt.one_record)}")
        say(f"      {doubt.other}  {_line(doubt.other_record)}")
        say(f"      {', '.join(doubt.reasons)}")
    say(f"\n{_counted(pairs, 'pair')} in doubt, of {_counted(items, 'record')}. For each:")
    say("  repo-harvest duplicates show ONE OTHER    both side by side")
    say("  repo-harvest duplicates merge ONE OTHER   they are one work")
    say("  repo-harvest duplicates split ONE OTHER   they are two")


def _list_decisions(context: Context, *, as_json: bool) -> None:
    found = stored_rulings(context.engine)
    if as_json:
        print_json(
            [
                {
                    "number": r.id,
                    "verdict": r.verdict,
                    "made": utc_text(r.made),
                    "by": r.made_by,
                    "note": r.note,
                    "undone": None if r.undone is None else utc_text(r.undone),
                    "one": r.one,
                    "other": r.other,
                }
                for r in found
            ]
        )
        return
    for r in found:
        undone = f" (undone {when(r.undone)})" if r.undone is not None else ""
        say(f"{r.id}  {r.verdict}{undone}: {r.made_by}, {when(r.made)}{': ' if r.note else ''}{r.note}")
        for identifier, record in ((r.one, r.one_record), (r.other, r.other_record)):
            say(f"      {identifier}  {_line(record)}")
    if not found:
        say("nobody has decided anything yet")


@duplicates_command.command("show")
@click.argument("one")
@click.argument("other", required=False)
@_as_json
@pass_context
def show_command(context: Context, one: str, other: str | None, as_json: bool) -> None:
    """Show two records side by side and what is known of them; or of one, what it was merged from and why.

    Example: repo-harvest duplicates show 0f3a4c1b2d5e6f70 9a8b7c6d5e4f3a2b
    """
    found = [_detail(context, name) for name in (one, other) if name is not None]
    said = said_of(context.engine, [item.item.id for item in found])
    if as_json:
        print_json(
            {
                "records": [
                    {"identifier": f.item.header.identifier, "record": f.item.record.as_dict(), "given_by": givers(f)}
                    for f in found
                ],
                "said": said_json(said),
            }
        )
        return
    _print_beside(found)
    print_said(said)
    if not said:
        say("\nnothing was said of them as duplicates")


def _print_beside(found: list[Detail]) -> None:
    columns = [dict[str, list[str]]() for _ in found]
    for column, one in zip(columns, found, strict=True):
        for name, value in oai_dc.elements(one.item.record):
            column.setdefault(name, []).append(value)
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [["identifier", *(one.item.header.identifier for one in found)]]
    rows += [["read from", *("\n".join(f"{o.source}, {o.place}" for o in one.origins if not o.gone) for one in found)]]
    rows += [[name, *("\n".join(column.get(name, [])) for column in columns)] for name in names]
    print_table("", [""] * (len(found) + 1), rows)
    for one in found if len(found) == 1 else ():
        given = [[field, source] for field, source in givers(one).items()]
        print_table("\nGiven by", ["", ""], given)
    for one in found:
        if one.merged_here:
            say(f"\nmerged into {one.item.header.identifier}: {', '.join(one.merged_here)}")


@duplicates_command.command("merge")
@click.argument("one")
@click.argument("other")
@_by
@_note
@pass_context
def merge_command(context: Context, one: str, other: str, by: str | None, note: str) -> None:
    """Say that two records are one work. The older identifier stays, the other is merged into it.

    Example: repo-harvest duplicates merge 0f3a4c1b2d5e6f70 9a8b7c6d5e4f3a2b --note "the same chapter"
    """
    _tell(merge(context.workshop.press(), _full(context, one), _full(context, other), _ruling(by, note)))


@duplicates_command.command("split")
@click.argument("one")
@click.argument("other", required=False)
@_by
@_note
@pass_context
def split_command(context: Context, one: str, other: str | None, by: str | None, note: str) -> None:
    """Say that two records are not one work, whether or not they were merged; or of one, that nothing merged into it is.

    Each gets back the identifier that it had. Example: repo-harvest duplicates split 0f3a4c1b2d5e6f70 9a8b7c6d5e4f3a2b
    """
    _tell(
        split(
            context.workshop.press(),
            _full(context, one),
            None if other is None else _full(context, other),
            _ruling(by, note),
        )
    )


@duplicates_command.command("undo")
@click.argument("number", type=int)
@_by
@pass_context
def undo_command(context: Context, number: int, by: str | None) -> None:
    """Take back a decision, by its number in `duplicates list --decisions`: the rules, or an earlier decision, hold again.

    Example: repo-harvest duplicates undo 3
    """
    _tell(undo(context.workshop.press(), number, _ruling(by, "")))


@duplicates_command.command("clusters")
@_engine
@_memory
@_spill
@_master
@pass_context
def clusters_command(context: Context, name: str, memory: str, spill: Path | None, master: str | None) -> None:
    """Print which entries are one work, as CSV: the id of the imported line, and what names its work.

    Without --engine, as it is now; with one, as that engine finds it anew. Example: repo-harvest duplicates clusters
    """
    rows = list(every_place(context.engine))
    cluster_of = {entry_id: identifier for entry_id, _, identifier in rows}
    if name != "sql":
        called = {entry_id: label for entry_id, label, _ in rows}
        for cluster in matched(context.workshop.press(), _made(name, memory, spill, master)):
            cluster_of.update(dict.fromkeys(cluster, called[cluster[0]]))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["id", "cluster"])
    writer.writerows((label, cluster_of[entry_id]) for entry_id, label, _ in rows)


@duplicates_command.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@_engine
@_memory
@_spill
@_master
@_as_json
@pass_context
def rebuild_command(
    context: Context, dry_run: bool, name: str, memory: str, spill: Path | None, master: str | None, as_json: bool
) -> None:
    """Match all records anew, by the rules of this version: join what is one work now and take apart what is not.

    What people decided holds. Example: repo-harvest duplicates rebuild --dry-run
    """
    context.workshop.settle()
    with progress("publishing works that are grouped otherwise", None) as told:
        done = rebuild(context.workshop.press(), _made(name, memory, spill, master), dry_run=dry_run, told=told)
    if as_json:
        regrouped = [
            {"kind": r.kind, "identifiers": r.identifiers, "titles": r.titles, "works": r.works, "reasons": r.reasons}
            for r in done.regrouped
        ]
        told_of = {"entries": done.entries, "same": done.same, "uncertain": done.uncertain}
        print_json({**told_of, "dry_run": dry_run, "regrouped": regrouped})
        return
    for one in done.regrouped[:_SHOWN]:
        _print_regrouped(one)
    if len(done.regrouped) > _SHOWN:
        say(f"  and {len(done.regrouped) - _SHOWN} more; --json lists all")
    say(
        f"{_counted(done.entries, 'entry', 'entries')}: {_counted(done.same, 'pair')} the same; {_counted(done.uncertain, 'pair')} of works in doubt; "
        f"{_counted(len(done.regrouped), 'group')} of records {'would change' if dry_run else 'changed'}"
    )


def _print_regrouped(one: Regrouped) -> None:
    why = f": {', '.join(one.reasons)}" if one.reasons else ""
    into = f" into {one.works}" if one.works > 1 else ""
    say(f"{one.kind}{into}{why}")
    for identifier, title in zip(one.identifiers, one.titles, strict=True):
        say(f"  {identifier}  {short(title)}")


def _made(name: str, memory: str, spill: Path | None, master: str | None) -> Engine:
    return engine("memory" if name == "sql" else name, memory=memory, folder=spill, master=master)


def _tell(draft: Draft) -> None:
    """What a decision did: the items that a harvester will see otherwise."""
    for edit in draft.items:
        if edit.seen == edit.digest:
            continue
        state = f"merged into {edit.merged_into}" if edit.merged_into else "deleted" if edit.deleted else edit.reason
        say(f"{edit.identifier}  {short(title_of(edit.record))}: {state}")
    for held in draft.quarantined:
        say(f"left as it was: {held.item or held.place}: {held.reason}", err=True)
    if not draft.items:
        say("kept; the feed stays as it is")


def _ruling(by: str | None, note: str) -> Ruling:
    return Ruling(by=by or getpass.getuser(), note=note)


def _full(context: Context, identifier: str) -> str:
    if ":" in identifier:
        return identifier
    return f"oai:{context.settings.repository.identifier}:{identifier}"


def _detail(context: Context, identifier: str) -> Detail:
    full = _full(context, identifier)
    found = detail(context.engine, full)
    if found is None:
        raise UsageError(f"{full}: there is no such item; `repo-harvest export` lists all of them")
    return found


def _line(record: Record) -> str:
    who = "; ".join(record.creators[:3]) + (" …" if len(record.creators) > 3 else "")  # noqa: PLR2004 -- as many as fit
    return f"{short(title_of(record))} ({who}{', ' if who and record.year else ''}{record.year or ''})"


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
