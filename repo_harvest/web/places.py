"""The path of a WSGI request in, whether it is the feed's or a page's out, and where the pages begin.

The only public address is the configured base URL. A proxy may hand on its path as it is, or another: so the feed answers
on the path of the base URL as well as on `/oai`, and where that ends in `/oai`, pages answer with and without what stands
before it. Nothing is believed of X-Forwarded-Host, -Proto or -Prefix, which anyone can send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from repo_harvest.oai import Repository

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["Places"]


class Places:
    """The paths of one repository, as WSGI has them: decoded, one character for each byte."""

    def __init__(self, repository: Repository) -> None:
        path = _decoded(repository.path).rstrip("/")
        self._feed = frozenset({"/oai", "/oai/"} | ({path, f"{path}/"} if path else set()))
        self._is_root = not path
        self._prefix = "" if repository.folder is None else _decoded(repository.folder).rstrip("/")

    def is_feed(self, environ: WSGIEnvironment) -> bool:
        """Whether the feed answers. A base URL without a path shares the root with the first page, which takes no verb."""
        path = environ.get("PATH_INFO", "")
        if path in self._feed:
            return True
        if not self._is_root or path not in {"", "/"}:
            return False
        return environ["REQUEST_METHOD"] == "POST" or "verb=" in environ.get("QUERY_STRING", "")

    def of_page(self, environ: WSGIEnvironment) -> WSGIEnvironment:
        """The request with the path that pages know, and what stood before it as its SCRIPT_NAME (PEP 3333)."""
        prefix, path = self._prefix, environ.get("PATH_INFO", "")
        if not prefix or not (path == prefix or path.startswith(f"{prefix}/")):
            return environ
        return {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix,
            "PATH_INFO": path[len(prefix) :],
        }


def _decoded(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")
