"""The words that people use for languages in, the tags of RFC 5646 out.

A language is written by its ISO 639-1 code, with the region in capitals. What the table does not know is kept as it is.
"""

from __future__ import annotations

import re

from repo_harvest.model.languages import LANGUAGES

__all__ = ["language"]

_TAG = re.compile(r"([A-Za-z]{2,3})[-_]([A-Za-z]{2})")


def language(text: str) -> str:
    """The tag of a language that is known by a code or a name; anything else as it is.

    >>> language("eng"), language("English"), language("en_gb"), language("Klingon")
    ('en', 'en', 'en-GB', 'Klingon')
    """
    if code := LANGUAGES.get(text.casefold()):
        return code
    if (tag := _TAG.fullmatch(text)) and (code := LANGUAGES.get(tag[1].casefold())):
        return f"{code}-{tag[2].upper()}"
    return text
