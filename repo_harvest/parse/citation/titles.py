"""A tape in, the stretches out that may be its title: one for each look that titles have on pages.

A look is a label, bold or italic type, a link, a class of runs, quotation marks, a line of its own, or a place in the
citation (after the date, after the people, the first sentence). Which look a page's titles have is for `reading` to find
out, by trying each on all units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice

from repo_harvest.parse.citation import people
from repo_harvest.parse.citation.atoms import Dated, dated, numbers
from repo_harvest.parse.citation.labels import Role
from repo_harvest.parse.citation.people import Way
from repo_harvest.parse.citation.sentences import EDITION, TOWN, WORKS, ends, is_publisher
from repo_harvest.parse.citation.tape import Piece, Tape

__all__ = ["BOLD", "ITALIC", "LABEL", "candidates", "looks"]

LABEL, QUOTED, LINE, AFTER_DATE, AFTER_PEOPLE, SENTENCE = (
    "label",
    "quotes",
    "line",
    "after date",
    "after people",
    "sentence",
)
BEFORE_PEOPLE, TO_COMMA = "before people", "up to a comma"
BOLD, ITALIC, LINK = "bold", "italic", "link"
_SENTENCES = frozenset({AFTER_DATE, AFTER_PEOPLE, SENTENCE, TO_COMMA, BEFORE_PEOPLE})

_QUOTED = re.compile(
    r"“(?P<a>[^“”\n]{2,600}(?:“[^“”]*”[^“”\n]*)?)”|„(?P<b>[^„“”\n]{2,600})[“”]|«\s?(?P<c>[^«»\n]{2,600}?)\s?»|‘(?P<d>[^\n]{2,600}?)’(?=[,.;:]?(?:\s|\Z))"
    r"|「(?P<e>[^「」\n]{2,600}(?:「[^「」\n]{0,200}」[^「」\n]{0,600})?)」|『(?P<f>[^『』\n]{2,600})』|(?<!\w)\"(?P<g>[^\"\n]{2,600})\"|(?<![\w])'(?P<h>[^\n]{2,600}?)'(?=[,.;:]?(?:\s|\Z))",
)
_SKIP = re.compile(r"[\s.,:;：，、；．。–—|)\]）\-]*")
_BOLD_LABELS = frozenset({"bold", "strong"})
_ITALIC_LABELS = frozenset({"italic", "italics", "em", "emphasis"})
_ENDS_IN = re.compile(r"[.,?!:;”’\"] ?[Ii]n:?\Z|\b(?:In|in:)\Z")
_IN_COLON = re.compile(r"(?:(?<=[.,;?!]) |(?<=\w) )(?:In|in|En|Dans): ")
_IN_WORK = re.compile(r"(?:In|En|Em|Dans)\b:?\s(?!(?:press|print|prep|review|prensa|stampa)\b)")
_COMMA_QUOTE = re.compile(r", (?=[«“„])")
_COMMAS = re.compile(r", (?=[^\W\d_])(?![a-zß-ÿ])")
_BREAK = re.compile(
    r" // |,? \((?:joint(?:ly)? )?(?:with|w/|mit|avec|con|com) |,? \((?=[A-ZÀ-Ý][^()]{1,40}: [^()]{2,60}, (?:1[5-9]|20)\d\d\))"
)
_ENDS_WITH_IN = re.compile(r"[.,;:]? ?\b(?:in|In)\b:?\s*\Z")
_GOES_ON_IN_SMALL = re.compile(r": [a-zß-ÿ]")  # “Quoted”: and the rest of the title
_AFTER_ITALIC = re.compile(r"[.,;]\s+(?=[^\Wa-zß-ÿ])|\.?\s*(?:\n|\Z)")
_PEOPLE_FOLLOW = re.compile(r",? \(?(?:joint(?:ly)? )?(?:with|w/|by|mit|von|avec|par|con|com) (?=[^\W\d_a-zß-ÿ])")
_GOES_ON = re.compile(r"[\s,]*(?:[(\d]|vol\b)", re.IGNORECASE)
_SHORTEST = 2  # words
_SHORTEST_UNPARTED, _LONG_WORD = 3, 12  # letters: of a script without blanks; of a title of one word
_MOST_BEFORE_DATE = 2  # words: "et al.", "(eds.)"
_MOST_SENTENCES = 4  # of a title that people follow
_MOST_ITALIC_WORD = 2  # words in italic type inside a title: a species
_FURTHEST = 12  # sentence ends that a title may run across


def looks(piece: Piece) -> Iterator[str]:
    """Every look that a piece has."""
    run = piece.run
    if run.bold or not _BOLD_LABELS.isdisjoint(run.labels):
        yield BOLD
    if run.italic or not _ITALIC_LABELS.isdisjoint(run.labels):
        yield ITALIC
    if run.href:
        yield LINK
    for label in run.labels:
        if piece.role is None:
            yield f".{label}"


def candidates(tape: Tape, way: Way | None, likely: frozenset[str] = frozenset()) -> dict[str, tuple[int, int]]:
    """The stretch that each look offers as the title; of `likely` looks only, unless none of them offers any."""
    offered = _offered(tape, way, likely)
    if likely and not (offered := {look: span for look, span in offered.items() if look in likely}):
        return _offered(tape, way, frozenset())
    return offered


def _offered(tape: Tape, way: Way | None, likely: frozenset[str]) -> dict[str, tuple[int, int]]:
    """What each look offers; without `likely` ones, all looks are."""
    found: dict[str, tuple[int, int]] = {}
    if regions := [span for span in tape.regions(Role.TITLE) if _has_words(tape, span, least=1)]:
        found[LABEL] = max(regions, key=lambda span: span[1] - span[0]) if len(regions) > 1 else regions[0]
    for look, all_spans in _marked(tape).items():
        spans = [span for span in all_spans if _has_words(tape, span)]
        if spans and (not likely or look in likely):
            found[look] = next((span for span in spans if not _is_people(tape, span)), spans[0])
    if match := next(filter(partial(_is_quoted_title, tape), _QUOTED.finditer(tape.words)), None):
        found[QUOTED] = match.span(str(match.lastgroup))
    found |= _lines(tape)
    found |= _sentences(tape, way, likely or _SENTENCES)
    return {look: trimmed for look, span in found.items() if (trimmed := _trimmed(tape, *span))}


def _is_quoted_title(tape: Tape, match: re.Match[str]) -> bool:
    """Whether what stands in quotes is a whole title; one word is if it has the full stop or comma of its sentence."""
    one = match[0][-2:-1] in {".", ",", "?", "!"} or tape.words[match.end() : match.end() + 1] in {",", "."}
    told = _has_words(tape, match.span(), least=1 if one else _SHORTEST)
    return told and _GOES_ON_IN_SMALL.match(tape.words, match.end()) is None


def _marked(tape: Tape) -> dict[str, list[tuple[int, int]]]:
    """The stretches of each look; what stands between two of them belongs to them if it is no word."""
    found: dict[str, list[tuple[int, int]]] = {}
    for piece in tape.pieces:
        if not tape.words[piece.start : piece.end].strip():
            continue
        for look in looks(piece):
            spans = found.setdefault(look, [])
            if (
                spans
                and not any(map(str.isalnum, tape.words[spans[-1][1] : piece.start]))
                and "\n" not in tape.words[spans[-1][1] : piece.start]
            ):
                spans[-1] = (spans[-1][0], piece.end)
            else:
                spans.append((piece.start, piece.end))
    return found


def _has_words(tape: Tape, span: tuple[int, int], *, least: int = _SHORTEST) -> bool:
    words = tape.words[span[0] : span[1]]
    letters = sum(map(str.isalpha, words))
    unparted = letters >= _SHORTEST_UNPARTED and not words.isascii()
    return len(words.split()) >= least or unparted or letters >= _LONG_WORD


def _is_people(tape: Tape, span: tuple[int, int]) -> bool:
    """Whether a stretch only names people."""
    words = tape.words[span[0] : span[1]].strip(" ,;:&.")
    found = people.find(words)
    return found is not None and found.ended and found.end >= len(words) - 2


def _lines(tape: Tape) -> dict[str, tuple[int, int]]:
    """The first three lines, each as a title."""
    found, at = {}, 0
    for number, line in enumerate(tape.text.split("\n")[:4]):
        span = (at, at + len(line))
        if _has_words(tape, span) and len(tape.starts) > 1:
            found[f"{LINE} {number + 1}"] = span
        at += len(line) + 1
    return found


def _sentences(tape: Tape, way: Way | None, likely: frozenset[str]) -> dict[str, tuple[int, int]]:
    """What follows the date, what follows the people, and the first sentence, each up to where a title ends."""
    if likely.isdisjoint(_SENTENCES):
        return {}
    words, found = tape.words, {}
    stop = len(words)
    start = _skip(words, 0)
    who = people.find(words, start, stop, way=way)
    italic = next((piece.start for piece in tape.pieces if piece.start > start and ITALIC in looks(piece)), stop)
    if who and who.names[-1].start < italic < who.names[-1].end:
        who = people.find(words, start, italic, way=way)
    when = dated(words, start, min(stop, (who.end if who else start) + 400))
    after = who.end if who else start
    date = _date_after(words, after, when)
    if date and (who or date.alone):
        found[AFTER_DATE] = _until_end(tape, _skip(words, date.end), stop)
    if who and not (date and not words[after : date.start].strip(" \n.,:;(")):
        found[AFTER_PEOPLE] = _until_end(tape, _skip(words, after), stop)
    found[SENTENCE] = _until_end(tape, start, stop)
    begins = _skip(words, date.end) if AFTER_DATE in found and date else _skip(words, after)
    if TO_COMMA in likely and (comma := _comma(words, begins, stop)):
        found[TO_COMMA] = (begins, comma)
    if BEFORE_PEOPLE in likely and (end := _before_people(words, start, stop, way)):
        found[BEFORE_PEOPLE] = (start, end)
    return {look: span for look, span in found.items() if span[0] < span[1]}


def _comma(words: str, start: int, stop: int) -> int | None:
    """The comma that ends a title in "Title, Journal 12 (2019) 1-20" and "Title, Town, Publisher, 2019"."""
    line = words.find("\n", start, stop)
    stop = line if line >= 0 else stop
    if quoted := _COMMA_QUOTE.search(words, start, stop):
        return quoted.start()
    spoken = numbers(words, start, stop)
    limits = [date.start for date in dated(words, start, stop)] + ([spoken.start] if spoken.start is not None else [])
    limit = min(limits, default=stop)
    commas = [match for match in _COMMAS.finditer(words, start, limit) if words[match.end() : limit].strip(" .,(")]
    if not commas:
        return None
    if len(commas) > 1 and is_publisher(words[commas[-1].end() : limit].strip(" ,.(")):
        town = words[commas[-2].end() : commas[-1].start()].split()
        return commas[-2].start() if len(town) <= 2 else commas[-1].start()  # noqa: PLR2004 - "New York"
    return commas[-1].start()


def _before_people(words: str, start: int, stop: int, way: Way | None) -> int | None:
    """The sentence end after which people are named."""
    for end, then in islice(ends(words, start, stop), _MOST_SENTENCES):
        who = people.find(words, then, stop, way=way)
        if who and who.ended and who.names[0].start - then <= 12:  # noqa: PLR2004 - characters of "with" and its like
            return end
    return None


def _date_after(words: str, after: int, when: list[Dated]) -> Dated | None:
    """The date that follows the people, perhaps after "eds."."""
    return next(
        (
            date
            for date in when
            if date.start >= after
            and len(words[after : date.start].split()) <= _MOST_BEFORE_DATE
            and "\n" not in words[after : date.start].strip()
        ),
        None,
    )


def _skip(words: str, at: int) -> int:
    match = _SKIP.match(words, at)
    return match.end() if match else at


def _until_end(tape: Tape, start: int, stop: int) -> tuple[int, int]:
    """From `start` to where a title ends in running text."""
    words = tape.words
    quoted = _QUOTED.match(words, start)
    if quoted and (_PEOPLE_FOLLOW.match(words, quoted.end()) or _ends_title(words, quoted)):
        return quoted.span(str(quoted.lastgroup))
    line = words.find("\n", start, stop)
    stop = line if line >= 0 else stop
    broken = (
        _IN_COLON.search(words, start, stop) or _BREAK.search(words, start, stop) or TOWN.search(words, start, stop)
    )
    if broken:
        return start, broken.start()
    edition = EDITION.search(words, start, stop)
    stop = edition.start() if edition else stop
    if italic := _italic_from(tape, start, stop):
        return start, italic
    look = _change_of_look(tape, start, stop)
    parts = list(islice(ends(words, start, look or stop), _FURTHEST))
    in_work = next((end for end, then in parts if _IN_WORK.match(words, then)), None)
    if in_work is not None:
        return start, in_work
    before = _before_look(words[start:look].rstrip(), parts) if look else None
    if before is not None:
        return start, start + before
    return start, _end_of_title(words, parts or [(stop, stop)], stop)


def _ends_title(words: str, quoted: re.Match[str]) -> bool:
    """Whether a title ends with its quotation marks: no small word goes on, and something parts it from what follows."""
    if _GOES_ON_IN_SMALL.match(words, quoted.end()):
        return False
    follows = words[quoted.end() : quoted.end() + 1]
    return follows in ".,;:：，、．。" or quoted[0][-2:-1] in ".,?!" or quoted[0][0] in "「『"


def _before_look(before: str, parts: list[tuple[int, int]]) -> int | None:
    """How much of what stands before a change of look is title."""
    if before.endswith((",", ".", "?", "!", ":", ";")) and not WORKS.search(before[-4:]):
        return len(before.rstrip(",;:"))
    if _ENDS_WITH_IN.search(before) or not parts:
        return len(_ENDS_WITH_IN.sub("", before))
    return None


def _italic_from(tape: Tape, start: int, stop: int) -> int | None:
    """Where italic type ends that begins with the title and holds all of it."""
    end = start
    for piece in tape.pieces:
        if piece.start <= end < piece.end <= stop and (ITALIC in looks(piece)):
            end = piece.end
    whole = len(tape.words[start:end].split()) > _MOST_ITALIC_WORD and _AFTER_ITALIC.match(tape.words, end)
    return end if whole else None


def _change_of_look(tape: Tape, start: int, stop: int) -> int | None:
    """Where italic type begins that is more than a word inside the title."""
    words = tape.words
    italic = [
        piece for piece in tape.pieces
        if start < piece.start < stop and ITALIC in looks(piece) and words[piece.start : piece.end].strip()
    ]  # fmt: skip
    for piece in italic:
        before = words[start : piece.start].rstrip()
        if before.endswith((".", ",", "?", "!", ":", "”", '"', "’", "'")) or _ENDS_IN.search(before[-5:]):
            return piece.start
        if piece is italic[-1] and (before.endswith(" in") or _GOES_ON.match(words, piece.end)):
            return piece.start
    return None


def _end_of_title(words: str, parts: list[tuple[int, int]], stop: int) -> int:
    """The sentence end that is followed by what a title is followed by.

    That is a container with its numbers; else the first that "In" or a publisher follows; else the first of all.
    """
    for end, then in parts:
        if WORKS.match(words, then) or _IN_WORK.match(words, then):
            return end
    spoken = numbers(words, parts[0][1], stop)
    first = min(
        [date.start for date in dated(words, parts[0][1], stop)] + ([spoken.start] if spoken.start is not None else []),
        default=None,
    )
    if first is None:
        last = [end for end, then in parts[1:] if is_publisher(words[then : _next(parts, then, stop)].strip(" ."))]
        return last[0] if last and not is_publisher(words[parts[0][1] : last[0]].strip(" .")) else parts[0][0]
    before = [(end, then) for end, then in parts if then < first]
    if not before:
        return parts[0][0]
    return _back(words, before, first)


def _next(parts: list[tuple[int, int]], then: int, stop: int) -> int:
    return next((end for end, _ in parts if end > then), stop)


def _back(words: str, before: list[tuple[int, int]], first: int) -> int:
    """The last sentence end before the numbers, but not one inside an abbreviated container or before a bare year."""
    at = len(before) - 1
    while at > 0:
        container = words[before[at][1] : first].strip(" .,;:(")
        previous = words[before[at - 1][1] : before[at][0]].split()
        if not container or (is_publisher(container) and len(previous) > 2 and not _is_short(previous)):  # noqa: PLR2004 - an abbreviation
            if not container:
                at -= 1
                continue
            break
        if _is_short(previous):
            at -= 1
            continue
        break
    return before[at][0]


def _is_short(words: list[str]) -> bool:
    """Whether words before a full stop abbreviate: "J. Comput"."""
    return 0 < len(words) <= 3 and len(words[-1]) <= 6 and words[-1][:1].isupper() and "?" not in words[-1]  # noqa: PLR2004 - as above


def _trimmed(tape: Tape, start: int, end: int) -> tuple[int, int] | None:
    """A title without separators around it; its quotation marks go only if they hold all of it."""
    words = tape.words[start:end]
    end = start + len(words.rstrip(" \n,;:|–—"))
    start += len(words) - len(words.lstrip(" \n,;:|–—.)"))
    words = tape.words[start:end]
    if words.endswith(".") and not words.endswith("..."):
        end -= 1
    if (match := _QUOTED.match(tape.words, start)) and match.end() >= end - 1:
        start, end = match.span(str(match.lastgroup))
        end -= len(tape.words[start:end]) - len(tape.words[start:end].rstrip(" .,"))
    return (start, end) if start < end and any(map(str.isalnum, tape.words[start:end])) else None
