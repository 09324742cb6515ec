"""Drives the client of pyoai, which sends its requests by POST.

It takes dates as `datetime` and sends them in the granularity that Identify states, so that a day goes out as its first
second or, in `until`, as its last.

pyoai 2.5.0 calls XPath evaluators by a second name, `evaluate`, which lxml 6 took away: without it the client reads no feed
whatever, and lxml 5 has no wheels for newer Pythons than 3.13. So it is given that name back, and is otherwise untouched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from lxml import etree
from oaipmh.client import Client  # type: ignore[import-untyped]  # it has no types
from oaipmh.datestamp import datestamp_to_datetime  # type: ignore[import-untyped]  # the same
from oaipmh.metadata import MetadataRegistry, oai_dc_reader  # type: ignore[import-untyped]  # the same

from tests.clients.answering import answer_questions

METHODS = {"GetRecord": "getRecord", "ListIdentifiers": "listIdentifiers", "ListRecords": "listRecords"}


def evaluator(element: etree._Element, namespaces: dict[str, str]) -> SimpleNamespace:
    return SimpleNamespace(evaluate=etree.XPathElementEvaluator(element, namespaces=namespaces))


registry = MetadataRegistry()
registry.registerReader("oai_dc", oai_dc_reader)
client = Client(sys.argv[1], registry)


def ask(verb: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "from" in arguments:
        arguments["from_"] = datestamp_to_datetime(arguments.pop("from"))
    if "until" in arguments:
        arguments["until"] = datestamp_to_datetime(arguments["until"], inclusive=True)
    found = getattr(client, METHODS[verb])(**arguments)
    for item in [found] if verb == "GetRecord" else found:
        header, metadata = (item, None) if verb == "ListIdentifiers" else item[:2]
        elements = metadata.getMap() if metadata else {}
        yield {
            "identifier": header.identifier(),
            "datestamp": f"{header.datestamp():%Y-%m-%dT%H:%M:%SZ}",
            "deleted": header.isDeleted(),
            "sets": header.setSpec(),
            "metadata": {name: values for name, values in elements.items() if values},
        }


if __name__ == "__main__":
    etree.XPathEvaluator = evaluator  # type: ignore[assignment]  # see above
    client.updateGranularity()
    answer_questions(ask)
