"""What stops a fetch, before it is known which of several addresses to name; `fetch` turns it into a `Refused`.

Rule: inside this room a failure is raised where it is understood, in words that follow "URL: ". Sockets raise it too,
straight through http.client, urllib3 and requests, none of which catches what is neither an OSError nor theirs.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from repo_harvest.errors import FetchError, Refused

__all__ = ["NO_ADDRESS", "Failure", "plain", "shown"]

NO_ADDRESS = "it is not a web address; one is written like https://example.org/list. Check it."

_LONGEST = 300


class Failure(Exception):
    """Why the page did not come in: `what` completes the sentence "URL: …" and says what to do.

    `error` is what the caller of `fetch` gets, with the `status` that the server answered with, if it did. `passing` says that the same request may succeed if it is made again,
    `wait` how many seconds the server wants to be left alone before that; `late` that the time for the fetch ran out, and
    `costly` that its requests did.
    """

    def __init__(
        self,
        what: str,
        *,
        error: type[Refused] = FetchError,
        passing: bool = False,
        wait: float | None = None,
        status: int | None = None,
        late: bool = False,
        costly: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.error = error
        self.passing = passing
        self.wait = wait
        self.status = status
        self.late = late
        self.costly = costly

    def told(self, message: str) -> Refused:
        """What the caller of `fetch` gets."""
        error = self.error(message)
        if isinstance(error, FetchError):
            error.status, error.late, error.costly = self.status, self.late, self.costly
            error.passing = self.passing or self.late
        return error


def plain(text: str) -> str:
    r"""Foreign text as part of one line for a person: no control characters, and not long.

    >>> plain("text/html\r\nX-Evil: 1")
    'text/html??X-Evil: 1'
    """
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def shown(url: str) -> str:
    """A URL as it may be printed and logged: one line, and without the user name and password it may hold.

    >>> shown("https://me:secret@example.org/list")
    'https://example.org/list'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return plain(url.rpartition("@")[2])
    return plain(_without_user(parts).geturl() if "@" in parts.netloc else url)


def _without_user(parts: SplitResult) -> SplitResult:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2])
