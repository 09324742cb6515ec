"""A profile, how the entries of one site are found, in; the elements of a page that it names out.

A profile is a TOML file that a person can read and correct: a selector for the entries, selectors for fields inside one,
what to leave out, and what to expect. A selector is CSS (level 3), or XPath 1.0; a regular expression can cut a value out
of the words it finds. It says where things are; what they say is read as on any other page.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from repo_harvest.errors import SettingsError

__all__ = ["ENTRY", "FIELDS", "IGNORED", "Profile", "Selector", "dump_profile", "load_profile", "named_elements"]

ENTRY, IGNORED = "profile:entry", "profile:ignored"
"""Labels for what a profile says is an entry, or is to be left out."""

FIELDS = (
    "title", "creators", "date", "container", "volume", "issue", "pages", "publisher", "identifiers", "abstract", "type",
)  # fmt: skip  # a list of names
"""The fields that a profile may name; an element of one is labelled `profile:FIELD`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Where something is: `css` or `xpath`; `regex` cuts its first group, or all it matches, out of the words there."""

    css: str = ""
    xpath: str = ""
    regex: str = ""

    def __post_init__(self) -> None:
        if bool(self.css) == bool(self.xpath):
            raise ValueError("give css or xpath, one of the two")
        try:
            self._compiled()
            re.compile(self.regex)
        except (SelectorError, etree.XPathError) as error:
            raise ValueError(f"{self.css or self.xpath!r} cannot be read: {error}") from None
        except re.error as error:
            raise ValueError(f"the regular expression {self.regex!r} cannot be read: {error}") from None

    def find(self, root: etree._Element) -> list[etree._Element]:
        """The elements that it selects, in the order of the page."""
        found = self._compiled()(root)
        return [one for one in found if etree.iselement(one)] if isinstance(found, list) else []

    def cut(self, words: str) -> str:
        """What of the words is meant; nothing where the regular expression finds nothing."""
        if not self.regex:
            return words
        match = re.search(self.regex, words)
        return "" if match is None else (match[1] if match.re.groups else match[0]) or ""

    def _compiled(self) -> etree.XPath:
        return CSSSelector(self.css, translator="html") if self.css else etree.XPath(self.xpath)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How the entries of a site are found.

    With `starts`, what `entry` selects is where an entry begins, and it goes on to where the next one does. `count` is how
    many entries there were when the profile was written, `fill` the share of them that had each field.
    """

    entry: Selector
    starts: bool = False
    fields: Mapping[str, Selector] = field(default_factory=dict)
    ignore: tuple[Selector, ...] = ()
    count: int | None = None
    fill: Mapping[str, float] = field(default_factory=dict)


def named_elements(root: etree._Element, profile: Profile) -> dict[etree._Element, frozenset[str]]:
    """The elements of a page that the profile names, each with its labels; fields only count inside an entry."""
    named: dict[etree._Element, set[str]] = {}
    for element in profile.entry.find(root):
        named.setdefault(element, set()).add(ENTRY)
    for selector in profile.ignore:
        for element in selector.find(root):
            named.setdefault(element, set()).add(IGNORED)
    for name, selector in profile.fields.items():
        for element in selector.find(root):
            named.setdefault(element, set()).add(f"profile:{name}")
    return {element: frozenset(labels) for element, labels in named.items()}


def load_profile(text: str) -> Profile:
    """The profile that a TOML file holds; raises `SettingsError` that says which key is wrong, and why.

    >>> load_profile('entry = "ul.papers > li"').entry.css
    'ul.papers > li'
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"is not TOML: {error}") from None
    _known(values, {"entry", "starts", "fields", "ignore", "expect"}, "")
    if "entry" not in values:
        raise SettingsError('entry: is missing; give a selector for one publication, such as "ul.papers > li"')
    fields, expect = _table(values.get("fields", {}), "fields"), _table(values.get("expect", {}), "expect")
    _known(fields, set(FIELDS), "fields.")
    _known(expect, {"count", "fill"}, "expect.")
    starts, count = values.get("starts", False), expect.get("count")
    if not isinstance(starts, bool):
        raise SettingsError("starts: is not true or false")
    if count is not None and (type(count) is not int or count < 1):
        raise SettingsError("expect.count: is not a whole number from 1")
    ignore = values.get("ignore", [])
    if not isinstance(ignore, list):
        raise SettingsError("ignore: is not a list; write it in square brackets")
    return Profile(
        entry=_selector(values["entry"], "entry"),
        starts=starts,
        fields={name: _selector(value, f"fields.{name}") for name, value in fields.items()},
        ignore=tuple(_selector(value, f"ignore[{number}]") for number, value in enumerate(ignore)),
        count=count,
        fill=_shares(_table(expect.get("fill", {}), "expect.fill")),
    )


def _table(value: object, key: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SettingsError(f"{key}: is not a table")
    return value


def _known(values: Mapping[str, object], known: Iterable[str], before: str) -> None:
    for key in values:
        if key not in known:
            raise SettingsError(f"{before}{key}: is not a known key; there are {', '.join(sorted(known))}")


def _selector(value: object, key: str) -> Selector:
    told = {"css": value} if isinstance(value, str) else _table(value, key)
    _known(told, {"css", "xpath", "regex"}, f"{key}.")
    if not all(isinstance(text, str) for text in told.values()):
        raise SettingsError(f"{key}: selectors stand in quotes")
    try:
        return Selector(**{name: str(text) for name, text in told.items()})
    except ValueError as error:
        raise SettingsError(f"{key}: {error}") from None


def _shares(values: Mapping[str, object]) -> dict[str, float]:
    _known(values, set(FIELDS), "expect.fill.")
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise SettingsError(f"expect.fill.{name}: is not a share from 0 to 1")
    return {name: float(str(value)) for name, value in values.items()}


def dump_profile(profile: Profile, *, about: Iterable[str] = ()) -> str:
    """The profile as a file that `load_profile` reads back; `about` are lines of comment above it."""
    lines = [f"# {line}".rstrip() for line in about]
    lines += [f"entry = {_written(profile.entry)}"]
    if profile.starts:
        lines.append("starts = true  # an entry goes on to where the next one begins")
    if profile.ignore:
        lines.append(f"ignore = [{', '.join(map(_written, profile.ignore))}]")
    if profile.fields:
        lines += ["", "[fields]", *(f"{name} = {_written(one)}" for name, one in profile.fields.items())]
    if profile.count is not None or profile.fill:
        lines += ["", "[expect]"]
        lines += [f"count = {profile.count}"] if profile.count is not None else []
        if profile.fill:
            shares = ", ".join(f"{name} = {share:.2f}" for name, share in profile.fill.items())
            lines.append(f"fill = {{ {shares} }}")
    return "\n".join(lines) + "\n"


def _written(selector: Selector) -> str:
    if selector.css and not selector.regex:
        return _quoted(selector.css)
    parts = [f"{name} = {_quoted(text)}" for name in ("css", "xpath", "regex") if (text := getattr(selector, name))]
    return f"{{ {', '.join(parts)} }}"


def _quoted(text: str) -> str:
    """A TOML basic string: that of JSON, but for one character more that it does not hold as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
