"""What an address said is read back as it was kept, on every database; the last word on an address is the one kept."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from repo_harvest.model import Entry, PartialDate
from repo_harvest.store.lookups import Lookup, Lookups
from tests.laws import tries

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
maybe = st.none() | words
dates = st.none() | st.builds(PartialDate, year=st.integers(1, 9999), month=st.none() | st.integers(1, 12))
entries = st.builds(
    Entry,
    title=words,
    place=words,
    creators=st.lists(words, max_size=3).map(tuple),
    date=dates,
    container=maybe,
    publisher=maybe,
    identifiers=st.lists(words, max_size=3).map(tuple),
    abstract=maybe,
    origins=st.lists(st.tuples(words, words), max_size=3).map(tuple),
)
lookups = st.builds(
    Lookup,
    address=words,
    asked=st.integers(0, 2**40),
    told=st.none() | st.integers(0, 2**40),
    found=st.lists(entries, max_size=3).map(tuple),
    fault=st.just("") | words,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=tries(20))
@given(kept=st.lists(lookups, min_size=1, max_size=4))
def test_the_last_lookup_of_an_address_is_read_back_as_it_was(engine: Engine, kept: list[Lookup]) -> None:
    for lookup in kept:
        Lookups(engine).keep(lookup)
    last = {lookup.address: lookup for lookup in kept}
    assert Lookups(engine).read(last.keys()) == last


def test_of_an_address_that_was_never_asked_nothing_is_known(engine: Engine) -> None:
    one = Lookup(address="https://doi.org/10.1000/1", asked=5, fault="the server answered 404 Not Found.")
    Lookups(engine).keep(one)
    assert Lookups(engine).read(["https://doi.org/10.1000/2"]) == {}
    assert Lookups(engine).read([]) == {}
    assert Lookups(engine).read([one.address]) == {one.address: one}
    Lookups(engine).keep(replace(one, asked=9))
    assert Lookups(engine).read([one.address])[one.address].asked == 9


def test_many_addresses_are_read_at_once(engine: Engine) -> None:
    many = {f"https://repository.example/{number}" for number in range(1_200)}
    for address in sorted(many)[::100]:
        Lookups(engine).keep(Lookup(address=address, asked=1))
    assert len(Lookups(engine).read(many)) == 12
