"""Text in, the date it states out, at the precision it was stated with.

A date is a handful of words (a year, perhaps a month, perhaps a day) in one of the orders of `ORDERS`; anything else
is no date. Nothing is completed: "2021" has no month, "04/03/2021" keeps only its year, because it does not say which
number is the month. Digits are ASCII. There is no date-guessing library here: those invent a day for "2021".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from repo_harvest.model import PartialDate, Severity

__all__ = ["MONTHS", "ORDERS", "Stated", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a date text says: the date, or `None`; and what a person should know about it, if anything."""

    date: PartialDate | None
    remark: str = ""
    severity: Severity = Severity.NOTE


_MONTH_WORDS = (
    # English with its abbreviations; then German, French, Spanish, Italian, Dutch, Portuguese, Welsh
    "january jan januar janvier enero gennaio januari janeiro ionawr ene",
    "february feb februar février febrero febbraio februari fevereiro chwefror fev févr",
    "march mar märz mär mars marzo maart março mawrth",
    "april apr avril abril aprile ebrill avr abr",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho mehefin",
    "july jul juli juillet juil julio luglio julho gorffennaf",
    "august aug août agosto augustus awst",
    "september sep sept septembre septiembre settembre setembro medi",
    "october oct oktober octobre octubre ottobre outubro hydref okt ott",
    "november nov novembre noviembre novembro tachwedd",
    "december dec dezember décembre diciembre dicembre dezembro rhagfyr dez dic déc",
)
MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
SEASONS = frozenset({"spring", "summer", "autumn", "fall", "winter"})

# Y year, M month in words, D day, S season, in the order of the text
ORDERS = frozenset({"Y", "MY", "DMY", "MDY", "YM", "YMD", "YDM", "SY", "YS"})

_UNDATED = frozenset({
    "in press", "in print", "forthcoming", "n.d.", "n.d", "nd", "no date", "undated", "s.d.", "to appear",
    "accepted", "submitted", "under review", "in preparation", "early view", "online first", "advance online publication",
})  # fmt: skip

_LONGEST = 60  # characters; what is longer is a sentence
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?(?:T[0-9:.]{4,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_YEAR = re.compile(r"([12][0-9]{3})[a-z]?")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")


def read(text: str) -> Stated | None:
    """The date that `text` states and nothing but; `None` if it does not try to state one.

    >>> str(read("2019-09-04").date), str(read("2021").date), str(read("4 March 2021").date)
    ('2019-09-04', '2021', '2021-03-04')
    >>> read("in press")
    Stated(date=None, remark="it says 'in press': no date", severity=<Severity.NOTE: 'note'>)
    >>> read("2021-02-30").remark
    "'2021-02-30' is no date that exists"
    >>> read("04/03/2021").remark
    "'04/03/2021' may have the day or the month first: only the year is kept"
    >>> read("Wiley") is None
    True
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    if text.casefold() in _UNDATED:
        return Stated(date=None, remark=f"it says '{text}': no date")
    if match := _ISO.fullmatch(text):
        return _checked(text, match[1], match[3], match[4])
    if match := _NUMERIC.fullmatch(text):
        return _numeric(text, match)
    return _in_words(text)


def _checked(text: str, year: str, month: str | None, day: str | None) -> Stated:
    """The date of these numbers; without one, and a warning, if no calendar has it."""
    no_such_date = Stated(date=None, remark=f"'{text}' is no date that exists", severity=Severity.WARNING)
    if _YEAR.fullmatch(year) is None or 0 in {int(part) for part in (month, day) if part}:
        return no_such_date
    try:
        date = PartialDate(year=int(year), month=int(month) if month else None, day=int(day) if day else None)
    except ValueError:
        return no_such_date
    return Stated(date=date)


def _numeric(text: str, match: re.Match[str]) -> Stated:
    """Day, month and year in numbers: dots mean day first, a number above 12 is a day, else nobody can tell."""
    first, separator, second, year = match.groups()
    if separator == "." or int(first) > 12:  # noqa: PLR2004 - a year has twelve months
        return _checked(text, year, second, first)
    if int(second) > 12:  # noqa: PLR2004 - a year has twelve months
        return _checked(text, year, first, second)
    if first == second:
        return _checked(text, year, first, second)
    stated = _checked(text, year, None, None)
    remark = f"'{text}' may have the day or the month first: only the year is kept"
    return Stated(date=stated.date, remark=remark) if stated.date else stated


def _in_words(text: str) -> Stated | None:
    """Year, month and day as words, if they stand in one of `ORDERS`."""
    found: dict[str, str] = {}
    order = ""
    for word in text.replace(",", " ").split():
        kind, value = _kind(word)
        if not kind or kind in found:
            return None
        if kind != "-":
            found[kind] = value
            order += kind
    if order not in ORDERS:
        return None
    stated = _checked(text, found["Y"], found.get("M"), found.get("D"))
    if "S" in found and stated.date:
        return Stated(date=stated.date, remark=f"'{text}' names a season: only the year is kept")
    return stated


def _kind(word: str) -> tuple[str, str]:
    """What a word of a date is (a letter of `ORDERS`, `-` for filling, or nothing), and its value."""
    folded = word.casefold()
    if match := _YEAR.fullmatch(folded):
        return "Y", match[1]
    if month := MONTHS.get(folded.removesuffix(".")):
        return "M", str(month)
    if match := _DAY.fullmatch(folded):
        return "D", match[1]
    if folded in SEASONS:
        return "S", folded
    return ("-", "") if folded in {"of", "de"} else ("", "")
