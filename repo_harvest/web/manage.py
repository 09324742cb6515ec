"""The way in for those who look after the collection, and behind it the pages of their desk (`web.desk`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, request
from sqlalchemy import Engine

from repo_harvest.web.desk import duplicates, harvesters, previews, records, runs, sources
from repo_harvest.web.desk.office import Desk, Office, stated, to
from repo_harvest.web.door import LOCKED, Locked

__all__ = ["Manage"]

_LOG = logging.getLogger(__name__)
_MOST_OF_FORM = 16_384  # bytes


class Manage:
    """The pages under /admin/."""

    def __init__(self, desk: Desk, engine: Engine, clock: Callable[[], float]) -> None:
        self._door, self._office = desk.door, Office(desk, engine, clock)

    def add_to(self, app: Flask) -> None:
        """Add the routes."""
        app.config["MAX_CONTENT_LENGTH"] = _MOST_OF_FORM
        for room in (sources, runs, previews, duplicates, records, harvesters):
            room.add_to(app, self._office)
        if self._door.has_sign_in:
            app.add_url_rule("/admin/sign-in", "admin_sign_in", self.sign_in)
            app.add_url_rule("/admin/sign-in", "admin_let_in", self.let_in, methods=["POST"])
            app.add_url_rule("/admin/sign-out", "admin_sign_out", self.sign_out, methods=["POST"])

    def sign_in(self) -> Response:
        """The form that asks who it is."""
        visitor = self._office.visitor()
        return to("admin/") if visitor.manager is not None else self._office.page("sign_in.html", visitor, fault=None)

    def let_in(self) -> Response:
        """The form filled in: 303 with another cookie, 403 for what is not right, 429 after too many attempts."""
        visitor, name = self._office.visitor(), stated("name")
        if not self._office.is_own(visitor):
            return self._office.out_of_date()
        try:
            manager = self._door.sign_in(request.environ, name, stated("password"), now=self._office.now)
        except Locked:
            _LOG.warning("admin: too many attempts to sign in")
            fault = f"There were too many attempts. Please try again in {LOCKED // 60} minutes."
            page = self._office.page("sign_in.html", visitor, HTTPStatus.TOO_MANY_REQUESTS, fault=fault)
            page.headers["Retry-After"] = str(LOCKED)
            return page
        if manager is None:
            _LOG.warning("admin: an attempt to sign in failed")  # what was typed as the name may be a password
            fault = "The name or the password is not right."
            return self._office.page("sign_in.html", visitor, HTTPStatus.FORBIDDEN, fault=fault)
        self._door.sign_out(visitor)
        _LOG.info("admin: %r signed in", manager.manager)
        answer = to("admin/")
        answer.headers["Set-Cookie"] = self._door.cookie(manager)
        return answer

    def sign_out(self) -> Response:
        """The session is over."""
        visitor = self._office.visitor()
        if not self._office.is_own(visitor):
            return self._office.out_of_date()
        self._door.sign_out(visitor)
        answer = to("admin/sign-in")
        answer.headers["Set-Cookie"] = self._door.no_cookie()
        return answer
