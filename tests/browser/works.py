"""The works that the pages of the house list: enough of them for two pages of records, two pairs of likely twins, and one to come."""

from __future__ import annotations

from tests.pages_kit import WORKS, Work
from tests.web_kit import MANY

__all__ = ["ADDED", "NOTES", "READINGS", "TWINS"]

_TOPICS = (
    ("Bread ovens", "Okafor, Ngozi"),
    ("Ferry timetables", "Lindqvist, Maja"),
    ("Choir rehearsals", "Ní Bhriain, Aoife"),
    ("Seed exchanges", "Łukasiewicz, Zbigniew"),
    ("Chess clubs", "Tanaka, Haruki"),
    ("Lock-keepers", "Mbeki, Thandi"),
)
_TOWNS = ("Chester", "Aberdeen", "Lisbon", "Gdynia", "Osaka", "Nairobi")
_COLLECTED = tuple(
    Work(
        f"{topic} of {town}",
        f"{name} ({2006 + (3 * row + 5 * column) % 17})",
        f"What {topic.lower()} did for people who came back to {town}, and what they cost in time and patience.",
        f"https://doi.org/10.5555/{row}.{column}" if column % 2 else None,
    )
    for row, (topic, name) in enumerate(_TOPICS)
    for column, town in enumerate(_TOWNS)
)
TWINS = (
    Work("Editorial", "Buck, Gillian (2016)", "Mentors open the year with what they heard on the wings.", None),
    Work("Editorial", "Buck, Gillian (2016)", "Mentors close the year with what they heard at the gates.", None),
)
_PREFACES = (
    Work("Preface", "Gosling, Helena (2014)", "Three sentences on why this list was begun and who asked for it.", None),
    Work("Preface", "Gosling, Helena (2014)", "Why this list goes on, told by those who nearly gave it up.", None),
)
READINGS = (*WORKS, *MANY, *_COLLECTED, TWINS[0], _PREFACES[0])
NOTES = (
    *(
        Work(f"Walking through {town}", f"Tanaka, Haruki ({2010 + n})", f"A morning in {town}, street by street.", None)
        for n, town in enumerate(_TOWNS)
    ),
    TWINS[1],
    _PREFACES[1],
)
ADDED = tuple(
    Work(f"Letters to {town}", f"Mbeki, Thandi ({2018 + n})", f"What was written to {town}, and what came back.", None)
    for n, town in enumerate(_TOWNS)
)
