"""The keys of the settings as they are documented: described, listed, and shown in the config files that come along."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from repo_harvest.settings import KEYS, load
from repo_harvest.web.server import REQUESTS_PER_MINUTE
from tests.test_settings import CONFIG, written


def test_every_key_is_described_in_a_sentence() -> None:
    for key in KEYS:
        assert key.type, key.name
        assert re.fullmatch(r"[A-Z].*\.", key.description), key.name


def test_the_table_of_keys_is_complete() -> None:
    assert [key.name for key in KEYS] == [
        "repository.name", "repository.base_url", "repository.identifier", "repository.admin_email",
        "repository.metadata_rights", "repository.longest_value", "repository.friends", "database.url", "database.read_url",
        "feed.page_size", "feed.requests_per_minute", "server.host", "server.port", "server.workers", "server.proxies",
        "server.maintenance_file", "admin.users", "admin.trusted_header", "admin.trusted_proxies", "metrics.enabled", "metrics.token", "log.format", "log.level", "log.requests", "enrichment.delay", "enrichment.most", "enrichment.days", "scheduler.jitter",
        "alerts.webhook", "alerts.email_to", "alerts.email_from", "alerts.smtp_host", "alerts.smtp_port", "alerts.smtp_security", "alerts.smtp_user",
        "alerts.smtp_password", "alerts.clock_lead", "sets.*.name", "sets.*.description", "sets.*.source", "sets.*.year", "sets.*.type",
        "sets.*.creator", "sets.*.by", "source[].name", "source[].path",
        "source[].url", "source[].profile", "source[].schedule", "source[].sets", "source[].defaults.language", "source[].defaults.type",
        "source[].defaults.rights", "source[].identifiers", "source[].allow_private",
        "source[].delete_after", "source[].delete_most", "source[].pages", "source[].seconds", "source[].rank", "source[].enrich",
    ]  # fmt: skip  # a list of names


def key_names(value: object, prefix: str = "") -> set[str]:
    """The dotted names that a parsed file sets."""
    if prefix == "sets" and isinstance(value, dict):
        told = [{"name": one} if isinstance(one, str) else one for one in value.values()]
        return {name for one in told for name in key_names(one, "sets.*")}
    if prefix == "admin.users":
        return {prefix}
    if isinstance(value, dict):
        return {name for key, inner in value.items() for name in key_names(inner, f"{prefix}.{key}" if prefix else key)}
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return {name for item in value for name in key_names(item, f"{prefix}[]")}
    return {prefix}


def test_the_config_file_shows_every_key_at_its_default_or_set(tmp_path: Path) -> None:
    text = (CONFIG / "repo-harvest.toml").read_text(encoding="utf-8")
    everything = re.sub(r"(?m)^#(?=[a-z\[])", "", text)
    assert key_names(tomllib.loads(everything)) == {key.name for key in KEYS}
    shown, plain = load(written(tmp_path, everything), {}), load(CONFIG / "repo-harvest.toml", {})
    assert shown.base_url == plain.base_url
    assert shown.feed.requests_per_minute == REQUESTS_PER_MINUTE
    assert shown.feed.page_size == plain.feed.page_size == load(None, {}).feed.page_size
    assert shown.database.url == plain.database.url == load(None, {}).database.url
    assert plain.database.read_url is None
    for section in ("server", "log"):
        assert getattr(shown, section) == getattr(plain, section) == getattr(load(None, {}), section)


def test_the_config_file_names_the_partnerships_page_daily() -> None:
    (source,) = load(CONFIG / "repo-harvest.toml", {}).sources
    assert (source.name, source.schedule) == ("criminal-justice-and-peer-mentoring", "0 3 * * *")
    assert str(source.url).startswith("https://")
    assert set(source.sets) <= set(load(CONFIG / "repo-harvest.toml", {}).sets)


def test_the_demonstration_reads_a_page_of_its_own_into_a_database_of_its_own() -> None:
    demo = load(CONFIG / "demo.toml", {})
    (source,) = demo.sources
    assert source.path == CONFIG / "sample-page.html"
    assert source.path.is_file()
    assert demo.database.url not in {load(CONFIG / "repo-harvest.toml", {}).database.url, load(None, {}).database.url}
    assert set(source.sets) <= set(demo.sets)
