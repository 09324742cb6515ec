"""The words that people use for languages in, the tags of RFC 5646 out.

A language is written by its ISO 639-1 code, with the region in capitals. What the table does not know is kept as it is.
"""

from __future__ import annotations

import re

__all__ = ["LANGUAGES", "language"]

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
LANGUAGES = {word: row.split()[0] for row in _ROWS.strip().splitlines() for word in row.split()}

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
