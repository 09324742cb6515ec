"""What hostile servers say of the items of a good list, where `enrich = "full"` has each item's page asked for.

The list is good, so every run ends well; the items fill nothing, nobody waits long for them, and it is said why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.hostile.cases import GOOD, Answers, Case, bomb
from tests.source.servers import HTML, Say, Server, answer, dripping, endless, head, page, redirect

__all__ = ["ITEMS"]

_MOST = 2_900_000  # characters, a little less than an item's page may have
_NO_ROBOTS = answer(b"", status="404 Not Found")
_TITLE = "Mentoring after prison, part 1"
_LAUGHS = "<!DOCTYPE html [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 10)) + "]>"  # fmt: skip
_STRINGS = '@string{a0 = "ha"}\n' + "".join(
    f"@string{{a{level} = {' # '.join([f'a{level - 1}'] * 10)}}}\n" for level in range(1, 10)
)


def _says(item: bytes | Say, robots: bytes | Say = _NO_ROBOTS) -> Answers:
    def answers(_: Server) -> Sequence[bytes | Say]:
        return [GOOD, robots, item]

    return answers


def _item(name: str, item: bytes | Say, *, says: str = "nothing new", robots: bytes | Say = _NO_ROBOTS, slow: bool = False) -> Case:  # fmt: skip
    return Case(
        name=f"items: {name}",
        answers=_says(item, robots),
        says=says,
        status=0,
        enrich="full",
        requests=30,
        slow=slow,
    )


def _ld(text: str) -> bytes:
    return page(f'<html><head><script type="application/ld+json">{text}</script></head></html>')


def _times(words: str, size: int = _MOST) -> str:
    return words * (size // len(words))


ITEMS = (
    _item("entity bomb", answer(f"{_LAUGHS}<html><body><h1>&a9;</h1></body></html>", "Content-Type: application/xhtml+xml")),
    _item("100,000 works in JSON-LD", _ld("[" + _times('{"@type":"Book","name":"x"},') + "0]"), says="tells of another work", slow=True),
    _item("900,000 objects in JSON-LD", _ld("[" + _times("{},") + "0]"), slow=True),
    _item("a million elements in JSON-LD", _ld("[" + "0," * 1_000_000 + "0]"), slow=True),
    *(
        _item(f"{what} 10,000 deep", _ld(text))
        for what, text in (
            ("lists", "[" * 10_000 + "]" * 10_000),
            ("objects", '{"@type":"Book","hasPart":' * 10_000 + "1" + "}" * 10_000),
        )
    ),
    *(_item(f"{tag} 10,000 deep", page(f"<{tag}>" * 10_000 + "x")) for tag in ("div", "b", "span property=name typeof=Book")),
    _item("a title of 3 MB", page(f'<meta name="citation_title" content="{_times("Mentoring ")}">')),
    _item("a title of 3 MB in JSON-LD", _ld(json.dumps({"@type": "Book", "name": _times("Mentoring ")})), slow=True),
    _item("an abstract of 3 MB", page(f'<meta name="citation_title" content="{_TITLE}"><meta name="citation_abstract" content="{_times("word ")}">'), says="7 same", slow=True),
    _item("strings that multiply in BibTeX", answer(_STRINGS + "@book{x, title = a9}", "Content-Type: application/x-bibtex"), says="tells of another work"),
    _item("strings that multiply in a page", page(f"<pre>{_STRINGS}@book{{x, title = a9}}</pre>"), says="tells of another work"),
    _item("braces without an end in BibTeX", answer("@book{x, title = " + "{" * _MOST, "Content-Type: application/x-bibtex"), slow=True),
    _item("100,000 entries of BibTeX", answer(_times("@book{a, title = {x}}"), "Content-Type: application/x-bibtex"), says="7 same", slow=True),
    _item("RIS without an end", answer("TY  - BOOK\n" + _times("AU  - Okafor, Ada\n"), "Content-Type: application/x-research-info-systems"), slow=True),
    _item("a million tags", page("<b>" * 900_000), says="tags"),
    _item("100,000 things in RDFa", page(_times('<div typeof="Book"><span property="name">x</span></div>')), says="tells of another work", slow=True),
    _item("a page larger than an item's", page("<p>" + _times("word ", 3_100_000)), says="larger than 3,000,000 bytes"),
    _item("endless", endless(head(HTML), b"a" * 65536), says="larger than 3,000,000 bytes", slow=True),
    _item("gzip bomb", bomb(300_000_000), says="larger than 3,000,000 bytes"),
    _item("redirect to a private address", redirect("http://10.0.0.1/"), says="10.0.0.1 is a private address"),
    _item("redirect to the cloud's own", redirect("http://169.254.169.254/latest/meta-data/"), says="link-local"),
    _item("redirect to a file", redirect("file:///etc/passwd"), says="only http: and https:"),
    _item("redirect loop", redirect("/item/1"), says="redirected more than 5 times", slow=True),
    _item("drip", dripping(head(HTML) + b"a" * 2000, times=2000), says="did not arrive within 10 seconds", slow=True),
    _item("robots.txt that drips", page("x"), robots=dripping(head(HTML) + b"a" * 2000, times=2000), says="later runs ask for them", slow=True),
    _item("robots.txt of 3 MB", page("x"), robots=answer("User-agent: *\n" + _times("Disallow: /private/a\n"), "Content-Type: text/plain")),
    _item("robots.txt that wants an hour", page("x"), robots=answer("User-agent: *\nCrawl-delay: 3600\n", "Content-Type: text/plain"), says="wait 3600 seconds"),
)  # fmt: skip  # one a line
