"""The manifests: strictly what the API of Kubernetes takes, closed where they can be, and in agreement with the program."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from repo_harvest import __version__
from repo_harvest.settings import load
from tests.deploy.files import BIN, DEPLOY, ROOT, checked, documents, is_command, planted, tables

FOLDER = DEPLOY / "kubernetes"
FILES = sorted(FOLDER.rglob("*.yaml"))
OBJECTS: list[dict[str, Any]] = list(chain.from_iterable(map(documents, FILES)))
PODS = {
    f"{one['kind']} {one['metadata']['name']}": table["spec"] | {"labels": table["metadata"]["labels"]}
    for one in OBJECTS
    for table in tables(one)
    if "containers" in (table.get("spec") or {})
}


def validated(file: Path) -> tuple[int, str]:
    return checked(BIN / "kubernetes-validate", "--strict", file)


def named(file: Path) -> str:
    return str(file.relative_to(FOLDER))


@pytest.mark.parametrize("file", FILES, ids=named)
def test_a_manifest_is_strictly_what_the_api_takes(file: Path) -> None:
    status, said = validated(file)
    assert status == 0, said
    assert said.count("passed") == len(documents(file))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("config.yaml", "data:", "datum:"),
        ("feed.yaml", "replicas: 2", "replicas: two"),
        ("feed.yaml", "readinessProbe:", "readynessProbe:"),
        ("feed.yaml", "minAvailable: 1", "minAvailable: {}"),
        ("init.yaml", "backoffLimit: 10", "backofLimit: 10"),
        ("schedule.yaml", "capabilities: {drop: [ALL]}", "capabilities: {drop: ALL}"),
        ("network.yaml", "policyTypes: [Ingress, Egress]", "policyTypes: Ingress"),
        ("cronjob/ingest.yaml", "concurrencyPolicy: Forbid", "concurencyPolicy: Forbid"),
    ],
)
def test_a_planted_error_is_found(tmp_path: Path, name: str, right: str, wrong: str) -> None:
    status, said = validated(planted(FOLDER / name, tmp_path, right, wrong))
    assert status != 0, said


def test_every_kind_that_a_collection_needs_is_there() -> None:
    kinds = {one["kind"] for one in OBJECTS}
    assert kinds == {"ConfigMap", "CronJob", "Deployment", "Job", "NetworkPolicy", "PodDisruptionBudget", "Service"}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_a_command_as_nobody_and_can_change_nothing(name: str) -> None:
    pod = PODS[name]
    (container,) = pod["containers"]
    assert is_command(container["args"])
    within = pod["securityContext"]
    assert within["runAsNonRoot"] is True
    assert within["seccompProfile"] == {"type": "RuntimeDefault"}
    assert f"USER {within['runAsUser']}:{within['runAsGroup']}\n" in (DEPLOY / "Dockerfile").read_text("utf-8")
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False, "variables of a Service named repo-harvest would be unknown settings"
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert container["resources"]["limits"]["memory"]


def test_the_config_file_is_one_that_the_program_starts_with(tmp_path: Path) -> None:
    (config,) = documents(FOLDER / "config.yaml")
    file = tmp_path / "repo-harvest.toml"
    file.write_text(config["data"]["repo-harvest.toml"], "utf-8")
    settings = load(file, {"REPO_HARVEST_DATABASE_URL": "postgresql+psycopg://user:word@host/database"})
    assert settings.sources[0].schedule
    (mount,) = [
        one for one in PODS["Deployment repo-harvest-feed"]["containers"][0]["volumeMounts"] if one["name"] == "config"
    ]
    assert f"REPO_HARVEST_CONFIG={mount['mountPath']}/{file.name}" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_feed_is_asked_where_it_listens() -> None:
    (container,) = PODS["Deployment repo-harvest-feed"]["containers"]
    (port,) = container["ports"]
    assert port["containerPort"] == load(ROOT / "config" / "repo-harvest.toml", {}).server.port
    asked = {name: container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert {probe["port"] for probe in asked.values()} == {port["name"]}
    assert asked["readinessProbe"]["path"] == "/readyz"
    assert asked["livenessProbe"]["path"] == "/healthz", (
        "a database that is away is no reason to kill what waits for it"
    )


def test_what_selects_pods_finds_some() -> None:
    labels = [pod["labels"] for pod in PODS.values()]
    selectors = [table["matchLabels"] for table in tables(OBJECTS) if "matchLabels" in table]
    ours = [one for one in selectors if one.get("app.kubernetes.io/name") == "repo-harvest"]
    ours += [one["spec"]["selector"] for one in OBJECTS if one["kind"] == "Service"]
    assert len(ours) > 5
    for wanted in ours:
        assert any(wanted.items() <= told.items() for told in labels), wanted


def test_one_image_of_this_version_is_run() -> None:
    assert {container["image"] for pod in PODS.values() for container in pod["containers"]} == {
        f"repo-harvest:{__version__}"
    }
