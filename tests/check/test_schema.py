"""What is known is judged in full, what is not is named, and nothing is downloaded."""

from __future__ import annotations

import pytest
from lxml import etree

from repo_harvest import formats
from repo_harvest.check.schema import PROTOCOL, Judgement, judge, known_namespaces
from repo_harvest.formats import containers
from repo_harvest.model import Provenance

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def judged(metadata: str, *, datestamp: str = "2026-01-02T03:04:05Z") -> Judgement:
    document = (
        f'<OAI-PMH xmlns="{PROTOCOL}"><responseDate>2026-01-02T03:04:05Z</responseDate>'
        '<request verb="GetRecord" identifier="oai:a.b:1" metadataPrefix="x">http://a.b/oai</request><GetRecord><record>'
        f"<header><identifier>oai:a.b:1</identifier><datestamp>{datestamp}</datestamp></header>"
        f"<metadata>{metadata}</metadata></record></GetRecord></OAI-PMH>"
    ).encode()
    return judge(document, etree.fromstring(document))


def dublin_core(root: str, content: str) -> str:
    return f'<o:{root} xmlns:o="{OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">{content}</o:{root}>'


def test_valid_dublin_core_is_valid() -> None:
    assert judged(dublin_core("dc", "<dc:title>A</dc:title>")) == ((), (), ())


def test_a_wrong_element_of_a_known_format_is_a_fault_of_the_payload() -> None:
    found = judged(dublin_core("dc", "<dc:titel>A</dc:titel>"))
    assert (found.envelope, found.unknown) == ((), ())
    assert "titel" in found.payload[0].what


def test_a_root_that_the_known_schema_does_not_declare_is_a_fault() -> None:
    (problem,) = judged(dublin_core("qualified", "")).payload
    assert problem.what == f"no schema of {OAI_DC} declares an element qualified"


def test_an_unknown_format_is_named_and_not_blamed_whatever_it_says_of_its_schema() -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:mods http://127.0.0.1:9/mods.xsd"'
    assert judged(f'<mods xmlns="urn:mods" {xsi}><anything/></mods>') == ((), (), ("urn:mods",))


@pytest.mark.parametrize(
    "container",
    [
        formats.rights_manifest(["https://x.org/licence", "Take them"]),
        formats.friends(["https://x.org/oai"]),
        containers.rights("Take them"),
        containers.provenance(Provenance(page_url="https://x.org/", identifier="https://x.org/1", fetched=0)),
    ],
)
def test_every_container_of_ours_is_known_in_full(container: bytes) -> None:
    assert judged(container.decode()) == ((), (), ())
    assert judged(container.replace(b">", b"><wrong/>", 1).decode()).payload != ()


def test_the_envelope_is_judged_beside_an_unknown_format() -> None:
    found = judged('<mods xmlns="urn:mods"/>', datestamp="yesterday")
    assert "yesterday" in found.envelope[0].what
    assert found.payload == ()


def test_empty_metadata_is_a_fault_of_the_envelope() -> None:
    assert judged("").envelope != ()


def test_the_schemas_are_found_by_listing() -> None:
    assert {PROTOCOL, OAI_DC, "http://www.openarchives.org/OAI/2.0/oai-identifier"} <= known_namespaces()
