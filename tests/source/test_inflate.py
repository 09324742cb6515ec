"""Unpacking: the same whatever the pieces it arrives in, and never a part of it."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.source.failure import Failure
from repo_harvest.source.inflate import inflate


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.binary(max_size=20), st.integers(1, 50))
def test_members_and_padding_unpack_alike_in_pieces_of_any_size(members: list[bytes], tail: bytes, size: int) -> None:
    padding = b"" if tail[:1] == b"\x1f" else tail
    packed = b"".join(gzip.compress(member, mtime=0) for member in members) + padding
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert inflate(pieces, coding="gzip", limit=10_000) == b"".join(members)


@given(st.binary(max_size=500), st.data())
def test_what_ends_too_early_is_a_failure_and_not_half_of_it(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content, mtime=0)
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(Failure, match="damaged or incomplete"):
        inflate([packed[:end]], coding="gzip", limit=10_000)


@given(st.binary(), st.integers(0, 300))
def test_no_more_than_the_limit_comes_out(content: bytes, limit: int) -> None:
    for coding, packed in (("", content), ("gzip", gzip.compress(content, mtime=0))):
        if len(content) <= limit:
            assert inflate([packed], coding=coding, limit=limit) == content
        else:
            with pytest.raises(Failure, match="larger than"):
                inflate([packed], coding=coding, limit=limit)


@given(st.binary().filter(lambda packed: not packed.startswith(b"\x1f\x8b") and packed))
def test_what_is_not_gzip_is_a_failure(packed: bytes) -> None:
    with pytest.raises(Failure, match="gzip data is broken"):
        inflate([packed], coding="gzip", limit=1000)


def test_a_row_of_empty_members_comes_to_an_end() -> None:
    assert inflate([gzip.compress(b"", mtime=0)] * 1000, coding="gzip", limit=10) == b""
    with pytest.raises(Failure, match="gzip data is broken"):
        inflate([gzip.compress(b"", mtime=0)] * 1001, coding="gzip", limit=10)
