"""Drives Sickle."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from sickle import Sickle  # type: ignore[import-untyped]  # it has no types

from tests.clients.answering import answer_questions

client = Sickle(sys.argv[1])


def ask(verb: str, arguments: dict[str, str]) -> Iterator[dict[str, Any]]:
    found = getattr(client, verb)(**arguments)
    for item in [found] if verb == "GetRecord" else found:
        header = item if verb == "ListIdentifiers" else item.header
        yield {
            "identifier": header.identifier,
            "datestamp": header.datestamp,
            "deleted": header.deleted,
            "sets": header.setSpecs,
            "metadata": {} if verb == "ListIdentifiers" or header.deleted else item.metadata,
        }


if __name__ == "__main__":
    answer_questions(ask)
