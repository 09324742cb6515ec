"""The languages that works of research are usually in: their codes and their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["BIBLIOGRAPHIC", "LANGUAGES", "language_name"]

# ISO 639-1, then ISO 639-2 (bibliographic code first where there are two), then the English name, then its own name
_ROWS = """
ar ara arabic العربية
bg bul bulgarian български
ca cat catalan català
cs cze ces czech čeština
cy wel cym welsh cymraeg
da dan danish dansk
de ger deu german deutsch
el gre ell greek ελληνικά
en eng english
es spa spanish español
et est estonian eesti
eu baq eus basque euskara
fa per fas persian فارسی
fi fin finnish suomi
fr fre fra french français
ga gle irish gaeilge
gd gla gaelic gàidhlig
gl glg galician galego
he heb hebrew עברית
hi hin hindi हिन्दी
hr hrv croatian hrvatski
hu hun hungarian magyar
id ind indonesian
is ice isl icelandic íslenska
it ita italian italiano
ja jpn japanese 日本語
ko kor korean 한국어
la lat latin
lt lit lithuanian lietuvių
lv lav latvian latviešu
mt mlt maltese malti
nb nob bokmål
nl dut nld dutch nederlands
nn nno nynorsk
no nor norwegian norsk
pl pol polish polski
pt por portuguese português
ro rum ron romanian română
ru rus russian русский
sk slo slk slovak slovenčina
sl slv slovenian slovenščina
sq alb sqi albanian shqip
sr srp serbian српски
sv swe swedish svenska
tr tur turkish türkçe
uk ukr ukrainian українська
ur urd urdu اردو
vi vie vietnamese
zh chi zho chinese 中文
"""
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {word: row.split()[0] for row in _ROWS.strip().splitlines() for word in row.split()}
)
"""Any of the words of a row, in lower case -> its ISO 639-1 code."""

BIBLIOGRAPHIC: Mapping[str, str] = MappingProxyType(
    {row.split()[0]: row.split()[1] for row in _ROWS.strip().splitlines()}
)
"""ISO 639-1 code -> ISO 639-2, the bibliographic one."""

_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        code: next(word for word in words if len(word) > len("ISO")).title()
        for code, *words in map(str.split, _ROWS.strip().splitlines())
    }
)


def language_name(text: str) -> str:
    """A language by its name in English, if it is one of those that have one here; a variety keeps its tag beside it.

    >>> [language_name(text) for text in ("en", "pt-BR", "i-klingon", "Old English")]
    ['English', 'Portuguese (pt-BR)', 'i-klingon', 'Old English']
    """
    code, *variety = text.split("-")
    name = _ENGLISH.get(code)
    if name is None:
        return text
    return f"{name} ({text})" if variety else name
