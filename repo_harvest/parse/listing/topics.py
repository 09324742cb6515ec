"""Words in headings of sections that list something else than publications, in the languages that such pages are in.

They never decide alone: what stands under such a heading has to look more like publications than what stands under others.
"""

from __future__ import annotations

import re

from repo_harvest.parse.text import table

__all__ = ["announces", "is_other"]

_OTHER = table(
    "talk talks lecture lectures presentation presentations poster posters seminar seminars keynote keynotes teaching",
    "course courses class classes news event events announcements award awards honors honours grant grants funding",
    "project projects student students people team members service media press links contact education employment",
    "vortrag vorträge lehre lehrveranstaltungen aktuelles neuigkeiten veranstaltungen auszeichnungen preise projekte",
    "medien termine lebenslauf mitarbeiter enseignement enseignements cours actualités exposés projets",
    "prix liens équipe charlas ponencias docencia enseñanza cursos noticias eventos proyectos premios enlaces equipo",
    "palestras ensino disciplinas notícias projetos prêmios equipe didattica insegnamento corsi notizie eventi progetti",
    "premi seminari interventi föredrag undervisning nyheter onderwijs lezingen nieuws",
)
_PUBLICATIONS = table(
    "publication publications paper papers article articles book books chapter chapters proceedings thesis theses",
    "journal journals report reports preprints submissions outputs output works writing writings publikationen veröffentlichungen aufsätze artikel bücher",
    "beiträge abschlussarbeiten articles ouvrages chapitres actes publicaciones artículos libros capítulos tesis",
    "publicações artigos livros teses pubblicazioni articoli libri tesi atti publicaties publikationer publikasjoner",
)
_BESIDE = table(
    "working journal journals conference selected recent other peer reviewed refereed edited in and the of my our all full",
    "list technical press progress from for year years to jahr aus dem année del año anno",
    "und et y e de des en ausgewählte weitere autres",
)
_OTHER_WIDE = re.compile(
    "講演|口頭発表|授業|講義|担当科目|ニュース|お知らせ|受賞|報告会|教学|课程|新闻|获奖|강의|수상|소식"
)
_MOST_WORDS = 4  # longer headings are titles
_WORD = re.compile(r"[^\W\d_]+")


def announces(heading: str) -> bool:
    """Whether a heading says that publications follow, and nothing else, so that it is the title of none.

    >>> announces("Working papers"), announces("Articles from 2015"), announces("Papers of the Pickwick Club")
    (True, True, False)
    """
    words = set(_WORD.findall(heading.lower()))
    return not _PUBLICATIONS.isdisjoint(words) and words <= _PUBLICATIONS | _BESIDE


def is_other(heading: str) -> bool:
    """Whether a heading announces something else than publications.

    >>> is_other("Invited talks"), is_other("Lehre"), is_other("口頭発表"), is_other("Papers and talks")
    (True, True, True, False)
    >>> is_other("Press"), is_other("In press")
    (True, False)
    """
    words = _WORD.findall(heading.lower().replace("in press", ""))
    if len(words) > _MOST_WORDS or not _PUBLICATIONS.isdisjoint(words):
        return False
    return not _OTHER.isdisjoint(words) or _OTHER_WIDE.search(heading) is not None
