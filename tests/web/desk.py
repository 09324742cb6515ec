"""The whole service with pages for managers, and browsers that fill in their forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

from argon2 import PasswordHasher
from lxml import html
from sqlalchemy import Engine
from werkzeug.test import Client, TestResponse

from repo_harvest.oai import Repository
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.app import make_app
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.door import Access, Door
from repo_harvest.web.oai_app import oai_app
from tests.store.kit import Clock
from tests.web.reader import judge_page

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["PASSWORD", "SOURCE", "USERS", "Browser", "service"]

PASSWORD = "correct horse battery staple"
SOURCE = ("readings", "https://partnership.example/peer-mentoring/")
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
USERS = {"anna": _QUICK.hash(PASSWORD), "ben": _QUICK.hash("another secret of ben")}


def service(
    engine: Engine, repository: Repository, clock: Clock, access: Access | None, **parts: object
) -> WSGIApplication:
    """The service as `load_app` puts it together; a new one each time, as another worker is. `parts` are of the desk."""
    clients = Clients(["192.0.2.1"])
    desk = (
        None
        if access is None
        else Desk(
            door=Door(access, engine, clients),
            **cast("dict[str, Any]", {"sources": lambda: [(*SOURCE, None)], **parts}),
        )
    )
    oai = oai_app(SqlFeed(engine), repository, now=clock, clients=clients)
    return make_app(engine=engine, oai=oai, repository=repository, clock=clock, desk=desk)


@dataclass
class Browser:
    """A browser without scripts. It keeps cookies by itself, in `jar`, so that a test can change them."""

    app: WSGIApplication
    address: str = "198.51.100.7"
    headers: Mapping[str, str] = field(default_factory=dict)
    jar: dict[str, str] = field(default_factory=dict)
    at: str = "http://localhost/"

    def get(self, path: str = "admin/", *, method: str = "GET") -> TestResponse:
        return self._send(method, path, None)

    def post(self, path: str, **fields: str | list[str]) -> TestResponse:
        return self._send("POST", path, fields)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where an answer of 303 sends."""
        assert answer.status_code == 303
        self.at = urljoin(self.at, answer.headers["Location"])
        return self._send("GET", self.at.removeprefix("http://localhost/"), None)

    def token(self, path: str = "admin/") -> str:
        """What the forms of a page carry."""
        (token,) = set(re.findall('name="token" value="([^"]*)"', self.get(path).text))
        return str(token)

    def sign_in(self, name: str = "anna", password: str = PASSWORD) -> TestResponse:
        return self.post("admin/sign-in", name=name, password=password, token=self.token("admin/sign-in"))

    def press(self, what: str, source: str = SOURCE[0]) -> TestResponse:
        """Press a button of the overview."""
        return self.follow(self.post(f"admin/source/{source}/{what}", token=self.token()))

    def _send(self, method: str, path: str, fields: Mapping[str, str | list[str]] | None) -> TestResponse:
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        headers = {**self.headers, **({"Cookie": cookies} if cookies else {})}
        self.at = f"http://localhost/{path}"
        answer = Client(self.app, use_cookies=False).open(
            f"/{path}", method=method, data=fields, headers=headers, environ_base={"REMOTE_ADDR": self.address}
        )
        assert answer.status_code < 500, answer.text
        for given in answer.headers.getlist("Set-Cookie"):
            name, _, value = given.partition(";")[0].partition("=")
            self.jar[name] = value
            if "Max-Age=0" in given:
                del self.jar[name]
        if answer.mimetype == "text/html" and method != "HEAD":
            self._judge_forms(judge_page(answer.text))
        if path.startswith("admin"):
            assert answer.headers["Cache-Control"] == "no-store"
        return answer

    def _judge_forms(self, tree: html.HtmlElement) -> None:
        for form in tree.forms:
            is_search = form.action.endswith("search")
            assert form.method == ("GET" if is_search else "POST")
            assert is_search or form.fields["token"], "every form that changes something carries its token"
            assert urljoin(self.at, form.action).startswith("http://localhost/")
