"""If-None-Match in, the entity tags that it names out (RFC 9110 section 13.1.2); and our own tags as HTTP writes them.

A tag of ours is `"STATE"` for the plain body, or `"STATE.ENCODER"` for a compressed one; what STATE says and when an
older one still stands is decided in `oai.tag`. There is no 304 by date alone: If-Modified-Since knows whole seconds of
what was published, and a repository that was renamed, or reads its formats anew, has no date for that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["ANY", "entity_tag", "of_coding", "presented"]

ANY = "*"
"""What `presented` returns for a client that holds something, whatever it is."""

_LONGEST = 4000  # characters of a header that are read
_MEMBER = re.compile(r'[ \t]*(?:(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(,|\Z)')


def presented(if_none_match: str | None) -> Sequence[str]:
    r"""The opaque part of each tag, or `ANY`; a header that is malformed names none.

    Weak comparison: `W/"a"` and `"a"` are the same (section 8.8.3.2).

    >>> presented('"a", W/"b,c"'), presented("*"), presented('"a'), presented(None)
    (['a', 'b,c'], '*', [], [])
    """
    text = (if_none_match or "").strip(" \t")
    if text == ANY:
        return ANY
    if len(text) > _LONGEST:
        return []
    tags, at = [], 0
    while at < len(text):
        member = _MEMBER.match(text, at)
        if member is None:
            return []
        if member[1] is not None:
            tags.append(member[1])
        at = member.end()
    return tags


def of_coding(tags: Sequence[str], encoder: str | None) -> list[str]:
    """What `oai.tag` knows of those tags that name a body of this coding.

    >>> of_coding(["1-2-ab", "1-2-cd.isal-1"], "isal-1"), of_coding(["1-2-ab", "1-2-cd.isal-1"], None)
    (['1-2-cd'], ['1-2-ab'])
    """
    if encoder is None:
        return [tag for tag in tags if "." not in tag]
    ending = f".{encoder}"
    return [tag.removesuffix(ending) for tag in tags if tag.endswith(ending)]


def entity_tag(tag: str, encoder: str | None) -> str:
    """A tag as the ETag header has it.

    >>> entity_tag("1-2-ab", None), entity_tag("1-2-ab", "isal-1")
    ('"1-2-ab"', '"1-2-ab.isal-1"')
    """
    return f'"{tag}"' if encoder is None else f'"{tag}.{encoder}"'
