"""What is answered by HTTP out as a page: the feed's verbs, and every path of the pages as the program routes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from docs.reference.markdown import code, summary, table
from repo_harvest.oai import Repository
from repo_harvest.oai.request import VERBS
from repo_harvest.store.engine import open_engine
from repo_harvest.web.app import make_pages
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.door import Access, Door
from repo_harvest.web.exposition import with_metrics

__all__ = ["page", "routes"]

_CONVERTER = re.compile(r"<(?:[a-z_]+(?:\([^)]*\))?:)?([a-z_]+)>")


def page() -> str:
    """The page, in Markdown."""
    verbs = [
        [
            code(verb),
            *(", ".join(map(code, names)) for names in (rule.required, rule.optional)),
            code(rule.exclusive or ""),
        ]
        for verb, rule in VERBS.items()
    ]
    return f"""# HTTP addresses

All are below the address that the service is reached by, such as `http://127.0.0.1:8080`. Every answer carries a number of its own as
`X-Request-ID`: the one that the request came with, if it is one. While `maintenance` is on, all but `/healthz` and what stylesheets need
answer 503 with `Retry-After`.

## The feed

`/oai`, with and without a slash behind it, and the path of `[repository] base_url`. GET and POST; the answer is `text/xml`, never a
redirect. An error of the protocol is an answer with status 200; a fault of the database is 503 with `Retry-After`; a client that asks too
often gets the same. A list that goes on ends with a `resumptionToken`, which may be used any number of times.

{table(["verb", "needs", "may have", "or alone"], verbs)}
## Pages and probes

{table(["method", "address", "answer"], routes())}
The page of an item is also what programs ask for: `?format=bibtex`, `ris` or `csl` gives its citation, `?format=` and a
[metadataPrefix](formats.md) the record as it stands in the feed, and so does an `Accept` header that names a media type of these.
"""


def routes() -> Iterator[list[str]]:
    """Method, address and what is answered, of every route."""
    with TemporaryDirectory() as folder:
        app = _app(Path(folder))
        for rule in app.url_map.iter_rules():
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            yield [
                ", ".join(methods),
                code(_CONVERTER.sub(_part, rule.rule)),
                summary(app.view_functions[rule.endpoint].__doc__),
            ]
    yield ["GET", code("/metrics"), summary(with_metrics.__doc__)]


def _part(found: re.Match[str]) -> str:
    return found[1].upper()


def _app(folder: Path) -> Flask:
    engine = open_engine(f"sqlite:///{folder / 'feed.db'}")
    repository = Repository(
        name="Publications",
        base_url="https://example.org/oai",
        identifier="example.org",
        admin_emails=("feed@example.org",),
        token_key=bytes(32),
    )
    door = Door(Access(users={"anna": ""}, is_tls=True), engine, Clients())
    return make_pages(engine=engine, repository=repository, desk=Desk(door=door))
