"""The features of two records in, the weight and the words of each kind of evidence out; the weights are `WEIGHTS`."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from repo_harvest.match.alike import containers_alike, journal_and_meeting, styles_differ, titles_alike
from repo_harvest.match.features import Features
from repo_harvest.match.identities import in_common
from repo_harvest.match.people import MOST
from repo_harvest.match.weights import WEIGHTS as W
from repo_harvest.match.words import weight

__all__ = [
    "Evidence",
    "forms",
    "likeness",
    "long_title",
    "names",
    "pages",
    "people",
    "place",
    "preprint",
    "publishers",
    "texts",
    "title",
    "years",
    "years_differ",
]

Evidence = tuple[float, str]
"""A weight, and what it is for in words; nothing in words where a reader would learn nothing."""

_NOTHING: Evidence = (0.0, "")
_INITIAL_FROM = 2
_SIMILAR_NAME = 75
_BEST_TEXT, _LIKE_TEXT, _OTHER_TEXT = 90, 70, 45
_HALF = 0.5
_LONG_LIST = 5


def likeness(one: Features, other: Features) -> tuple[float, bool]:
    """How alike the titles are, 0 to 1, and whether only because one lacks the subtitle, or by a title beside the first."""
    alike = titles_alike(one.title, other.title, {*one.names, *other.names})
    if alike >= W.subtitle_missing:
        return alike, False
    main, whole = one.main or one.title, other.main or other.title
    if (one.main or other.main) and not (one.main and other.main) and titles_alike(main, whole) >= W.subtitle_missing:
        return max(alike, W.subtitle_missing), True
    if alike < W.one_goes_on and (part := _part(one.title, other.title)):
        return max(alike, part), True
    if one.others or other.others:
        beside = (
            max(titles_alike(a, b) for a in (one.title, *one.others) for b in (other.title, *other.others) if a and b)
            if one.title and other.title
            else 0.0
        )
        return max(alike, beside), False
    return alike, False


def _part(one: str, other: str) -> float:
    """How alike two titles are of which one holds the other whole, at its beginning or its end; 0 for others."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if sum(map(weight, short.split())) < W.enough_title:
        return 0.0
    if long.startswith(f"{short} "):
        return W.one_goes_on
    return W.one_begins_before if long.endswith(f" {short}") else 0.0


def title(one: Features, other: Features, alike: float, subtitle: bool) -> Evidence:
    """What the titles say, once it is known how alike they are."""
    if not one.title or not other.title:
        return _NOTHING
    much = min(says(one.title), says(other.title))
    if one.recurring or other.recurring:
        much = W.recurring_title / W.equal_title
    scale = (alike - W.like_title) / (1 - W.like_title)
    if scale >= 0:
        words = "the same title" if alike == 1 else "one title is a part of the other" if subtitle else "like titles"
        found = W.equal_title * scale * much
    else:
        words = "unlike titles"
        found = max(scale, -1.0) * -W.unlike_title
    if alike < 1 and one.codes != other.codes and _other_codes(one.codes, other.codes):
        return found + W.other_code, f"{words}, but other codes"
    if one.part != other.part:
        return found + W.part_missing, f"{words}, but {max(one.part, other.part)} in one only"
    if one.numbers != other.numbers and _figures(one) != _figures(other):
        found += W.number_missing
    return found, words


def long_title(one: str, other: str) -> bool:
    """Whether both titles are so long that two works would hardly share them."""
    return min(sum(map(weight, title.split())) for title in (one, other)) >= W.full_title


def _other_codes(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether each title has a word of letters and figures (d2, hba1c) that the other one lacks."""
    left, right = [w for w in one if w not in other], [w for w in other if w not in one]
    return bool(left and right) and not any(a in b or b in a for a in left for b in right)


@lru_cache(maxsize=1 << 15)
def says(title: str) -> float:
    """How much a title says, up to 1: a short one may be that of another work too, or of a column."""
    return min(1.0, W.short_title + sum(map(weight, title.split())) / W.full_title)


def _figures(features: Features) -> list[str]:
    """The numbers of a title but those that may be a year, which often stands before or behind a title."""
    return [n for n in features.numbers if len(n) != 4 or n[:2] not in {"18", "19", "20"}]  # noqa: PLR2004 -- a year


def people(one: Features, other: Features) -> Evidence:  # noqa: PLR0911 -- one for each finding
    """What the creators say: the first one most, in whatever order they stand."""
    if not one.names or not other.names:
        return _NOTHING
    first, initials = _first(one, other)
    if first:
        if not initials:
            alone = len(one.names) == len(other.names)
            return (
                W.other_initial if alone else W.other_initial_of_many,
                f"the first creator {first}, but other initials",
            )
        more = len(set(one.names[1:]).intersection(other.names[1:]))
        return min(
            W.most_creators, W.first_creator + more * W.other_creator
        ), f"shared first author {first.capitalize()}"
    common = _common(one.names, other.names)
    if not common and one.names[0][0] == other.firsts[0] and other.names[0][0] == one.firsts[0]:
        return W.turned_round, "a creator whose names may be turned round"
    lengths = sorted((len(one.names), len(other.names)))
    if not common and lengths[1] == MOST and lengths[0] >= _LONG_LIST:
        return W.none_in_cut_lists, "no creator in common among the first"
    if not common and one.title == other.title and long_title(one.title, other.title):
        return W.none_but_long_title, "no creator in common, but a long title"
    if not common:
        return W.no_creator_in_common, "no creator in common"
    share = common / min(len(one.names), len(other.names))
    if share >= 0.5:  # noqa: PLR2004 -- half
        return min(W.most_creators, W.other_first + (common - 1) * W.other_creator), f"{common} creators in common"
    return W.few_in_common, "few creators in common"


def _first(one: Features, other: Features) -> tuple[str, bool]:
    """The surname of the first creator where it is the same, and whether the initials may be one person's."""
    a, b = one.names[0], other.names[0]
    if not _same_name(a, b):
        return "", False
    i, j = one.firsts[0], other.firsts[0]
    return min(a, b), i == j or " " in {i, j} or len(one.names) >= _INITIAL_FROM <= len(other.names)


def _same_name(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) < 4 or len(b) < 4:  # noqa: PLR2004 -- short names differ in a letter
        return False
    if a[0] != b[0]:
        return a.endswith(b) or b.endswith(a)
    return a.startswith(b) or b.startswith(a) or fuzz.ratio(a, b, score_cutoff=_SIMILAR_NAME) > 0


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many names are on both sides, misspelt ones included."""
    if other < one:
        one, other = other, one
    here, there = set(one), set(other)
    both = here & there
    common = len(both)
    if common < min(len(here), len(there)):
        left, right = here - both, there - both
        common += sum(any(_same_name(name, candidate) for candidate in right) for name in left)
    return min(common, len(one), len(other))


def years(one: Features, other: Features) -> Evidence:
    """What the years say: the nearest two of them."""
    if not one.years or not other.years:
        return _NOTHING
    apart = 0 if one.years == other.years else min(abs(a - b) for a in one.years for b in other.years)
    if not apart:
        return W.same_year, f"the year {min(set(one.years).intersection(other.years))}"
    short = W.other_year_short if min(says(one.title), says(other.title)) < 1 else 0.0
    weighs = W.next_year if apart == 1 else W.near_year if apart == 2 else W.other_year  # noqa: PLR2004 -- two years
    return weighs + short, f"years {apart} apart"


def years_differ(one: Features, other: Features) -> bool:
    """Whether both state years and none is the same."""
    return bool(one.years and other.years) and one.years != other.years and set(one.years).isdisjoint(other.years)


def preprint(one: Features, other: Features) -> bool:
    """Whether just one of the two is a preprint: where the other one appeared says nothing then."""
    return one.form != other.form and "preprint" in {one.form, other.form}


def place(one: Features, other: Features) -> Evidence:
    """What container, volume and issue say together."""
    total = 0.0
    words = ""
    if one.container and other.container and not preprint(one, other):
        alike = containers_alike(one.container, other.container)
        if years_differ(one, other) and (alike < 0 or styles_differ(one.container, other.container)):
            total += W.other_container_and_year
        elif alike >= 0:
            total += W.same_container if alike else W.similar_container
        elif journal_and_meeting(one.container, other.container):
            total += W.journal_or_meeting
        else:
            total += W.other_journal if one.volume or other.volume or one.first or other.first else W.other_container
    if one.volume and other.volume:
        if one.volume == other.volume:
            total += W.same_volume
            words = f"volume {one.volume}"
            if one.issue and other.issue:
                total += W.same_issue if one.issue == other.issue else W.other_issue
        else:
            total += W.other_volume
            low, high = sorted((one.volume, other.volume))
            words = f"volume {low}, other {high}"
    return total, words


def pages(one: Features, other: Features) -> Evidence:  # noqa: PLR0911 -- one for each finding
    """What the pages say."""
    if not one.first or not other.first or one.total != other.total:
        return _NOTHING
    if one.total:
        return (0.5, f"{one.last} pages") if one.last == other.last else (W.other_total, "other numbers of pages")
    if one.first == other.first:
        if one.last == other.last:
            if one.last > one.first and one.volume and one.volume == other.volume:
                return W.same_range_of_volume, f"pages {one.first}-{one.last} of volume {one.volume}"
            return W.same_pages, f"pages {one.first}-{one.last}"
        return W.same_first_page, f"first page {one.first}"
    if f"{one.first}{one.last}" == str(other.first) or f"{other.first}{other.last}" == str(one.first):
        return W.same_first_page, f"pages {min(one.first, other.first)}-{min(one.last, other.last)}"
    if (
        one.last == other.last
        or abs(one.first - other.first) == 1
        or (one.first <= other.last and other.first <= one.last)
    ):
        return W.touching_pages, ""
    low, high = sorted((one.first, other.first))
    if one.volume and one.volume == other.volume:
        return W.other_pages_of_volume, f"page {low}, other {high}"
    return W.other_pages, f"page {low}, other {high}"


def texts(one: Features, other: Features) -> Evidence:
    """What the beginnings of the abstracts say."""
    if not one.text or not other.text:
        return _NOTHING
    length = min(len(one.text), len(other.text))
    if length < 60:  # noqa: PLR2004 -- less than a sentence says nothing
        return _NOTHING
    alike = fuzz.ratio(one.text[:length], other.text[:length])
    if alike >= _BEST_TEXT:
        return W.same_text, "the same abstract"
    if alike >= _LIKE_TEXT:
        return W.like_text, "like abstracts"
    return (W.other_text, "other abstracts") if alike < _OTHER_TEXT else _NOTHING


def names(one: Features, other: Features, alike: float) -> Evidence:
    """What the identifiers say; a DOI that unlike titles share may be that of a whole issue."""
    total = 0.0
    words = ""
    if one.dois and other.dois:
        if shared := in_common(one.dois, other.dois):
            total = W.same_doi if alike > _HALF else W.same_doi_unlike
            words = f"the same DOI {shared}"
        else:
            total, words = W.other_doi, f"DOIs differ: {', '.join(sorted((one.dois[0], other.dois[0])))}"
    if found := in_common(one.addresses, other.addresses):
        total += W.same_name
        words = words or f"the same identifier {found}"
    if one.isbns and other.isbns:
        if both := in_common(one.isbns, other.isbns):
            total += W.same_isbn
            words = words or f"the same ISBN {both}"
        else:
            total += W.other_isbn
            words = words or "ISBNs differ"
    return total, words


def publishers(one: Features, other: Features) -> Evidence:
    """What the publishers say; two may be glued together on one side."""
    if not one.publisher or not other.publisher:
        return _NOTHING
    if one.publisher == other.publisher or containers_alike(one.publisher, other.publisher) >= 0:
        return W.same_publisher, ""
    return W.other_publisher, "publishers differ"


def forms(one: Features, other: Features) -> Evidence:
    """What the kinds of document say."""
    if not one.form or not other.form or one.form == other.form:
        return _NOTHING
    low, high = sorted((one.form, other.form))
    return W.other_form, f"one a {low}, the other a {high}"
