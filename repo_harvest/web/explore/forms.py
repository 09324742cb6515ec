"""What this repository has in, the six requests as forms out, which can be sent as they stand.

The arguments of each are those of `oai.request.VERBS`; a resumptionToken is only in the form of a request that has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from repo_harvest.formats.registry import FORMATS
from repo_harvest.model import SetInfo, Snapshot, Window, utc_text
from repo_harvest.oai.request import SYNTAX, VERBS
from repo_harvest.web import pages
from repo_harvest.web.explore import words

__all__ = ["Choice", "Field", "Form", "Known", "form", "forms", "known"]

_MOST_SETS = 100  # to choose from; where there are more, a setSpec is typed
_LOOKED_AT = 20  # records, for one that is not deleted
_LONGEST = 4000  # characters of an argument that a form repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What forms are filled with; `identifier` and `earliest`, a day, are `None` while there are no records."""

    identifier: str | None
    earliest: str | None
    sets: tuple[SetInfo, ...] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that an argument can have, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One argument; without `choices` it is typed."""

    name: str
    label: str
    hint: str
    value: str
    required: bool
    longest: int
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of one verb."""

    verb: str
    purpose: str
    fields: tuple[Field, ...]


def known(snapshot: Snapshot) -> Known:
    """What one state of the feed has to fill forms with."""
    rows = snapshot.headers(Window(prefix="oai_dc"), None, _LOOKED_AT)
    headers = [etree.fromstring(header) for _, _, header, *_ in rows]
    live = [header for header in headers if header.get("status") != "deleted"]
    earliest, sets = snapshot.earliest(), tuple(snapshot.sets(None, _MOST_SETS + 1))
    return Known(
        identifier=next((header.findtext("{*}identifier") for header in (*live, *headers)), None),
        earliest=None if earliest is None else utc_text(earliest)[:10],
        sets=sets if len(sets) <= _MOST_SETS else None,
    )


def forms(of: Known) -> tuple[Form, ...]:
    """The forms of all verbs, filled with examples."""
    examples = {"metadataPrefix": "oai_dc", "identifier": of.identifier or "", "from": of.earliest or ""}
    return tuple(
        form(
            verb,
            of,
            {
                name: value
                for name, value in examples.items()
                if name in (*VERBS[verb].required, "from")  # an item's formats would be fewer than those of all
            },
        )
        for verb in words.VERBS
    )


def form(verb: str, of: Known, given: Mapping[str, str]) -> Form:
    """The form of a verb, filled with arguments."""
    rule = VERBS[verb]
    names = (*rule.required, *rule.optional)
    if rule.exclusive is not None and rule.exclusive in given:
        names = (rule.exclusive,)
    return Form(
        verb=verb,
        purpose=words.VERBS[verb],
        fields=tuple(_field(name, of, given.get(name, ""), required=name in rule.required) for name in names),
    )


def _field(name: str, of: Known, value: str, *, required: bool) -> Field:
    argument = words.ARGUMENTS[name]
    stated = value if len(value) <= _LONGEST and pages.printable(value) == value else ""
    choices = _choices(name, of)
    if choices and stated not in {choice.value for choice in choices}:
        choices = (*choices, Choice(stated, stated))
    return Field(
        name=name,
        label=argument.label,
        hint=argument.hint,
        value=stated,
        required=required,
        longest=SYNTAX[name].longest,
        choices=choices,
    )


def _choices(name: str, of: Known) -> tuple[Choice, ...]:
    match name:
        case "metadataPrefix":
            return tuple(Choice(prefix, prefix) for prefix in FORMATS)
        case "set" if of.sets is not None:
            return (Choice("", "All records"), *(Choice(one.spec, f"{one.name} ({one.spec})") for one in of.sets))
        case _:
            return ()
