"""A profile is a file that people can read and mend; two titles are enough to write one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.errors import SettingsError, UsageError
from repo_harvest.parse.learn import learn
from repo_harvest.parse.profile import FIELDS, Profile, Selector, dump_profile, load_profile
from repo_harvest.parse.sited import units_of
from repo_harvest.parse.tree import parse_html
from repo_harvest.parse.unit import Unit

TITLES = [
    "Listening at the gate",
    "What mentors know & how",
    "A room of one's own, after prison",
    "Tea, biscuits and desistance",
    "Peers as professionals?",
    "Between two benches",
]


def read(page: str, profile: Profile) -> tuple[Unit, ...]:
    root, _ = parse_html(page)
    assert root is not None
    return units_of(root, profile, location="https://example.org/list/")[0]


def learnt(page: str, *titles: str) -> Profile:
    root, _ = parse_html(page)
    assert root is not None
    return learn(root, titles)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;")


def nav() -> str:
    return "<nav><ul><li><a href='/'>Home</a></ul></nav><div class=menu><ul><li><a href=/a>About us</a><li><a href=/b>Our people</a></ul></div>"


def table(rows: str) -> str:
    return f"<table class=list><tr><th>Title<th>Year</tr>{rows}</table>"


PAGES = {
    "list items with the title in italics": (
        nav() + "<h2>2020</h2><ol>" + "".join(f"<li>Buck, G. (20{n}1): <em>{escaped(t)}</em>. Probation Journal.</li>" for n, t in enumerate(TITLES)) + "</ol>",
        "ol > li", "li > em", False,
    ),
    "a box for each, with classes, some odd and some even": (
        nav() + "".join(
            f"<div class='pub {'odd' if n % 2 else 'even'}'><p class='pub-title'>{escaped(t)}</p><p class='pub-by'>G. Buck, 2019</p></div>"
            for n, t in enumerate(TITLES)
        ),
        "div.pub", "p.pub-title", False,
    ),
    "one list for each year": (
        nav() + "".join(f"<h3>20{n}0</h3><ul><li><b>{escaped(t)}</b> Gillian Buck and others, in print</li></ul>" for n, t in enumerate(TITLES)),
        "ul > li", "li > b", False,
    ),
    "rows of a table": (
        nav() + table("".join(f"<tr><td><a href='/{n}'>{escaped(t)}</a><td>201{n}<td>Buck</tr>" for n, t in enumerate(TITLES))),
        "table.list > tr", "td > a", False,
    ),
    "headings, and what stands below them": (
        nav() + "<main>" + "".join(f"<h4>{escaped(t)}</h4><p>Buck, Gillian (201{n})</p><p>An abstract of some length.</p>" for n, t in enumerate(TITLES)) + "</main>",
        "main > h4", "main > h4", True,
    ),
    "text without an element of its own for the title": (
        nav() + "<div class=refs>" + "".join(f"<p>[{n}] G. Buck. {escaped(t)}. Probation Journal 6{n}, 2020.</p>" for n, t in enumerate(TITLES)) + "</div>",
        "div.refs > p", None, False,
    ),
}  # fmt: skip  # a table of pages


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("pair", [(0, 1), (2, 5), (5, 0)])
def test_two_titles_are_enough_to_find_all_entries(name: str, pair: tuple[int, int]) -> None:
    page, entry, title, starts = PAGES[name]
    profile = learnt(page, *(TITLES[at] for at in pair))
    found = profile.fields["title"].css if "title" in profile.fields else None
    assert (profile.entry.css, found, profile.starts) == (entry, title, starts)
    units = read(page, profile)
    assert [title for title in TITLES for unit in units if title in unit.text] == TITLES
    assert len(units) == len(TITLES)


def test_headings_stand_over_what_comes_below() -> None:
    page, *_ = PAGES["one list for each year"]
    units = read(page, learnt(page, *TITLES[:2]))
    assert [unit.headings for unit in units] == [(f"20{n}0",) for n in range(6)]


def test_what_is_ignored_is_not_read() -> None:
    page = "<ul><li>One <i>press</i> 2020</li><li>Two <i>press</i> 2021</li></ul><p>After"
    profile = load_profile('entry = "li"\nignore = ["i", { xpath = "//p" }]')
    assert [unit.text for unit in read(page, profile)] == ["One 2020", "Two 2021"]


def test_an_entry_may_be_an_element_inside_a_line() -> None:
    page = "<p><span class=e>One 2020</span>, <span class=e>Two 2021</span></p>"
    assert [unit.text for unit in read(page, load_profile('entry = "span.e"'))] == ["One 2020", "Two 2021"]


def test_the_last_entry_ends_with_the_box_or_the_next_heading() -> None:
    page = "<main><h4>One</h4><p>Buck 2020</p><h4>Two</h4><p>Buck 2021</p><h2>Contact</h2><p>Write to us</p></main><p>Imprint</p>"
    profile = load_profile('entry = "h4"\nstarts = true')
    assert [unit.text for unit in read(page, profile)] == ["One Buck 2020", "Two Buck 2021"]


def test_hidden_lines_belong_to_their_entry() -> None:
    page = "<ul><li>One <div hidden>@article{a}</div></li><li>Two</li></ul>"
    (one, two) = read(page, load_profile('entry = "li"'))
    assert ([line.text for line in one.hidden], two.hidden) == (["@article{a}"], ())


def test_a_profile_that_finds_nothing_or_half_says_so() -> None:
    root, _ = parse_html("<ul><li>One</ul>")
    assert root is not None
    for toml, words in (
        ('entry = "div.x"', "'div.x' finds no entry on this page"),
        ('entry = "li"\n[expect]\ncount = 3', "finds 1 entries; there were 3"),
    ):
        units, (problem,) = units_of(root, load_profile(toml), location="")
        assert words in problem.what
        assert len(units) == ("div" not in toml)


@pytest.mark.parametrize(
    ("titles", "words"),
    [
        (TITLES[:1], "give two titles at least"),
        ([TITLES[0], "Not on the page"], "'Not on the page' is not on this page"),
        ([TITLES[0], TITLES[0]], "nothing in common that sets entries apart"),
        ([TITLES[0], ""], "'' is not on this page"),
    ],
)
def test_titles_that_teach_nothing_are_refused(titles: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        learnt(PAGES["rows of a table"][0], *titles)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("entry = 5", "entry: is not a table"),
        ("", "entry: is missing"),
        ('entry = "a["', "entry: 'a.' cannot be read"),
        ('entry = { xpath = "//[" }', "entry: '//\\['"),
        ('entry = { css = "a", xpath = "//a" }', "entry: give css or xpath"),
        ('entry = { regex = "a" }', "entry: give css or xpath"),
        ('entry = { css = "a", regex = "(" }', "entry: the regular expression"),
        ("entry = { css = 5 }", "entry: selectors stand in quotes"),
        ('entry = "a"\nentri = "b"', "entri: is not a known key"),
        ('entry = "a"\nstarts = 1', "starts: is not true or false"),
        ('entry = "a"\nignore = "b"', "ignore: is not a list"),
        ('entry = "a"\nignore = ["b", 5]', "ignore\\[1\\]: is not a table"),
        ('entry = "a"\n[fields]\nauthor = "b"', "fields.author: is not a known key"),
        ('entry = "a"\n[expect]\ncount = true', "expect.count: is not a whole number"),
        ('entry = "a"\n[expect]\nfill = { title = 2 }', "expect.fill.title: is not a share"),
        ('entry = "a"\n[expect]\nfill = { nobody = 1 }', "expect.fill.nobody: is not a known key"),
        ("entry = a", "is not TOML"),
    ],
)  # fmt: skip  # a table of what is wrong and what is said
def test_a_wrong_profile_is_told_where_and_what_is_right(toml: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_profile(toml)


_SELECTORS = st.builds(
    Selector, css=st.sampled_from(["li", "ul.a > li", 'a[href="x\\"y"]', "td:nth-child(2)"]), regex=st.sampled_from(["", "(\\d+)", '"\\x7f"'])
) | st.builds(Selector, xpath=st.sampled_from(["//li", "//a[@b='c']"]))  # fmt: skip
_PROFILES = st.builds(
    Profile,
    entry=_SELECTORS,
    starts=st.booleans(),
    fields=st.dictionaries(st.sampled_from(FIELDS), _SELECTORS, max_size=3),
    ignore=st.lists(_SELECTORS, max_size=2).map(tuple),
    count=st.none() | st.integers(1, 999),
    fill=st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 100).map(lambda share: share / 100), max_size=3),
)


@given(_PROFILES)
def test_a_profile_reads_back_as_it_was_written(profile: Profile) -> None:
    assert load_profile(dump_profile(profile, about=["Written from two titles", ""])) == profile


def test_a_value_is_cut_out_of_its_words() -> None:
    selector = Selector(css="p", regex="with (.*?)\\.")
    assert (selector.cut("with A and B. 2020"), selector.cut("alone"), Selector(css="p", regex="[0-9]+").cut("a 12 b")) == (
        "A and B", "", "12",
    )  # fmt: skip
