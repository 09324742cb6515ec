"""What the repository is called and where it is, in; the same, known to be fit for an Identify answer, out.

OAI-PMH 2.0 section 4.2 and the oai-identifier guideline (version 2.0) say what each value must look like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from repo_harvest.errors import SettingsError
from repo_harvest.formats.xml import legal

__all__ = ["Repository"]

_KEY_SIZE = 16  # bytes; fewer could be guessed
_HOST = r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])"
_BASE_URL = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,5}})?(?:/(?:[A-Za-z0-9_.!~*'();:@&=+$,/-]|%[0-9A-Fa-f]{{2}})*)?")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What every answer of one repository is made with.

    `identifier` is the dotted name in `oai:IDENTIFIER:…`; `page_size` is in records, headers or sets; `token_key` seals
    resumptionTokens: every process of a repository must have the same one, and keep it. `compression` names the codings
    that whoever serves really does. `friends` are base URLs of other repositories, `metadata_rights` a licence as its URL,
    or a statement in words, that each record carries. Raises `SettingsError` naming the key of the config file if a value could not be served.
    """

    name: str
    base_url: str
    identifier: str
    admin_emails: tuple[str, ...]
    token_key: bytes
    page_size: int = 100
    compression: tuple[str, ...] = ()
    friends: tuple[str, ...] = ()
    metadata_rights: str | None = None

    def __post_init__(self) -> None:
        _require(self.name.strip(), "repository.name is empty; say whose records these are")
        _require_legal("repository.name", self.name)
        _require(
            _BASE_URL.fullmatch(self.base_url),
            f"repository.base_url is {self.base_url!r}; it must be http(s)://host[:port]/path, with no query",
        )
        _require(
            _IDENTIFIER.fullmatch(self.identifier),
            f"repository.identifier is {self.identifier!r}; it must be a domain name such as example.org",
        )
        _require(self.admin_emails, "repository.admin_email is missing; harvesters' operators write to it")
        for email in self.admin_emails:
            _require_legal("repository.admin_email", email)
            _require(_EMAIL.fullmatch(email), f"repository.admin_email is {email!r}; it must be like feed@example.org")
        _require(self.page_size >= 1, f"feed.page_size is {self.page_size}; it must be 1 or more")
        _require(len(self.token_key) >= _KEY_SIZE, f"the token key is shorter than {_KEY_SIZE} bytes; make a new one")

    @property
    def sample_identifier(self) -> str:
        """What an identifier of this repository looks like."""
        return f"oai:{self.identifier}:1"

    @property
    def path(self) -> str:
        """The path of the base URL, as it is written there; empty if it has none.

        >>> Repository(name="A", base_url="https://example.org/x/oai", identifier="example.org",
        ...     admin_emails=("feed@example.org",), token_key=b"sixteen bytes...").path
        '/x/oai'
        """
        _, slash, path = self.base_url.partition("://")[2].partition("/")
        return slash + path

    @property
    def folder(self) -> str | None:
        """Where the pages for people are beside the feed, as a path that ends in `/`; `None` where it is not known."""
        stem = self.path.rstrip("/")
        return stem.removesuffix("oai") if stem.endswith("/oai") else None


def _require(is_right: object, message: str) -> None:
    if not is_right:
        raise SettingsError(message)


def _require_legal(key: str, text: str) -> None:
    try:
        legal(text)
    except ValueError as error:
        raise SettingsError(f"{key}: {error}") from None
