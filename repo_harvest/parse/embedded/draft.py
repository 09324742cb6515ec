"""The values that a form states of one work in, an `Entry` out that says where each of them came from.

Of a field that a work has once, the first value stated is kept; names and identifiers are gathered. Every form spells
a DOI in its own way; here all become what `parse.identifiers` makes of them.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote, urlsplit

from repo_harvest.model import Affiliation, Entry, Funding, Link, NameIdentifier, PartialDate, Problem, Severity
from repo_harvest.parse import dates, identifiers
from repo_harvest.parse.text import collapse

__all__ = ["Draft", "doi_in", "plain"]

_TAG = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|span|div|p|br|u|tt|a|font|cite|jats:[a-z]{1,20})(?:\s[^<>]{0,300})?/?>", re.IGNORECASE
)
_BREAK = re.compile(r"<(?:/p|/div|br)\b", re.IGNORECASE)
_CHARACTER = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/[^\s\"<>]{1,500}")
_UNSTATED = re.compile(r"(?:[-/]00?)+(?=\Z|T)")
_WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:.{0,40}")
_COMMA = re.compile(r",(?=[^\s0-9])")
_LONGEST_URL = 4_000  # characters; as in `parse.links`
_MOST_AGENTS = 10_000  # things said of names and funders
_DATE_PARTS_APART = "/"  # 2019/05/ has no day, in RIS


def plain(text: str) -> str:
    """Words that were written for a page in other words' stead: without tags and character references.

    >>> plain("Listening <i>at</i> the gate &amp; after")
    'Listening at the gate & after'
    """
    if "&" in text:
        text = _CHARACTER.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(r" \g<0>", text))
    return collapse(text)


def doi_in(text: str) -> str | None:
    """The DOI in a value that is meant to be one, without prefix or resolver.

    >>> doi_in("https://doi.org/https://doi.org/10.1177/0264550519832341"), doi_in("in press")
    ('10.1177/0264550519832341', None)
    """
    found = _DOI.search(unquote(text) if "%2F" in text.upper() else text)
    return found[0].rstrip(".,;") if found else None


class Draft:
    """One work in the making. `form` names the form it is stated in, `place` where that stands on the page.

    Each method takes a value as stated and what the form calls its field; blank values are no values.
    """

    def __init__(self, *, form: str, place: str) -> None:
        self.problems: list[Problem] = []
        self.form, self.place = form, place
        self._once: dict[str, str] = {}
        self._date: PartialDate | None = None
        self._creators: list[str] = []
        self._identifiers: dict[str, str] = {}
        self._agents: dict[tuple[str, str], None] = {}
        self._links: dict[str, Link] = {}
        self._origins: dict[tuple[str, str], None] = {}

    def text(self, field: str, text: str, source: str) -> None:
        """The title, container, publisher or abstract."""
        text = collapse(text)
        if text and field not in self._once:
            self._once[field] = text
            self._from(field, source)

    def creator(self, name: str, source: str) -> None:
        """One of those who made it; a name that was there before is the same one."""
        name = _written(name)
        if name and name not in self._creators:
            self._creators.append(name)
            self._from("creators", source)

    def name_identifier(self, name: str, address: str, source: str) -> None:
        """An identifier of one of those who made it, as stated."""
        if (name := _written(name)) and (address := collapse(address)):
            self._about("name_identifiers", NameIdentifier(name=name, address=address), source)

    def affiliation(self, name: str, body: str, address: str, source: str) -> None:
        """A body that one of those who made it belongs to, with its address as stated, which may be empty."""
        if (name := _written(name)) and (body := collapse(body)):
            self._about("affiliations", Affiliation(name=name, body=body, address=collapse(address) or None), source)

    def funding(self, funder: str, address: str, award: str, source: str) -> None:
        """Who paid for it, with the funder's address and the number of the award as stated, which may be empty."""
        if funder := collapse(funder):
            paid = Funding(funder=funder, address=collapse(address) or None, award=collapse(award) or None)
            self._about("funding", paid, source)

    @property
    def has_creators(self) -> bool:
        """Whether one was stated so far."""
        return bool(self._creators)

    @property
    def origins(self) -> tuple[tuple[str, str], ...]:
        """Each field stated so far, with where its value came from."""
        return tuple(self._origins)

    def date(self, text: str, source: str) -> None:
        """When it was published, at the precision stated; what is no date is a problem."""
        text = _UNSTATED.sub("", collapse(text).strip(_DATE_PARTS_APART))
        if match := _WITH_TIME.fullmatch(text):
            text = match[1]
        if not text or self._date is not None:
            return
        stated = dates.read(text)
        if stated is None:
            self.problem("date", f"'{text[:60]}' ({source}) is no date")
            return
        if stated.remark:
            self.problem("date", stated.remark, stated.severity)
        if stated.date is not None:
            self._date = stated.date
            self._from("date", source)

    def doi(self, text: str, source: str) -> None:
        """A value that is meant to be a DOI."""
        if doi := doi_in(text):
            self._identify(f"doi:{doi}", source)
        elif text.strip():
            self.problem("identifiers", f"'{collapse(text)[:60]}' ({source}) is no DOI")

    def isbn(self, text: str, source: str) -> None:
        """A value that is meant to be one ISBN or several; those with a wrong check digit, and ISSNs, are none."""
        for part in re.split(r"[,;/()]|\s(?=97[89])", text)[:20]:
            if digits := identifiers.isbn(part.strip().removeprefix("urn:").removeprefix("isbn:")):
                self._identify(f"urn:isbn:{digits}", source)

    def url(self, url: str, source: str) -> None:
        """An absolute address that the work is at."""
        url = url.strip()
        if " " in url or not url or len(url) > _LONGEST_URL:
            return
        try:
            if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
                return
            found = identifiers.from_link(url)
        except ValueError:  # a malformed host
            return
        self._links.setdefault(url, Link(url=url, text=source))
        for value in found:
            self._identify(value, source)

    def identifier(self, text: str, source: str) -> None:
        """A value of a field that holds any identifier: a DOI, a handle, an ISBN or an address; else it is dropped."""
        text = collapse(text).removeprefix("info:doi/").removeprefix("info:")
        if text.startswith(("http://", "https://")):
            self.url(text, source)
        elif found := identifiers.in_words(text) or _urn(text):
            self._identify(found, source)

    def problem(self, field: str, what: str, severity: Severity = Severity.WARNING) -> None:
        """Something a person should know about a field."""
        self.problems.append(Problem(where=f"{self.place}.{field}", what=f"{self.form}: {what}", severity=severity))

    def entry(self) -> Entry | None:
        """The entry, or nothing if no title was stated."""
        if "title" not in self._once:
            return None
        return Entry(
            title=self._once["title"],
            place=self.place,
            creators=tuple(self._creators),
            date=self._date,
            container=self._once.get("container"),
            publisher=self._once.get("publisher"),
            identifiers=tuple(self._identifiers.values()),
            abstract=self._once.get("abstract"),
            name_identifiers=self._said("name_identifiers"),
            affiliations=self._said("affiliations"),
            funding=self._said("funding"),
            links=tuple(self._links.values()),
            origins=self.origins,
        )

    def _identify(self, value: str, source: str) -> None:
        """Gather an identifier; a DOI and its resolver's address are one."""
        is_doi = value.startswith("doi:") or "doi.org/" in value
        key = (doi_in(value) or value).casefold() if is_doi else value
        if key not in self._identifiers:
            self._identifiers[key] = value
            self._from("identifiers", source)

    def _about(self, field: str, value: NameIdentifier | Affiliation | Funding, source: str) -> None:
        if (field, str(value)) not in self._agents and len(self._agents) < _MOST_AGENTS:
            self._agents[field, str(value)] = None
            self._from(field, source)

    def _said(self, field: str) -> tuple[str, ...]:
        return tuple(text for name, text in self._agents if name == field)

    def _from(self, field: str, source: str) -> None:
        self._origins[field, f"{self.form} {source}"] = None


def _written(name: str) -> str:
    """A name with a blank after its comma, and none around it."""
    return _COMMA.sub(", ", collapse(name).strip(" ,;"))


def _urn(text: str) -> str | None:
    """`urn:isbn:…` with a right check digit."""
    if not text.lower().startswith("urn:isbn:"):
        return None
    digits = identifiers.isbn(text[len("urn:isbn:") :])
    return f"urn:isbn:{digits}" if digits else None
