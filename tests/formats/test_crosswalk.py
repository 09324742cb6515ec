"""The crosswalk says what rendering does: every field of a record has its place, or is named as left out."""

from __future__ import annotations

from dataclasses import fields

from repo_harvest.formats import FORMATS
from repo_harvest.formats.crosswalk import crosswalk
from repo_harvest.formats.oai_dc import ELEMENTS
from repo_harvest.model import Record

LEFT_OUT: dict[str, set[str]] = {
    "oai_dc": {"name_identifiers", "affiliations", "funding"},
    "oai_qdc": {"name_identifiers", "affiliations", "funding"},
    "mods": set(),
    "marcxml": set(),
    "rioxx": {"volume", "issue", "pages", "rights", "relation", "source_ref", "format", "affiliations"},
    "oai_openaire": {"relation"},
    "oai_datacite": {"relation", "coverage"},
    "etdms": {"container", "volume", "issue", "pages", "relation", "source_ref", "affiliations", "funding"},
    "uketd_dc": {"container", "volume", "issue", "pages", "relation", "source_ref", "affiliations"},
}
"""By format, the fields of which it says nothing."""


def test_every_field_has_its_place_in_every_format_or_is_named_as_left_out() -> None:
    table = crosswalk()
    assert list(table) == [field.name for field in fields(Record)]
    for field, by_format in table.items():
        assert list(by_format) == list(FORMATS)
        for prefix, paths in by_format.items():
            assert (not paths) == (field in LEFT_OUT[prefix]), (field, prefix, paths)


def test_dublin_core_has_the_places_of_its_own_table() -> None:
    told = {path for by_format in crosswalk().values() for path in by_format["oai_dc"]}
    assert told == {f"dc:{name}" for name, _ in ELEMENTS}
    assert {crosswalk()[field]["oai_dc"] for field in ("container", "volume", "issue", "pages", "source_ref")} == {
        ("dc:source",)
    }


def test_a_field_that_is_told_in_several_places_has_all_of_them() -> None:
    table = crosswalk()
    assert set(table["date"]["marcxml"]) == {"008", "264 $c", "500 $a"}
    assert set(table["name_identifiers"]["marcxml"]) == {"100 $1", "700 $1", "710 $1"}
    assert set(table["funding"]["marcxml"]) == {"536 $a", "536 $c"}
    assert set(table["type"]["marcxml"]) == {"leader", "655 $0", "655 $a"}
    assert set(table["type"]["uketd_dc"]) == {"dc:type", "uketdterms:qualificationlevel"}
    assert "identifier[@type='doi']" in table["identifiers"]["mods"]
