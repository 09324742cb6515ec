"""Bytes to text: exact where the encoding is known or stated, visible where something is broken, refused when no text."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from repo_harvest.errors import NotAPage
from repo_harvest.model import Page
from repo_harvest.source import decode
from repo_harvest.source.charset import CODECS
from tests.source.servers import NOON

AT = "https://example.org/list"


def page(content: bytes, charset: str | None = None, content_type: str = "text/html") -> Page:
    return Page(url=AT, location=AT, fetched=NOON, content=content, content_type=content_type, charset=charset)


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"])).map(lambda text: f"<p>{text}\r\n</p>")
LABELS = st.none() | st.sampled_from(sorted(CODECS)) | st.text(max_size=20)

# What people write in these character sets, under the labels they state.
PROSE = [
    ("ISO-8859-1", "cp1252", "Peer mentoring – “what works”, José’s view: £5, 3 € or ½"),
    ("us-ascii", "cp1252", "Täter – Opfer"),
    ("windows-1252", "cp1252", "Œuvres complètes…"),
    ("iso-8859-2", "iso8859_2", "Przestępczość młodzieży: łódź, żółć"),
    ("windows-1250", "cp1250", "Přestupky a tresty – „Žalář“"),
    ("iso-8859-15", "iso8859_15", "Le cœur, 5 €"),
    ("windows-1251", "cp1251", "Преступление и наказание"),
    ("KOI8-R", "koi8_r", "Преступление и наказание"),
    ("koi8-u", "koi8_u", "Злочин і кара їхня"),
    ("windows-1253", "cp1253", "Έγκλημα και τιμωρία"),
    ("iso-8859-9", "cp1254", "Suç ve ceza, İstanbul’da – şğı"),
    ("windows-1255", "cp1255", "החטא ועונשו"),
    ("windows-1256", "cp1256", "الجريمة والعقاب"),
    ("tis-620", "cp874", "อาชญากรรมและการลงโทษ"),
    ("x-mac-roman", "mac_roman", "Café – naïve"),
    ("Shift_JIS", "cp932", "罪と罰①、刑務所の調査～髙橋"),
    ("x-sjis", "cp932", "ピアメンタリング"),
    ("EUC-JP", "euc_jp", "罪と罰、刑務所の調査"),
    ("ISO-2022-JP", "iso2022_jp", "罪と罰、刑務所の調査"),
    ("gb2312", "gb18030", "罪與罰：监狱調查，喆镕"),
    ("GBK", "gb18030", "罪与罚"),
    ("Big5", "big5hkscs", "罪與罰：監獄調查，邨裏"),
    ("euc-kr", "cp949", "죄와 벌: 교도소 조사, 똠방각하"),
]


@pytest.mark.parametrize(("label", "codec", "prose"), PROSE)
def test_what_is_stated_is_read_as_browsers_read_it(label: str, codec: str, prose: str) -> None:
    plain = f"<p>{prose}</p>\n"
    by_meta = f"<html><head><title>x</title><meta charset={label}>{plain}"
    by_pragma = f"<meta content='text/html; charset = {label}' http-equiv='Content-Type'>{plain}"
    by_xml = f'<?xml version="1.0" encoding="{label}"?>\n<html>{plain}'
    assert decode(page(plain.encode(codec), label.lower())) == plain
    for text in (
        by_meta,
        by_meta.replace("charset=", "CHARSET = '").replace(f"{label}>", f"{label}'>"),
        by_pragma,
        by_xml,
    ):
        assert decode(page(text.encode(codec))) == text


@pytest.mark.parametrize(
    "codec", ["cp1252", "cp1251", "koi8_r", "cp1253", "cp932", "euc_jp", "gb18030", "big5", "cp949"]
)
def test_what_nobody_stated_is_told_from_the_text(codec: str) -> None:
    texts = {
        "cp1252": "A peer’s view – “what works” in José’s café, and why naïve mentoring costs £5",
        "cp1251": "Исследование опыта взаимной поддержки осуждённых, вышедших из мест лишения свободы",
        "koi8_r": "Исследование опыта взаимной поддержки осуждённых, вышедших из мест лишения свободы",
        "cp1253": "Εγκληματικότητα και δικαιοσύνη, μια μελέτη της καθοδήγησης στις φυλακές",
        "cp932": "刑務所におけるピアメンタリングについて、私たちは調査を行いました。",
        "euc_jp": "刑務所におけるピアメンタリングについて、私たちは調査を行いました。",
        "gb18030": "我们对监狱中的同伴指导进行了调查，并与工作人员进行了交谈。",
        "big5": "我們對監獄中的同伴指導進行了調查，並與工作人員進行了交談。",
        "cp949": "우리는 교도소의 동료 멘토링을 조사했고 직원들과 이야기를 나누었습니다.",
    }
    text = f"<html><body>\n<p>An English heading</p>\n<p>{texts[codec]}</p>\n</body></html>"
    assert decode(page(text.encode(codec))) == text


@given(TEXT, LABELS)
def test_utf_8_is_known_whatever_is_said_of_it(text: str, label: str | None) -> None:
    assert decode(page(text.encode(), label)) == text


@given(TEXT, LABELS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
def test_a_mark_settles_it_and_is_no_part_of_the_text(text: str, label: str | None, codec: str) -> None:
    assert decode(page(("\ufeff" + text).encode(codec), label)) == text


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]), min_size=1), LABELS)
def test_utf_16_without_a_mark_is_known_by_its_zeros(text: str, label: str | None) -> None:
    html = f"<!DOCTYPE html><html><title>A list</title><p>{text}</p></html>"
    for codec in ("utf-16-le", "utf-16-be"):
        assert decode(page(html.encode(codec), label)) == html


def outcome(content: bytes, label: str | None, content_type: str) -> str | NotAPage:
    try:
        return decode(page(content, label, content_type))
    except NotAPage as refusal:
        return refusal


@given(st.binary(), LABELS, st.sampled_from(["text/html", "text/plain", "application/xhtml+xml"]))
def test_any_bytes_are_a_clean_text_or_no_page(content: bytes, label: str | None, content_type: str) -> None:
    found = outcome(content, label, content_type)
    if isinstance(found, str):
        assert "\0" not in found
        assert found.strip()
        assert found.encode()  # no lone surrogates
    else:
        assert str(found).startswith(f"{AT}: ")
        assert str(found).isprintable()


@given(st.sampled_from(["windows-1252", "latin1", "ASCII"]), st.binary(min_size=1))
def test_western_text_keeps_every_byte_that_windows_1252_has(label: str, content: bytes) -> None:
    content = (
        b"<p>" + bytes(byte for byte in content if byte >= 0x20 and byte not in b"\x7f\x81\x8d\x8f\x90\x9d") + b"\xe9"
    )
    assume(len(content.decode("utf-8", "ignore")) < 4 + len(content) // 2)  # not what is UTF-8 for the greater part
    assert decode(page(content, label)).encode("cp1252") == content


def test_line_ends_stay_as_they_are() -> None:
    assert decode(page(b"a\r\nb\rc\n\td\x0c")) == "a\r\nb\rc\n\td\x0c"


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "shift_jis"])
def test_a_broken_byte_in_utf_8_is_shown_and_breaks_nothing_else(label: str | None) -> None:
    text = "<p>José’s café – “naïve”, señor Muñoz: " * 3
    assert decode(page(text.encode() + b"\x93 \xc3", label)) == text + "\ufffd \ufffd"


def test_a_broken_byte_in_a_stated_set_is_shown_and_breaks_nothing_else() -> None:
    text = "<p>罪と罰、刑務所の調査"
    assert decode(page(text.encode("cp932") + b"\x81<p>", "shift_jis")) == text + "\ufffd<p>"


def test_utf_8_that_is_stated_and_not_there_is_told_from_the_text() -> None:
    text = "<meta charset=utf-8><p>José’s café – naïve señor"
    assert decode(page(text.encode("cp1252"))) == text


def test_a_little_utf_8_that_is_stated_to_be_something_impossible_is_still_read() -> None:
    text = "<p>José’s café – “naïve”, señor Muñoz: "
    assert decode(page(text.encode() + b"\x93 \xc3", "shift_jis")) == text + "\ufffd \ufffd"


@pytest.mark.parametrize("label", ["utf-16", "UTF-16BE", "unicode"])
def test_utf_16_is_not_believed_where_there_is_none(label: str) -> None:
    text = f"<meta charset={label}><p>José’s café – naïve señor"
    assert decode(page(text.encode("cp1252"))) == text
    assert decode(page(text.encode("cp1252"), label)) == text


def test_zero_bytes_are_left_out() -> None:
    assert decode(page(b"<p>a li\0st of publi\0cations, of some length, so that it is no binary file")) == (
        "<p>a list of publications, of some length, so that it is no binary file"
    )


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", "cp1251"),
        (b"<meta charset=nonsense><meta charset=windows-1251>", "cp1251"),
        (b"<meta name=description content='charset=koi8-r'><meta charset='windows-1251'/>", "cp1251"),
        (b"<meta http-equiv=refresh content='0; charset=koi8-r'><meta charset=windows-1251>", "cp1251"),
        (b'<META\nCHARSET\n=\n"windows-1251"\n>', "cp1251"),
        (b"<meta charset=windows-1251 charset=koi8-r>", "cp1251"),
        (b" " * 5000 + b"<meta charset=windows-1251>", "cp1251"),
        (b"<?xml version='1.0' encoding='windows-1251'?><meta charset=koi8-r>", "cp1251"),
        (b"<metadata charset=koi8-r><meta charset=windows-1251>", "cp1251"),
        (b"<meta charset=windows-1251><meta charset=koi8-r>", "cp1251"),
    ],
)
def test_the_first_statement_that_means_something_counts(head: bytes, stated: str) -> None:
    prose = "Преступление и наказание"
    assert decode(page(head + b"<p>" + prose.encode(stated))).endswith(f"<p>{prose}")


def test_the_transport_is_believed_before_the_page() -> None:
    content = "<meta charset=koi8-r><p>Преступление".encode("cp1251")
    assert decode(page(content, "windows-1251")).endswith("<p>Преступление")


def test_a_plain_text_states_nothing() -> None:
    text = "How to write <meta charset=koi8-r>: a peer’s “naïve” guide – £5"
    assert decode(page(text.encode("cp1252"), None, "text/plain")) == text


@pytest.mark.parametrize("label", sorted(CODECS))
def test_every_label_is_one_spelling_of_an_encoding_for_text(label: str) -> None:
    assert label == label.strip().lower()
    assert codecs.decode(b"", CODECS[label]) == ""
    assert decode(page(b"<p>ascii", label)) == "<p>ascii"


@pytest.mark.parametrize(
    "label", ["unicode_escape", "raw_unicode_escape", "utf-7", "zlib", "hex", "rot13", "idna", "mbcs"]
)
def test_what_python_calls_a_codec_and_browsers_do_not_is_not_used(label: str) -> None:
    text = r"<p>a peer’s caf\u00e9 – +AGE-"
    assert decode(page(text.encode("cp1252"), label)) == text


@pytest.mark.parametrize(
    "content",
    [b"", b" \r\n\t", b"\0\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc2\xa0\n", "\u200b\ufeff \u2060".encode(), b"\x0c"],
)
def test_an_empty_page_is_no_page(content: bytes) -> None:
    with pytest.raises(NotAPage, match=f"^{AT}: "):
        decode(page(content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type/Catalog>> endobj", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "application/x-riff"),
        (b"PK\x03\x04\x14\0\x06\0word/document.xml", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "application/msword"),
        (b"{\\rtf1\\ansi A list}", "application/rtf"),
        (gzip.compress(b"<p>a list", mtime=0), "application/gzip"),
        (bytes(range(256)) * 4, "application/octet-stream"),
        (b"text" + bytes(100), "application/octet-stream"),
    ],
)
def test_what_is_no_text_is_refused_by_name_whatever_its_server_says(content: bytes, kind: str) -> None:
    for label in (None, "utf-8", "iso-8859-1"):
        with pytest.raises(NotAPage, match=f"{AT}: it is not a page but {kind}. Give the address"):
            decode(page(content, label))


def test_letters_that_binary_files_begin_with_are_letters_in_a_text() -> None:
    for text in ("RIFF and raff, a study", "ID3 tags for librarians", "MMM, lists"):
        assert decode(page(text.encode(), None, "text/plain")) == text


def test_what_makes_no_sense_in_any_set_is_said() -> None:
    content = b"<p>" + bytes(range(0x80, 0x100)) * 40
    with pytest.raises(NotAPage, match=r'its character set cannot be told \(declared: "utf-8"\)'):
        decode(page(content, "utf-8"))
