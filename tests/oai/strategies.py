"""What harvesters send: legal arguments of every verb, and everything else."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from hypothesis import settings
from hypothesis import strategies as st

from repo_harvest.oai.request import VERBS, Arguments

unhurried = settings(deadline=None)  # a slow machine is no failure

_NAME_CHARACTERS = "ABCYZabcyz0189-_.!~*'()"

printable = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd\ufffe\uffff"), min_size=1, max_size=60
)
names = st.text(_NAME_CHARACTERS, min_size=1, max_size=20)
set_specs = st.lists(names, min_size=1, max_size=3).map(":".join)
identifiers = st.one_of(
    st.builds(lambda text: "oai:example.org:" + quote(text, safe=";/?:@&=+$,"), printable),
    st.from_regex(r"[a-z]{1,5}:(//[a-z]{1,5}(:[0-9]{1,4})?/)?[A-Za-z0-9_.!~*'();/?:@&=+$,-]{1,20}", fullmatch=True),
)
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))

_VALUES = {
    "identifier": identifiers,
    "metadataPrefix": names,
    "resumptionToken": printable,
    "set": set_specs,
}


def day_text(moment: datetime) -> str:
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02}"


def second_text(moment: datetime) -> str:
    return f"{day_text(moment)}T{moment.hour:02}:{moment.minute:02}:{moment.second:02}Z"


@st.composite
def legal_arguments(draw: st.DrawFn) -> Arguments:
    """The arguments of a legal request, in any order."""
    verb = draw(st.sampled_from(sorted(VERBS)))
    rule = VERBS[verb]
    if rule.exclusive and draw(st.booleans()):
        chosen = [rule.exclusive]
    else:
        chosen = [*rule.required, *(name for name in rule.optional if draw(st.booleans()))]
    write = draw(st.sampled_from([day_text, second_text]))
    since, until = sorted(draw(st.tuples(moments, moments)))
    dates = {"from": write(since), "until": write(until)}
    pairs = [(name, dates[name] if name in dates else draw(_VALUES[name])) for name in chosen]
    return tuple(draw(st.permutations([("verb", verb), *pairs])))


anything = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100),
    st.lists(
        st.one_of(
            st.sampled_from([f"verb={verb}" for verb in VERBS]),
            st.builds(
                "{}={}".format,
                st.sampled_from([*_VALUES, "from", "until", "x", ""]),
                st.one_of(
                    st.text(max_size=10),
                    st.sampled_from(
                        ["oai_dc", "2021-02-30", "2021-02-28", "%", "%00", "%zz", "a:b", "%ED%A0%80", "\n"]
                    ),
                ),
            ),
        ),
        max_size=6,
    ).map("&".join),
)
