"""The commands that look at what is kept and change nothing: show, status, validate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from repo_harvest import formats
from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_table, progress, run_json, when
from repo_harvest.cli.said import givers, print_said, said_json
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.formats import oai_dc
from repo_harvest.formats.pretty import pretty
from repo_harvest.model import Run, utc_text
from repo_harvest.scheduler import next_due
from repo_harvest.store import ledger
from repo_harvest.store.browse import Detail, count_feed, detail, every_rendition
from repo_harvest.store.review import Said, said_of
from repo_harvest.store.steering import Steered, steered

__all__ = ["show_command", "status_command", "validate_command"]


@click.command("show")
@click.argument("identifier")
@click.option("--formats", "in_formats", is_flag=True, help="Print its XML in every format, as it is served.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_context
def show_command(context: Context, identifier: str, in_formats: bool, as_json: bool) -> None:
    """Show one record: what it says, where that was read, what it was before, what was merged into it.

    IDENTIFIER is the whole OAI identifier, or its last part. Example: repo-harvest show 0f3a4c1b2d5e6f70
    """
    full = identifier if identifier.startswith("oai:") else f"oai:{context.settings.repository.identifier}:{identifier}"
    found = detail(context.engine, full)
    if found is None:
        raise UsageError(f"{full}: there is no such item; `repo-harvest export` lists all of them")
    said = said_of(context.engine, [found.item.id])
    if in_formats:
        _print_formats(found, as_json=as_json)
    elif as_json:
        print_json({**_detail_json(found), "duplicates": said_json(said)})
    else:
        _print_detail(found, said)


def _print_formats(found: Detail, *, as_json: bool) -> None:
    """The stored metadata by format: each document indented, below a line with its metadataPrefix; in JSON as it is."""
    if as_json:
        print_json({one.prefix: one.metadata.decode() for one in found.renditions})
        return
    if not found.renditions:
        say(f"{found.item.header.identifier}: it is deleted, and has no metadata")
    for number, one in enumerate(found.renditions):
        say(("\n" if number else "") + f"{one.prefix}\n{pretty(one.metadata)}")


def _print_detail(found: Detail, said: list[Said]) -> None:
    header = found.item.header
    state = "deleted" if header.deleted else "live"
    if found.item.merged_into:
        state = f"merged into {found.item.merged_into}"
    rows = [
        ["identifier", header.identifier],
        ["datestamp", utc_text(header.datestamp)],
        ["state", state],
        ["sets", ", ".join(header.sets)],
    ]
    rows += [[name, value] for name, value in oai_dc.elements(found.item.record)]
    rows += [["merged here", other] for other in found.merged_here]
    print_table("", ["", ""], rows)
    origins = [[o.source, o.page_url, o.place, when(o.fetched), "gone" if o.gone else "listed"] for o in found.origins]
    print_table("\nRead from", ["source", "page", "place", "fetched", ""], origins)
    if sum(not origin.gone for origin in found.origins) > 1:
        print_table("\nGiven by", ["", ""], [[field, entry] for field, entry in givers(found).items()])
    print_said(said)
    disputes = [[o.source, dispute] for o in found.origins for dispute in o.disputes]
    if disputes:
        print_table("\nSaid otherwise elsewhere", ["source", ""], disputes)
    versions = [
        [utc_text(v.datestamp), utc_text(v.until), (v.record.title or ("",))[0], v.reason] for v in found.versions
    ]
    if versions:
        print_table("\nEarlier versions", ["from", "until", "title", "then"], versions)


def _detail_json(found: Detail) -> dict[str, object]:
    header = found.item.header
    return {
        "identifier": header.identifier,
        "datestamp": utc_text(header.datestamp),
        "deleted": header.deleted,
        "sets": header.sets,
        "merged_into": found.item.merged_into,
        "merged_here": found.merged_here,
        "record": found.item.record.as_dict(),
        "given_by": givers(found),
        "origins": [
            {
                "source": o.source,
                "page": o.page_url,
                "place": o.place,
                "byline": o.byline,
                "fetched": utc_text(o.fetched),
                "gone": o.gone,
                "fields": dict(o.fields),
                "disputes": list(o.disputes),
            }
            for o in found.origins
        ],
        "versions": [
            {
                "datestamp": utc_text(v.datestamp),
                "until": utc_text(v.until),
                "deleted": v.deleted,
                "reason": v.reason,
                "record": v.record.as_dict(),
            }
            for v in found.versions
        ],
    }


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_context
def status_command(context: Context, as_json: bool) -> None:
    """Show the sources, their last and next runs, how much the feed holds, and how far its clock runs ahead.

    Example: repo-harvest status
    """
    now = time.time()
    counts, runs = count_feed(context.engine, now=now), ledger.last_runs(context.engine)
    told = steered(context.engine)
    schedules = {source.name: source.schedule for source in context.settings.sources}
    due = {
        name: int(moment.timestamp())
        for name, schedule in schedules.items()
        if schedule and not _is_paused(told, name) and (moment := next_due(schedule, datetime.fromtimestamp(now, UTC)))
    }
    names = [*schedules, *(name for name in runs if name not in schedules)]
    if as_json:
        sources = [
            {
                "name": n,
                "last": run_json(runs[n]) if n in runs else None,
                "next": utc_text(due[n]) if n in due else None,
                "paused": _paused_since(told.get(n)),
                "asked": n in told and told[n].asked_at is not None,
            }
            for n in names
        ]
        feed = {name: getattr(counts, name) for name in ("live", "deleted", "sets", "quarantined", "lead")}
        print_json({"sources": sources, "feed": feed})
        return
    rows = []
    for name in names:
        run = runs.get(name)
        last = f"{when(run.started)}: {run.outcome}" if run else "never"
        following = "paused" if _is_paused(told, name) else when(due.get(name))
        said = _steering_said(told.get(name)) or (_said(run) if run else "")
        rows.append([name, last, str(run.seen) if run else "", following, said])
    print_table("", ["source", "last run", "entries", "next run", ""], rows)
    say(
        f"\nfeed: {counts.live} records, {counts.deleted} deleted, {counts.sets} sets, {counts.quarantined} in quarantine; "
        f"its clock is {counts.lead} s ahead"
    )


def _is_paused(told: Mapping[str, Steered], name: str) -> bool:
    return name in told and told[name].paused_at is not None


def _paused_since(told: Steered | None) -> str | None:
    return None if told is None or told.paused_at is None else utc_text(told.paused_at)


def _steering_said(told: Steered | None) -> str:
    """What people asked of a source, in words."""
    if told is None:
        return ""
    paused = f"paused since {when(told.paused_at)} by {told.paused_by}" if told.paused_at is not None else ""
    asked = f"a run is asked for by {told.asked_by}" if told.asked_at is not None else ""
    return "; ".join(filter(None, (paused, asked)))


def _said(run: Run) -> str:
    """What a person should know of a run: why it was refused, or what it missed."""
    if run.message or not run.missing:
        return run.message
    return f"{run.missing} missing from the page, and deleted if further runs agree"


@click.command("validate")
@click.option("--format", "prefix", metavar="PREFIX", help="Only this metadata format, such as oai_dc.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_context
def validate_command(context: Context, prefix: str | None, as_json: bool) -> int:
    """Check every stored record, in every format, against the schemas.

    Example: repo-harvest validate --format oai_dc
    """
    if prefix is not None and prefix not in formats.FORMATS:
        raise UsageError(f"--format: no metadata format is called {prefix!r}; there are: {', '.join(formats.FORMATS)}")
    checked: dict[str, int] = {}
    faults: list[dict[str, str]] = []
    with progress("checking", count_feed(context.engine, now=time.time()).live) as advance:
        for identifier, rendition, about in every_rendition(context.engine, prefix):
            checked[rendition.prefix] = checked.get(rendition.prefix, 0) + 1
            found = formats.validate(rendition) + formats.validate_about(about)
            faults += [{"identifier": identifier, "format": rendition.prefix, "problem": str(p)} for p in found]
            advance(1)
    if as_json:
        print_json({"checked": checked, "faults": faults})
    else:
        for fault in faults:
            say(f"{fault['identifier']} {fault['format']}: {fault['problem']}", err=True)
        for name, number in checked.items():
            bad = len({fault["identifier"] for fault in faults if fault["format"] == name})
            say(f"{name}: {number} records, {bad} invalid")
        if not checked:
            say("there are no records yet")
    return 1 if faults else 0
