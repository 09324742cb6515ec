"""The rules fire when they should and only then, and every metric that is asked for anywhere is one that is told."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from werkzeug.test import Client

from repo_harvest.model import Outcome, Run
from repo_harvest.scheduler import next_due
from repo_harvest.store import ledger
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.exposition import Figures, with_metrics
from repo_harvest.web.meter import Meter
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.watch import watched
from tests.web.shelf import REPOSITORY

DEPLOY = Path(__file__).parents[2] / "deploy"
CONFIG, RULES = DEPLOY / "prometheus" / "prometheus.yml", (DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8")
DASHBOARD = (DEPLOY / "grafana" / "repo-harvest.json").read_text("utf-8")
CASES = (Path(__file__).parent / "alerts.yml").read_text("utf-8")
ALERTS = re.findall(r"- alert: (\w+)", RULES)
EXPRESSIONS = [target["expr"] for panel in json.loads(DASHBOARD)["panels"] for target in panel["targets"]]


def promtool(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def outcome(folder: Path, rules: str) -> tuple[int, str]:
    """What promtool says of the cases, with these rules."""
    (folder / "rules.yml").write_text(rules, encoding="utf-8")
    (folder / "cases.yml").write_text(CASES.replace("RULES", "rules.yml"), encoding="utf-8")
    return promtool("test", "rules", folder / "cases.yml")


def test_the_rules_and_the_configuration_are_what_prometheus_reads() -> None:
    assert promtool("check", "config", CONFIG)[0] == 0
    assert promtool("check", "rules", DEPLOY / "prometheus" / "alerts.yml")[0] == 0


def test_a_planted_error_in_the_configuration_is_found(tmp_path: Path) -> None:
    (tmp_path / "alerts.yml").write_text(RULES, encoding="utf-8")
    planted = tmp_path / "prometheus.yml"
    planted.write_text(CONFIG.read_text("utf-8").replace("metrics_path", "metric_path"), encoding="utf-8")
    assert promtool("check", "config", planted)[0] != 0
    planted.write_text(CONFIG.read_text("utf-8"), encoding="utf-8")
    assert promtool("check", "config", planted)[0] == 0
    (tmp_path / "alerts.yml").write_text(RULES.replace("sum by (", "sum by ((", 1), encoding="utf-8")
    assert promtool("check", "config", planted)[0] != 0


def test_each_rule_fires_when_it_should_and_not_else(tmp_path: Path) -> None:
    status, said = outcome(tmp_path, RULES)
    assert status == 0, said


@pytest.mark.parametrize("alert", ALERTS)
@pytest.mark.parametrize("instead", ["vector(1) > 2", "vector(1)"])
def test_a_rule_that_never_fires_or_always_does_is_found(tmp_path: Path, alert: str, instead: str) -> None:
    planted = re.sub(rf"(- alert: {alert}\n +expr: ).*", rf"\g<1>{instead}", RULES)
    assert planted != RULES
    assert outcome(tmp_path, planted)[0] != 0


def rule_file(folder: Path, expressions: list[str]) -> Path:
    """Expressions of the dashboard as recording rules, with what Grafana puts in for its variables."""
    plain = [expression.replace("$__rate_interval", "1m").replace("$instance", ".*") for expression in expressions]
    rules = [{"record": f"panel_{number}", "expr": expression} for number, expression in enumerate(plain)]
    path = folder / "panels.yml"
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    return path


def test_every_panel_asks_what_prometheus_understands(tmp_path: Path) -> None:
    assert len(EXPRESSIONS) > 10
    status, said = promtool("check", "rules", rule_file(tmp_path, EXPRESSIONS))
    assert status == 0, said
    assert promtool("check", "rules", rule_file(tmp_path, [*EXPRESSIONS, "sum by (verb) (rate(up))"]))[0] != 0


@pytest.fixture
def exposed(engine: Engine) -> frozenset[str]:
    """The names of all samples that a service tells after a request that failed and a run."""
    source = ledger.source_state(engine, "page", "https://example.org/").id
    run = ledger.start_run(engine, source, started=1)
    ledger.finish_run(engine, run, Run(source="page", started=1, ended=2, outcome=Outcome.DONE))
    meter = Meter()
    figures = Figures(engine, schedules=lambda: {"page": "0 3 * * *"}, due=next_due)
    oai = oai_app(SqlFeed(engine), REPOSITORY)
    app = watched(with_metrics(oai, meter=meter, figures=figures), meter=meter)
    Client(app).get("/oai?verb=none")
    text = Client(app).get("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).text
    return frozenset(one.name for family in text_string_to_metric_families(text) for one in family.samples)


def unknown(text: str, exposed: frozenset[str]) -> set[str]:
    return set(re.findall(r"\brepo_harvest_\w+", text)) - exposed


@pytest.mark.parametrize("asked", [RULES, DASHBOARD, CASES], ids=["rules", "dashboard", "cases"])
def test_every_metric_that_is_asked_for_is_told(asked: str, exposed: frozenset[str]) -> None:
    assert unknown(asked, exposed) == set()
    planted = asked.replace("repo_harvest_quarantine", "repo_harvest_quarantined")
    assert unknown(planted, exposed) == {"repo_harvest_quarantined"}


def test_every_metric_that_is_told_is_shown(exposed: frozenset[str]) -> None:
    told = {name.removesuffix("_created") for name in exposed if not name.endswith("_created")}
    assert told - set(re.findall(r"\brepo_harvest_\w+", DASHBOARD)) == set()
