"""A request in, who sends it out: a manager with a session, one whom a proxy vouches for, or somebody not known yet.

A cookie holds 32 random bytes and their seal. Whose session it is, the database says (`store.sessions`); before there is one, it
only ties the form of the sign-in page to the browser it was given to. The two never share their bytes, so that a cookie that
somebody planted is worth nothing after the sign-in. Cookies of one name from two places are both passed over. A form carries a
seal of the cookie's bytes and of the manager, which another site cannot know, and browsers tell whether it was another site.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine
from werkzeug.http import dump_cookie, parse_cookie

from repo_harvest.store import schema, sessions
from repo_harvest.web.client import Clients, address_of, share_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["LOCKED", "Access", "Door", "Locked", "Visitor"]

LOCKED = 900  # seconds in which so many attempts may be made:
_MOST_OF_NAME = 10
_MOST_OF_ADDRESS = 30
_SESSION = 8 * 3600  # seconds
_COOKIE = re.compile(r"([0-9a-f]{64})\.([0-9a-f]{64})")
_MANAGER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_SAME_SITE = frozenset({"", "same-origin", "none"})
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may manage: those in `users`, names with the argon2 hashes of their passwords, or whom a proxy vouches for.

    `header` (in letters and digits: see `settings.forms`) is the one in which one of `proxies` (addresses or networks) says
    who it is. `is_tls` is whether browsers
    reach us by https.
    """

    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    header: str | None = None
    proxies: Sequence[str] = ()
    is_tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who sends a request; `secret` is what the cookie holds, `is_new` whether the browser is still to be given it."""

    secret: str = field(repr=False)
    is_new: bool
    manager: str | None = None


class Door:
    """Tells who comes in; `clients` tells their addresses. Any number of threads may ask."""

    def __init__(self, access: Access, engine: Engine, clients: Clients) -> None:
        self._access, self._engine, self._clients = access, engine, clients
        self._trusted = Clients(access.proxies)
        self._stamps = {_stamp(name, hashed): name for name, hashed in access.users.items()}
        self._name = "__Host-repo-harvest" if access.is_tls else "repo-harvest"

    @property
    def has_sign_in(self) -> bool:
        """Whether managers sign in here, and not at a proxy."""
        return self._access.header is None

    def visitor(self, environ: WSGIEnvironment, *, now: int) -> Visitor:
        """Who sends this request at `now` (UTC seconds); raises `StoreUnavailable`."""
        held = self._held(environ)
        secret = held or secrets.token_hex(32)
        if not self.has_sign_in:
            return Visitor(secret=secret, is_new=held is None, manager=self._vouched(environ))
        stamp = None if held is None else sessions.find_manager(self._engine, held, now=now)
        return Visitor(secret=secret, is_new=held is None, manager=self._stamps.get(stamp or ""))

    def sign_in(self, environ: WSGIEnvironment, name: str, password: str, *, now: int) -> Visitor | None:
        """The manager of this name and password with a session of 8 hours, or `None` for wrong ones.

        Raises `Locked` when there were too many attempts of the name or from the address. Names that do not exist take as long.
        """
        share, _ = share_of(self._clients.address(environ))
        called = f"name {sha256(name.encode('utf-8', 'replace')).hexdigest()}"  # a password may be typed in its place
        limits = [(called, _MOST_OF_NAME), (f"address {share}", _MOST_OF_ADDRESS)]
        if not sessions.attempt(self._engine, limits, now=now, window=LOCKED):
            raise Locked
        hashed = self._access.users.get(name) or next(iter(self._access.users.values()))
        if not _is_right(hashed, password) or name not in self._access.users:
            return None
        sessions.forgive(self._engine, [called])
        secret = secrets.token_hex(32)
        stamp = _stamp(name, hashed)
        sessions.open_session(self._engine, secret, manager=stamp, now=now, ends=now + _SESSION)
        return Visitor(secret=secret, is_new=True, manager=name)

    def sign_out(self, visitor: Visitor) -> None:
        """The visitor's session is over, whoever shows its cookie."""
        sessions.close_session(self._engine, visitor.secret)

    def cookie(self, visitor: Visitor) -> str:
        """The Set-Cookie header that gives the visitor his cookie."""
        value = f"{visitor.secret}.{self._seal('cookie', visitor.secret)}"
        return dump_cookie(self._name, value, httponly=True, secure=self._access.is_tls, samesite="Lax", path="/")

    def no_cookie(self) -> str:
        """The Set-Cookie header that takes it away again."""
        return dump_cookie(
            self._name, "", max_age=0, httponly=True, secure=self._access.is_tls, samesite="Lax", path="/"
        )

    def form_token(self, visitor: Visitor) -> str:
        """What every form of this visitor's pages carries."""
        return self._seal("form", f"{visitor.secret} {visitor.manager or ''}")

    def is_own_form(self, environ: WSGIEnvironment, visitor: Visitor, tokens: Sequence[str]) -> bool:
        """Whether a form was filled in on a page that this visitor got from us."""
        if environ.get("HTTP_SEC_FETCH_SITE", "") not in _SAME_SITE or len(tokens) != 1:
            return False
        return hmac.compare_digest(tokens[0].encode("utf-8", "replace"), self.form_token(visitor).encode())

    def _held(self, environ: WSGIEnvironment) -> str | None:
        """What the cookie holds, if there is exactly one and it was sealed here."""
        try:
            given = parse_cookie(environ).getlist(self._name)
        except UnicodeDecodeError:  # bytes that are no UTF-8: no browser was given such a cookie here
            return None
        match = _COOKIE.fullmatch(given[0]) if len(given) == 1 else None
        if match is None or not hmac.compare_digest(match[2], self._seal("cookie", match[1])):
            return None
        return match[1]

    def _vouched(self, environ: WSGIEnvironment) -> str | None:
        """Whom a proxy of ours names. Whether it is one, the address that connects to us tells, which no header can say."""
        peer = address_of(environ.get("REMOTE_ADDR", ""))
        if peer is None or not self._trusted.is_proxy(peer):
            return None
        said = environ.get(f"HTTP_{(self._access.header or '').upper()}", "")
        return said if _MANAGER.fullmatch(said) else None  # two headers of one name arrive with a comma between them

    def _seal(self, use: str, text: str) -> str:
        key = schema.session_key(self._engine)  # read anew: a key that was rotated holds at once
        return hmac.new(key, f"{use} {text}".encode(), "sha256").hexdigest()


class Locked(Exception):
    """There were too many attempts to sign in."""


def _stamp(name: str, hashed: str) -> str:
    """What a session is kept under: one of a manager who left, or whose password changed, is nobody's."""
    return sha256(f"{name} {hashed}".encode()).hexdigest()


def _is_right(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
