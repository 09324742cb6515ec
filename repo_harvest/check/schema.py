"""An answer's bytes go in, what the XML schemas say against it comes out, and which namespaces they do not know.

The schemas are OAI-PMH 2.0's (section 3.2.1) and every other one in `schemas/`, found by listing. The protocol's own is
strict about what it contains: metadata in a format nobody here has the schema of would be invalid, and so would every
other repository. It is therefore compiled with its wildcards lax, and what is contained is judged by the schema of its own
namespace: what is known in full, what is not is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from repo_harvest.formats import FORMATS, oai_dc
from repo_harvest.formats.schemas import directory, reader
from repo_harvest.formats.validate import Validator
from repo_harvest.model import Problem, Severity

__all__ = ["PROTOCOL", "Judgement", "judge", "known_namespaces"]

PROTOCOL = "http://www.openarchives.org/OAI/2.0/"
_PROTOCOLS = "http://www.openarchives.org/OAI/"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_CONTAINERS = tuple(f"{{{PROTOCOL}}}{name}" for name in ("metadata", "about", "description", "setDescription"))


class Judgement(NamedTuple):
    """What is wrong with the protocol's own elements, what with what they contain, and what could not be judged."""

    envelope: tuple[Problem, ...]
    payload: tuple[Problem, ...]
    unknown: tuple[str, ...]


def judge(document: bytes, root: etree._Element) -> Judgement:
    """The document, judged; `root` is its parsed root."""
    payload, unknown = _contained(root)
    envelope = tuple(problem for problem in _VALIDATOR.problems(document) if not _is_contained(problem))
    return Judgement(envelope=envelope, payload=payload, unknown=unknown)


def known_namespaces() -> frozenset[str]:
    """The namespaces that there is a schema for."""
    return frozenset(_ROOTS)


def _is_contained(problem: Problem) -> bool:
    """Whether it lies inside a container, where other schemas judge, and is not the container itself."""
    path = problem.where.partition(", ")[2].split("/")
    steps = [step.partition("[")[0] for step in path]
    return any(f"{{{PROTOCOL}}}{step}" in _CONTAINERS for step in steps[:-1])


def _contained(root: etree._Element) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """What is wrong with what the answer contains, an element that no schema declares once; and the unknown namespaces."""
    problems: list[Problem] = []
    strangers: dict[str, Problem] = {}
    unknown: dict[str, None] = {}
    for container in root.iter(*_CONTAINERS):
        for child in container.iterchildren(etree.Element):
            name = etree.QName(child)
            if name.namespace not in _ROOTS:
                unknown[name.namespace or "(none)"] = None
            elif name.localname not in _ROOTS[name.namespace]:
                what = f"no schema of {name.namespace} declares an element {name.localname}"
                strangers.setdefault(
                    child.tag, Problem(where=f"line {child.sourceline}", what=what, severity=Severity.ERROR)
                )
            else:
                problems += _OF_NAMESPACE[name.namespace].problems_of(child)
    return (*problems, *strangers.values()), tuple(unknown)


# Compiled when this module is imported, for the reason that formats.validate gives.
_READ = reader(directory())


def _read_lax(location: str) -> bytes:
    data = _READ(location)
    if location.rpartition("/")[2] == "OAI-PMH.xsd":
        return data.replace(b'processContents="strict"', b'processContents="lax"')
    return data


def _listed() -> tuple[Mapping[str, str], Mapping[str, frozenset[str]]]:
    """The schemas that there are: namespace -> file name, and namespace -> the elements that may be a root.

    Of several files for one namespace, that of a format of ours is taken, or the one that includes the others.
    """
    files = {format_.namespace: format_.file for format_ in FORMATS.values()}
    ours = frozenset(files)
    roots: dict[str, frozenset[str]] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for path in sorted(directory().glob("*.xsd")):
        schema = etree.fromstring(path.read_bytes(), parser)
        namespace = schema.get("targetNamespace")
        if not namespace:
            continue
        if namespace not in files or (namespace not in ours and schema.find(f"{_XS}include") is not None):
            files[namespace] = path.name
        declared = {str(element.get("name")) for element in schema.iterchildren(f"{_XS}element")}
        roots[namespace] = roots.get(namespace, frozenset()) | declared
    return files, roots


_FILES, _ROOTS = _listed()
_RULES = {format_.namespace: format_.rules for format_ in FORMATS.values()}
_VALIDATOR = Validator(PROTOCOL, {PROTOCOL: "OAI-PMH.xsd"}, _read_lax)
_OF_NAMESPACE = {
    namespace: Validator(
        namespace,
        {namespace: file} | ({oai_dc.NAMESPACE: "oai_dc.xsd"} if namespace.startswith(_PROTOCOLS) else {}),
        _READ,
        _RULES.get(namespace),
    )
    for namespace, file in _FILES.items()
}
"""The containers of the protocol may hold Dublin Core: rights do."""
