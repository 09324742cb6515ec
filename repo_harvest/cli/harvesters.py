"""The command that tells who harvests, and what each of them has not got yet."""

from __future__ import annotations

import time

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_table, when
from repo_harvest.cli.say import say
from repo_harvest.model import utc_text
from repo_harvest.store.receipts import ListKey, Progress, State, read_harvesters

__all__ = ["harvesters_command"]

_QUIET = 3600  # seconds after which a list that was not finished counts as broken off


@click.command("harvesters")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every list that is remembered.")
@pass_context
def harvesters_command(context: Context, as_json: bool) -> None:
    """Show who harvests, by address and program, what they were given, and what each has not got yet.

    Example: repo-harvest harvesters
    """
    now, states = int(time.time()), read_harvesters(context.engine)
    if as_json:
        print_json([_json(state, now) for state in states])
    elif states:
        columns = ["address", "program", "asks for", "last seen", "records", ""]
        print_table("", columns, [_row(state, now) for state in states])
    else:
        say("nobody has harvested yet")


def _row(state: State, now: int) -> list[str]:
    who = state.harvester
    asked = " ".join(filter(None, (who.verb, who.prefix, who.set_spec and f"set {who.set_spec}")))
    return [who.address, who.agent or "(unnamed)", asked, when(state.last_seen), str(state.records), _words(state, now)]


def _words(state: State, now: int) -> str:
    """What the harvester has, and how its last list went if that is not at its end."""
    if state.harvester.verb == "GetRecord":
        return "asks for single records"
    said = [_have(state)]
    if state.lists and state.lists[0][1].upto is None:
        said.append(_course(state.lists[0][1], now))
    return "; ".join(said)


def _have(state: State) -> str:
    lacks = _lacks(state)
    if state.complete_to is None:
        return f"never had a whole list; {lacks}" if lacks else "never had a whole list"
    return f"has everything up to {when(state.complete_to)}; {lacks or 'nothing is new since'}"


def _lacks(state: State) -> str:
    parts = []
    if state.missing_live:
        parts.append(_number(state.missing_live, "record"))
    if state.missing_deleted:
        parts.append(_number(state.missing_deleted, "deletion"))
    return f"{' and '.join(parts)} not yet fetched" if parts else ""


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _course(progress: Progress, now: int) -> str:
    so_far = f"{progress.records} of {progress.size}"
    return f"broke off after {so_far}" if _broke_off(progress, now) else f"under way, {so_far}"


def _broke_off(progress: Progress, now: int) -> bool:
    return progress.upto is None and now - progress.last >= _QUIET


def _json(state: State, now: int) -> dict[str, object]:
    who = state.harvester
    return {
        "address": who.address,
        "agent": who.agent,
        "verb": who.verb,
        "metadataPrefix": who.prefix,
        "set": who.set_spec or None,
        "first_seen": utc_text(state.first_seen),
        "last_seen": utc_text(state.last_seen),
        "requests": state.requests,
        "records": state.records,
        "complete_to": _text(state.complete_to),
        "missing": {"live": state.missing_live, "deleted": state.missing_deleted},
        "lists": [_list_json(key, progress, now) for key, progress in state.lists],
    }


def _list_json(key: ListKey, progress: Progress, now: int) -> dict[str, object]:
    course = "finished" if progress.upto is not None else "broke off" if _broke_off(progress, now) else "under way"
    return {
        "from": _text(key.since),
        "until": _text(key.until),
        "began": utc_text(progress.began),
        "last": utc_text(progress.last),
        "pages": progress.pages,
        "records": progress.records,
        "size": progress.size,
        "state": course,
    }


def _text(seconds: int | None) -> str | None:
    return None if seconds is None else utc_text(seconds)
