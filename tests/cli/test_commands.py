"""Each command as its user meets it: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from lxml import etree
from sickle import Sickle  # type: ignore[import-untyped]  # sickle has no types

from repo_harvest.formats import validate_response
from repo_harvest.model import Entry
from tests.cli.shell import Shell
from tests.pages_kit import WORKS, page_html, page_text
from tests.web_kit import MANY, path, serving

SOURCE = '[[source]]\nname = "page"\npath = "page.html"\nsets = ["a:b"]\nschedule = "0 3 * * *"\n'


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    shell = Shell(tmp_path, database_url)
    shell.configure(SOURCE)
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    return shell


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    """A folder where nothing was initialised."""
    shell = Shell(tmp_path, f"sqlite:///{tmp_path}/new/feed.db")
    shell.configure(SOURCE)
    (tmp_path / "page.html").write_text(page_html(WORKS), encoding="utf-8")
    return shell


def test_a_page_goes_from_file_to_harvester(shell: Shell) -> None:
    assert shell.run("ingest").out.startswith("page: 5 new, 0 changed, 0 same, 0 gone, 0 merged, 0 refused\n")
    with shell.running("serve", "--workers", "1"):
        status, body = shell.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
        assert status == 200
        assert validate_response(body) == ()
        records = list(Sickle(f"http://127.0.0.1:{shell.port}/oai").ListRecords(metadataPrefix="oai_dc", set="a"))
        assert {record.metadata["title"][0] for record in records} == {work.title for work in WORKS}
        assert shell.get("/healthz")[0] == 200
        assert WORKS[0].title.encode() in shell.get("/")[1]
    assert shell.run("ingest").out.startswith("page: 0 new, 0 changed, 5 same, 0 gone, 0 merged, 0 refused\n")


def test_up_makes_the_database_reads_the_page_and_serves(empty: Shell) -> None:
    with empty.running("up", "--workers", "1") as service:
        status, body = empty.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
        assert (status, validate_response(body)) == (200, ())
        assert len(etree.fromstring(body).findall(".//{*}header")) == 5
    assert service.returncode in {0, -15}
    told = [line for line in empty.output.splitlines() if "page" in line and ("5 new" in line or "new=5" in line)]
    assert told == ["page: 5 new, 0 changed, 0 same, 0 gone, 0 merged, 0 refused"]  # once, not as a log line as well


def test_a_service_whose_events_are_objects_prints_no_report_between_them(empty: Shell) -> None:
    with (empty.folder / empty.config).open("a", encoding="utf-8") as config:
        config.write('[log]\nformat = "json"\n')
    with empty.running("up", "--workers", "1"):
        assert empty.get("/healthz")[0] == 200
    events = [json.loads(line) for line in empty.output.splitlines() if line.startswith("{")]
    assert [event["new"] for event in events if "new" in event] == [5]
    assert "5 new" not in empty.output


def test_init_is_idempotent(empty: Shell) -> None:
    assert empty.run("init").out.endswith(": ready\n")
    assert empty.run("init").out.endswith(": already up to date\n")


def test_inspect_reads_every_page_of_a_list_and_says_so(empty: Shell) -> None:
    with serving() as web:
        web.lists(MANY[:7], MANY[7:])
        found = empty.run("inspect", f"http://{web.at}/list", "--allow-private", web.at, "--json")
        assert [entry["title"] for entry in json.loads(found.out)] == [work.title for work in MANY]
        assert "the list is on 2 pages" in found.err
        web.pages[path(2)] = 404
        found = empty.run("inspect", f"http://{web.at}/list", "--allow-private", web.at)
        assert (found.status, found.out) == (1, "")
        assert path(2) in found.err


def test_inspect_prints_entries_and_needs_no_database(empty: Shell) -> None:
    (empty.folder / "list.txt").write_text(page_text(WORKS), encoding="utf-8")
    for page in ("page.html", "list.txt"):
        found = json.loads(empty.run("inspect", page, "--json").out)
        assert [entry["title"] for entry in found] == [work.title for work in WORKS]
        assert found[0]["creators"] == ["Buck, Gillian"]
        assert (found[0]["date"], found[0]["year"], found[0]["publisher"]) == ("2017-03-21", "2017", "SAGE")
        assert found[1]["creators"] == ["Gosling, Helena", "Buck, Gillian"]
        assert {*found[0], "year", "date"} >= {field.name for field in fields(Entry)}
        assert found[0]["byline"] == WORKS[0].byline
        assert found[0]["origins"]["creators"]
    assert WORKS[0].title in empty.run("inspect", "page.html").out
    assert not (empty.folder / "new" / "feed.db").exists()


def test_show_status_and_validate_tell_about_the_feed(shell: Shell) -> None:
    shell.run("ingest")
    status = json.loads(shell.run("status", "--json").out)
    assert status["feed"] == {"live": 5, "deleted": 0, "sets": 2, "quarantined": 0, "lead": 0}
    (source,) = status["sources"]
    assert (source["name"], source["last"]["new"], source["next"][-9:]) == ("page", 5, "03:00:00Z")
    identifier = json.loads(shell.run("export").out.splitlines()[0])["identifier"]
    shown = json.loads(shell.run("show", identifier.rpartition(":")[2], "--json").out)
    assert shown["identifier"] == identifier
    assert shown["origins"][0]["source"] == "page"
    assert identifier in shell.run("show", identifier).out
    stored = json.loads(shell.run("show", identifier, "--formats", "--json").out)
    assert stored["oai_dc"].startswith("<oai_dc:dc ")
    printed = shell.run("show", identifier, "--formats").out
    assert re.findall(r"^[a-z_]+$", printed, re.MULTILINE) == list(stored)
    assert f"  <dc:title>{shown['record']['title'][0]}</dc:title>\n" in printed
    assert shell.run("validate", "--format", "oai_dc").out == "oai_dc: 5 records, 0 invalid\n"
    assert "page" in shell.run("status").out


def test_formats_tells_where_each_field_goes(empty: Shell) -> None:
    told = json.loads(empty.run("formats", "--format", "marcxml", "--json").out)
    assert told["title"] == {"marcxml": ["245 $a", "246 $a"]}
    assert "787 $t" in empty.run("formats", "--format", "marcxml").out
    lines = empty.run("formats", "--markdown").out.splitlines()
    assert len({line.count(" | ") for line in lines}) == 1
    assert "| `title` | `dc:title` |" in lines[2]
    assert "left out" in next(line for line in lines if line.startswith("| `relation` "))


def test_a_page_that_went_wrong_is_refused_with_what_to_do_and_then_accepted(shell: Shell) -> None:
    (good,) = json.loads(shell.run("ingest", "--json").out)
    assert (good["shape"]["entries"], good["shape"]["filled"]["creators"]) == (5, 5)
    (shell.folder / "page.html").write_text(page_html(WORKS[:2]), encoding="utf-8")
    done = shell.run("ingest")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "refused: page: known entries: 5 in the last good run, only 2 of them now, of 2 on the page (at least 4 must be "
        "there). Nothing was changed; look at the page, and if it is right, accept it at the desk or with: repo-harvest ingest page --accept-drift\n"
    )
    status = json.loads(shell.run("status", "--json").out)
    assert status["feed"]["live"] == 5
    assert (status["sources"][0]["last"]["outcome"], status["sources"][0]["last"]["message"]) == (
        "refused",
        done.err.removeprefix("refused: page: ").rstrip(),
    )
    assert "known entries" in shell.run("status").out
    accepted = shell.run("ingest", "page", "--accept-drift")
    assert (accepted.status, accepted.out.splitlines()[0]) == (
        0,
        "page: 0 new, 0 changed, 2 same, 3 gone, 0 merged, 0 refused",
    )


def test_what_is_missing_is_told_until_it_is_deleted(shell: Shell) -> None:
    shell.configure(SOURCE + "delete_after = 2\n")
    shell.run("ingest")
    (shell.folder / "page.html").write_text(page_html(WORKS[1:]), encoding="utf-8")
    first = shell.run("ingest")
    lines = first.out.splitlines()
    assert (first.status, lines[0]) == (0, "page: 0 new, 0 changed, 4 same, 0 gone, 0 merged, 0 refused, 1 missing")
    assert re.fullmatch(
        r"  missing  oai:x\.org:[0-9a-f]{16}  The core conditions of peer mentoring: "
        "not on the page in 1 of the 2 runs that must agree before it is deleted",
        lines[1],
    )
    told = shell.run("status", environment={"COLUMNS": "200"}).out
    assert "1 missing from the page, and deleted if further runs agree" in told
    assert json.loads(shell.run("status", "--json").out)["sources"][0]["last"]["missing"] == 1
    assert shell.run("ingest").out.startswith("page: 0 new, 0 changed, 4 same, 1 gone, 0 merged, 0 refused\n")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_export_migrates_into_the_same_feed(shell: Shell, new_database_url: Callable[[str], str], kind: str) -> None:
    shell.run("ingest")
    (shell.folder / "page.html").write_text(page_html(WORKS[1:]), encoding="utf-8")
    shell.run("ingest")
    shell.run("export", "--output", "feed.jsonl")
    other = {"REPO_HARVEST_DATABASE_URL": new_database_url(kind)}
    assert shell.run("import", "--migrate", "feed.jsonl", environment=other).status == 0
    assert shell.run("export", environment=other).out == (shell.folder / "feed.jsonl").read_text(encoding="utf-8")
    again = shell.run("import", "--migrate", "feed.jsonl", environment=other)
    assert (again.status, again.out) == (1, "")
    assert "empty" in again.err
    (shell.folder / "more.jsonl").write_text('{"title": "One more"}', encoding="utf-8")
    assert shell.run("import", "more.jsonl", environment=other).out.startswith("import-more: 1 new")


def test_an_import_is_matched_with_what_is_there(shell: Shell) -> None:
    shell.run("ingest")
    lines: list[dict[str, object]] = [
        {
            "id": "a",
            "title": WORKS[3].title,
            "creators": ["Atherton, P.", "Buck, G."],
            "date": "2021",
            "publisher": "Emerald",
            "description": WORKS[3].abstract,
        },
        {"id": "b", "dc": {"title": ["A new one"], "creator": ["Ito, Kei"], "date": ["2024"]}},
    ]
    (shell.folder / "more.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert shell.run("import", "more.jsonl").out.startswith(
        "import-more: 1 new, 0 changed, 0 same, 0 gone, 1 merged, 0 refused"
    )
    assert shell.run("import", "more.jsonl").out.startswith(
        "import-more: 0 new, 0 changed, 2 same, 0 gone, 0 merged, 0 refused"
    )
    gone = [{**lines[1], "deleted": True}]
    (shell.folder / "more.jsonl").write_text("\n".join(map(json.dumps, gone)), encoding="utf-8")
    assert shell.run("import", "more.jsonl").out.startswith(
        "import-more: 0 new, 0 changed, 0 same, 1 gone, 0 merged, 0 refused"
    )


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{", "bad.jsonl line 2: is not JSON"),
        ('{"titel": "x"}', "line 2.*titel.*title"),
        ('{"title": 7.5}', "line 2.*title"),
        ('{"title": "x", "sets": ["a b"]}', "line 2.*sets"),
        ('{"title": "x", "datestamp": "2021-02-30"}', "line 2.*datestamp"),
        ('["x"]', "line 2"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_of_the_file_is_published(shell: Shell, line: str, names: str) -> None:
    (shell.folder / "bad.jsonl").write_text('{"title": "Good", "identifier": "oai:x.org:1"}\n' + line, encoding="utf-8")
    for options in ((), ("--migrate",)):
        done = shell.run("import", "bad.jsonl", *options)
        assert (done.status, done.out) == (1, "")
        assert re.search(names, done.err), done.err
        assert len(done.err.splitlines()) == 1
    assert json.loads(shell.run("status", "--json").out)["feed"]["live"] == 0


def test_a_record_without_title_is_quarantined(shell: Shell) -> None:
    (shell.folder / "odd.jsonl").write_text(
        '{"id": "1", "creators": ["Ito, K"]}\n{"id": "2", "title": "Fine"}', encoding="utf-8"
    )
    done = shell.run("import", "odd.jsonl")
    assert (done.status, done.out.splitlines()[0]) == (
        1,
        "import-odd: 1 new, 0 changed, 0 same, 0 gone, 0 merged, 1 refused",
    )
    assert "it has no title" in done.err
    feed = json.loads(shell.run("status", "--json").out)["feed"]
    assert (feed["live"], feed["quarantined"]) == (1, 1)


FAULTS = {
    "no such page": (["ingest", "http://127.0.0.1:9/list", "--allow-private", "127.0.0.1:9"], 1, "no connection"),
    "a private page": (["ingest", "http://127.0.0.1:9/list"], 1, "allow_private"),
    "no such file": (["ingest", "nowhere.html"], 2, "no such file"),
    "an empty page": (["ingest", "empty.html"], 1, "empty"),
    "not a page": (["ingest", "picture.html"], 1, "picture.html"),
    "a page without entries": (["ingest", "blank.html"], 1, "no publications"),
    "no such command": (["ingset"], 2, "ingset"),
    "no such option": (["ingest", "--frce"], 2, "--frce"),
    "no such format": (["validate", "--format", "marc"], 2, "oai_dc"),
    "no format to tell of": (["formats", "--format", "marc"], 2, "no metadata format is called 'marc'"),
    "two ways to print": (["formats", "--markdown", "--json"], 2, "give one of them"),
    "no such item": (["show", "nothing"], 2, "there is no such item"),
    "no such import": (["import", "nowhere.jsonl"], 2, "nowhere.jsonl"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_is_one_clear_line_and_the_right_status(empty: Shell, name: str) -> None:
    (empty.folder / "empty.html").write_bytes(b"")
    (empty.folder / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    (empty.folder / "blank.html").write_text("<html><body><h1>Nothing here</h1></body></html>")
    empty.run("init")
    arguments, status, says = FAULTS[name]
    done = empty.run(*arguments)
    assert (done.status, done.out) == (status, "")
    assert says in done.err
    assert len([line for line in done.err.splitlines() if "refused" in line or "repo-harvest:" in line]) <= 1


def test_a_misspelt_key_stops_the_start_and_names_the_nearest(empty: Shell) -> None:
    empty.configure("[server]\nprot = 1\n")
    done = empty.run("up")
    assert done.status == 2
    assert "server.prot" in done.err
    assert "port" in done.err


def test_a_port_in_use_is_said_before_anything_is_done(empty: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", empty.port))
        taken.listen()
        for command in ("up", "serve"):
            empty.run("init")
            done = empty.run(command)
            assert (done.status, "in use" in done.err) == (2, True), done.err


def test_a_database_of_a_newer_version_is_left_alone(empty: Shell) -> None:
    import sqlite3  # noqa: PLC0415 -- to be the newer program

    empty.run("init")
    with sqlite3.connect(empty.folder / "new" / "feed.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in (["init"], ["ingest"], ["status"], ["up"], ["serve"]):
        done = empty.run(*command)
        assert (done.status, "newer repo-harvest" in done.err) == (2, True), done.err


def test_one_source_that_fails_does_not_stop_the_others(shell: Shell) -> None:
    shell.configure('[[source]]\nname = "missing"\npath = "missing.html"\n' + SOURCE)
    done = shell.run("ingest")
    assert done.status == 1
    assert "missing" in done.err
    assert done.out.startswith("page: 5 new")


def test_every_command_explains_itself_with_an_example(empty: Shell) -> None:
    commands = re.findall(r"^  ([a-z]+)  ", empty.run("--help").out, re.MULTILINE)
    assert {
        "up",
        "init",
        "ingest",
        "inspect",
        "serve",
        "schedule",
        "validate",
        "show",
        "status",
        "import",
        "export",
    } <= set(commands)
    for command in commands:
        assert "Example: repo-harvest" in re.sub(
            r"(?<=-)\s+|\s+",
            lambda m: "" if m[0] != " " and m.string[m.start() - 1] == "-" else " ",
            empty.run(command, "--help").out,
        ), command


def test_harvesters_are_told_with_what_they_have_not_got_yet(shell: Shell) -> None:
    assert shell.run("init").status == 0
    assert shell.run("harvesters").out == "nobody has harvested yet\n"
    shell.run("ingest")
    with shell.running("serve", "--workers", "1"):
        shell.get("/healthz")
        list(Sickle(f"http://127.0.0.1:{shell.port}/oai").ListRecords(metadataPrefix="oai_dc"))
    told = shell.run("harvesters", environment={"COLUMNS": "200"})
    assert told.status == 0
    for words in ("127.0.0.1", "ListRecords oai_dc", "has everything up to", "nothing is new since"):
        assert words in re.sub(r"\s+", " ", told.out)
    (shell.folder / "page.html").write_text(page_html(WORKS[:-1]), encoding="utf-8")
    shell.run("ingest")
    (state,) = json.loads(shell.run("harvesters", "--json").out)
    assert (state["address"], state["records"], state["missing"]) == ("127.0.0.1", 5, {"live": 0, "deleted": 1})
    assert [one["state"] for one in state["lists"]] == ["finished"]


def test_maintenance_begins_and_ends_without_a_restart(shell: Shell) -> None:
    shell.run("ingest")
    with shell.running("serve", "--workers", "1"):
        assert shell.get("/oai?verb=Identify")[0] == 200
        assert "maintenance off" in shell.run("maintenance", "on", "--retry-after", "60").out
        assert [shell.get(path)[0] for path in ("/oai?verb=Identify", "/", "/readyz", "/healthz")] == [
            503,
            503,
            503,
            200,
        ]
        assert shell.run("maintenance", "off").out == "serving again\n"
        assert [shell.get(path)[0] for path in ("/oai?verb=Identify", "/", "/readyz")] == [200, 200, 200]
    assert shell.run("maintenance", "off").out == "there was no maintenance\n"
    assert shell.run("maintenance", "on", "--retry-after", "0").status == 2


def test_a_changed_configuration_is_followed_and_said(shell: Shell) -> None:
    shell.run("ingest")
    terms = '[repository]\nmetadata_rights = "https://x.org/licence"\nfriends = ["https://y.org/oai"]\n'
    sets = '[sets]\n"a:b" = { name = "A and B", description = "What both list" }\n[sets.year]\nname = "Year"\nby = "year"\n'
    shell.configure("")
    config = (shell.folder / "repo-harvest.toml").read_text(encoding="utf-8")
    config = config.replace("[repository]\n", terms) + sets + SOURCE
    (shell.folder / "repo-harvest.toml").write_text(config, encoding="utf-8")
    assert "brought in line" not in shell.run("ingest", "--dry-run").err
    done = shell.run("ingest")
    assert done.err == "5 records brought in line with the configuration\n"
    assert done.out.startswith("page: 0 new, 0 changed, 5 same,")
    assert shell.run("ingest").err == ""
    checked = shell.run("validate").out.splitlines()
    assert "oai_dc: 5 records, 0 invalid" in checked
    assert [line for line in checked if not line.endswith(" records, 0 invalid")] == []
    with shell.running("serve", "--workers", "1"):
        answers = {
            query: shell.get(f"/oai?verb={query}")[1]
            for query in ("Identify", "ListSets", "ListRecords&metadataPrefix=oai_dc&set=year:2021")
        }
    assert [validate_response(body) for body in answers.values()] == [()] * 3
    identify, sets_listed, records = (etree.fromstring(body) for body in answers.values())
    assert identify.findtext(".//{*}friends/{*}baseURL") == "https://y.org/oai"
    assert [found.get("ref") for found in identify.iter("{*}rightsReference")] == ["https://x.org/licence"]
    assert [found.text for found in sets_listed.iter("{*}setSpec")][:3] == ["a", "a:b", "year"]
    assert sets_listed.findtext(".//{*}setDescription//{*}description") == "What both list"
    assert len([found.get("ref") for found in records.iter("{*}rightsReference")]) == 2


def test_an_example_is_told_at_home_and_stops_a_start_in_public(empty: Shell) -> None:
    email = {"REPO_HARVEST_REPOSITORY_ADMIN_EMAIL": "a@mail.example"}
    public = {**email, "REPO_HARVEST_REPOSITORY_BASE_URL": "https://library.x.org/oai"}
    sentence = "repository.admin_email: a@mail.example is an example; give one of yours before the feed is harvested"
    for command in ("up", "serve"):
        done = empty.run(command, environment=public)
        assert (done.status, sentence in done.err) == (2, True)
    empty.environment |= email
    with empty.running("up", "--workers", "1"):
        assert empty.get("/healthz")[0] == 200
    assert sentence in empty.output


REFERENCES = "".join(
    f"<li class=ref>{name} (20{number}1). <i>{title}</i>. Probation Journal, {number}(2), 1-9.</li>"
    for number, (name, title) in enumerate(
        [("Buck, G.", "Listening at the gate"), ("Lee, A.", "What mentors know"), ("Roe, J.", "A room after prison")], 1
    )
)


def test_inspect_shows_each_way_to_read_a_page_and_where_every_field_came_from(empty: Shell) -> None:
    titles = ["Listening at the gate", "What mentors know", "A room after prison", "Forty mornings", "Two by two"]
    hidden = "@book{{a{0}, title={{{1}}}, author={{Buck, G. and Roe, J.}}, publisher={{House {0}}}, year=201{0}}}"
    page = "".join(
        f"<li><b>{title}</b><br>Buck, G.<br>201{at}<pre style='display:none'>{hidden.format(at, title)}</pre></li>"
        for at, title in enumerate([*titles, *titles[:2]], 1)
    )
    (empty.folder / "page.html").write_text(f"<ul>{page}</ul>", encoding="utf-8")
    done = empty.run("inspect", "page.html")
    first, _, others = done.out.partition("could also be read")
    assert "House 1   [BibTeX publisher]" in first
    assert first.count("place") == 3
    assert "2 titles stand there more than once" in first
    assert "Buck, G.; Roe, J.   [BibTeX author]" in others
    assert done.err.count("Roe, J.") == 5
    assert "… and 2 more notes, which --all shows" in done.err
    everything = empty.run("inspect", "page.html", "--all")
    assert everything.err.count("Roe, J.") == 7
    assert everything.out.partition("could also be read")[0].count("place") == 7


def test_a_profile_is_written_from_two_titles_and_read_by(empty: Shell) -> None:
    page = f"<ul><li>News of 2021</li></ul><h2>Our work</h2><ol>{REFERENCES}</ol>"
    (empty.folder / "page.html").write_text(page, encoding="utf-8")
    teach = ("inspect", "page.html", "--title", "Listening at the gate", "--title", "A room after prison")
    done = empty.run(*teach, "--write-profile", "ours.toml")
    assert (done.status, "wrote ours.toml: 3 entries" in done.err) == (0, True)
    written = (empty.folder / "ours.toml").read_text(encoding="utf-8")
    assert 'entry = "li.ref"' in written
    assert "count = 3" in written
    assert "is there already" in empty.run(*teach, "--write-profile", "ours.toml").err
    assert "give two titles" in empty.run("inspect", "page.html", "--write-profile", "x.toml").err
    assert "is not on this page" in empty.run("inspect", "page.html", "--title", "No", "--title", "Nor this").err
    found = json.loads(empty.run("inspect", "page.html", "--profile", "ours.toml", "--json").out)
    assert [(one["title"], one["year"], one["container"]) for one in found] == [
        ("Listening at the gate", "2011", "Probation Journal"),
        ("What mentors know", "2021", "Probation Journal"),
        ("A room after prison", "2031", "Probation Journal"),
    ]
    empty.configure(SOURCE.replace("path =", 'profile = "ours.toml"\npath ='))
    assert empty.run("ingest").out.startswith("page: 3 new")
    (empty.folder / "ours.toml").write_text("entri = 'li'", encoding="utf-8")
    wrong = empty.run("ingest")
    assert (wrong.status, "ours.toml: entri: is not a known key" in wrong.err) == (2, True)
