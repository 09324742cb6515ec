"""What people come for, done in a browser without scripts: once with a mouse, once with nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Cookie, Locator, Page, expect

from repo_harvest.model import Outcome
from repo_harvest.store import ledger
from repo_harvest.store.review import doubts
from repo_harvest.store.steering import steered
from tests.browser.chromium import sign_in
from tests.browser.hands import Hand, Keyboard, Mouse
from tests.browser.house import House, open_house
from tests.browser.works import ADDED, READINGS
from tests.web.desk import PASSWORD


@pytest.fixture(scope="module", params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def kind(request: pytest.FixtureRequest) -> Callable[[Page], Hand]:
    made: Callable[[Page], Hand] = request.param
    return made


@pytest.fixture(scope="module")
def house(
    kind: Callable[[Page], Hand],
    new_database_url_for_module: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """A house for each kind of hand: what one has done is not there for the other."""
    folder = tmp_path_factory.mktemp(getattr(kind, "__name__", "house"))
    with open_house(new_database_url_for_module("sqlite"), folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One page for all, which a new one costs more than most tasks: it keeps nothing but its cookies."""
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def let_in(tab: Page, house: House) -> list[Cookie]:
    """What a browser keeps of a manager who is signed in."""
    sign_in(tab, house)
    return tab.context.cookies()


@pytest.fixture
def page(tab: Page, house: House) -> Page:
    tab.context.clear_cookies()
    tab.goto(house.root)
    return tab


@pytest.fixture
def hand(kind: Callable[[Page], Hand], page: Page) -> Hand:
    return kind(page)


@pytest.fixture
def desk(page: Page, let_in: list[Cookie], house: House) -> Page:
    """The page, with a manager at the desk."""
    page.context.add_cookies(
        [{"name": one["name"], "value": one["value"], "domain": one["domain"], "path": one["path"]} for one in let_in]
    )
    page.goto(f"{house.root}admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sources")
    return page


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def link(page: Page, words: str) -> Locator:
    return page.get_by_role("link", name=words, exact=True)


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_a_reader_searches_and_narrows_what_is_found(page: Page, hand: Hand) -> None:
    hand.write(page.get_by_label("Search the collection"), "mentoring")
    hand.press(button(page, "Search"))
    expect(heading(page)).to_have_text("4 records for mentoring")
    hand.press(page.locator("summary", has_text="Narrow the results"))
    hand.press(link(page, "2021"))
    expect(heading(page)).to_have_text("1 record for mentoring")
    hand.press(page.get_by_role("link", name="Take away"))
    expect(heading(page)).to_have_text("4 records for mentoring")


def test_a_reader_opens_a_record_and_downloads_its_citation(page: Page, hand: Hand) -> None:
    hand.write(page.get_by_label("Search the collection"), '"core conditions"')
    hand.press(button(page, "Search"))
    hand.press(link(page, READINGS[0].title))
    expect(heading(page)).to_have_text(READINGS[0].title)
    with page.expect_download() as loading:
        hand.press(link(page, "BibTeX"))
    assert loading.value.suggested_filename.endswith(".bib")
    text = loading.value.path().read_text(encoding="utf-8")
    assert text.startswith("@")
    assert READINGS[0].title in text


def test_a_reader_turns_the_page(page: Page, hand: Hand) -> None:
    hand.press(link(page, "Older →"))
    expect(page.get_by_role("heading", level=2, name="Records, page 2 of 2")).to_be_visible()


def test_somebody_asks_the_feed_and_sees_what_a_harvester_is_sent(page: Page, hand: Hand, house: House) -> None:
    hand.press(link(page, "Explore the feed"))
    hand.press(button(page, "Ask ListRecords"))
    expect(heading(page)).to_contain_text("ListRecords")
    expect(page.get_by_text(READINGS[0].title).first).to_be_visible()
    hand.press(link(page, "See the XML"))
    expect(page.get_by_text(READINGS[0].title).first).to_be_visible()
    assert page.url.startswith(f"{house.root}oai?verb=ListRecords&metadataPrefix=oai_dc")


def test_somebody_who_asks_for_what_is_not_there_is_told_what_that_means(page: Page, hand: Hand, house: House) -> None:
    page.goto(f"{house.root}explore")
    hand.write(
        page.get_by_role("group", name="GetRecord: arguments").get_by_label("Identifier"), "oai:example.org:none"
    )
    hand.press(button(page, "Ask GetRecord"))
    expect(heading(page)).to_have_text("An error")
    expect(page.get_by_text("idDoesNotExist")).to_be_visible()
    hand.press(link(page, "All six requests"))
    expect(heading(page)).to_have_text("Explore the feed")


def test_a_reader_skips_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(link(page, "Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_manager_who_mistypes_is_told_and_one_who_leaves_is_out(page: Page, hand: Hand, house: House) -> None:
    page.goto(f"{house.root}admin/sign-in")
    for password in ("not the password", PASSWORD):
        hand.write(page.get_by_label("Name"), "anna")
        hand.write(page.get_by_label("Password"), password)
        hand.press(button(page, "Sign in"))
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("Signed in as anna")).to_be_visible()
    hand.press(button(page, "Sign out"))
    expect(heading(page)).to_have_text("Sign in")
    page.goto(f"{house.root}admin/")
    expect(heading(page)).to_have_text("Sign in")


def test_a_manager_runs_a_source(desk: Page, hand: Hand, house: House) -> None:
    before = ledger.history(house.engine, "readings")[0].id
    hand.press(button(desk, "Run now: readings"))
    house.until(lambda: "readings" not in steered(house.engine))
    house.until(lambda: ledger.history(house.engine, "readings")[0].outcome is Outcome.DONE)
    hand.press(link(desk, "readings"))
    hand.press(desk.get_by_role("list", name="Runs").get_by_role("link").first)
    last = ledger.history(house.engine, "readings")[0]
    assert last.id != before
    expect(heading(desk)).to_have_text(f"Run {last.id} of readings Well")


def test_a_manager_pauses_a_source_and_resumes_it(desk: Page, hand: Hand) -> None:
    hand.press(button(desk, "Pause: readings"))
    hand.press(link(desk, "readings"))
    expect(desk.get_by_text("Paused since")).to_be_visible()
    hand.press(button(desk, "Resume: readings"))
    expect(button(desk, "Pause: readings")).to_be_visible()


def test_a_manager_adds_a_source_by_its_address(desk: Page, hand: Hand, house: House) -> None:
    hand.press(link(desk, "Add a source"))
    hand.write(desk.get_by_label("Address of the page"), f"http://{house.web.at}/added")
    hand.press(button(desk, "See what is understood"))
    expect(desk.get_by_role("heading", name=f"{len(ADDED)} entries")).to_be_visible()  # the page looks again by itself
    expect(desk.get_by_role("heading", name=ADDED[0].title)).to_be_visible()
    hand.write(desk.get_by_label("Name, of small letters, digits and hyphens"), "correspondence")
    hand.press(button(desk, "Save"))
    expect(heading(desk)).to_have_text("Saved: correspondence")
    house.until(lambda: any(run.outcome is Outcome.DONE for run in ledger.history(house.engine, "correspondence")))
    hand.press(link(desk, "See how correspondence is read"))
    expect(heading(desk)).to_have_text("correspondence Well")


def test_a_manager_looks_at_a_drift_and_accepts_it(desk: Page, hand: Hand, house: House) -> None:
    needs = desk.get_by_role("region", name="What needs you")
    hand.press(needs.get_by_role("link", name="See why, and what would be published: notes"))
    hand.press(button(desk, "What would be published"))
    expect(desk.get_by_role("heading", name="Accept it, or leave it")).to_be_visible()
    hand.press(button(desk, "Accept and publish"))
    house.until(lambda: "notes" not in steered(house.engine))
    house.until(lambda: ledger.history(house.engine, "notes")[0].outcome is Outcome.DONE)
    desk.goto(f"{house.root}admin/source/notes")
    expect(heading(desk)).to_have_text("notes Well")
    assert ledger.history(house.engine, "notes")[0].gone > 0


def test_a_manager_decides_a_pair_and_takes_it_back(desk: Page, hand: Hand, house: House) -> None:
    pairs = len(doubts(house.engine))
    for words, key in (("The same work s", "The same work"), ("Different works d", "Different works")):
        hand.press(link(desk, "Duplicates"))
        hand.press(button(desk, words))
        expect(desk.get_by_role("status")).to_contain_text(f"Decided last: {key}")
        assert len(doubts(house.engine)) == pairs - 1
        hand.press(button(desk, "Undo u"))
        expect(heading(desk)).to_have_text("Decisions")
        assert len(doubts(house.engine)) == pairs
