"""The image and the composition: what hadolint and the schema of compose say, and whether the program agrees."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from repo_harvest.settings import load
from tests.deploy.files import BIN, CONFIG, DEPLOY, ROOT, checked, documents, is_command, planted, settings_of

DOCKERFILE, COMPOSE = DEPLOY / "Dockerfile", DEPLOY / "compose" / "compose.yaml"
STEPS = re.findall(
    r"^([A-Z]+) ((?:[^\n]*\\\n)*[^\n]*)$", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE.read_text("utf-8")), re.MULTILINE
)
SERVICES: dict[str, Any] = documents(COMPOSE)[0]["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "database"}


def step(name: str) -> list[str]:
    return [words for word, words in STEPS if word == name]


def hadolint(file: Path) -> tuple[int, str]:
    return checked(BIN / "hadolint", "--no-color", "--failure-threshold", "style", file)


def compose_schema(file: Path) -> tuple[int, str]:
    return checked(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)


def test_hadolint_finds_nothing_in_the_image() -> None:
    assert hadolint(DOCKERFILE) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("FROM python:3.11-slim-bookworm AS build", "FROM python AS build", "DL3006"),
        ("WORKDIR /build", "RUN cd /build", "DL3003"),
        ("COPY schemas schemas", "ADD schemas schemas", "DL3020"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ('CMD ["up"]', "CMD up", "DL3025"),
        ("STOPSIGNAL SIGTERM", "STOPSIGNAL", ""),
    ],
)
def test_hadolint_finds_a_planted_error(tmp_path: Path, right: str, wrong: str, rule: str) -> None:
    status, said = hadolint(planted(DOCKERFILE, tmp_path, right, wrong))
    assert status != 0
    assert rule in said


def test_the_image_is_built_of_what_the_builder_is_given() -> None:
    given = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    copied = [part for words in step("COPY") if "--from" not in words for part in words.split()[:-1]]
    assert set(copied) == set(given)
    assert all((ROOT / part).exists() for part in copied)
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = packaged["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {"pyproject.toml", packaged["project"]["readme"], *wheel["packages"], *wheel["force-include"]} <= set(copied)


def test_the_image_installs_hashed_packages_for_postgresql_too() -> None:
    (build, ours) = [words for words in step("RUN") if "pip" in words]
    assert {"--require-hashes", "--only-binary"} <= set(build.split())
    assert {"--no-deps", "--no-build-isolation"} <= set(ours.split())
    locked = (ROOT / "requirements" / "image.txt").read_text("utf-8")
    assert re.search(r"(?m)^psycopg-binary==", locked)
    test = (ROOT / "requirements" / "test.txt").read_text("utf-8")
    assert set(re.findall(r"(?m)^\S+==\S+", locked)) <= set(re.findall(r"(?m)^\S+==\S+", test)), "tested as shipped"


def test_the_image_is_nobody_and_listens_where_it_says() -> None:
    assert step("USER") == ["10001:10001"]
    (words,) = step("ENV")
    environment = dict(pair.split("=", 1) for pair in words.replace("\\\n", " ").split())
    settings = settings_of(environment)
    assert settings.server.host == "0.0.0.0"
    assert step("EXPOSE") == [str(settings.server.port)]
    assert environment["REPO_HARVEST_CONFIG"] == OURS["serve"]["volumes"][0].split(":")[1]
    assert step("WORKDIR")[-1] == OURS["serve"]["volumes"][1].split(":")[1]
    assert f":{settings.server.port}/healthz" in step("HEALTHCHECK")[0]
    assert json.loads(step("ENTRYPOINT")[0]) == ["repo-harvest"]
    assert is_command(json.loads(step("CMD")[0]))


def test_the_composition_is_one() -> None:
    status, said = compose_schema(COMPOSE)
    assert status == 0, said


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("cap_drop: [ALL]", "cap_drops: [ALL]"),
        ("condition: service_healthy", "condition: service_fine"),
        ("retries: 24", "retries: [24]"),
        ("services:", "service:"),
    ],
)
def test_an_error_planted_in_the_composition_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    status, said = compose_schema(planted(COMPOSE, tmp_path, right, wrong))
    assert status != 0, said


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_of_the_program_and_can_change_nothing_else(name: str) -> None:
    service = OURS[name]
    assert is_command(service["command"])
    assert settings_of(service["environment"]).database.url.startswith("postgresql+psycopg://")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_feed_is_published_to_this_machine_and_believes_the_gateway_alone() -> None:
    serve = OURS["serve"]
    port = load(CONFIG, {}).server.port
    assert serve["ports"] == [f"127.0.0.1:{port}:{port}"]
    (network,) = documents(COMPOSE)[0]["networks"]["outside"]["ipam"]["config"]
    assert settings_of(serve["environment"]).server.proxies == (f"{network['gateway']}/32",)
    assert "ports" not in SERVICES["database"]
    assert SERVICES["database"]["networks"] == ["inside"]


def test_nothing_secret_stands_in_the_composition() -> None:
    text = COMPOSE.read_text("utf-8")
    for name in ("PGPASSWORD", "POSTGRES_PASSWORD"):
        for said in re.findall(rf"(?m)^ +{name}: (.*)$", text):
            assert fnmatch(said, "${POSTGRES_PASSWORD:[?]*}")
