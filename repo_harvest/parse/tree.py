"""The text of an HTML page in, its tree out.

Decided here: lxml gets UTF-8 made from text that was decoded before, never the page's own bytes, whose declarations it
trusts too much. `huge_tree` lifts libxml2's limits of 256 levels and 10 MB a node, beyond which it drops text without a
word; the limit that is left (2,048 levels) is reported as an error, because what follows is lost.

Two things libxml2 does otherwise than browsers, and without a word: it drops what follows the end of the body, and leaves
in the head what begins a body that no tag opens, if its element is a newer one such as `main`. Both are put right here.
"""

from __future__ import annotations

import re

from lxml import etree

from repo_harvest.model import Problem, Severity
from repo_harvest.parse.text import collapse, table

__all__ = ["parse_html"]

_LONGEST_TAG = 20_000  # characters before anybody counts what is in it; pictures are written into tags
_MOST_ATTRIBUTES = 1_000  # libxml2 compares each with every other
_BODY_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_OF_A_HEAD = table("base basefont bgsound link meta noscript script style template title")
_LONG_TAG = re.compile(f"<[A-Za-z][^<>]{{{_LONGEST_TAG},}}")


def parse_html(text: str) -> tuple[etree._Element | None, tuple[Problem, ...]]:
    """The root of the page, `None` for one without an element, and what went wrong on the way."""
    problems: list[Problem] = []
    root = _tree(_BODY_ENDS.sub("", _with_sane_tags(text, problems)), problems)
    if root is not None:
        _begin_body(root)
    return root, tuple(problems)


def _begin_body(root: etree._Element) -> None:
    """Move what a head cannot hold, and all after it, to the beginning of the body."""
    head = root.find("head")
    children = [] if head is None else list(head)
    first = next((at for at, child in enumerate(children) if child.tag not in _OF_A_HEAD), None)
    if first is not None:
        body = root.find("body")
        if body is None:
            body = etree.SubElement(root, "body")
        before, body.text = body.text, None
        body[:0] = children[first:]
        children[-1].tail = (children[-1].tail or "") + (before or "") or None


def _with_sane_tags(text: str, problems: list[Problem]) -> str:
    """The text, with the attributes of a tag that has thousands of them cut off."""

    def cut(match: re.Match[str]) -> str:
        words = match[0].split(maxsplit=_MOST_ATTRIBUTES)
        if len(words) <= _MOST_ATTRIBUTES:
            return match[0]
        what = f"a tag with more than {_MOST_ATTRIBUTES} attributes was cut; the page may be broken"
        problems.append(Problem(where="page", what=what))
        return " ".join(words[:1])

    return _LONG_TAG.sub(cut, text)


def _tree(text: str, problems: list[Problem]) -> etree._Element | None:
    """What libxml2 makes of it; an error if it lost something."""
    text = text.replace("\0", "")
    try:
        content = text.encode()
    except UnicodeEncodeError:  # half a character, from a decoder that lets such pass
        content = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser) if content.strip() else None
    except etree.XMLSyntaxError:  # older versions say so of a page without an element
        root = None
    fatal = [entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL]
    if fatal:
        what = f"what follows line {fatal[0].line} could not be parsed and is lost: {collapse(fatal[0].message)}"
        problems.append(Problem(where="page", what=what, severity=Severity.ERROR))
    return root
