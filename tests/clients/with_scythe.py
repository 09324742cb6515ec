"""Drives oaipmh-scythe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from oaipmh_scythe import Scythe
from oaipmh_scythe.models import Header, Record

from tests.clients.answering import answer_questions

NAMES = {"from": "from_", "metadataPrefix": "metadata_prefix", "set": "set_"}
client = Scythe(sys.argv[1])
METHODS: dict[str, Callable[..., Iterable[object]]] = {
    "GetRecord": lambda **arguments: [client.get_record(**arguments)],
    "ListIdentifiers": client.list_identifiers,
    "ListRecords": client.list_records,
}


def ask(verb: str, arguments: dict[str, str]) -> Iterator[dict[str, Any]]:
    for item in METHODS[verb](**{NAMES.get(name, name): value for name, value in arguments.items()}):
        header = item.header if isinstance(item, Record) else item
        assert isinstance(header, Header)
        yield {
            "identifier": header.identifier,
            "datestamp": header.datestamp,
            "deleted": header.deleted,
            "sets": header.setSpecs,
            "metadata": item.metadata if isinstance(item, Record) and not item.deleted else {},
        }


if __name__ == "__main__":
    with client:
        answer_questions(ask)
