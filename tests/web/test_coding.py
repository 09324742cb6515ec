"""gzip is done when it is asked for, by the letter of RFC 9110 section 12.5.3, and only then."""

from __future__ import annotations

import gzip as reference
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repo_harvest.web.coding import ENCODER, accepts_gzip, gzip, zlib_gzip
from tests.web.http import Http

ACCEPTED = [
    ("gzip", True),
    ("GZip", True),
    ("x-gzip", True),
    ("gzip;q=1.000", True),
    ("gzip ; Q=0.001", True),
    ("deflate, gzip;q=0.5", True),
    ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
    ("gzip, identity;q=0.5", True),
    ("gzip;q=0.5, identity;q=0.5", True),
    ("*", True),
    ("*;q=0.1", True),
    ("br, *", True),
    ("gzip, identity;q=0", True),
    ("identity;q=0", True),
    ("gzip;q=0.3, *;q=0", True),
    ("gzip,,  ,", True),
    ("nonsense;;;, gzip", True),
    (None, False),
    ("", False),
    ("identity", False),
    ("br", False),
    ("deflate, br, zstd", False),
    ("gzip;q=0", False),
    ("gzip;q=0.000", False),
    ("gzip;q=0, *", False),
    ("x-gzip;q=0", False),
    ("*;q=0", False),
    ("identity;q=0, *;q=0", False),
    ("identity, *;q=0", False),
    ("gzip;q=0.5, identity", False),
    ("gzip;q=0.5, identity;q=0.6", False),
    ("gzip;q=1, gzip;q=0", False),
    ("gzip;q=0, gzip", False),
    ("gzip;q=0, x-gzip", False),
    ("gzip;q=2", False),
    ("gzip;q=-1", False),
    ("gzip;q=0.1234", False),
    ("gzip;q=x", False),
    ("gzip;q=", False),
    ("gzip;level=9", False),
    ("gzip;q=٠", False),
    ("gzip x", False),
    ("gzipped", False),
    ("x" * 100_000 + ",gzip", False),
]


@pytest.mark.parametrize(("header", "compressed"), ACCEPTED, ids=[str(header)[:40] for header, _ in ACCEPTED])
def test_the_table_of_what_clients_accept(header: str | None, compressed: bool) -> None:
    assert accepts_gzip(header) is compressed


@given(st.text(st.characters(codec="latin-1")))
@example("," * 50_000)
@example("gzip;q=" + "0" * 50_000)
def test_no_header_whatever_is_a_fault(header: str) -> None:
    assert accepts_gzip(header) in {True, False}


@given(st.binary(max_size=5000))
def test_both_encoders_give_the_same_document_and_each_always_the_same_bytes(body: bytes) -> None:
    assert reference.decompress(gzip(body)) == reference.decompress(zlib_gzip(body)) == body
    assert (gzip(body), zlib_gzip(body)) == (gzip(body), zlib_gzip(body))


def test_without_isal_zlib_does_the_same_and_says_so() -> None:
    program = (
        "import sys, gzip; sys.modules['isal'] = None\n"
        "from repo_harvest.web import coding\n"
        "assert gzip.decompress(coding.gzip(b'<a/>' * 99)) == b'<a/>' * 99\n"
        "print(coding.ENCODER)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("zlib-")
    assert done.stdout.strip() != ENCODER or ENCODER.startswith("zlib-")


@pytest.mark.parametrize(
    "query", ["verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc", "verb=ListSets", "verb=junk", ""]
)
def test_a_compressed_answer_is_the_plain_one_whatever_its_size(http: Http, query: str) -> None:
    plain, packed = http.get(query), http.get(query, HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.answer.body == plain.answer.body
    assert packed.body[4:8] == bytes(4), "no time in the header"
    posted = http.send(
        "POST", query, b"", CONTENT_TYPE="application/x-www-form-urlencoded", HTTP_ACCEPT_ENCODING="gzip"
    )
    assert posted.body == packed.body
    head = http.send("HEAD", query, b"", HTTP_ACCEPT_ENCODING="gzip")
    assert (head.headers, head.body) == (packed.headers, b"")


def test_a_refusal_is_plain_text_and_never_compressed(http: Http) -> None:
    reply = http.send("PUT", "verb=Identify", b"", HTTP_ACCEPT_ENCODING="gzip")
    assert (reply.status, reply.headers.get("Content-Encoding")) == (405, None)
    assert reply.body == b"Use GET, HEAD or POST.\n"
