"""Blocking keys and places: within their bounds, the same for equal records, shared by two records of one work."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.match.blocking import blocking_keys, place, texts
from repo_harvest.match.candidates import HOT, WINDOW, pairs_of
from repo_harvest.match.compare import Verdict, compare
from repo_harvest.match.features import features
from repo_harvest.model import Record
from tests.match.kit import paper
from tests.match.pairs import MEET
from tests.strategies import records, unhurried

LAST = (1 << 63) - 1


@given(records)
@unhurried
def test_keys_and_places_have_63_bits_and_are_few(record: Record) -> None:
    made = features(record)
    keys = blocking_keys(made)
    assert all(0 <= key <= LAST for key in keys)
    assert len(keys) <= 16
    assert 0 <= place(made) <= LAST
    assert (keys, place(made)) == (blocking_keys(features(record)), place(features(record)))


def test_a_full_record_has_ten_keys() -> None:
    record = paper(
        "Mentoring and care in open prisons", "Buck, Gillian / Hart, Jo", "2020", volume="7", pages="12-20",
        description="We met forty people.", identifiers="doi:10.5555/abc.1",
    )  # fmt: skip
    assert sorted(texts(features(record))) == [
        "doi:10.5555/abc.1",
        "head:mentoringcareopenpri",
        "long:care mentoring prisons",
        "names:buck hart",
        "page:7 12 (2020,)",
        "tail:oringcareopenprisons",
        "text:we met forty people",
        "work:buck care mentor",
        "work:buck care prison",
        "work:buck mentor prison",
    ]


@pytest.mark.parametrize("why", MEET)
def test_what_is_one_work_shares_a_key(why: str) -> None:
    one, other = map(features, MEET[why])
    assert compare(one, other).verdict is Verdict.SAME
    assert blocking_keys(one) & blocking_keys(other)


def test_neighbours_in_a_hot_key_are_alike() -> None:
    names = [f"{first}{second}ison" for first in "abcdfghklm" for second in "aeiouy"]
    crowd = [features(paper("Editorial", f"{name.title()}, R.", "2004")) for name in names]
    twins = (
        features(paper("Editorial", "Hart, Jo", "2004", volume="3")),
        features(paper("Editorial", "Hart, J.", "2004")),
    )
    everybody = [*crowd, *twins]
    assert len(everybody) < HOT
    near = set(pairs_of([(place(each), i) for i, each in enumerate(everybody)], hot=True))
    assert (len(crowd), len(crowd) + 1) in near
    assert len(near) <= WINDOW * len(everybody)


def test_nothing_hangs_on_the_process() -> None:
    program = (
        "from repo_harvest.match.features import features\n"
        "from repo_harvest.match.blocking import blocking_keys, place\n"
        "from tests.match.kit import paper\n"
        "made = features(paper('Mentoring and care', 'Buck, Gillian / Hart, Jo', '2020', identifiers='doi:10.5555/1 / doi:10.5555/2 / doi:10.5555/3 / hdl:1/2 / urn:isbn:9780306406157'))\n"
        "print(sorted(blocking_keys(made)), place(made))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=30), st.booleans(), st.randoms())
@unhurried
def test_pairs_do_not_hang_on_the_order_of_holders(holders: list[tuple[int, int]], hot: bool, random: Random) -> None:
    shuffled = list(holders)
    random.shuffle(shuffled)
    assert sorted(pairs_of(holders, hot=hot)) == sorted(pairs_of(shuffled, hot=hot))
    assert all(one < other for one, other in pairs_of(holders, hot=hot))
