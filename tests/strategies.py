"""Text, records and headers as they may be once they are clean: every script, every special character, nothing illegal."""

from __future__ import annotations

import unicodedata
from dataclasses import fields

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from repo_harvest.model import Header, Record
from tests.laws import tries

unhurried = settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For laws over whole records, on machines that have other things to do."""

ILLEGAL = "".join(
    map(chr, [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF])
)  # XML 1.0 section 2.2; and surrogates

_MARKUP = """& < > " ' ]]> &amp; <b> <!-- <?xml?> % {0} \\"""
_SCRIPTS = "é e\u0301 Łódź ﬁ Ὀδυσσεύς 犯罪 العدالة צדק ยุติธรรม न्याय 𝄞 👩‍⚖️ \U0010fffd"
_PIECES = st.sampled_from([*_MARKUP.split(), *_SCRIPTS.split(), "\u00a0", "\u200d", "\ufeff", "\u2028", "\x85"])

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

legal_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=ILLEGAL), max_size=40)
"""Whatever an XML document can hold, controls and blanks included."""

illegal_characters = st.one_of(st.sampled_from(ILLEGAL), st.characters(categories=["Cs"]))

clean_text = (
    st.lists(
        st.one_of(
            _PIECES, st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=ILLEGAL), max_size=20)
        ),
        min_size=1,
        max_size=4,
    )
    .map(lambda pieces: unicodedata.normalize("NFC", " ".join(pieces).strip()))
    .filter(lambda text: any(unicodedata.category(char) not in _UNSEEN for char in text))
)
"""What a record holds: NFC, legal in XML, not blank, nor of characters alone that nobody sees."""

_agents = st.from_regex(r"[A-Za-zéß]{1,9}(, [A-Za-z犯]{1,9})?", fullmatch=True)
orcids = st.sampled_from(["0000-0002-1825-0097", "0000-0002-1694-233X", "0000-0000-0000-001X"]).map(
    "https://orcid.org/{}".format
)
rors = st.sampled_from(["03yrm5c26", "05gq02987", "02mhbdp94"]).map("https://ror.org/{}".format)
funders = st.one_of(rors, st.integers(1, 999).map("https://doi.org/10.13039/{}".format))


def name_identifiers(names: st.SearchStrategy[str] = _agents) -> st.SearchStrategy[str]:
    """Identifiers of these names."""
    return st.builds("{} | {}".format, names, st.one_of(orcids, rors))


def affiliations(names: st.SearchStrategy[str] = _agents) -> st.SearchStrategy[str]:
    """Bodies that these names belong to, with and without an address."""
    return st.one_of(
        st.builds("{} | {}".format, names, _agents), st.builds("{} | {} | {}".format, names, _agents, rors)
    )


_awards = st.from_regex(r"[A-Z]{2}/[0-9]{1,5}", fullmatch=True)
funding = st.one_of(
    _agents,
    st.builds("{} | {}".format, _agents, st.one_of(funders, _awards)),
    st.builds("{} | {} | {}".format, _agents, funders, _awards),
)
"""Who paid for a work."""

_urls = st.builds("{}://example.org/{}".format, st.sampled_from(["http", "https", "HTTPS"]), st.integers(0, 99))
_values = {
    "identifiers": st.one_of(_urls, clean_text),
    "name_identifiers": name_identifiers(),
    "affiliations": affiliations(),
    "funding": funding,
}

records = st.builds(
    Record,
    **{field.name: st.lists(_values.get(field.name, clean_text), max_size=3).map(tuple) for field in fields(Record)},
)
"""Any record, the empty one included; values may repeat."""

_name = st.text("ABCyz019-_.!~*'()", min_size=1, max_size=8)
set_specs = st.lists(_name, min_size=1, max_size=3).map(":".join)
identifiers = st.builds("oai:example.org:{}".format, st.text("ABCyz019-_.!~*'();/?:@&=+$,", min_size=1, max_size=20))

headers = st.builds(
    Header,
    identifier=identifiers,
    datestamp=st.integers(0, 253402300799),  # to the end of the year 9999
    sets=st.lists(set_specs, max_size=3, unique=True).map(tuple),
    deleted=st.booleans(),
)
