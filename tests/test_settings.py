"""Settings: what a config file and the environment say together, and what is said when they are wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from repo_harvest.errors import SettingsError, UsageError
from repo_harvest.settings import KEYS, load
from repo_harvest.settings.forms import CRON

CONFIG = Path(__file__).parents[1] / "config"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["a", "https://example.org/"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["name", "url", "sets"]), inner),
)
PAGE = '[[source]]\nname = "a"\nurl = "https://example.org/"\n'

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lcw$bm8gcGFzc3dvcmQgaGFzIHRoaXMgaGFzaCwgZXZlci4"  # of nothing


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong, line by line, without the name of the file."""
    file = written(folder, text)
    with pytest.raises(SettingsError) as caught:
        load(file, environ or {})
    return [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]


def refusal(variable: str, text: str) -> str | None:
    """What is said against the text of a variable, if anything is."""
    try:
        load(None, {variable: text})
    except SettingsError as error:
        return str(error)
    return None


# What holds


def test_without_a_file_everything_has_a_default() -> None:
    found = load(None, {})
    assert found.base_url == "http://127.0.0.1:8080/oai"
    assert found.database.url == "sqlite:///var/repo-harvest.db"
    assert (found.feed.page_size, found.server.workers, found.sources, dict(found.sets)) == (100, 2, (), {})


def test_every_default_is_a_value_that_may_be_set(tmp_path: Path) -> None:
    for key in KEYS:
        if key.default and "[]" not in key.name and "*" not in key.name:
            section, _, name = key.name.rpartition(".")
            toml = f"[{section}]\n{name} = {key.default}" if section else f"{name} = {key.default}"
            assert load(written(tmp_path, toml), {}) == load(None, {})


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = written(tmp_path, '[server]\nport = 1\nhost = "::1"\n')
    found = load(file, {"REPO_HARVEST_SERVER_PORT": "2"})
    assert (found.server.port, found.server.host, found.server.workers) == (2, "::1", 2)


def test_every_variable_sets_its_key() -> None:
    values: dict[str, tuple[str, object]] = {
        "REPO_HARVEST_REPOSITORY_NAME": ("Ünser", "Ünser"),
        "REPO_HARVEST_REPOSITORY_BASE_URL": ("https://x.example/oai", "https://x.example/oai"),
        "REPO_HARVEST_REPOSITORY_IDENTIFIER": ("x.example", "x.example"),
        "REPO_HARVEST_REPOSITORY_ADMIN_EMAIL": ('["a@b.example", "c@d.example"]', ("a@b.example", "c@d.example")),
        "REPO_HARVEST_DATABASE_URL": ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        "REPO_HARVEST_DATABASE_READ_URL": ("postgresql+psycopg://u:p@r/d", "postgresql+psycopg://u:p@r/d"),
        "REPO_HARVEST_FEED_PAGE_SIZE": ("7", 7),
        "REPO_HARVEST_FEED_REQUESTS_PER_MINUTE": ("0", 0),
        "REPO_HARVEST_ADMIN_USERS": (json.dumps({"anna": HASH}), {"anna": HASH}),
        "REPO_HARVEST_ADMIN_TRUSTED_HEADER": ("RemoteUser", "RemoteUser"),
        "REPO_HARVEST_ADMIN_TRUSTED_PROXIES": ('["192.0.2.7"]', ("192.0.2.7/32",)),
        "REPO_HARVEST_ENRICHMENT_DELAY": ("3", 3),
        "REPO_HARVEST_ENRICHMENT_MOST": ("9", 9),
        "REPO_HARVEST_ENRICHMENT_DAYS": ("90", 90),
        "REPO_HARVEST_SCHEDULER_JITTER": ("300", 300),
        "REPO_HARVEST_ALERTS_WEBHOOK": ("https://x.example/hook", "https://x.example/hook"),
        "REPO_HARVEST_ALERTS_EMAIL_TO": ('["a@b.example"]', ("a@b.example",)),
        "REPO_HARVEST_ALERTS_EMAIL_FROM": ("c@d.example", "c@d.example"),
        "REPO_HARVEST_ALERTS_SMTP_HOST": ("smtp.x.example", "smtp.x.example"),
        "REPO_HARVEST_ALERTS_SMTP_PORT": ("25", 25),
        "REPO_HARVEST_ALERTS_SMTP_SECURITY": ("tls", "tls"),
        "REPO_HARVEST_ALERTS_SMTP_USER": ("u", "u"),
        "REPO_HARVEST_ALERTS_SMTP_PASSWORD": ("p w", "p w"),
        "REPO_HARVEST_ALERTS_CLOCK_LEAD": ("5", 5),
        "REPO_HARVEST_SERVER_HOST": ("0.0.0.0", "0.0.0.0"),
        "REPO_HARVEST_SERVER_PORT": ("81", 81),
        "REPO_HARVEST_SERVER_WORKERS": ("3", 3),
        "REPO_HARVEST_SERVER_PROXIES": ('["10.0.0.0/8", "::1"]', ("10.0.0.0/8", "::1/128")),
        "REPO_HARVEST_SERVER_MAINTENANCE_FILE": ("/run/closed", Path("/run/closed")),
        "REPO_HARVEST_METRICS_ENABLED": ("false", False),
        "REPO_HARVEST_METRICS_TOKEN": ("a-token-of-20-letters", "a-token-of-20-letters"),
        "REPO_HARVEST_LOG_FORMAT": ("json", "json"),
        "REPO_HARVEST_LOG_LEVEL": ("debug", "debug"),
        "REPO_HARVEST_LOG_REQUESTS": ("true", True),
        "REPO_HARVEST_REPOSITORY_METADATA_RIGHTS": ("Take them", "Take them"),
        "REPO_HARVEST_REPOSITORY_LONGEST_VALUE": ("32766", 32766),
        "REPO_HARVEST_REPOSITORY_FRIENDS": ('["https://y.example/oai"]', ("https://y.example/oai",)),
        "REPO_HARVEST_SETS": ('{"a:b": "A and B"}', "A and B"),
        "REPO_HARVEST_SOURCE": ('[{"name": "s", "path": "p.html"}]', Path("p.html")),
    }
    assert set(values) == {key.variable for key in KEYS}
    together = {variable: text for variable, (text, _) in values.items()}
    found = load(None, {name: text for name, text in together.items() if name != "REPO_HARVEST_ADMIN_USERS"})
    with_users = load(
        None, {name: text for name, text in together.items() if not name.startswith("REPO_HARVEST_ADMIN_T")}
    )
    for key in KEYS:
        if key.variable not in {"REPO_HARVEST_SOURCE", "REPO_HARVEST_SETS"}:
            value: object = with_users if key.name == "admin.users" else found
            for part in key.name.split("."):
                value = getattr(value, part)
            assert value == values[key.variable][1], key.name
    assert found.sources[0].path == values["REPO_HARVEST_SOURCE"][1]
    assert found.sets["a:b"].name == values["REPO_HARVEST_SETS"][1]


def test_one_admin_email_is_a_list_of_one(tmp_path: Path) -> None:
    assert load(None, {"REPO_HARVEST_REPOSITORY_ADMIN_EMAIL": "a@b.example"}).repository.admin_email == ("a@b.example",)
    file = written(tmp_path, '[repository]\nadmin_email = "a@b.example"')
    assert load(file, {}).repository.admin_email == ("a@b.example",)


def test_a_variable_names_the_file_and_an_argument_wins_over_it(tmp_path: Path) -> None:
    file = written(tmp_path, "[server]\nport = 5")
    other = tmp_path / "other.toml"
    other.write_text("[server]\nport = 6")
    assert load(None, {"REPO_HARVEST_CONFIG": str(file)}).server.port == 5
    assert load(other, {"REPO_HARVEST_CONFIG": str(file)}).server.port == 6


def test_other_variables_are_none_of_our_business() -> None:
    assert load(None, {"PATH": "x", "REPO_HARVESTER": "x", "HOME": ""}) == load(None, {})


def test_a_saved_page_is_looked_for_beside_the_config_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[[source]]\nname = "a"\npath = "pages/a.html"\n[[source]]\nname = "b"\npath = "/b.html"')
    assert [source.path for source in load(file, {}).sources] == [tmp_path / "pages/a.html", Path("/b.html")]
    given_by_variable = {"REPO_HARVEST_SOURCE": '[{"name": "c", "path": "c.html"}]'}
    assert [source.path for source in load(file, given_by_variable).sources] == [tmp_path / "c.html"]


def test_base_url_follows_the_server_until_it_is_given(tmp_path: Path) -> None:
    assert load(None, {"REPO_HARVEST_SERVER_PORT": "81"}).base_url == "http://127.0.0.1:81/oai"
    assert load(None, {"REPO_HARVEST_SERVER_HOST": "0.0.0.0"}).base_url == "http://127.0.0.1:8080/oai"
    assert load(None, {"REPO_HARVEST_SERVER_HOST": "::1"}).base_url == "http://[::1]:8080/oai"
    assert load(None, {}).listening(port=9, host="box.example").base_url == "http://box.example:9/oai"
    file = written(tmp_path, '[repository]\nbase_url = "https://x.example/oai"')
    assert load(file, {}).listening(port=9, workers=5).base_url == "https://x.example/oai"


def test_listening_changes_the_server_alone_and_checks_it() -> None:
    before = load(None, {"REPO_HARVEST_SERVER_WORKERS": "4"})
    after = before.listening(port=9)
    assert (after.server.host, after.server.port, after.server.workers) == ("127.0.0.1", 9, 4)
    assert after.database == before.database
    assert before.listening() == before
    with pytest.raises(SettingsError, match=re.escape("--port: 0 is not a whole number from 1 to 65535")):
        before.listening(port=0)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xef\xbb\xbf[server]\r\nport = 5\r\n")
    assert load(file, {}).server.port == 5


def test_settings_are_frozen_all_the_way_down(tmp_path: Path) -> None:
    found = load(written(tmp_path, PAGE), {})
    parts: tuple[BaseModel, ...] = (found, found.server, found.sources[0], found.sources[0].defaults)
    for part in parts:
        for name in type(part).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(part, name, None)
    assert isinstance(found.sources, tuple)


def test_text_is_kept_composed_and_without_space_around_it() -> None:
    assert load(None, {"REPO_HARVEST_REPOSITORY_NAME": "  Cafe\u0301 "}).repository.name == "Caf\u00e9"


def test_a_password_is_shown_nowhere(tmp_path: Path) -> None:
    url = "postgresql+psycopg://me:hunter2@db.example/x"
    assert "hunter2" not in repr(load(None, {"REPO_HARVEST_DATABASE_URL": url, "REPO_HARVEST_DATABASE_READ_URL": url}))
    for toml in (
        '[database]\nurl = "mysql://me:hunter2@db.example/x"',
        '[repository]\nbase_url = "https://me:hunter2@example.org/oai"',
        '[[source]]\nname = "a"\nurl = "ftp://me:hunter2@example.org/"',
    ):
        assert "hunter2" not in "\n".join(faults(tmp_path, toml))


# What does not: the whole line is part of the contract


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[feed]\npagesize = 9", "feed.pagesize: is not a known key; the nearest is feed.page_size"),
        ("page_size = 9", "page_size: is not a known key; the nearest is feed.page_size"),
        ("[databse]\nurl = 'x'", "databse: is not a known key; the nearest is database"),
        ("[repositories]\nname = 'x'", "repositories: is not a known key; the nearest is repository"),
        (PAGE + PAGE.replace('"a"', '"b"') + "shedule = 1", "source[1].shedule: is not a known key; the nearest is source[1].schedule"),
        (PAGE + 'defaults = {lang = "en"}', "source[0].defaults.lang: is not a known key; the nearest is source[0].defaults.language"),
        ("feed = 5", "feed: is not a table"),
        ("sets = 5", "sets: is not a table"),
        ('[source]\nname = "a"', "source: is not a list of tables; write [[source]] in double brackets above the keys of each source"),
        ("source = [1]", "source[0]: is not a table"),
        (PAGE + 'sets = "a"', "source[0].sets: is not a list; write it in square brackets"),
        (PAGE + PAGE, "source: source[0] and source[1] are both named 'a'; names must differ"),
        ('[[source]]\nname = "a"', "source[0].url: is missing; give the address of the page as url, or a saved page as path"),
        (PAGE + 'path = "x"', "source[0].url: stands beside path; a source has one of the two"),
        ("a =", "is not TOML: Invalid value (at line 1, the last one)"),
        ("[server]\nport = \n", "is not TOML: Invalid value (at line 2, column 8)"),
        ("[sets]\na:b = 'x'", "is not TOML: Expected '=' after a key in a key/value pair (at line 2, column 2); a key with a colon in it stands in quotes"),
        ("[server]\nport = true", "server.port: true is not a whole number from 1 to 65535"),
        ('[server]\nport = "80"', 'server.port: "80" is not a whole number from 1 to 65535'),
        ("[server]\nport = 80.0", "server.port: 80.0 is not a whole number from 1 to 65535"),
        ("[feed]\npage_size = 1001", "feed.page_size: 1001 is not a whole number from 1 to 1000"),
        ("[feed]\npage_size = 0", "feed.page_size: 0 is not a whole number from 1 to 1000"),
        (
            '[repository]\nidentifier = "localhost"',
            'repository.identifier: "localhost" is not a domain name of two or more parts, such as library.example.org',
        ),
        (
            '[repository]\nname = " "',
            'repository.name: " " is not a text on one line (it is empty)',
        ),
        (
            '[[source]]\nurl = "https://example.org/"',
            "source[0].name: is missing; give a name of small letters, digits and hyphens, such as peer-mentoring",
        ),
    ],
)  # fmt: skip  # one case a line reads best
def test_a_wrong_file_says_where_and_what_is_right(tmp_path: Path, toml: str, line: str) -> None:
    assert faults(tmp_path, toml) == [line]


@pytest.mark.parametrize(
    ("variable", "text", "line"),
    [
        ("REPO_HARVEST_DATABSE_URL", "x", "is not a known environment variable; the nearest is REPO_HARVEST_DATABASE_URL"),
        ("REPO_HARVEST_CONFG", "x", "is not a known environment variable; the nearest is REPO_HARVEST_CONFIG"),
        ("REPO_HARVEST_SOURCES", "[]", "is not a known environment variable; the nearest is REPO_HARVEST_SOURCE"),
        ("REPO_HARVEST_SERVER_PORT", "\u0668\u0660", 'server.port: "\u0668\u0660" is not a whole number from 1 to 65535'),
        ("REPO_HARVEST_SERVER_PORT", " 80", 'server.port: " 80" is not a whole number from 1 to 65535'),
        ("REPO_HARVEST_SERVER_PORT", "", 'server.port: "" is not a whole number from 1 to 65535'),
        ("REPO_HARVEST_SETS", "{", "sets: it is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("REPO_HARVEST_SOURCE", '[{"name": "a"}]', "source[0].url: is missing; give the address of the page as url, or a saved page as path"),
    ],
)  # fmt: skip  # one case a line reads best
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str, text: str, line: str) -> None:
    assert faults(tmp_path, "", {variable: text}) == [f"{variable}: {line}"]


def test_all_faults_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    toml = (
        '[feed]\npage_size = 0\n[server]\nprot = 1\nworkers = 0\n[[source]]\nname = "A"\nschedule = "x"\nsets = ["a b"]'
    )
    told = faults(tmp_path, toml, {"REPO_HARVEST_SETS": "[]", "REPO_HARVEST_X": ""})
    assert [line.split(": ")[:2] for line in told if line.startswith("REPO_HARVEST")] == [
        ["REPO_HARVEST_X", "is not a known environment variable; the nearest is REPO_HARVEST_SETS"],
        ["REPO_HARVEST_SETS", "sets"],
    ]
    assert {line.split(":")[0] for line in told if not line.startswith("REPO_HARVEST")} == {
        "feed.page_size", "server.prot", "server.workers", "source[0].name", "source[0].schedule", "source[0].sets[0]",
        "source[0].url",
    }  # fmt: skip  # a list of names


def test_a_file_that_cannot_be_read_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"[server]\nport = 1\n# caf\xe9\n")
    for file, words in (
        (tmp_path / "absent.toml", "no such config file"),
        (tmp_path, "cannot be read"),
        (binary, "line 3 is not UTF-8"),
    ):
        with pytest.raises(UsageError, match=words) as caught:
            load(file, {})
        assert str(caught.value).startswith(f"{file}: ")
        assert caught.value.exit_status == 2


@pytest.mark.parametrize("toml", ["a = " + "[" * 3000, "a = " + "9" * 5000, "a = 2021-13-01", "\x00"])
def test_hostile_toml_is_an_error_of_one_line(tmp_path: Path, toml: str) -> None:
    (line,) = faults(tmp_path, toml)
    assert line.startswith("is not TOML: ")


@settings(deadline=None)
@given(
    st.sampled_from([key.variable for key in KEYS]),
    st.text(st.characters(exclude_categories=())) | json_values.map(json.dumps),
)
@example("REPO_HARVEST_SOURCE", '[{"\\ud800": "\\u2028"}]')
@example("REPO_HARVEST_REPOSITORY_NAME", "a\x85\udce9")  # as an operating system hands over what is not UTF-8
@example("REPO_HARVEST_SOURCE", "[" * 100_000)
def test_any_text_in_any_variable_is_taken_or_refused_in_lines_that_name_it(variable: str, text: str) -> None:
    for line in (refusal(variable, text) or "").splitlines():
        assert line.startswith(f"{variable}: ")
        assert line.isprintable()


def test_a_variable_with_a_name_that_cannot_be_shown_is_refused_all_the_same() -> None:
    with pytest.raises(SettingsError, match=r"\AREPO_HARVEST_\\n\\udce9: is not a known environment variable"):
        load(None, {"REPO_HARVEST_\n\udce9": "x"})


# The forms of values


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("schedule", ["0 3 * * *", "*/15 8-17 * * mon-fri", "0 0 1,15 * *", "30 4 29 2 *"],
         ["@daily", "0 3 * *", "0 3 * * * *", "60 * * * *", "0 0 31 2 *", "0 0 * * 1", "0 0 1 * mon", "٣ * * * *", "", "a * * * *", "*/0 * * * *"]),
        ("url", ["https://example.org/a?b=c#d", "http://[::1]:8123/", "HTTPS://EXAMPLE.ORG", "https://example.org/é"],
         ["example.org", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///x", "https://h:99999/", "https://exa mple.org/", "https://u@h/", "javascript:alert(1)", 5]),
        ("name", ["a", "0", "peer-mentoring-2"], ["A", "-a", "a_b", "a b", "a\nb", "é", "", 5]),
        ("language", ["en", "cym", "en-GB", "zh-Hant-TW"], ["english", "e", "en_GB", "en-", "", 5]),
        ("sets", [[], ["a"], ["a:b:c", "x-_.!~*'()"]], [["a b"], ["a::b"], [":a"], ["a:"], ["é"], [""], [5], "a"]),
        ("allow_private", [["127.0.0.1:8123", "[::1]:80", "localhost:1"]], [["127.0.0.1"], [":80"], ["h:0"], ["h:65536"], ["http://h:1"], ["a b:1"]]),
        ("delete_after", [1, 2, 100], [0, 101, -1, 1.5, "2", True]),
        ("delete_most", [0, 30, 100], [-1, 101, 0.3, "30", "30 %", True]),
        ("pages", [1, 20, 1000], [0, -1, 1001, 1.5, "20", True]),
        ("seconds", [1, 30, 600], [0, -1, 601, 1.5, "20", True]),
        ("rank", [1, 100, 1000], [0, -1, 1001, 1.5, "20", True]),
        ("identifiers", [["hdl.handle.net/10034/"]], [[""], [5], "x"]),
        ("rights", ["CC BY 4.0", ["a", "b"]], [[], "", [""], 5, "a\nb", "a\u0000b"]),
        ("type", ["article"], ["", 5, ["article"]]),
        ("path", ["a.html"], ["", 5, ["a"]]),
    ],
)  # fmt: skip  # a table of what is right and what is wrong
def test_a_key_of_a_source_takes_what_is_right_and_nothing_else(
    key: str, right: list[object], wrong: list[object]
) -> None:
    for value, taken in [(value, True) for value in right] + [(value, False) for value in wrong]:
        source: dict[str, object] = {"name": "a"}
        source |= {} if key in {"url", "path"} else {"url": "https://example.org/"}
        source |= {"defaults": {key: value}} if key in {"language", "type", "rights"} else {key: value}
        environ = {"REPO_HARVEST_SOURCE": json.dumps([source])}
        if taken:
            load(None, environ)
        else:
            with pytest.raises(SettingsError, match=rf"REPO_HARVEST_SOURCE: source\[0\]\.(defaults\.)?{key}"):
                load(None, environ)


@pytest.mark.parametrize(
    ("variable", "right", "wrong"),
    [
        ("REPOSITORY_BASE_URL", ["http://127.0.0.1:8080/oai", "https://example.org"],
         ["example.org/oai", "https://example.org/oai?", "https://example.org/oai#x", "https://example.org/é", "https://example.org/ a", ""]),
        ("REPOSITORY_IDENTIFIER", ["cmswtp.org.uk", "a.b", "A-1.example"], ["a", "1a.b", "a.1", "a..b", "a.b.", "a_b.c", "a.b:c", "é.org", "a.b\n.c"]),
        ("REPOSITORY_ADMIN_EMAIL", ["a@b.c", "a.b+c@d-e.org"], ["a", "a@b", "@b.c", "a b@c.d", "a@b..c", "a@b.c.", "[]", "[5]", "[", '["a@b.c", "x"]']),
        ("DATABASE_URL", ["sqlite:///x.db", "sqlite:////srv/x.db", "postgresql+psycopg://h/d", "postgresql+psycopg:///d"],
         ["x.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://h/d", "postgres://h/d", "mysql://h/d", ""]),
        ("SERVER_HOST", ["127.0.0.1", "::", "localhost", "box-1.example"], ["", "a b", "http://h", "h:80", "[::1]", "-a"]),
        ("SERVER_PROXIES", ["[]", '["127.0.0.1"]', '["10.0.0.0/8", "2001:db8::/32"]'],
         ["127.0.0.1", '["10.0.0.1/8"]', '["10.0.0.0/33"]', '["proxy.example"]', '["127.0.0.1:80"]', "[5]", '["fe80::1%eth0"]']),
        ("SERVER_MAINTENANCE_FILE", ["closed", "/run/closed"], ["", " ", "a\nb"]),
        ("FEED_REQUESTS_PER_MINUTE", ["0", "1", "100000"], ["-1", "100001", "1.5", "", "none"]),
        ("SERVER_WORKERS", ["1", "64"], ["0", "65", "-1", "1.0", "1e1", "0x1", "9" * 5000]),
    ],
)  # fmt: skip  # a table of what is right and what is wrong
def test_a_variable_takes_what_is_right_and_nothing_else(variable: str, right: list[str], wrong: list[str]) -> None:
    for text in right:
        load(None, {f"REPO_HARVEST_{variable}": text})
    for text in wrong:
        with pytest.raises(SettingsError, match=f"REPO_HARVEST_{variable}: "):
            load(None, {f"REPO_HARVEST_{variable}": text})


@given(st.integers(0, 59), st.integers(0, 23))
def test_every_time_of_day_is_a_schedule_and_is_kept_as_it_is_written(minute: int, hour: int) -> None:
    assert CRON(f"{minute} {hour} * * *") == f"{minute} {hour} * * *"


# Managers


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        (
            '[admin.users]\nanna = "a plain password"',
            "(that of anna is no hash; make one with: repo-harvest password anna)",
        ),
        ("[admin.users]\nanna = 7", "(that of anna is no hash; make one with: repo-harvest password anna)"),
        (f'[admin.users]\n"a\\nb" = "{HASH}"', "(a name has letters, digits and . _ @ + -, at most 100)"),
        (f'[admin]\nusers = ["{HASH}"]', "(it is no table)"),
    ],
)
def test_wrong_users_are_told_without_the_value(tmp_path: Path, toml: str, line: str) -> None:
    (said,) = faults(tmp_path, toml)
    assert said.startswith("admin.users: the value is not a table of names and the argon2 hashes")
    assert said.endswith(line)
    assert "a plain password" not in said
    assert HASH not in said


def test_a_header_that_another_one_can_pass_for_is_refused(tmp_path: Path) -> None:
    for name in ("X-Remote-User", "X_Remote_User"):
        (said,) = faults(tmp_path, f'[admin]\ntrusted_header = "{name}"\ntrusted_proxies = ["::1"]')
        assert "could be set by anybody" in said


def test_there_is_one_way_in_and_a_header_needs_proxies_that_set_it(tmp_path: Path) -> None:
    header = '[admin]\ntrusted_header = "RemoteUser"\n'
    assert faults(tmp_path, header) == [
        "admin: has a trusted_header, and no trusted_proxies that set it: anybody could"
    ]
    both = f'{header}trusted_proxies = ["::1"]\n[admin.users]\nanna = "{HASH}"'
    assert faults(tmp_path, both) == [
        "admin: has both users and trusted_header; managers sign in here or at the proxy, not both"
    ]
    assert "anna" not in repr(load(written(tmp_path, f'[admin.users]\nanna = "{HASH}"'), {}))


# Sets


def test_a_set_is_a_name_or_a_table(tmp_path: Path) -> None:
    toml = (
        '[sets]\n"a:b" = "A and B"\n[sets.c]\nname = "C"\ndescription = "Of C"\nyear = ["2015-2020", "2022-", "-2010", 2012]\n'
        'type = "article"\ncreator = ["Buck, Gillian"]\nsource = "page"\nby = "year"'
    )
    sets = load(written(tmp_path, toml), {}).sets
    assert (sets["a:b"].name, sets["a:b"].by) == ("A and B", None)
    assert sets["c"].year == ((2015, 2020), (2022, 9999), (0, 2010), (2012, 2012))
    assert (sets["c"].type, sets["c"].creator, sets["c"].source) == (("article",), ("Buck, Gillian",), ("page",))
    assert (sets["c"].name, sets["c"].description, sets["c"].by) == ("C", "Of C", "year")


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[sets]\na = 5", "sets.a: is neither the name of the set nor a table that holds it"),
        ('[sets]\na = ""', 'sets.a.name: "" is not a text on one line (it is empty)'),
        ('[sets.a]\nby = "year"', "sets.a.name: is missing; give a text on one line"),
        ('[sets.a]\nname = "A"\nyaer = "2015"', "sets.a.yaer: is not a known key; the nearest is sets.a.year"),
        ('[sets."a:b"]\nname = "A"\nbyy = "year"', 'sets."a:b".byy: is not a known key; the nearest is sets."a:b".by'),
        ('[sets.a]\nname = "A"\nby = "month"', 'sets.a.by: "month" is not one of year, type, creator, source'),
        ('[sets.a]\nname = "A"\nyear = "2020-2015"', 'sets.a.year: "2020-2015" is not a year or years such as 2015, "2015-2020" or "2015-", or a list of them (the first year is after the last)'),
        ('[sets.a]\nname = "A"\nyear = "15"', 'sets.a.year: "15" is not a year or years such as 2015, "2015-2020" or "2015-", or a list of them'),
        ('[sets.a]\nname = "A"\nyear = "-"', 'sets.a.year: "-" is not a year or years such as 2015, "2015-2020" or "2015-", or a list of them'),
        ('[sets.a]\nname = "A"\nyear = []', 'sets.a.year: [] is not a year or years such as 2015, "2015-2020" or "2015-", or a list of them (the list is empty)'),
        ('[sets]\n"a b" = "A"', 'sets."a b": "a b" is not a setSpec, such as social-work:peers (letters, digits and -_.!~*\'(), with : between levels)'),
    ],
)  # fmt: skip  # a table of what is wrong and what is said
def test_a_wrong_set_is_told_where_and_what_is_right(tmp_path: Path, toml: str, line: str) -> None:
    assert faults(tmp_path, toml) == [line]


@pytest.mark.parametrize(
    ("environ", "examples", "public"),
    [
        ({}, 2, False),
        ({"IDENTIFIER": "cmswtp.org.uk"}, 1, False),
        ({"IDENTIFIER": "cmswtp.org.uk", "ADMIN_EMAIL": '["a@cmswtp.org.uk", "b@mail.example.org"]'}, 1, False),
        ({"IDENTIFIER": "cmswtp.org.uk", "ADMIN_EMAIL": "a@cmswtp.org.uk", "BASE_URL": "https://cmswtp.org.uk/oai"}, 0, True),
        ({"IDENTIFIER": "example.com", "ADMIN_EMAIL": "a@localhost.test"}, 2, False),
        ({"IDENTIFIER": "myexample.com", "ADMIN_EMAIL": "a@notexample.org"}, 0, False),
        ({"BASE_URL": "https://cmswtp.org.uk/oai"}, 2, True),
        ({"BASE_URL": "https://8.8.8.8/oai"}, 2, True),
        ({"BASE_URL": "http://10.0.0.1/oai"}, 2, False),
        ({"BASE_URL": "http://[::1]:8080/oai"}, 2, False),
        ({"BASE_URL": "http://library/oai"}, 2, False),
        ({"BASE_URL": "https://feed.example.org/oai"}, 2, False),
    ],
)  # fmt: skip  # a table
def test_examples_are_told_from_what_is_yours(environ: dict[str, str], examples: int, public: bool) -> None:
    found = load(None, {f"REPO_HARVEST_REPOSITORY_{name}": value for name, value in environ.items()})
    assert (len(found.examples), found.is_public) == (examples, public)
