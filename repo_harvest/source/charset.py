"""The name of a character set goes in, the codec that browsers read it with comes out; and the names that pages state.

Rule: the Encoding Standard (encoding.spec.whatwg.org), section 4.2: the table below is its table of labels, each row
with the Python codec that reads most of what the standard's decoder reads. So iso-8859-1 and ascii are windows-1252,
shift_jis is cp932 and gb2312 is gb18030, because that is what is written in pages that say so. A label outside the
table is no character set: Python's own registry also knows unicode_escape, zlib and rot13.
"""

from __future__ import annotations

import re

__all__ = ["CODECS", "codec", "stated"]

_LABELS = {
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859_2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859_3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859_4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859_5": ("csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"),
    "iso8859_6": (
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
        "iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"
    ),
    "iso8859_7": (
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
        "iso_8859-7:1987 sun_eu_greek"
    ),
    "iso8859_8": (
        "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
        "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical"
    ),
    "iso8859_10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859_13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859_14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859_15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8_u": "koi8-ru koi8-u",
    "mac_roman": "csmacintosh mac macintosh x-mac-roman",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": (
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
        "iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 latin-1 iso646-us x-user-defined"
    ),
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": (
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 "
        "windows-1254 x-cp1254"
    ),
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis cp932",
    "cp949": (
        "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"
    ),
    "utf-16-be": "unicodefffe utf-16be",
    "utf-16-le": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
}
CODECS = {label: name for name, labels in _LABELS.items() for label in labels.split()}
"""Every label of the standard, and a few more that are met, with its Python codec."""

_HEAD = 16_384  # browsers look through 1,024 bytes first and take what comes later as well
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._:-]{1,40})["']""")
_META = re.compile(rb"<meta[\s/]([^>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([^\s=>"'/]{1,100})\s{0,99}=\s{0,99}(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_CHARSET = re.compile(rb"""charset\s{0,99}=\s{0,99}["']?\s{0,99}([^\s"';,]+)""", re.IGNORECASE)


def codec(label: str) -> str | None:
    """The Python codec for a label, which may be in any case; `None` if there is no such character set.

    >>> codec(" ISO-8859-1 "), codec("gb2312"), codec("unicode_escape")
    ('cp1252', 'gb18030', None)
    """
    return CODECS.get(label.strip().lower())


def stated(content: bytes) -> str | None:
    """The codec that markup states for itself: in its XML declaration, a `<meta charset>`, or a `<meta http-equiv>`.

    As in the HTML standard (section 13.2.3.2), UTF-16 stated in letters that are not UTF-16 means UTF-8.

    >>> stated(b'<html><!-- <meta charset=koi8-r> --><META Charset="Latin1">')
    'cp1252'
    >>> stated(b'<meta content="text/html; charset=Shift_JIS" http-equiv="Content-Type">')
    'cp932'
    """
    head = content[:_HEAD]
    xml = _XML.match(head.lstrip())
    labels = [xml[1]] if xml else []
    labels += [label for tag in _META.finditer(_COMMENT.sub(b"", head)) if (label := _of_meta(tag[1]))]
    found = next((name for label in labels if (name := codec(label.decode("latin-1")))), None)
    return "utf-8" if found in {"utf-16-le", "utf-16-be"} else found


def _of_meta(tag: bytes) -> bytes | None:
    attributes = {
        match[1].lower(): match[2] or match[3] or match[4] or b"" for match in reversed([*_ATTRIBUTE.finditer(tag)])
    }  # reversed, so that the first of two attributes of a name counts
    if b"charset" in attributes:
        return attributes[b"charset"]
    if attributes.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    match = _CHARSET.search(attributes.get(b"content", b""))
    return match[1] if match else None
