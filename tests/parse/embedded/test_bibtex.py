"""BibTeX: what is written as BibTeX is read back, and what is broken costs only itself."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repo_harvest.model import Entry
from repo_harvest.parse.embedded import bibtex
from repo_harvest.parse.embedded.bibtex.latex import to_text
from repo_harvest.parse.embedded.bibtex.people import people as read_people
from tests.parse.embedded.kit import date, entries, facts

ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
           "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k"}  # fmt: skip
SIGNS = {"ß": r"{\ss}", "ø": r"{\o}", "Ø": r"\O{}", "ł": r"{\l}", "Ł": r"{\L}", "å": r"{\aa}", "Å": r"\AA{}", "–": "--",
         "—": "---", "“": "``", "”": "''", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
         "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip
WAYS = (r"\{0}{{{1}}}", r"{{\{0} {1}}}", r"{{\{0}{{{1}}}}}")


def latex(text: str, way: int = 0) -> str:
    """The text in ASCII, as LaTeX writes it."""
    said = []
    for char in unicodedata.normalize("NFC", text):
        base, *marks = list(unicodedata.normalize("NFD", char))
        if char in SIGNS:
            said.append(SIGNS[char])
        elif marks and all(mark in ACCENTS for mark in marks) and len(marks) == 1:
            said.append(WAYS[way].format(ACCENTS[marks[0]], base))
        else:
            said.append(char)
    return "".join(said)


def rendered(entry: Entry, number: int, way: int) -> str:
    """A record as a bibliography has it; names in every order that BibTeX has."""
    fields = {"title": latex(entry.title, way), "author": " and ".join(name(person, way) for person in entry.creators)}
    if entry.date and entry.date.month and not entry.date.day:
        fields |= {
            "year": f"{entry.date.year:04d}",
            "month": MONTHS[entry.date.month - 1] if way else str(entry.date.month),
        }
    elif entry.date:
        fields["date"] = str(entry.date)
    fields |= {"journal": latex(entry.container or "", way), "publisher": latex(entry.publisher or "", way)}
    for value in entry.identifiers:
        fields["doi" if value.startswith("doi:") else "url"] = value.removeprefix("doi:")
    fields["abstract"] = latex(entry.abstract or "", way)
    said = [f"  {key} = {quoted(key, value, way)}" for key, value in fields.items() if value]
    return f"@article{{key{number},\n" + ",\n".join(said) + ("\n}" if way else ",\n}")


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def quoted(key: str, value: str, way: int) -> str:
    if key == "month" and way:
        return value
    return f'"{value}"' if way == 2 and '"' not in value.replace(r"\"", "") and r"\"" not in value else f"{{{value}}}"


def name(person: str, way: int) -> str:
    surname, comma, given = person.partition(", ")
    if not comma or person.startswith("Centre"):
        return f"{{{latex(person, way)}}}"
    return f"{latex(given, way)} {latex(surname, way)}" if way else f"{latex(surname, way)}, {latex(given, way)}"


@given(entries(), st.integers(0, 2))
def test_records_written_as_bibtex_are_read_back(works: list[Entry], way: int) -> None:
    text = "\n\n".join(rendered(entry, number, way) for number, entry in enumerate(works))
    found, problems = bibtex.read(text)
    assert problems == ()
    assert [facts(entry) for entry in found] == [facts(entry) for entry in works]


@given(entries(), st.integers(0, 2), st.integers(0, 40), st.sampled_from(['{"', "}", "{", '"', "@", ",", "#", "\\"]))
def test_a_broken_record_costs_itself_only(works: list[Entry], way: int, at: int, junk: str) -> None:
    texts = [rendered(entry, number, way) for number, entry in enumerate(works)]
    broken = "@book{broken, title = {Between two others}, note = {x}}"
    text = "\n".join([*texts, broken[:at] + junk + broken[at:], *texts])
    found, _ = bibtex.read(text)
    stated = [facts(entry) for entry in found]
    assert stated[: len(works)] == stated[-len(works) :] == [facts(entry) for entry in works]
    assert len(stated) <= 2 * len(works) + 1


@example("@article{title={")
@given(st.text(alphabet=st.characters() | st.sampled_from('@{}",=#\\ \n$~%()abc')))
def test_any_text_is_read_without_failing(text: str) -> None:
    for said in (text, f"@article{{a, title = {{{text}}}, author = {{{text}}}, year = {text}}}", f"@{text}"):
        found, _ = bibtex.read(said)
        assert all(entry.title for entry in found)


@given(st.text())
def test_text_without_latex_stays_as_it_is(text: str) -> None:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not set(plain) & set("\\{}$~`'-_^"):
        assert to_text(plain) == plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (r"G{\"o}del, G\"odel, G\"{o}del, {G{\"{o}}del}", "Gödel, Gödel, Gödel, Gödel"),
        (r"\'E, \'{\i}, \'\i, {\'\i}, \v{s}, \v s, \c{c}, \c c, \H{o}, \k{a}, \r{a}", "É, í, í, í, š, š, ç, ç, ő, ą, å"),
        (r"Stra{\ss}e, Stra\ss e, \O stergaard, \L{}uczak, \ae{}on, {\AA}ngstr{\"o}m", "Straße, Straße, Østergaard, Łuczak, æon, Ångström"),
        (r"{DNA} and {\em in vivo} \emph{tests} of \textbf{\textit{trust}}", "DNA and in vivo tests of trust"),
        (r"Crime~\& shame---100\% of \$5, pp.~1--2", "Crime & shame—100% of $5, pp. 1–2"),
        (r"$\alpha$-stable and $\mathrm{H}_2\mathrm{O}$, 10$^{-3}$, $O(n \log n)$", r"α-stable and H₂O, 10⁻³, O(n \log n)"),
        ("O'Neill said: ``It's time''", "O'Neill said: “It's time”"),
        (r"a\\b\,c\-d\/e", "a b cde"),
        ("snake_case and x^2 outside of maths", "snake_case and x^2 outside of maths"),
        ("\\", "\\"),
        (r"\'", "'"),
        (r"\'{}x", "'x"),
    ],
)  # fmt: skip  # a table
def test_latex_says_what_it_shows(said: str, meant: str) -> None:
    assert to_text(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Gillian Buck and Peter James Atherton", ("Buck, Gillian", "Atherton, Peter James")),
        ("Buck, Gillian AND Atherton, Peter", ("Buck, Gillian", "Atherton, Peter")),
        ("Anna van der Berg", ("van der Berg, Anna",)),
        ("van der Berg, Anna", ("van der Berg, Anna",)),
        ("Ine Van Hoyweghen", ("Van Hoyweghen, Ine",)),
        ("King, Jr., Martin Luther", ("King, Martin Luther, Jr.",)),
        ("Martin Luther King Jr.", ("King, Martin Luther, Jr.",)),
        ("{Barnes and Noble} and {Chester, City of}", ("Barnes and Noble", "Chester, City of")),
        ("Ministry of Justice and Plato", ("Ministry of Justice", "Plato")),
        (r"Charles Louis Xavier Joseph de la Vall{\'e}e Poussin", ("de la Vallée Poussin, Charles Louis Xavier Joseph",)),
        (r"Fran{\c c}ois\nand Li Wei".replace(r"\n", "\n"), ("François", "Wei, Li")),
        ("Buck, G. and others", ("Buck, G.",)),
        (r"\L ukasz \L uczak", ("Łuczak, Łukasz",)),
        ("Sandy Anderson", ("Anderson, Sandy",)),
        ("山田太郎 and 佐藤, 花子", ("山田太郎", "佐藤, 花子")),
        (" and and , and {} ", ()),
        ("{} Gillian {} Buck", ("Buck, Gillian",)),
        ("山田 太郎", ("山田 太郎",)),
        ("Buck, Gillian; Lee, Ann", ("Buck, Gillian", "Lee, Ann")),
        ("Buck, Gillian, Lee, Ann", ("Buck, Gillian", "Lee, Ann")),
        ("Gillian Buck, Peter Atherton, Ann Lee", ("Gillian Buck", "Peter Atherton", "Ann Lee")),
        ("Buck, Gillian and Buck, Gillian", ("Buck, Gillian",)),
    ],
)  # fmt: skip  # a table
def test_names_come_apart_as_bibtex_has_them(said: str, meant: tuple[str, ...]) -> None:
    assert read_people(said) == meant


def read_one(text: str) -> Entry:
    (entry,), problems = bibtex.read(text)
    assert problems == ()
    return entry


def test_strings_are_put_in_and_joined() -> None:
    text = '@STRING(pj = "Probation Journal")\n@preamble{"x"}\n@comment{@book{no, title={No}}}\n'
    entry = read_one(text + "@article(a, journal = pj # {, } # 12 , title = {Trust}, month = mar, year = 2021)")
    assert (entry.container, str(entry.date)) == ("Probation Journal, 12", "2021-03")


def test_what_crossref_names_gives_what_is_missing() -> None:
    child = "@inproceedings{c, title = {Trust}, author = {Lee, Ann}, crossref = {P}}"
    parent = "@proceedings{p, title = {Crime and Shame}, editor = {Buck, Gillian}, year = 2020, publisher = {Wiley}}"
    (one, other), problems = bibtex.read(child + parent)
    assert (one.container, one.publisher, one.date, one.creators) == (
        "Crime and Shame",
        "Wiley",
        date("2020"),
        ("Lee, Ann",),
    )
    assert (other.title, other.creators, problems) == ("Crime and Shame", ("Buck, Gillian",), ())


def test_identifiers_of_every_kind_are_read() -> None:
    entry = read_one(
        r"@book{b, title={T}, doi={https://doi.org/10.1177/a\_b}, url={http://dx.doi.org/10.1177/A_B}, isbn={978-0-306-40615-7}, "
        "eprint={2507.02103}, archivePrefix={arXiv}, pmid={123}}"
    )
    assert entry.identifiers == (
        "doi:10.1177/a_b", "https://arxiv.org/abs/2507.02103", "https://pubmed.ncbi.nlm.nih.gov/123/", "urn:isbn:9780306406157",
    )  # fmt: skip  # a list
    assert read_one(r"@misc{b, title={T}, howpublished={\url{https://example.org/~a}}}").identifiers == (
        "https://example.org/~a",
    )
    assert read_one("@incollection{b, title={T}, isbn={978-0-306-40615-7}}").identifiers == ()
    assert read_one("@misc{b, title={T}, eprint={math/0211159}, eprinttype={jstor}}").identifiers == ()


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ("year = 2021", "2021"),
        ("year = {2021}, month = {March}", "2021-03"),
        ("year = {2021}, month = {mar # ' 4'}", "2021-03"),
        ("year = {2021}, month = 03", "2021-03"),
        ("year = {2021}, month = {13}", "2021"),
        ("date = {2021-03-04}, year = 2020", "2021-03-04"),
        ("date = {2021-03/2021-05}", "2021-03"),
        ("year = {2021a}", "2021"),
    ],
)
def test_a_date_keeps_the_precision_it_has(fields: str, meant: str) -> None:
    assert str(read_one(f"@misc{{k, title = {{T}}, {fields}}}").date) == meant


def test_what_is_wrong_is_said_and_the_rest_is_kept() -> None:
    text = """@article{one, title = {Trust {and time}, author = {Buck, Gillian},
      year = {2021}
    }
    @article{two, title = {Shame} author = {Lee, Ann}
    @article{three, author = {Lee, Ann}}
    @article{four, title = "Time", year = {soon}}"""
    found, problems = bibtex.read(text)
    assert [(entry.title, entry.creators) for entry in found][1:] == [("Shame", ("Lee, Ann",)), ("Time", ())]
    assert (found[0].title, found[0].creators, found[0].date) == ("Trust and time", ("Buck, Gillian",), date("2021"))
    assert [problem.where.partition(".")[0] for problem in problems] == ["line 1", "line 4", "line 5", "line 6"]
    assert "'three' has no title" in problems[2].what


def test_every_field_says_where_it_came_from() -> None:
    entry = read_one("@phdthesis{k, title = {T}, author = {Lee, Ann}, school = {University of Chester}, year = 2020}")
    assert entry.origins == (
        ("title", "BibTeX title"), ("creators", "BibTeX author"), ("date", "BibTeX year"), ("publisher", "BibTeX school"),
    )  # fmt: skip  # a list
