"""An identifier as a page or a file states it in, the address or name that a record keeps it as out.

| stated as                                  | kept as                          |
| `doi:10.…`, a bare DOI, a resolver's address | `https://doi.org/10.…`         |
| `hdl:10034/1`, a bare handle               | `http://hdl.handle.net/10034/1`  |
| `urn:isbn:…`, `ISBN 978-…`                 | `urn:isbn:978…`                  |
| anything else, a handle's address too      | as it is                         |
"""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["is_address", "kept_as"]

_DOI = re.compile(r"(?:doi: ?|info:doi/|(?P<url>https?://(?:dx\.|www\.)?doi\.org/))?(?P<doi>10\.[0-9]{4,9}/\S+)", re.IGNORECASE)  # fmt: skip
_HANDLE = re.compile(r"(?:hdl: ?|info:hdl/)(?P<handle>[0-9]+(?:\.[0-9A-Za-z]+)*/\S+)", re.IGNORECASE)
_BARE_HANDLE = re.compile(r"(?P<handle>(?!10\.)(?:[0-9]{5,}|[0-9]+(?:\.[0-9]+)+)/\S+)")  # 2019/5 may be an issue
_ISBN = re.compile(r"(?:urn:isbn:|isbn(?:-1[03])?:? ?)(?P<digits>[0-9][0-9 -]{8,15}[0-9Xx])", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SAFE_IN_DOI = "/:;()._-!$&'*+,=@~"


def kept_as(text: str) -> str:
    """The identifier as a record keeps it.

    >>> kept_as("doi:10.1177/0264550519832341"), kept_as("http://dx.doi.org/10.1111/bjsw.1")
    ('https://doi.org/10.1177/0264550519832341', 'https://doi.org/10.1111/bjsw.1')
    >>> kept_as("hdl:10034/620000"), kept_as("ISBN 978-0-306-40615-7"), kept_as("https://example.org/handle/1/2")
    ('http://hdl.handle.net/10034/620000', 'urn:isbn:9780306406157', 'https://example.org/handle/1/2')
    """
    if match := _DOI.fullmatch(text):
        return "https://doi.org/" + (match["doi"] if match["url"] else quote(match["doi"], safe=_SAFE_IN_DOI))
    if match := _HANDLE.fullmatch(text) or _BARE_HANDLE.fullmatch(text):
        return f"http://hdl.handle.net/{match['handle']}"
    if match := _ISBN.fullmatch(text):
        return "urn:isbn:" + match["digits"].translate(str.maketrans("", "", " -")).upper()
    return text


def is_address(text: str) -> bool:
    """Whether it was stated as an address that a browser can follow.

    >>> is_address("https://example.org/1"), is_address("doi:10.1177/1")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None
