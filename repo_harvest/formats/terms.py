"""A `Record` in, the terms of controlled vocabularies out that it says in words of its own: kind of work, access, licence, language.

Only what is known is told: a word that the tables do not hold is no term. Every format asks the same of a record, one after the
other: the last answers are remembered. The kinds are those of the COAR Resource Types
vocabulary, access is of COAR Access Rights, languages of ISO 639-2 (bibliographic) and BCP 47.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from repo_harvest.model import Record
from repo_harvest.model.languages import BIBLIOGRAPHIC, LANGUAGES

__all__ = [
    "KINDS",
    "Access",
    "Kind",
    "access_of",
    "iso_639_2",
    "kind_of",
    "language_tag",
    "licence_in",
    "licence_of",
    "open_access",
]

_REMEMBERED = 256
_COAR = "http://purl.org/coar/resource_type/"
_RIGHTS = "http://purl.org/coar/access_right/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of work: its COAR label and concept, and what DataCite, MARC (leader, positions 6 and 7) and OpenAIRE call it.

    `of_thesis` is the degree's level, where the work is a thesis: bachelor, master, doctoral, or empty where not said.
    """

    label: str
    coar: str
    general: str
    marc: str = "am"
    literature: bool = True
    of_thesis: str | None = None


def _kind(label: str, concept: str, general: str, marc: str = "am", **more: str) -> Kind:
    of_thesis = more.get("of_thesis")
    literature = general not in {"Dataset", "Software", "Image", "Audiovisual", "Sound", "InteractiveResource"}
    return Kind(
        label=label, coar=_COAR + concept, general=general, marc=marc, literature=literature, of_thesis=of_thesis
    )


_ROWS: tuple[tuple[Kind, str], ...] = (
    (
        _kind("journal article", "c_6501", "JournalArticle", "ab"),
        "article, journal article, articlejournal, article-journal, scholarlyarticle, journal paper",
    ),
    (
        _kind("research article", "c_2df8fbb1", "JournalArticle", "ab"),
        "research article, original article, research paper",
    ),
    (
        _kind("review article", "c_dcae04bc", "JournalArticle", "ab"),
        "review article, literature review, systematic review",
    ),
    (_kind("editorial", "c_b239", "JournalArticle", "ab"), "editorial"),
    (_kind("book review", "c_ba08", "JournalArticle", "ab"), "book review, review-book"),
    (_kind("review", "c_efa0", "Text", "ab"), "review"),
    (_kind("letter to the editor", "c_545b", "JournalArticle", "ab"), "letter to the editor"),
    (_kind("book", "c_2f33", "Book"), "book, monograph, edited book, workbook, handbook, textbook"),
    (
        _kind("book part", "c_3248", "BookChapter", "aa"),
        "book part, bookpart, chapter, book chapter, book section, incollection, inbook",
    ),
    (_kind("conference proceedings", "c_f744", "ConferenceProceeding"), "conference proceedings, proceedings"),
    (
        _kind("conference paper", "c_5794", "ConferencePaper", "aa"),
        "conference paper, paper-conference, inproceedings, conference article",
    ),
    (_kind("conference poster", "c_6670", "ConferencePaper"), "conference poster, poster"),
    (
        _kind("conference object", "c_c94f", "ConferencePaper"),
        "conference object, conferenceobject, presentation, conference presentation",
    ),
    (_kind("lecture", "c_8544", "Text"), "lecture"),
    (
        _kind("bachelor thesis", "c_7a1f", "Dissertation", of_thesis="bachelor"),
        "bachelor thesis, bachelorthesis, bachelor's thesis, undergraduate dissertation",
    ),
    (
        _kind("master thesis", "c_bdcc", "Dissertation", of_thesis="master"),
        "master thesis, masterthesis, master's thesis, mastersthesis, masters thesis, masters dissertation, master's dissertation, msc dissertation, ma dissertation",
    ),
    (
        _kind("doctoral thesis", "c_db06", "Dissertation", of_thesis="doctoral"),
        "doctoral thesis, doctoralthesis, phd thesis, phdthesis, doctoral dissertation, professional doctorate",
    ),
    (
        _kind("thesis", "c_46ec", "Dissertation", of_thesis=""),
        "thesis, dissertation, thesis or dissertation, electronic thesis or dissertation",
    ),
    (_kind("research report", "c_18ws", "Report"), "research report"),
    (_kind("technical report", "c_18gh", "Report"), "technical report, techreport"),
    (_kind("policy report", "c_186u", "Report"), "policy report, policy brief, policy paper"),
    (_kind("report", "c_93fc", "Report"), "report, evaluation, evaluation report"),
    (_kind("working paper", "c_8042", "Text"), "working paper, workingpaper, discussion paper"),
    (_kind("preprint", "c_816b", "Preprint"), "preprint, posted-content"),
    (_kind("dataset", "c_ddb1", "Dataset", "mm"), "dataset, data set, research data"),
    (_kind("software", "c_5ce6", "Software", "mm"), "software, computer program"),
    (_kind("still image", "c_ecc8", "Image", "km"), "still image, stillimage, photograph"),
    (_kind("image", "c_c513", "Image", "km"), "image"),
    (_kind("video", "c_12ce", "Audiovisual", "gm"), "video, film, motion_picture"),
    (_kind("sound", "c_18cc", "Sound", "im"), "sound, audio, podcast"),
    (
        _kind("website", "c_7ad9", "InteractiveResource", "mi"),
        "website, web page, webpage, interactive resource, interactiveresource",
    ),
    (_kind("text", "c_18cf", "Text"), "text"),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {word.strip(): kind for kind, words in _ROWS for word in (*words.split(","), kind.coar)}
)
"""A kind by each of its words, in lower case, and by its COAR concept."""

_SEMANTICS = "info:eu-repo/semantics/"


def kind_of(record: Record) -> Kind | None:
    """The kind of work that the record states; the most telling where it states several, `None` for a word nobody knows.

    >>> kind_of(Record(type=("Text", "Journal Article"))).label
    'journal article'
    """
    return _kind_of(record.type)


@lru_cache(maxsize=_REMEMBERED)
def _kind_of(words: tuple[str, ...]) -> Kind | None:
    found = [kind for word in words if (kind := KINDS.get(word.strip().casefold().removeprefix(_SEMANTICS)))]
    telling = [kind for kind in found if kind.label not in {"text", "thesis"}]
    return next(iter([*telling, *found]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may read the work: the COAR label and concept."""

    label: str
    coar: str


open_access = Access(label="open access", coar=_RIGHTS + "c_abf2")
_ACCESS: Mapping[str, Access] = MappingProxyType(
    {
        word: access
        for access, words in (
            (open_access, ("open access", "openaccess", "open")),
            (
                Access(label="embargoed access", coar=_RIGHTS + "c_f1cf"),
                ("embargoed access", "embargoedaccess", "embargoed"),
            ),
            (
                Access(label="restricted access", coar=_RIGHTS + "c_16ec"),
                ("restricted access", "restrictedaccess", "restricted"),
            ),
            (
                Access(label="metadata only access", coar=_RIGHTS + "c_14cb"),
                ("metadata only access", "metadata only", "closedaccess", "closed access"),
            ),
        )
        for word in (*words, access.coar)
    }
)
_CC_ADDRESS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[a-z0-9./+-]+", re.IGNORECASE
)
_CC_WORDS = re.compile(
    r"(?:creative commons |cc[ -])(by(?:-n[cd]|-sa){0,3})[ -]([1-4]\.[05])(?: international| unported)?", re.IGNORECASE
)
_LICENCE_ADDRESS = re.compile(r"https?://\S+/licen[cs]es?/\S+", re.IGNORECASE)
_CC_ZERO = re.compile(r"cc[ -]?(?:0|zero)(?:[ -]1\.0)?(?: universal)?", re.IGNORECASE)


def access_of(record: Record) -> Access | None:
    """Who may read the work, where its rights say so: in words, or by a licence of Creative Commons.

    >>> access_of(Record(rights=("info:eu-repo/semantics/openAccess",))).label
    'open access'
    """
    return _access_of(record.rights)


@lru_cache(maxsize=_REMEMBERED)
def _access_of(rights: tuple[str, ...]) -> Access | None:
    for text in rights:
        if access := _ACCESS.get(text.strip().casefold().removeprefix(_SEMANTICS)):
            return access
    licence = next(filter(None, map(licence_in, rights)), None)
    return open_access if licence is not None and "creativecommons.org" in licence else None


def licence_of(record: Record) -> str | None:
    """The address of the licence that the rights name.

    >>> licence_of(Record(rights=("Copyright the authors", "CC BY-NC 4.0")))
    'https://creativecommons.org/licenses/by-nc/4.0/'
    """
    return next(filter(None, map(licence_in, record.rights)), None)


@lru_cache(maxsize=_REMEMBERED)
def licence_in(text: str) -> str | None:
    """The address of the licence that a statement of rights is, if it is one.

    >>> licence_in("CC0"), licence_in("Copyright the authors")
    ('https://creativecommons.org/publicdomain/zero/1.0/', None)
    """
    text = text.strip()
    if words := _CC_WORDS.fullmatch(text):
        return f"https://creativecommons.org/licenses/{words[1].lower()}/{words[2]}/"
    if _CC_ZERO.fullmatch(text):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return text if _CC_ADDRESS.fullmatch(text) or _LICENCE_ADDRESS.fullmatch(text) else None


_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


def language_tag(record: Record) -> str | None:
    """The first language that is a tag of BCP 47: a code of ISO 639, with a script and a region at most."""
    return _language_tag(record.language)


@lru_cache(maxsize=_REMEMBERED)
def _language_tag(languages: tuple[str, ...]) -> str | None:
    return next((value for value in languages if _TAG.fullmatch(value)), None)


@lru_cache(maxsize=_REMEMBERED)
def iso_639_2(tag: str) -> str | None:
    """The bibliographic code of ISO 639-2 for a tag.

    >>> iso_639_2("en-GB"), iso_639_2("de"), iso_639_2("gle"), iso_639_2("tlh-x")
    ('eng', 'ger', 'gle', None)
    """
    code = tag.partition("-")[0]
    return BIBLIOGRAPHIC.get(LANGUAGES.get(code, ""))
