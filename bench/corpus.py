"""A number of records and a seed in, that many import lines out: the same ones every time, in no need of any file.

    python bench/corpus.py --records 1000000 [--seed 1] > corpus.jsonl

Words and names are made of syllables and are as unevenly common as real ones: a few surnames, words and journals are
everywhere, and so are titles like "Editorial". About one line in ten repeats the work of an earlier one as another page
would state it: with a slip of the keys, initials, fewer creators, or without what it does not know. The `id` of a line
is `WORK-LINE`, so that who wants to know which lines are one work reads it there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random

__all__ = ["records"]

REPEATED = 0.1
_REMEMBERED = 2000  # works that may still be repeated
_BARE = ("Editorial", "Introduction", "Book reviews", "In this issue", "Correspondence", "Erratum", "Obituary")
_BETWEEN = ("of", "in", "and", "the", "for", "with", "on", "a", "by", "from")
_ONSETS = "b c d f g h j k l m n p r s t v w z br ch cl dr gr kl pl pr sh st tr th".split()  # noqa: SIM905 -- read as one line
_VOWELS = "a e i o u ai ea io ou".split()  # noqa: SIM905 -- read as one line
_CODAS = ("", "", "", "l", "n", "r", "s", "t", "m", "nd", "rt")
_KINDS = ("article", "article", "article", "article", "book", "thesis", "conference paper")

Line = dict[str, object]


def records(n: int, seed: int = 1) -> Iterator[Line]:
    """`n` import lines; another seed gives other works."""
    random = Random(seed)
    writer = _Writer(random)
    remembered: list[tuple[int, Line]] = []
    works = 0
    for number in range(n):
        if remembered and random.random() < REPEATED:
            work, original = random.choice(remembered)
            line = writer.repeated(original)
        else:
            works += 1
            work, line = works, writer.original(works)
            if len(remembered) < _REMEMBERED:
                remembered.append((work, line))
            else:
                remembered[random.randrange(_REMEMBERED)] = (work, line)
        yield {"id": f"{work}-{number + 1}", **line}


class _Common:
    """Things to draw from, of which the first ones come up most: the n-th in proportion to 1 / (n + flat)."""

    def __init__(self, things: Sequence[str], *, flat: int = 5) -> None:
        self._things = things
        self._weights = list(accumulate(1 / (n + flat) for n in range(len(things))))

    def drawn(self, random: Random, n: int = 1) -> list[str]:
        return random.choices(self._things, cum_weights=self._weights, k=n)


class _Writer:
    """What works are written with; everything is drawn from one `Random`."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._words = _Common(_made(random, 30_000, 2, 4), flat=30)
        self._surnames = _Common([word.capitalize() for word in _made(random, 20_000, 1, 3)], flat=40)
        self._givens = _Common([word.capitalize() for word in _made(random, 800, 1, 3)])
        self._publishers = _Common([f"{word.capitalize()} Press" for word in _made(random, 300, 2, 3)])
        self._containers = _Common(
            [
                f"{random.choice(('Journal of', 'Annals of', 'Review of', 'Studies in'))} {self._words.drawn(random)[0].capitalize()}"
                for _ in range(3000)
            ]
        )

    def original(self, work: int) -> Line:
        random = self._random
        kind = random.choice(_KINDS)
        line: Line = {
            "title": self._title(),
            "creators": [
                self._name() for _ in range(random.choices((0, 1, 2, 3, 4, 6, 9), (2, 30, 25, 18, 13, 8, 4))[0])
            ],
            "date": self._date(),
            "type": kind,
            "language": "en" if random.random() < 0.8 else "",
        }
        if kind in {"book", "thesis"}:
            line["publisher"] = self._publishers.drawn(random)[0]
        else:
            first = random.randrange(1, 900)
            line["container"] = self._containers.drawn(random)[0]
            line["volume"], line["issue"] = str(random.randrange(1, 90)), str(random.randrange(1, 13))
            line["pages"] = f"{first}-{first + random.randrange(1, 30)}"
        if random.random() < 0.6:
            line["identifiers"] = [f"https://doi.org/10.{5000 + work % 700}/{work:x}"]
        if random.random() < 0.3:
            line["description"] = self._sentences()
        return line

    def repeated(self, line: Line) -> Line:
        """The work as another page would state it."""
        random = self._random
        other = dict(line)
        names = [str(name) for name in line["creators"]]  # type: ignore[attr-defined]  # it is the list that `original` made
        for name in ("identifiers", "description", "volume", "pages", "issue", "container", "language", "type"):
            if random.random() < 0.3:
                other.pop(name, None)
        if random.random() < 0.4:
            other["title"] = _slipped(random, str(line["title"]))
        if random.random() < 0.5:
            names = [_initials(name) for name in names]
        if random.random() < 0.2:
            names = names[:1]
        if random.random() < 0.1:
            random.shuffle(names)
        return {**other, "creators": names, "date": str(line["date"])[:4]}

    def _title(self) -> str:
        random = self._random
        if random.random() < 0.005:
            return random.choice(_BARE)
        words = self._words.drawn(random, random.randrange(3, 11))
        for at in range(len(words) - 1, 0, -2):
            if random.random() < 0.6:
                words.insert(at, random.choice(_BETWEEN))
        text = " ".join(words).capitalize()
        return f"{text}: {' '.join(self._words.drawn(random, 4))}" if random.random() < 0.25 else text

    def _name(self) -> str:
        surname, given = self._surnames.drawn(self._random)[0], self._givens.drawn(self._random)[0]
        return f"{surname}, {given}" if self._random.random() < 0.8 else f"{surname}, {given[0]}."

    def _date(self) -> str:
        year = 2025 - min(int(self._random.expovariate(0.08)), 60)
        return f"{year}-{self._random.randrange(1, 13):02}" if self._random.random() < 0.2 else str(year)

    def _sentences(self) -> str:
        words = self._words.drawn(self._random, self._random.randrange(40, 90))
        return ". ".join(" ".join(words[at : at + 12]).capitalize() for at in range(0, len(words), 12)) + "."


def _made(random: Random, n: int, least: int, most: int) -> list[str]:
    """`n` words, no two alike, each of `least` to `most` syllables."""
    made: dict[str, None] = {}
    while len(made) < n:
        syllables = range(random.randint(least, most))
        word = "".join(random.choice(_ONSETS) + random.choice(_VOWELS) + random.choice(_CODAS) for _ in syllables)
        made[word] = None
    return list(made)


def _slipped(random: Random, text: str) -> str:
    """The text with one slip of the keys: a letter lost, doubled, or changed places with the next."""
    at = random.randrange(max(len(text) - 1, 1))
    kind = random.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at : at + 1] + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _initials(name: str) -> str:
    surname, _, given = name.partition(", ")
    return f"{surname}, {given[:1]}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for line in records(options.records, options.seed):
        sys.stdout.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
