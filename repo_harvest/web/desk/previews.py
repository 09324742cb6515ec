"""The pages that show something before anything is saved: a page that may become a source, a run that may be accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from repo_harvest.errors import SettingsError
from repo_harvest.settings.adding import faults_of, source_table
from repo_harvest.store import previews
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import LABELS, tidy
from repo_harvest.web.desk.office import Office, stated, to
from repo_harvest.web.desk.runs import LARGEST, change_rows
from repo_harvest.web.door import Visitor

__all__ = ["add_to"]

_USUAL = "30 3 * * *"
_LABELS = {**LABELS, "abstract": "Abstract", "place": "Place on the page"}
_MOST_NAME = 60
_WAITING = "Too many pages wait to be looked at. Please try again in a minute."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry as it is shown: its title, and (what it is called, value, where it stood) of everything else."""

    title: str
    fields: tuple[tuple[str, str, str], ...]


def add_to(app: Flask, office: Office) -> None:
    """Add the routes."""
    one = f"/admin/preview/<int(max={LARGEST}):number>"
    app.add_url_rule("/admin/add", "admin_add", office.shown(add))
    app.add_url_rule("/admin/add", "admin_look", office.done(look), methods=["POST"])
    app.add_url_rule(one, "admin_preview", office.shown(preview))
    app.add_url_rule(f"{one}/save", "admin_save", office.done(save), methods=["POST"])


def add(office: Office, visitor: Visitor) -> Response:
    """The form that asks for the address of a page."""
    return office.page("admin_add.html", visitor, url="", fault=None)


def look(office: Office, visitor: Visitor) -> Response:
    """The form filled in: a scheduler reads the page, and nothing is saved; 400 for what is no address."""
    url = stated("url").strip()
    fault = faults_of({"name": "page", "url": url}).get("url") if url else "is missing; give the address of the page"
    number = None
    if fault is None:
        number = previews.ask(office.engine, source="", url=url, at=office.now, by=visitor.manager or "")
        fault = _WAITING if number is None else None
    if fault is not None:
        said = tidy(fault)
        return office.page("admin_add.html", visitor, HTTPStatus.BAD_REQUEST, url=tidy(url), fault=said)
    return to(f"admin/preview/{number}")


def preview(office: Office, visitor: Visitor, number: int) -> Response:
    """What was found; until then, a page that is looked at again by itself."""
    found = _found(office, number)
    values = {"name": _name(found.url, office.sources), "sets": "", "schedule": _USUAL}
    return _shown(office, visitor, found, values=values, faults={})


def save(office: Office, visitor: Visitor, number: int) -> Response:
    """Save the page as a source, where the config file may be written; else show what to write there."""
    found = _found(office, number)
    if found.source or found.found is None:
        abort(HTTPStatus.NOT_FOUND)
    typed = {name: stated(name).strip() for name in ("name", "sets", "schedule")}
    values = {"name": typed["name"], "url": found.url, "schedule": typed["schedule"], "sets": typed["sets"].split()}
    faults = faults_of(values)
    if typed["name"] in office.sources:
        faults["name"] = "is the name of another source; names must differ"
    if not typed["name"]:
        faults["name"] = "is missing; give a name of small letters, digits and hyphens"
    if faults:
        return _shown(office, visitor, found, HTTPStatus.BAD_REQUEST, values=typed, faults=faults)
    fault = _write(office, values)
    told: dict[str, Any] = {
        "name": typed["name"],
        "table": source_table(values),
        "config": office.desk.config,
        "fault": fault,
    }
    return office.page("admin_added.html", visitor, **told)


def _write(office: Office, values: Mapping[str, str | Sequence[str]]) -> str | None:
    """Put the source into the config file; why that was not done, if it was not."""
    if office.desk.add_source is None:
        return "This service was started without a config file."
    try:
        office.desk.add_source(values)
    except OSError as error:
        return f"The config file cannot be written: {error.strerror}."
    except SettingsError as error:
        return tidy(str(error))
    return None


def _found(office: Office, number: int) -> previews.Preview:
    found = previews.find(office.engine, number)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _shown(
    office: Office,
    visitor: Visitor,
    asked: previews.Preview,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    values: Mapping[str, str],
    faults: Mapping[str, str],
) -> Response:
    found = asked.found
    waited = office.now - asked.asked_at
    return office.page(
        "admin_preview.html",
        visitor,
        status,
        asked=asked,
        at=pages.moment(asked.asked_at),
        url=pages.printable(asked.url),
        going=asked.ended is None and waited < previews.PATIENCE * previews.TRIES,
        is_slow=asked.taken_at is None and waited > 10,  # noqa: PLR2004 -- seconds: a scheduler looks every three
        seconds=waited,
        fault=tidy(asked.fault),
        summary="" if found is None else tidy(found.summary),
        problems=() if found is None else tuple(map(tidy, found.problems)),
        entries=[] if found is None else _entries(asked),
        count_entries=0 if found is None else found.count_entries,
        changes=[] if found is None else change_rows(found.changes),
        count_changes=0 if found is None else found.count_changes,
        values={name: tidy(value) for name, value in values.items()},
        faults={name: tidy(value) for name, value in faults.items()},
        known_sets=office.desk.sets,
        is_configured=asked.source in office.sources,
        tried=request.method == "POST",
    )


def _entries(asked: previews.Preview) -> list[_Entry]:
    assert asked.found is not None
    return [
        _Entry(
            title=tidy(one.title) or "It has no title",
            fields=tuple((_LABELS.get(name, name), tidy(value), tidy(where)) for name, value, where in one.fields),
        )
        for one in asked.found.entries
    ]


def _name(url: str, taken: Mapping[str, str]) -> str:
    """A name to begin with, from the last words of the address.

    >>> _name("https://www.example.org/research/Peer-Mentoring/index.html?x=1", {})
    'peer-mentoring'
    """
    parts = urlsplit(url)
    said = [one for one in parts.path.split("/") if one and not re.match(r"(?:index|default)\b", one)]
    text = said[-1].rpartition(".")[0] or said[-1] if said else (parts.hostname or "").removeprefix("www.")
    name = re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:_MOST_NAME] or "page"
    number = 2
    wanted = name
    while wanted in taken:
        wanted, number = f"{name}-{number}", number + 1
    return wanted
