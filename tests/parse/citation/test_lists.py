"""Lists of publications in styles and languages that no handbook describes, each read as a whole."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from repo_harvest.parse.citation import Citation, read
from repo_harvest.parse.markup import read_html
from repo_harvest.parse.unit import Unit


class Read(NamedTuple):
    """What a reading is compared by."""

    title: str | None
    creators: tuple[str, ...]
    date: str | None
    container: str | None = None
    volume: str | None = None
    pages: str | None = None
    publisher: str | None = None


def told(found: Citation) -> Read:
    date = str(found.date) if found.date else None
    return Read(
        found.title, found.creators, date, found.container, found.volume, found.pages, found.publisher
    )  # fmt: skip


def entries(html: str, headings: tuple[str, ...] = ()) -> tuple[Citation, ...]:
    """The citations of a page on which each list item is a unit."""
    lines = read_html(html, location="https://example.org/list/").lines
    groups: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        item = next(block for block in line.block.ancestors() if block.tag == "li")
        groups.setdefault(id(item), []).append(at)
    return read([
        Unit(
            lines=tuple(lines[at] for at in group if "hidden" not in lines[at].marks),
            hidden=tuple(lines[at] for at in group if "hidden" in lines[at].marks),
            headings=headings,
        )
        for group in groups.values()
    ])  # fmt: skip


def items(*texts: str) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


LISTS = {
    "German, slashes between people": [
        ("Müller, Anna / Schmidt, Karl: Die Zukunft der Arbeit. In: Zeitschrift für Soziologie 45 (2016), H. 3, S. 123–145.",
         Read("Die Zukunft der Arbeit", ("Müller, Anna", "Schmidt, Karl"), "2016", "Zeitschrift für Soziologie", "45", "123–145")),
        ("Weber, Max: Wirtschaft und Gesellschaft. Tübingen: Mohr Siebeck 1922.",
         Read("Wirtschaft und Gesellschaft", ("Weber, Max",), "1922", publisher="Mohr Siebeck")),
        ("Müller, Anna: Netzwerke im Wandel. In: Schmidt, Karl (Hrsg.): Handbuch Arbeit. 2. Aufl. Wiesbaden: Springer VS 2019, S. 12–30.",
         Read("Netzwerke im Wandel", ("Müller, Anna",), "2019", "Handbuch Arbeit", None, "12–30", "Springer VS")),
    ],
    "Spanish": [
        ("García Márquez, Gabriel y Pérez Soto, Ana (2018). La memoria y el olvido en los pueblos. Revista de Estudios Sociales, 12(3), 45-67.",
         Read("La memoria y el olvido en los pueblos", ("García Márquez, Gabriel", "Pérez Soto, Ana"), "2018", "Revista de Estudios Sociales", "12", "45-67")),
        ("López, M. y Ruiz, J. (2020). ¿Quién cuida a quién? Políticas locales. En A. Soto (Ed.), Políticas del cuidado (pp. 15-30). Madrid: Editorial Trotta.",
         Read("¿Quién cuida a quién? Políticas locales", ("López, M.", "Ruiz, J."), "2020", "Políticas del cuidado", None, "15-30", "Editorial Trotta")),
    ],
    "Portuguese, ABNT": [
        ("SOUZA, Maria. Memórias do rio. Rio de Janeiro: Editora FGV, 2011.",
         Read("Memórias do rio", ("SOUZA, Maria",), "2011", publisher="Editora FGV")),
        ("SILVA, J. P.; COSTA, A. Trabalho e saúde. Cadernos de Saúde Pública, v. 30, n. 2, p. 200-210, fev. 2014.",
         Read("Trabalho e saúde", ("SILVA, J. P.", "COSTA, A."), "2014-02", "Cadernos de Saúde Pública", "30", "200-210")),
    ],
    "Italian, commas": [
        ("M. Rossi, A. Bianchi, La città e i suoi confini, «Rivista di storia», 12 (2010), pp. 45-67.",
         Read("La città e i suoi confini", ("M. Rossi", "A. Bianchi"), "2010", "Rivista di storia", "12", "45-67")),
        ("M. Rossi, Storia dei margini, Bologna, Il Mulino, 2008.",
         Read("Storia dei margini", ("M. Rossi",), "2008", publisher="Il Mulino")),
        ("A. Bianchi, Lavoro e memoria, «Studi storici», 50 (2009), pp. 100-120.",
         Read("Lavoro e memoria", ("A. Bianchi",), "2009", "Studi storici", "50", "100-120")),
    ],
    "French": [
        ("Dupont J. et Martin P. (2012), « La ville et ses marges », Revue française de sociologie, vol. 53, n° 2, p. 237-264.",
         Read("La ville et ses marges", ("Dupont, J.", "Martin, P."), "2012", "Revue française de sociologie", "53", "237-264")),
        ("Durand M. (2017), « Le temps des écoles », Histoire sociale, vol. 72, n° 1, p. 5-30.",
         Read("Le temps des écoles", ("Durand, M.",), "2017", "Histoire sociale", "72", "5-30")),
    ],
    "Japanese": [
        ("山田太郎, 佐藤花子「地域社会における図書館の役割」『社会学評論』第62巻第3号, 2011年, 12-28頁.",
         Read("地域社会における図書館の役割", ("山田太郎", "佐藤花子"), "2011", "社会学評論", "62", "12-28")),
        ("鈴木一郎「都市の記憶」『歴史学研究』第5巻, 2009年3月, 1-15頁.",
         Read("都市の記憶", ("鈴木一郎",), "2009-03", "歴史学研究", "5", "1-15")),
        ("佐藤花子『読書の歴史』岩波書店, 2015年.", Read("読書の歴史", ("佐藤花子",), "2015", publisher="岩波書店")),
    ],
    "the owner left out": [
        ("Does competition matter? (with Ann Lee and Bob Stone), Journal of Public Economics, 2019, 12(3): 1-20.",
         Read("Does competition matter?", ("Ann Lee", "Bob Stone"), "2019", "Journal of Public Economics", "12", "1-20")),
        ("The price of waiting (with Bob Stone), American Economic Review, forthcoming.",
         Read("The price of waiting", ("Bob Stone",), None, "American Economic Review")),
        ("Learning in markets (with Ann Lee), Econometrica, 2015, 83: 100-140.",
         Read("Learning in markets", ("Ann Lee",), "2015", "Econometrica", "83", "100-140")),
    ],
    "mathematicians": [
        ("[12] A. Lee, B. Kim, Stable sets and games, J. Math. Econ. 45 (2009) 123-134. [<a href='p.pdf'>pdf</a>]",
         Read("Stable sets and games", ("A. Lee", "B. Kim"), "2009", "J. Math. Econ", "45", "123-134")),
        ("[11] B. Kim, A. Lee, C. Stone, Voting with errors, Proc. Amer. Math. Soc. 130 (2002) 1-12.",
         Read("Voting with errors", ("B. Kim", "A. Lee", "C. Stone"), "2002", "Proc. Amer. Math. Soc", "130", "1-12")),
    ],
    "ACM": [
        ("Ann Lee, Bob Kim, and Carl Stone. 2019. Finding things in pages. In Proceedings of the 2019 Conference on Web Things. ACM, New York, NY, USA, 12–23.",
         Read("Finding things in pages", ("Ann Lee", "Bob Kim", "Carl Stone"), "2019", "Proceedings of the 2019 Conference on Web Things", None, "12–23", "ACM")),
        ("Ann Lee and Bob Kim. 2015. Lists and their makers. Journal of Documents 12, 3 (2015), 100–120.",
         Read("Lists and their makers", ("Ann Lee", "Bob Kim"), "2015", "Journal of Documents", "12", "100–120")),
    ],
    "Chicago, notes": [
        ("Ann Lee, “The Gate,” Journal of Waiting 12, no. 3 (2019): 1–20.",
         Read("The Gate", ("Ann Lee",), "2019", "Journal of Waiting", "12", "1–20")),
        ("Carl Stone, The Reading Room (London: Policy Press, 2011).",
         Read("The Reading Room", ("Carl Stone",), "2011", publisher="Policy Press")),
    ],
    "title first, nothing marked": [
        ("Finding things in pages. Ann Lee, Bob Kim. Journal of Documents, 2019.",
         Read("Finding things in pages", ("Ann Lee", "Bob Kim"), "2019", "Journal of Documents")),
        ("Lists and their makers. Carl Stone, Ann Lee, Bob Kim. Information Today, 2015.",
         Read("Lists and their makers", ("Carl Stone", "Ann Lee", "Bob Kim"), "2015", "Information Today")),
    ],
    "BibTeX's plain style, bold titles": [
        ("<b>Finding things in pages</b>. A. Lee and B. Kim. In C. Stone, editor, <i>Proc. of the 12th Conf. on Web Things</i>, pages 12-23, Berlin, June 2011. Springer.",
         Read("Finding things in pages", ("A. Lee", "B. Kim"), "2011-06", "Proc. of the 12th Conf. on Web Things", None, "12-23", "Springer")),
        ("<b>Fast, simple lists</b>. B. Kim. <i>Journal of Documents</i>, 8(1):33-50, 2015.",
         Read("Fast, simple lists", ("B. Kim",), "2015", "Journal of Documents", "8", "33-50")),
        ("<b>Reading citations well</b>. B. Kim and C. Stone. <i>Journal of Documents</i>, 9(2):1-20, 2016.",
         Read("Reading citations well", ("B. Kim", "C. Stone"), "2016", "Journal of Documents", "9", "1-20")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read(name: str) -> None:
    found = entries(items(*(text for text, _ in LISTS[name])))
    assert [told(each) for each in found] == [expected for _, expected in LISTS[name]]


def test_labels_say_what_is_what() -> None:
    found = entries(
        items(
            "<h4 class='work__title'>On waiting</h4><p class='work__authors'>Ann Lee; Bob Kim; 1 more author</p>"
            "<p class='work__venue'><em>Journal of Gates</em>, 12(3), 2019</p>"
            "<p class='work__abstract'>Abstract: We stood at a gate. It opened.</p>"
            "<p class='work__links'><a href='https://doi.org/https://doi.org/10.1234/ABC'>DOI</a></p>",
            "<h4 class='work__title'>Kim, Bob</h4><p class='work__authors'>Ann Lee</p>"
            "<p class='work__venue'><em>Journal of Gates</em>, 13(1), 2020</p>",
        )
    )
    assert told(found[0]) == Read("On waiting", ("Ann Lee", "Bob Kim"), "2019", "Journal of Gates", "12")
    assert found[0].abstract == "We stood at a gate. It opened."
    assert found[0].identifiers == ("https://doi.org/10.1234/ABC",)
    assert [problem.what for problem in found[0].problems] == ["it says that there are others"]
    assert found[1].title == "Kim, Bob"


def test_headings_hold_for_what_has_no_date() -> None:
    (found,) = entries(items("<b>On waiting</b><br>Ann Lee and Bob Kim"), headings=("Books", "2019"))
    assert (found.title, str(found.date), found.type) == ("On waiting", "2019", "Books")
    assert ("date", "heading", -1) in [(origin.field, origin.how, origin.line) for origin in found.origins]


def test_nothing_is_read_from_nothing() -> None:
    lines = read_html("<p>…</p>", location="").lines
    (found,) = read([Unit(lines=lines)])
    assert (found.title, found.creators, found.date) == (None, (), None)
    assert read([]) == ()


PLATFORMS = {
    "names, year, linked italic title": [
        ("Lee, Ann and Kim, Bob (2019) <a href='/1/'><em>Finding things in pages.</em></a> Journal of Documents, 12 (3). pp. 1-20. ISSN 1234-5678",
         Read("Finding things in pages", ("Lee, Ann", "Kim, Bob"), "2019", "Journal of Documents", "12", "1-20")),
        ("Stone, Carl (2017) <a href='/2/'><em>Reading lists.</em></a> In: Handbook of Lists. Policy Press, Bristol, pp. 3-20.",
         Read("Reading lists", ("Stone, Carl",), "2017", "Handbook of Lists", None, "3-20", "Policy Press")),
    ],
    "a label for every number": [
        (("<h3 class='title'><a href='/1'>Finding things in pages</a></h3><a class='link person'>Lee, A.</a> &amp; <a class='link person'>Kim, B.</a>, "
         "<span class='date'>12 Mar 2019</span>, In: <em>Journal of Documents.</em> <span class='volume'>12</span>, <span class='journalnumber'>3</span>, "
         "<span class='pages'>p. 1-20</span>"),
         Read("Finding things in pages", ("Lee, A.", "Kim, B."), "2019-03-12", "Journal of Documents", "12", "1-20")),
    ],
    "linked titles, then people": [
        ("<a href='/1'>Finding things in pages</a>, Ann Lee and Bob Kim", Read("Finding things in pages", ("Ann Lee", "Bob Kim"), None)),
        ("<a href='/2'>Reading lists</a>, Carl Stone", Read("Reading lists", ("Carl Stone",), None)),
    ],
    "labels inside a line": [
        (("<a class='item-list-title' href='/1'>Finding things in pages</a> <span class='item-list-authors'>Lee, Ann; Kim, Bob</span> "
         "(<span class='item-list-publisher'>Policy Press, </span><span class='item-list-date'>2019-03-04</span>)"),
         Read("Finding things in pages", ("Lee, Ann", "Kim, Bob"), "2019-03-04", publisher="Policy Press")),
    ],
    "quoted or italic titles": [
        ("A. Lee and B. Kim, “Finding things in pages,” <em>Journal of Documents</em>, vol. 12, iss. 3, p. 1–20, 2019.",
         Read("Finding things in pages", ("A. Lee", "B. Kim"), "2019", "Journal of Documents", "12", "1–20")),
        ("C. Stone, <em>Reading lists</em>, Policy Press, 2017.", Read("Reading lists", ("C. Stone",), "2017", publisher="Policy Press")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_list_as_platforms_write_it_is_read(name: str) -> None:
    found = entries(items(*(text for text, _ in PLATFORMS[name])))
    assert [told(each) for each in found] == [expected for _, expected in PLATFORMS[name]]


def test_an_abstract_needs_no_label() -> None:
    abstract = (
        "We stood at one gate for forty mornings and took notes of all who came and of all who did not. "
        "Nobody had asked us to. The gate was opened twice, once by mistake and once by a child who had lost a ball."
    )
    (found,) = entries(
        items(f"<p>Lee, A. (2019). On waiting. <i>Journal of Gates</i>, 12(3), 1-20.</p><p>{abstract}</p>")
    )
    assert (found.abstract, found.container, found.pages) == (abstract, "Journal of Gates", "1-20")
