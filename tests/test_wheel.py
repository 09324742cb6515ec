"""The wheel: built from this tree without a network, it holds everything the program needs, and runs by itself."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments: str | Path, cwd: Path, path: Path | None = None) -> str:
    """What a program prints; its complaint, if it fails, is that of the test."""
    environ = {"PATH": "/usr/bin:/bin"} | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(arguments, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--isolated", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--no-index", "--no-deps", "--target", folder, wheel, cwd=folder)
    return folder


def files(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_holds_the_package_and_the_schemas_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {f"repo_harvest/{name}" for name in files(ROOT / "repo_harvest")}
    schemas = {f"repo_harvest/schemas/{name}" for name in files(ROOT / "schemas")}
    assert held == package | schemas
    assert "repo_harvest/schemas/OAI-PMH.xsd" in held
    assert any(name.startswith("repo_harvest/web/templates/") for name in held)


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


def test_the_installed_program_is_the_one_from_the_wheel_and_says_how_it_is_used(installed: Path) -> None:
    where = run(
        sys.executable, "-c", "import repo_harvest; print(repo_harvest.__file__)", cwd=installed.parent, path=installed
    )
    assert Path(where.strip()) == installed / "repo_harvest" / "__init__.py"
    told = run(sys.executable, installed / "bin" / "repo-harvest", "--help", cwd=installed.parent, path=installed)
    for command in ("up", "init", "ingest", "serve", "validate", "status"):
        assert f"  {command} " in told
