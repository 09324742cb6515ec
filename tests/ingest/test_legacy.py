"""Old encodings, broken markup and long pages, from a real server to records: what people wrote arrives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from repo_harvest.model import Outcome
from repo_harvest.store.engine import open_engine
from tests.pages_kit import WORKS, Site, Work, page_html
from tests.web_kit import Web, serving

FRENCH = (
    Work("L’œuvre des pairs – une enquête", "Lefèvre, Zoé (2015)", "À Besançon, des bénévoles accompagnent ceux qui sortent ; l’enquête dit ce que cela coûte."),
    Work("Être accompagné, être jugé", "Müller, Jörg (2017)", "Où passe la frontière entre l’aide et le contrôle ? Deux années d’entretiens."),
    Work("Le prix de la liberté surveillée", "Lefèvre, Zoé; Nuñez, Íñigo (2019)", "Ce que coûte une journée dehors, et à qui : une étude de cas menée à Orléans."),
)  # fmt: skip  # a table of titles and abstracts
JAPANESE = (
    Work("出所者によるピア・メンタリング", "山田, 太郎 (2015)", "刑務所を出た人が同じ経験をもつ人を支える活動について、四つの町で聞き取りをした。"),
    Work("雇用主はなぜ採用するのか", "佐藤, 花子 (2018)", "前科のある人を雇った十二の会社に、その理由と必要だった支えを尋ねた。"),
    Work("図書館で声に出して読む", "鈴木, 一郎 (2021)", "読み聞かせの会が、規則より先に部屋の作法をつくった様子を記録する。"),
)  # fmt: skip  # a table of titles and abstracts
RUSSIAN = (
    Work("Наставничество после освобождения", "Иванова, Мария (2014)", "Что помогает людям в первый год на свободе: беседы с наставниками из четырёх городов."),
    Work("Почему берут на работу", "Петров, Алексей (2017)", "Двенадцать работодателей рассказывают, зачем они нанимают людей с судимостью."),
    Work("Библиотека как убежище", "Сидорова, Анна (2020)", "Чтение вслух создаёт правила общения раньше, чем их кто-нибудь напишет."),
)  # fmt: skip  # a table of titles and abstracts
CODECS = {
    "windows-1252": ("cp1252", FRENCH),
    "iso-8859-15": ("iso8859-15", tuple(w.but(title=w.title.replace("’", "'").replace("–", "-"), abstract=w.abstract.replace("’", "'")) for w in FRENCH)),
    "shift_jis": ("shift_jis", JAPANESE),
    "euc-jp": ("euc_jp", JAPANESE),
    "koi8-r": ("koi8-r", RUSSIAN),
    "windows-1251": ("cp1251", RUSSIAN),
    "utf-16": ("utf-16", RUSSIAN),
}  # fmt: skip  # a table of encodings


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        web.content_type = "text/html"
        yield web


@pytest.fixture
def site(web: Web, new_database_url: Callable[[str], str], tmp_path: Path) -> Iterator[Site]:
    """On SQLite: a page is decoded before any database is asked."""
    engine = open_engine(new_database_url("sqlite"))
    site = Site(engine, tmp_path)
    site.source = replace(site.source, url=f"http://{web.at}/list", allow_private=(web.at,))
    yield site
    engine.dispose()


def titles(site: Site) -> list[str]:
    report = site.run()
    assert report.run.outcome is Outcome.DONE, report.run.message
    return [change.title for change in report.changes]


def wanted(works: Sequence[Work]) -> list[str]:
    return [work.title for work in works]


def page(works: Sequence[Work], meta: str = "") -> str:
    """A page that states `meta` as its encoding, or nothing."""
    stated = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    return page_html(works, title="Publications").replace('<meta charset="utf-8">', stated)


STATED = ("by the page", "by the server", "by both, and the server is right")
UNSTATED = ("by nobody", "wrongly, as UTF-8")


def statements() -> Iterator[tuple[str, str]]:
    """Each encoding with who states it; so few words of French are alike in several, and need that somebody does."""
    for label, (_, works) in CODECS.items():
        for said in STATED if works[0].byline == FRENCH[0].byline else (*STATED, *UNSTATED):
            yield label, said


@pytest.mark.parametrize(("label", "said"), list(statements()))
def test_letters_arrive_however_they_are_encoded(web: Web, site: Site, label: str, said: str) -> None:
    codec, works = CODECS[label]
    if said in {"by the server", "by both, and the server is right"}:
        web.content_type = f"text/html; charset={label}"
    if said == "wrongly, as UTF-8":
        web.content_type = "text/html; charset=utf-8"
    meta = {"by the page": label, "by both, and the server is right": "iso-8859-1"}.get(said, "")
    text = page(works, meta)
    web.pages["/list"] = text.replace("©", "(c)").encode(codec)
    assert titles(site) == wanted(works)


BREAKS: dict[str, Callable[[str], str]] = {
    "paragraphs left open": lambda text: text.replace("</p>", ""),
    "nothing closed but headings": lambda text: re.sub(r"</(?:p|main|body|html|footer|li|ul|a)>", "", text),
    "a body that ends in the middle": lambda text: text.replace("<h4>", "</body></html><h4>", 3),
    "a page inside a page": lambda text: text.replace("<main>", "<html><head><title>x</title></head><body><main>"),
    "in tables of tables": lambda text: text.replace("<main>", "<main><table><tr><td><table><tr><td>").replace("</main>", "</td></tr></table></main>"),
    "in a list that closes wrongly": lambda text: text.replace("<h4>", "<ul><li><h4>").replace("<p>&nbsp;</p>", "</ul></li>"),
    "bold that overlaps": lambda text: text.replace("<h4>", "<b><h4>").replace("</h4>", "</b></h4>"),
    "stray ends": lambda text: text.replace("<p>", "</div></span></td><p>"),
    "quotes left open": lambda text: text.replace("</main>", '<p title="never closed></p></main>'),
    "no doctype, head or body": lambda text: re.sub(r"<!DOCTYPE html>|</?(?:html|head|body)\b[^>]*>", "", text),
}  # fmt: skip  # a table of what goes wrong


@pytest.mark.parametrize("how", BREAKS)
def test_markup_that_is_broken_is_read_as_a_browser_shows_it(web: Web, site: Site, how: str) -> None:
    broken = BREAKS[how](page_html(WORKS))
    assert broken != page_html(WORKS)
    web.content_type = "text/html; charset=utf-8"
    web.pages["/list"] = broken
    assert titles(site) == wanted(WORKS)


def test_a_page_of_a_megabyte_is_read_whole(web: Web, site: Site) -> None:
    works = [
        WORKS[number % len(WORKS)].but(
            title=f"Volume {number} of letters from the city of {chr(65 + number % 26)}{chr(97 + number // 26)}land",
            byline=f"Buck, Gillian ({1950 + number % 70})",
            abstract=f"What letter {number} says of its writer. " + "It was answered a year later, from another town. " * 100,
            link="",
        )
        for number in range(220)
    ]  # fmt: skip  # a table
    text = page_html(works)
    assert len(text) > 1_000_000
    web.content_type = "text/html; charset=utf-8"
    web.pages["/list"] = text
    assert titles(site) == wanted(works)
