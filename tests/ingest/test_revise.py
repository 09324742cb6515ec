"""The configuration changes: which records move, who leaves a set, and that a pass that was cut short ends all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine, update

from repo_harvest import formats
from repo_harvest.catalogue import SetRule
from repo_harvest.errors import Busy
from repo_harvest.formats import registry
from repo_harvest.ingest import Policy, Revised, is_due, revise
from repo_harvest.ingest.lines import migrate_file
from repo_harvest.model import SetInfo
from repo_harvest.store import ledger
from repo_harvest.store.browse import every_item, every_rendition
from repo_harvest.store.engine import writing
from repo_harvest.store.tables import entries
from tests.oai.library import Library
from tests.pages_kit import WORKS, Site
from tests.store.kit import Wanted, dump, publish_state

YEARS = SetRule(spec="years", name="By year", by="year")
BUCK = SetRule(spec="buck", name="All by Buck", creators=("Buck",))
EARLY = SetRule(spec="early", name="Early", years=((0, 2018),))


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    site = Site(engine, tmp_path, sets=())
    site.run(WORKS)
    return site


def under(site: Site, *rules: SetRule, rights: str | None = None) -> Revised:
    """Bring the feed in line with this policy, a minute later."""
    site.clock.now += 60
    site.press = replace(site.press, policy=Policy(rules=rules, metadata_rights=rights))
    done = revise(site.press)
    site.clock.now += 1
    return done


def listed(site: Site, set_spec: str) -> dict[str, bool]:
    """Identifier -> whether it is deleted, as a harvester of one set sees it."""
    answer = Library(site.engine, site.clock).split(100).ask("ListIdentifiers", metadataPrefix="oai_dc", set=set_spec)
    return {head.identifier: head.deleted for head in answer.heads}


def stamps(site: Site) -> dict[str, str]:
    answer = Library(site.engine, site.clock).split(100).ask("ListIdentifiers", metadataPrefix="oai_dc")
    return {head.identifier: head.datestamp for head in answer.heads}


def names(site: Site) -> dict[str, str]:
    sets = Library(site.engine, site.clock).split(100).ask("ListSets").root.iter("{*}set")
    return {str(found.findtext("{*}setSpec")): str(found.findtext("{*}setName")) for found in sets}


def test_a_new_rule_moves_those_it_concerns_and_nobody_else(site: Site) -> None:
    before = stamps(site)
    assert under(site, EARLY).moved == 2
    after = stamps(site)
    moved = {identifier for identifier in before if after[identifier] != before[identifier]}
    assert set(listed(site, "early")) == moved
    assert under(site, EARLY) == Revised()
    assert stamps(site) == after


def test_who_leaves_a_set_is_deleted_from_it_alone(site: Site) -> None:
    under(site, EARLY)
    members = listed(site, "early")
    assert under(site).moved == 2
    assert listed(site, "early") == dict.fromkeys(members, True)
    assert not any(
        head.deleted
        for head in Library(site.engine, site.clock).split(9).ask("ListIdentifiers", metadataPrefix="oai_dc").heads
    )


def test_a_set_is_divided_and_each_part_has_a_name(site: Site) -> None:
    under(site, YEARS, BUCK)
    assert names(site) == {
        "buck": "All by Buck",
        "years": "years",
        "years:2015": "By year: 2015",
        "years:2017": "By year: 2017",
        "years:2019": "By year: 2019",
        "years:2021": "By year: 2021",
    }
    ledger.declare_sets(site.engine, [SetInfo(spec="buck", name="By Buck", description="Who & what")])
    assert names(site)["buck"] == "By Buck"
    described = Library(site.engine, site.clock).split(100).ask("ListSets").root.iter("{*}setDescription")
    assert [found.findtext(".//{*}description") for found in described] == ["Who & what"]
    assert (len(listed(site, "buck")), len(listed(site, "years")), len(listed(site, "years:2021"))) == (5, 5, 2)


def test_a_run_follows_the_rules_too(site: Site) -> None:
    under(site, YEARS)
    report = site.run([WORKS[0].but(byline="Buck, Gillian (SAGE, 2018)"), *WORKS[1:]])
    assert report.run.changed == 1
    site.clock.now += 1
    assert (list(listed(site, "years:2017").values()), list(listed(site, "years:2018").values())) == ([True], [False])
    assert under(site, YEARS) == Revised()
    assert site.run().run.same == 5


def test_a_format_that_a_program_learns_is_rendered_of_all_and_moves_each_once(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = registry.FORMATS
    with monkeypatch.context() as before:
        before.setattr(registry, "FORMATS", {prefix: one for prefix, one in known.items() if prefix != "mods"})
        before.setattr(formats, "FORMATS", registry.FORMATS)
        site = Site(engine, tmp_path, sets=())
        site.run(WORKS)
        revise(site.press)
        assert served(site, "mods") == {}
        held = stamps(site)
    site.clock.now += 60
    progress: list[int] = []
    assert is_due(site.press)
    assert revise(replace(site.press, advance=progress.append)).moved == sum(progress) == len(WORKS)
    site.clock.now += 1
    assert all(after > held[identifier] for identifier, after in stamps(site).items())
    assert served(site, "mods") == served(site, "oai_dc") == stamps(site)
    assert not is_due(site.press)
    assert revise(site.press) == Revised()


def served(site: Site, prefix: str) -> dict[str, str]:
    """Identifier -> datestamp of each record in a format, from ListRecords, whose answer is judged by the schemas."""
    answer = Library(site.engine, site.clock).split(100).ask("ListRecords", metadataPrefix=prefix)
    return {head.identifier: head.datestamp for head in answer.heads}


def test_rights_are_put_on_every_record_and_taken_off_again(site: Site) -> None:
    def licensed() -> list[str]:
        answer = Library(site.engine, site.clock).split(100).ask("ListRecords", metadataPrefix="oai_dc")
        return [str(found.get("ref")) for found in answer.root.iter("{*}rightsReference")]

    assert under(site, rights="https://x.org/a").moved == 5
    assert licensed() == ["https://x.org/a"] * 5
    assert under(site, rights="https://x.org/b").moved == 5
    assert licensed() == ["https://x.org/b"] * 5
    assert under(site).moved == 5
    assert licensed() == []


def test_deleted_items_stay_as_they_were(site: Site) -> None:
    site.run(WORKS[1:])
    before = dump(site.engine)["renditions"]
    assert under(site, rights="https://x.org/a").moved == 4
    assert [row for row in before if row[4] is None] == [
        row for row in dump(site.engine)["renditions"] if row[4] is None
    ]


def test_moved_records_are_held_against_the_rules_afterwards(engine: Engine, tmp_path: Path) -> None:
    site, lines = Site(engine, tmp_path), tmp_path / "moved.jsonl"
    under(site, YEARS)
    rows = [{"identifier": f"oai:x.org:{n}", "title": f"Title {n}", "date": "2020"[: 4 * (n % 2)]} for n in range(6)]
    lines.write_text("".join(json.dumps({**row, "datestamp": "2020-01-01T00:00:00Z"}) + "\n" for row in rows))
    migrate_file(lines, site.press)
    assert revise(site.press).moved == 3
    site.clock.now += 1
    assert set(listed(site, "years")) == {f"oai:x.org:{n}" for n in (1, 3, 5)}
    assert [stamp for stamp in stamps(site).values() if stamp.startswith("2020")] == ["2020-01-01T00:00:00Z"] * 3


def test_an_item_that_cannot_be_made_anew_keeps_its_last_good_version(site: Site) -> None:
    with writing(site.engine) as connection:
        connection.execute(update(entries).where(entries.c.position == 0).values(record='{"date":["2017"]}'))
    done = under(site, rights="https://x.org/a")
    assert done.moved == 4
    (fault,) = done.faults
    assert fault.startswith("oai:x.org:")
    assert fault.endswith("it has no title")


def test_values_are_cut_where_the_configuration_says_so_and_whole_again_without_it(site: Site) -> None:
    def policy(most: int | None) -> Revised:
        site.clock.now += 60
        site.press = replace(site.press, policy=Policy(longest_value=most))
        done = revise(site.press)
        site.clock.now += 1
        return done

    def served() -> set[int]:
        rows = every_rendition(site.engine)
        return {len((node.text or "").encode()) for _, one, _ in rows for node in etree.fromstring(one.metadata).iter()}

    longest = max(len(text.encode()) for item in every_item(site.engine) for text in item.record.description)
    before, whole = stamps(site), served()
    assert policy(None) == Revised()
    assert policy(longest - 1).moved > 0
    assert longest not in served()
    assert stamps(site) != before
    assert policy(None).moved > 0
    assert served() == whole


def test_a_pass_that_is_cut_short_begins_again(site: Site) -> None:
    def stop(_steps: int) -> None:
        raise KeyboardInterrupt

    policy = Policy(metadata_rights="https://x.org/a")
    with pytest.raises(KeyboardInterrupt):
        revise(replace(site.press, policy=policy, advance=stop))
    site.clock.now += 60
    done = stamps(site)
    assert ledger.find_applied(site.engine) != policy.fingerprint
    assert under(site, rights="https://x.org/a") == Revised()
    assert ledger.find_applied(site.engine) == policy.fingerprint
    assert stamps(site) == done


class Interrupted(tuple[SetRule, ...]):  # noqa: SLOT001 -- it knows a site
    """Rules during whose use another run publishes, so many times in all."""

    site: Site
    left: int

    def __iter__(self) -> Iterator[SetRule]:
        if self.left:
            self.left -= 1
            publish_state(
                self.site.engine, {f"oai:x.org:{self.left % 2}": Wanted(f"Between {self.left}")}, self.site.clock
            )
        return super().__iter__()


def interrupted(site: Site, times: int) -> Interrupted:
    rules = Interrupted([EARLY])
    rules.site, rules.left = site, times
    return rules


def test_a_publication_that_comes_between_is_planned_around(site: Site) -> None:
    assert under(site, EARLY).moved == 2
    site.press = replace(site.press, policy=Policy(rules=interrupted(site, 2), metadata_rights="https://x.org/a"))
    done = revise(site.press)
    assert done.moved == 5
    assert len(done.faults) == 2  # those without entries, which only tests publish


def test_a_feed_that_never_rests_is_said_to_be_busy(site: Site) -> None:
    press = replace(site.press, policy=Policy(rules=interrupted(site, 1000)))
    with pytest.raises(Busy, match="run it again"):
        revise(press)
    assert ledger.find_applied(site.engine) != press.policy.fingerprint
