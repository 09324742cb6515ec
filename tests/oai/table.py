"""Reads the tables of arguments against answers: `what is sent  ->  what is said`, a line each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tests.oai.library import Library

_MANY = re.compile(r"\{(.) x([0-9]+)\}")


def read_table(name: str) -> list[tuple[str, str]]:
    """The rows of a table beside this module; `{a x501}` stands for five hundred and one times a."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [_row(line) for line in text.splitlines() if line and not line.startswith("#")]


def _row(line: str) -> tuple[str, str]:
    sent, said = _MANY.sub(lambda many: many[1] * int(many[2]), line).split("  ->  ")
    return sent, said


_TOKEN = re.compile(r"\{(ListIdentifiers|ListRecords|ListSets)(?: ([a-z]+))?\}")


def with_tokens(query: str, library: Library) -> str:
    """The query with the tokens that it names, given by this library after the first item or set of a list."""
    return _TOKEN.sub(lambda named: _token(library, named[1], named[2] or "whole"), query)


def _token(library: Library, verb: str, fate: str) -> str:
    token = _first_token(library, verb)
    other = "A" if token[9] != "A" else "B"
    elsewhere = Library(
        library.engine, library.clock, replace(library.repository, token_key=b"another repository's key")
    )
    return {
        "whole": token,
        "cut": token[:-1],
        "altered": token[:9] + other + token[10:],
        "doubled": token * 2,
        "padded": token + "%3D",
        "foreign": _first_token(elsewhere, verb),
    }[fate]


def _first_token(library: Library, verb: str) -> str:
    resumption = library.split(1).ask(verb, **({} if verb == "ListSets" else {"metadataPrefix": "oai_dc"})).resumption
    assert resumption is not None
    return resumption.token
