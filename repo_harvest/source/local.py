"""A path or `file:` URL goes in, the file as a page comes out: a list that somebody saved, or a run without a network.

Rule: the operator names the file; no page ever does (a redirect to `file:` is refused). What is read is a regular file
of a limited size. Its validator is a hash of its content, so `unchanged` is as certain as SHA-256.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from repo_harvest.model import Page, Validators
from repo_harvest.source.failure import Failure, plain
from repo_harvest.source.inflate import too_big
from repo_harvest.source.sniff import accept, media_type

__all__ = ["is_local", "read_local"]

_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xht": "application/xhtml+xml",
    ".txt": "text/plain",
}  # what the ending of a name says; a file of any other name speaks for itself

_OTHER_SCHEME = re.compile(r"(?:https?:|[a-z][a-z0-9+.-]*://).*", re.IGNORECASE | re.DOTALL)


def is_local(url: str) -> bool:
    """Whether it is a path or a `file:` URL, which is whatever is not a URL of another kind.

    >>> is_local("pages/list.html"), is_local("file:///srv/list.html"), is_local("https://example.org/list.html")
    (True, True, False)
    """
    return url[:5].lower() == "file:" or _OTHER_SCHEME.fullmatch(url) is None


def read_local(url: str, *, now: Callable[[], datetime], validators: Validators, limit: int) -> Page:
    """The file as a page, of at most `limit` bytes; raises `Failure`."""
    try:
        path = _path(url)
        content = _bytes(path, limit)
        location = path.resolve().as_uri()
    except (OSError, ValueError) as error:
        raise _unreadable(url, error) from error
    name = _TYPES.get(path.suffix.lower()) or media_type(content)
    accept(name)
    etag = f'"sha256-{hashlib.sha256(content).hexdigest()}"'
    same = validators.etag == etag
    return Page(
        url=url,
        location=location,
        fetched=now(),
        content=b"" if same else content,
        content_type=name,
        validators=Validators(etag=etag),
        unchanged=same,
    )


def _path(url: str) -> Path:
    if url[:5].lower() != "file:":
        return Path(url)
    parts = urlsplit(url)
    if parts.netloc.lower() not in {"", "localhost"}:
        raise Failure(
            f"the file is on another machine ({plain(parts.netloc)}). Write file:///PATH for a file on this one."
        )
    return Path(url2pathname(parts.path))


def _bytes(path: Path, limit: int) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for ever, a device never end
        raise Failure("it is a directory or a device. Name a file.")
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise too_big(limit)
    return content


def _unreadable(url: str, error: OSError | ValueError) -> Failure:
    if isinstance(error, FileNotFoundError):
        hint = f' A web page begins with http:// or https://, as in "https://{url}".' if url.startswith("www.") else ""
        return Failure(f"there is no such file. Check the path.{hint}")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
    return Failure(f"the file cannot be read ({reason}). Check the path and its permissions.")
