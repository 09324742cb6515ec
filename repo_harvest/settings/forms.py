"""A value from a config file or the environment in, the same value checked and typed out, or the reason why not.

Each kind of value is one `Form`: what it must look like in words, and the check that decides it. The words are
also the "what is right" of every error and the type column of `KEYS`, so that all three cannot disagree.
Every check is exact: the whole text must match, digits are ASCII, a number is not a text and not a truth value.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]  # apscheduler 3 ships no types
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

__all__ = [
    "BASE_URL",
    "CRON",
    "DATABASE_URL",
    "DOMAIN",
    "EMAIL",
    "EMAILS",
    "FILE",
    "HEADER",
    "HOST",
    "HOST_PORT",
    "LANGUAGE",
    "MAX_PORT",
    "NETWORK",
    "REPLICA_URL",
    "SECRET",
    "SECRET_URL",
    "SERVER",
    "SET_SPEC",
    "SOURCE_NAME",
    "TEXT",
    "TEXTS",
    "TOKEN",
    "USERS",
    "WEB_URL",
    "YEARS",
    "YES",
    "Form",
    "one_of",
    "printable",
    "read_json",
    "whole",
]

_T = TypeVar("_T")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 section 2.2, Char
_BLANK = re.compile("[\x00-\x20\x7f]")
MAX_PORT = 65535
_USER = re.compile(r"//[^/\s]*@")  # who logs in, and perhaps with which password: not repeated in errors
_SHOWN = 80  # characters of a wrong value that an error repeats
_DATABASES = ("sqlite:///", "postgresql+psycopg://")
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_ARGON2 = re.compile(
    r"\$argon2id\$v=19\$m=[0-9]{1,7},t=[0-9]{1,2},p=[0-9]{1,2}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{22,128}"
)
_HOST = r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])"

_EMAIL = r"[^\s@]+@(?:[^\s@.]+\.)+[^\s@.]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a value must look like: `text` completes "is not …", `check` returns the value or raises `ValueError`.

    `read` turns the text of an environment variable into what the config file would have held. The value of a
    `secret` form is never repeated in an error. As an annotation it is all the validation that a field gets.

    >>> whole(1, 9)("7")
    Traceback (most recent call last):
    ValueError: "7" is not a whole number from 1 to 9
    """

    text: str
    check: Callable[[object], object]
    read: Callable[[str], object] = str
    secret: bool = False

    def __call__(self, value: object) -> object:
        """The checked value; raises `ValueError` with a whole sentence."""
        try:
            return self.check(value)
        except ValueError as error:
            shown = "the value" if self.secret else _shown(value)
            reason = f" ({error})" if str(error) else ""
            raise ValueError(f"{shown} is not {self.text}{reason}") from None

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self)


def whole(low: int, high: int) -> Form:
    """A whole number within inclusive bounds."""

    def check(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError
        return value

    return Form(text=f"a whole number from {low} to {high}", check=check, read=_read_whole)


def one_of(*words: str) -> Form:
    """One of a few words."""

    def check(value: object) -> str:
        if value not in words:
            raise ValueError
        return str(value)

    return Form(text=f"one of {', '.join(words)}", check=check)


def read_json(text: str) -> object:
    """The value of a JSON text; raises `ValueError` with the place of the mistake."""
    try:
        value: object = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # raises for half a surrogate pair, which JSON can spell
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {printable(str(error))}") from None
    return value


def printable(text: str) -> str:
    r"""The text on one line of an error message: what cannot be seen is spelled out.

    >>> print(printable("a\tb"))
    a\tb
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _read_whole(text: str) -> object:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else text


def _read_list(text: str) -> object:
    return read_json(text) if text.lstrip().startswith("[") else text


def _shown(value: object) -> str:
    text = printable(_USER.sub("//…@", json.dumps(value, ensure_ascii=False, default=str)))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _text(value: object) -> str:
    """As it will be shown or served: one line in NFC."""
    return unicodedata.normalize("NFC", _line(value))


def _line(value: object) -> str:
    """Without space around it, on one line, every character legal in XML 1.0."""
    if not isinstance(value, str):
        raise ValueError("texts stand in quotes")  # noqa: TRY004  # pydantic collects ValueError only
    text = value.strip()
    if not text:
        raise ValueError("it is empty")
    if _NOT_XML.search(text) or len(text.splitlines()) > 1:
        raise ValueError("it holds a line break or a control character")
    return text


def _matching(pattern: str) -> Callable[[object], str]:
    compiled = re.compile(pattern)

    def check(value: object) -> str:
        text = _text(value)
        if not compiled.fullmatch(text):
            raise ValueError
        return text

    return check


def _each(check: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    """One value, or a list of at least one, always as a tuple."""

    def check_all(value: object) -> tuple[_T, ...]:
        values = value if isinstance(value, list | tuple) else [value]
        if not values:
            raise ValueError("the list is empty")
        return tuple(check(item) for item in values)

    return check_all


def _web_url(value: object) -> str:
    text = _line(value)
    parts = urlsplit(text)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or _BLANK.search(text):
        raise ValueError
    if parts.username is not None or parts.password is not None:
        raise ValueError("it would show a user name or password to everyone")
    _ = parts.port  # raises for what no port can be
    return text


def _base_url(value: object) -> str:
    text = _web_url(value)
    if not text.isascii():
        raise ValueError("write other than ASCII characters as %XX")
    if "?" in text or "#" in text:
        raise ValueError("harvesters put their arguments after it, so it ends before any ? or #")
    return text


def _database_url(value: object) -> str:
    text = _line(value)
    start = next((start for start in _DATABASES if text.startswith(start)), None)
    if start is None or text == start:
        raise ValueError
    if text.startswith(("sqlite:///:memory:", "sqlite:///?")):
        raise ValueError("it names no file, and the feed must outlive the process")
    return text


def _replica_url(value: object) -> str:
    text = _database_url(value)
    if not text.startswith(_DATABASES[1]):
        raise ValueError("a SQLite file has no replica")
    return text


def _host_port(value: object) -> str:
    text = _matching(_HOST + ":[0-9]{1,5}")(value)
    if not 1 <= int(text.rpartition(":")[2]) <= MAX_PORT:
        raise ValueError(f"ports go from 1 to {MAX_PORT}")
    return text.lower()


def _cron(value: object) -> str:
    """As crontab(5) and APScheduler 3 both read it.

    APScheduler counts week days from Monday = 0, crontab from Sunday = 0; given both a day of the month and a day
    of the week, APScheduler wants both to hold, crontab either. What the two would run at different times is refused.
    """
    text = _text(value)
    fields = text.split()
    if len(fields) != len(("minute", "hour", "day", "month", "day of the week")):
        raise ValueError(f"it has {len(fields)} fields")
    if not text.isascii():
        raise ValueError("its digits are 0 to 9")
    if re.search("[0-9]", fields[4]):
        raise ValueError("write days of the week as mon, tue, …: programs disagree on which one is 0")
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError("give a day of the month or a day of the week, not both: programs disagree on what both means")
    trigger = CronTrigger.from_crontab(text, timezone=UTC)
    if trigger.get_next_fire_time(None, datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise ValueError("that time never comes")
    return " ".join(fields)


def _years(value: object) -> tuple[int, int]:
    """Inclusive bounds; an end that is left out is open."""
    match = re.fullmatch("([0-9]{4})?(-)?([0-9]{4})?", str(value) if type(value) is int else _text(value))
    if match is None or not (match[1] or match[3]) or bool(match[3]) > bool(match[2]):
        raise ValueError
    low = int(match[1] or 0)
    high = int(match[3] or 9999) if match[2] else low
    if low > high:
        raise ValueError("the first year is after the last")
    return low, high


def _network(value: object) -> str:
    """An address is a network of one; every network is written from its first address."""
    text = _matching(r"[0-9A-Fa-f.:]+(?:/[0-9]{1,3})?")(value)
    return str(ip_network(text))


def _header(value: object) -> str:
    """Servers hand on `X-User` and `X_User` under one name, and a proxy that takes away the one may let the other pass."""
    text = _line(value)
    if re.search("[-_]", text):
        raise ValueError("one with - could be set by anybody, written with _ instead: have the proxy set one without")
    return _matching("[A-Za-z][A-Za-z0-9]*")(text)


def _users(value: object) -> dict[str, str]:
    """What is wrong is told without the value: a password may stand where its hash belongs."""
    if not isinstance(value, Mapping):
        raise ValueError("it is no table")  # noqa: TRY004  # pydantic collects ValueError only
    for name, hashed in value.items():
        if not _USER_NAME.fullmatch(str(name)):
            raise ValueError("a name has letters, digits and . _ @ + -, at most 100")
        if not isinstance(hashed, str) or not _ARGON2.fullmatch(hashed):
            raise ValueError(f"that of {name} is no hash; make one with: repo-harvest password {name}")
    return dict(value)


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # pydantic collects ValueError only
    return value


def _file(value: object) -> Path:
    return Path(_line(value))


TEXT = Form(text="a text on one line", check=_text)
TEXTS = Form(text="a text on one line, or a list of them", check=_each(_text), read=_read_list)
YEARS = Form(
    text='a year or years such as 2015, "2015-2020" or "2015-", or a list of them', check=_each(_years), read=_read_list
)
FILE = Form(text="the name of a file", check=_file)
WEB_URL = Form(text="an http or https address, such as https://example.org/publications/", check=_web_url)
BASE_URL = Form(text="an http or https address, such as https://example.org/oai", check=_base_url)
DATABASE_URL = Form(
    text="sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE", check=_database_url, secret=True
)
REPLICA_URL = Form(text="postgresql+psycopg://USER:PASSWORD@HOST/DATABASE", check=_replica_url, secret=True)
DOMAIN = Form(  # guidelines for the oai-identifier format, section 2.1: a domain name
    text="a domain name of two or more parts, such as library.example.org",
    check=_matching(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+"),
)
EMAIL = Form(text="an address such as library@example.org", check=_matching(_EMAIL))
EMAILS = Form(  # OAI-PMH.xsd, emailType
    text='an address such as library@example.org, or a list such as ["library@example.org", "it@example.org"]',
    check=_each(_matching(_EMAIL)),
    read=_read_list,
)
SET_SPEC = Form(  # OAI-PMH.xsd, setSpecType
    text="a setSpec, such as social-work:peers (letters, digits and -_.!~*'(), with : between levels)",
    check=_matching(r"[A-Za-z0-9_.!~*'()-]+(?::[A-Za-z0-9_.!~*'()-]+)*"),
)
SOURCE_NAME = Form(
    text="a name of small letters, digits and hyphens, such as peer-mentoring", check=_matching("[a-z0-9][a-z0-9-]*")
)
CRON = Form(
    text='five cron fields in UTC (minute, hour, day, month, day of the week), such as "0 3 * * *" for daily at 03:00',
    check=_cron,
)
HOST = Form(
    text='an address or name of this machine, such as "127.0.0.1", or "0.0.0.0" for every network it is on',
    check=_matching(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f:.]+"),
)
SERVER = Form(text='the name or address of a server, such as "smtp.example.org"', check=_matching(_HOST))
SECRET = Form(text="a text on one line", check=_line, secret=True)
SECRET_URL = Form(text="an http or https address, such as https://example.org/hook", check=_web_url, secret=True)
HOST_PORT = Form(text='"host:port", such as "127.0.0.1:8123"', check=_host_port)
NETWORK = Form(text='an address or a network, such as "127.0.0.1" or "10.0.0.0/8"', check=_network)
YES = Form(text="true or false", check=_yes, read=lambda text: {"true": True, "false": False}.get(text, text))
TOKEN = Form(text="16 or more letters, digits and -._~", check=_matching("[A-Za-z0-9._~-]{16,}"), secret=True)
LANGUAGE = Form(text='a language tag, such as "en" or "en-GB"', check=_matching("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"))
HEADER = Form(text='the name of a header in letters and digits, such as "RemoteUser"', check=_header)
USERS = Form(
    text='a table of names and the argon2 hashes of their passwords, such as anna = "$argon2id$…"',
    check=_users,
    read=read_json,
    secret=True,
)
