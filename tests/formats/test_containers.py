"""What stands around metadata is valid whatever it is made of, and what is not valid is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from repo_harvest import formats
from repo_harvest.formats import containers
from repo_harvest.model import Provenance, utc_text
from tests.strategies import clean_text, unhurried

_URLS = st.builds(
    "https://example.org/{}".format,
    st.text("ABCyz019-_.!~*'();/?:@&=+$,%20", max_size=30).map(lambda t: t.replace("%", "%25")),
)
_ORIGINS = st.lists(
    st.builds(Provenance, page_url=_URLS, identifier=_URLS, fetched=st.integers(0, 253402300799)), max_size=3
)
_RIGHTS = st.none() | _URLS | clean_text


@unhurried
@given(_ORIGINS, _RIGHTS)
def test_about_is_always_valid_and_says_what_it_was_given(origins: list[Provenance], rights: str | None) -> None:
    about = formats.about(origins, rights)
    assert formats.validate_about(about) == ()
    root = etree.fromstring(b"<all>%b</all>" % about)
    assert [child.tag for child in root] == ["about"] * (len(origins) + (rights is not None))
    assert [
        (found.findtext("{*}baseURL"), found.findtext("{*}identifier"), found.get("harvestDate"), found.get("altered"))
        for found in root.iter("{*}originDescription")
    ] == [(one.page_url, one.identifier, utc_text(one.fetched), "true") for one in origins]
    if rights is not None:
        said = [found.get("ref") for found in root.iter("{*}rightsReference")]
        said += [found.text for found in root.iter("{http://purl.org/dc/elements/1.1/}description")]
        assert said == [rights]


@pytest.mark.parametrize(
    "about",
    [
        b"<about/>",
        b"<about><unknown/></about>",
        b"<metadata><unknown/></metadata>",
        b"<about>text</about>",
        formats.about([Provenance(page_url="https://x.org/", identifier="https://x.org/1", fetched=0)], None)[:-1],
        formats.about([], "https://x.org/licence").replace(b"ref=", b"href="),
        formats.about([], "Take them").replace(b"dc:description", b"dc:descriptions"),
        b"<about>%b</about>"
        % containers.rights_manifest(["https://x.org/licence"]).replace(b"appliesTo", b"appliesto"),
        formats.about([Provenance(page_url="https://x.org/", identifier="https://x.org/1", fetched=0)], None).replace(
            b'altered="true"', b'altered="maybe"'
        ),
    ],
)
def test_what_is_not_valid_is_refused(about: bytes) -> None:
    assert formats.validate_about(about)
