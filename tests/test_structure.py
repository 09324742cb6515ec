"""The shape of the house: sizes, docstrings, what stands at its top, and what its lists of requirements may hold."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "repo_harvest").rglob("*.py"))
PYTHON = sorted(
    [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
)
TOP = {
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "SECURITY.md", "bench", "config", "deploy", "docs", "pyproject.toml",
    "repo_harvest", "requirements", "schemas", "tests",
}  # fmt: skip  # a list of names
MAX_MODULE = 400
MAX_FUNCTION = 60


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_is_short_and_says_what_it_is_for(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_MODULE
    assert ast.get_docstring(ast.parse(text)), "it opens with a docstring"


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_function_is_long(module: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION
    ]
    assert long == []


def test_every_exception_to_the_checks_has_its_reason_on_its_line() -> None:
    exception = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(.*)")
    explained = re.compile(r"(?:: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*|\[[a-z, -]+\])\W+\w.*")
    bare = [
        f"{named(file)}:{number}: {line.strip()}"
        for file in PYTHON
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (found := exception.search(line)) and not explained.fullmatch(found[1])
    ]
    assert bare == []


def test_requirements_name_packages_and_hashes_and_no_addresses() -> None:
    folder = ROOT / "requirements"
    lists = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert lists == {
        "build.in", "debian.txt", "docs.txt", "image.txt", "node/npm-shrinkwrap.json", "node/package.json", "run.txt", "test.txt",
    }  # fmt: skip  # a list of names
    for name in ("run.txt", "image.txt", "docs.txt", "test.txt"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(
                r"[a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?==[0-9][^\s/]*(?: ; [^/@]+)? \\| {4}--hash=sha256:[0-9a-f]{64}(?: \\)?",
                line,
            ), f"{name}: {line}"
    for line in (folder / "debian.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"#[^/@]*|[a-z0-9][a-z0-9+.-]+(?: [a-z0-9+.-]+)?", line), line


def test_the_lock_of_npm_has_a_hash_for_every_package_and_no_addresses() -> None:
    folder = ROOT / "requirements" / "node"
    text = (folder / "npm-shrinkwrap.json").read_text(encoding="utf-8")
    assert "//" not in re.sub(r'"sha512-[^"]+"', "", text)
    lock = json.loads(text)
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = lock["packages"]
    assert packages.pop("")["dependencies"] == asked
    assert {f"node_modules/{name}" for name in asked} <= packages.keys()
    for name, package in packages.items():
        assert re.fullmatch(r"(?:(?:^|/)node_modules/(?:@[a-z0-9.-]+/)?[a-z0-9._-]+)+", name), name
        assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.-]*", package["version"]), name
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"]), name
        assert not package.keys() - {"version", "integrity", "license", "engines", "bin", "dependencies"}, name
        assert all(re.fullmatch(r"[^/@:]+", wanted) for wanted in package.get("dependencies", {}).values()), name


def pins(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"(?m)^[a-z0-9][^ ]*==[^ ]+", text))


def test_what_the_tests_run_on_contains_what_is_installed() -> None:
    assert pins("run.txt") < pins("test.txt")


def test_nothing_stands_at_the_top_that_is_not_part_of_the_house() -> None:
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    found = {
        entry.name
        for entry in ROOT.iterdir()
        if not entry.name.startswith(".") and not any(entry.match(pattern) for pattern in ignored)
    }
    assert found <= TOP, "files of your own belong in var/, which is never published"
