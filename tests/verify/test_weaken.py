"""The command that changes our schemas: what it changes, and that the documents of a set find it out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from weaken_schemas import judged, weaken, weakened

from repo_harvest.verify.sets import SETS

SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="a" type="t" nillable="true"/>
  <xs:complexType name="t">
    <xs:choice maxOccurs="unbounded">
      <xs:element ref="b"/>
      <xs:element ref="c" minOccurs="0"/>
    </xs:choice>
    <xs:attribute name="d" use="required"/>
  </xs:complexType>
  <xs:simpleType name="s"><xs:restriction base="xs:token"><xs:enumeration value="e"/></xs:restriction></xs:simpleType>
</xs:schema>"""
MARC21 = next(these for these in SETS if these.name == "marc21")
ALIKE = [  # for two kinds of text are one, and a repetition of what may be repeated changes nothing
    "sequence : minOccurs 0",
    "sequence : maxOccurs unbounded",
    "extension controlDataType: any text",
    "sequence : maxOccurs unbounded",
    "extension subfieldDataType: any text",
]


def test_each_place_of_a_schema_is_changed_by_itself() -> None:
    assert [what.partition(", ")[2] for what, _ in weakened(etree.fromstring(SCHEMA))] == [
        "element a: no nillable",
        "element a: any text",
        "choice : sequence",
        "choice : minOccurs 0",
        "choice : maxOccurs 1",
        "element b: left out",
        "element b: minOccurs 0",
        "element c: left out",
        "element c: minOccurs 1",
        "attribute d: left out",
        "attribute d: optional",
        "restriction xs:token: any text",
        "enumeration e: left out",
    ]
    assert len({content for _, content in weakened(etree.fromstring(SCHEMA))}) == 13


def test_the_documents_of_a_set_find_out_whatever_is_changed_in_its_schema() -> None:
    counts = weaken(MARC21, "MARC21slim.xsd", judged(MARC21, 1, 4000))
    assert [what.partition(", ")[2] for what in counts.left] == ALIKE
    assert counts.found > 70


def test_without_documents_nothing_is_found_out() -> None:
    counts = weaken(MARC21, "MARC21slim.xsd", [])
    assert counts.found == 0
    assert len(counts.left) > 70


@pytest.mark.parametrize(("arguments", "status"), [((), 2), (("unheard",), 2), (("marc21", "--mutants", "100"), 0)])
def test_the_command_prints_what_it_found_for_each_file(arguments: tuple[str, ...], status: int) -> None:
    command = Path(__file__).parents[2] / "bench" / "weaken_schemas.py"
    done = subprocess.run([sys.executable, command, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert ("MARC21slim.xsd: " in done.stdout) is (status == 0)
