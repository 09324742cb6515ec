"""Five harvesters that others wrote: a request in, what each was given out, all in one form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import oaipmh.client  # type: ignore[import-untyped]  # pyoai has no types
import oaipmh.metadata  # type: ignore[import-untyped]  # the same
from lxml import etree
from oaipmh_scythe import Scythe
from sickle import Sickle  # type: ignore[import-untyped]  # sickle has no types

__all__ = ["CLIENTS", "Found", "Harvest"]

_HERE = Path(__file__).parent
_PATIENCE = 120.0  # seconds, for one whole harvest


class Found(NamedTuple):
    """One record or header as a client shows it; the title is `None` where it has no metadata."""

    identifier: str
    deleted: bool
    title: str | None


Harvest = Callable[[str, str, Mapping[str, str]], list[Found]]
"""A base URL, a verb (ListRecords, ListIdentifiers, GetRecord) and the arguments in; everything that was found out."""


def by_sickle(url: str, verb: str, arguments: Mapping[str, str]) -> list[Found]:
    """Sickle."""
    found = getattr(Sickle(url), verb)(**arguments)
    items = [found] if verb == "GetRecord" else list(found)
    return [_shown(getattr(item, "header", item), getattr(item, "metadata", None)) for item in items]


def by_scythe(url: str, verb: str, arguments: Mapping[str, str]) -> list[Found]:
    """oaipmh-scythe."""
    names = {"metadataPrefix": "metadata_prefix", "from": "from_", "until": "until", "set": "set_"}
    given: dict[str, Any] = {names.get(name, name): value for name, value in arguments.items()}
    with Scythe(url) as client:
        if verb == "GetRecord":
            items: list[Any] = [client.get_record(**given)]
        else:
            items = list(client.list_records(**given) if verb == "ListRecords" else client.list_identifiers(**given))
    return [_shown(getattr(item, "header", item), getattr(item, "metadata", None)) for item in items]


def by_pyoai(url: str, verb: str, arguments: Mapping[str, str]) -> list[Found]:
    """The client of pyoai, which takes moments and writes them in the granularity it was told."""
    oaipmh.client.etree = oaipmh.metadata.etree = _OlderLxml()
    registry = oaipmh.metadata.MetadataRegistry()
    registry.registerReader("oai_dc", oaipmh.metadata.oai_dc_reader)
    client = oaipmh.client.Client(url, registry)
    given: dict[str, object] = dict(arguments)
    if "from" in given:
        moment = str(given.pop("from"))
        given["from_"] = datetime.fromisoformat(moment.removesuffix("Z"))
        if "T" not in moment:
            client._day_granularity = True
    call = {"ListRecords": client.listRecords, "ListIdentifiers": client.listIdentifiers, "GetRecord": client.getRecord}
    found = call[verb](**given)
    items = [found] if verb == "GetRecord" else list(found)
    return [_told(item) for item in items]


class _OlderLxml:
    """lxml with `XPathEvaluator(…).evaluate`, which pyoai 2.5 calls and lxml 6 has no more: it is the evaluator itself."""

    def __getattr__(self, name: str) -> object:
        return getattr(etree, name)

    def XPathEvaluator(self, node: etree._Element, namespaces: dict[str, str]) -> SimpleNamespace:  # noqa: N802 -- lxml's name
        return SimpleNamespace(evaluate=etree.XPathEvaluator(node, namespaces=namespaces))


def _told(item: Any) -> Found:  # noqa: ANN401 -- a header, or a record, which is a tuple
    header, metadata = item[:2] if isinstance(item, tuple) else (item, None)
    return Found(header.identifier(), bool(header.isDeleted()), metadata["title"][0] if metadata else None)


def _shown(header: Any, metadata: Any) -> Found:  # noqa: ANN401 -- of a client without types
    return Found(header.identifier, bool(header.deleted), metadata["title"][0] if metadata else None)


def by_http_oai(url: str, verb: str, arguments: Mapping[str, str]) -> list[Found]:
    """HTTP::OAI, of Debian's libhttp-oai-perl."""
    return list(_run("perl", _HERE / "harvest.pl", url, verb, arguments))


def by_oai_pmh(url: str, verb: str, arguments: Mapping[str, str]) -> list[Found]:
    """The npm package oai-pmh."""
    return list(_run("node", _HERE / "harvest.js", url, verb, arguments))


def _run(program: str, script: Path, url: str, verb: str, arguments: Mapping[str, str]) -> Iterator[Found]:
    given = [f"{name}={value}" for name, value in arguments.items()]
    done = subprocess.run(
        [program, str(script), url, verb, *given],
        env={**os.environ, "NODE_PATH": str(Path(sys.prefix) / "node" / "node_modules"), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.split("\n")[:-1]:
        yield Found(**json.loads(line))


CLIENTS: Mapping[str, Harvest] = {
    "sickle": by_sickle,
    "oaipmh-scythe": by_scythe,
    "pyoai": by_pyoai,
    "HTTP::OAI": by_http_oai,
    "oai-pmh": by_oai_pmh,
}
