r"""What a record says of its people, bodies and funders beside their names, as one text each: read here, and written here.

| field of `Record`  | one value                                   |                       |
| `name_identifiers` | `Buck, Gillian \| https://orcid.org/0000-…` | name, then its address |
| `affiliations`     | `Buck, Gillian \| University of the North \| https://ror.org/0…` | name, body, its address if known |
| `funding`          | `Research Council \| https://ror.org/0… \| ES/1` | funder, its address and the award if known |

A value names whom it is about instead of counting on a place in a list: records of one work are combined field by field,
and the names may be those of another page. Addresses are an ORCID iD (ISO 7064, MOD 11-2), a ROR ID (MOD 97-10) and, of a
funder, one of the Open Funder Registry, whose DOIs begin with 10.13039.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

__all__ = ["READERS", "Affiliation", "Funding", "NameIdentifier", "body_address", "funder_address", "orcid_address"]

_BETWEEN = " | "
_BAR = re.compile(r"\s*\|\s*")
_ORCID = re.compile(
    r"(?:https?://(?:www\.)?orcid\.org/|orcid(?:\.org/|:\s?))?([0-9]{4})[- ]?([0-9]{4})[- ]?([0-9]{4})[- ]?([0-9]{3}[0-9X])/?",
    re.IGNORECASE,
)
_ROR = re.compile(r"(?:https?://)?(?:www\.)?ror\.org/(0[a-hjkmnp-tv-z0-9]{6}[0-9]{2})/?", re.IGNORECASE)
_FUNDER = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s?)?(10\.13039/[0-9a-z./()-]{1,60})", re.IGNORECASE)
_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/10\.\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_NAME_AND_ADDRESS = 2
_WITH_ALL = 3  # parts of a value


def orcid_address(text: str) -> str | None:
    """The address of an ORCID iD in any of its spellings; `None` for anything else, and for a wrong check digit.

    >>> orcid_address("http://orcid.org/0000-0002-1694-233x"), orcid_address("0000000218250097")
    ('https://orcid.org/0000-0002-1694-233X', 'https://orcid.org/0000-0002-1825-0097')
    >>> orcid_address("https://orcid.org/0000-0002-1825-0098") is None
    True
    """
    match = _ORCID.fullmatch(text.strip())
    if match is None:
        return None
    parts = [part.upper() for part in match.groups()]
    written = "".join(parts)
    total = 0
    for digit in written[:-1]:
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    return f"https://orcid.org/{'-'.join(parts)}" if written[-1] == check else None


def body_address(text: str) -> str | None:
    """The address of a ROR ID; `None` for anything else, and for wrong check digits.

    >>> body_address("ror.org/03YRM5C26"), body_address("https://ror.org/03yrm5c27")
    ('https://ror.org/03yrm5c26', None)
    """
    match = _ROR.fullmatch(text.strip())
    if match is None:
        return None
    said = match[1].lower()
    number = 0
    for letter in said[:7]:
        number = number * 32 + _CROCKFORD.index(letter)
    return f"https://ror.org/{said}" if int(said[7:]) == 98 - number * 100 % 97 else None


def funder_address(text: str) -> str | None:
    """The address of a funder: a ROR ID, or a DOI of the Open Funder Registry; `None` for anything else.

    >>> funder_address("10.13039/501100000269"), funder_address("https://example.org/fund")
    ('https://doi.org/10.13039/501100000269', None)
    """
    match = _FUNDER.fullmatch(text.strip())
    return f"https://doi.org/{match[1].lower()}" if match else body_address(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIdentifier:
    """The ORCID iD of a person or the ROR ID of a body, as an address.

    >>> one = NameIdentifier.parse("Buck, Gillian | orcid.org/0000-0002-1825-0097")
    >>> one.name, one.scheme, str(one)
    ('Buck, Gillian', 'ORCID', 'Buck, Gillian | https://orcid.org/0000-0002-1825-0097')
    """

    name: str
    address: str

    @property
    def scheme(self) -> str:
        """What DataCite calls the scheme of its address."""
        return "ORCID" if self.address.startswith("https://orcid.org/") else "ROR"

    @property
    def number(self) -> str:
        """The identifier without its resolver."""
        return self.address.rpartition("/")[2]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` for what is no such value, or has a wrong check digit."""
        parts = _parts(text)
        if len(parts) != _NAME_AND_ADDRESS:
            raise ValueError(f"{text!r} is no name and its address, such as 'Surname, Given | https://orcid.org/…'")
        address = orcid_address(parts[1]) or body_address(parts[1])
        if address is None:
            raise ValueError(f"{parts[1]!r} is no ORCID iD and no ROR ID, or its check digit is wrong")
        return cls(name=parts[0], address=address)

    def __str__(self) -> str:
        return _joined(self.name, self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """The body that a person of this name belonged to, with the address of its ROR ID where that is known.

    >>> Affiliation.parse("Buck, Gillian | Northern University").body
    'Northern University'
    """

    name: str
    body: str
    address: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` for what is no such value, or has wrong check digits."""
        parts = _parts(text)
        if len(parts) not in {_NAME_AND_ADDRESS, _WITH_ALL} or _ADDRESS.fullmatch(parts[1]):
            raise ValueError(f"{text!r} is no name and body, such as 'Surname, Given | University | https://ror.org/…'")
        address = body_address(parts[2]) if parts[2:] else None
        if parts[2:] and address is None:
            raise ValueError(f"{parts[2]!r} is no ROR ID, or its check digits are wrong")
        return cls(name=parts[0], body=parts[1], address=address)

    def __str__(self) -> str:
        return _joined(self.name, self.body, self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Who paid for the work, the funder's address and the number of the award where these are known.

    >>> Funding.parse("Research Council | ES/1").award, Funding.parse("Research Council | https://ror.org/03yrm5c26").award
    ('ES/1', None)
    """

    funder: str
    address: str | None = None
    award: str | None = None

    @property
    def scheme(self) -> str:
        """What DataCite calls the scheme of its address."""
        return "ROR" if self.address and self.address.startswith("https://ror.org/") else "Crossref Funder ID"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` for what is no such value, or has wrong check digits."""
        funder, *others = _parts(text)
        address = funder_address(others[0]) if others else None
        awards = others[1:] if address else others
        if len(others) >= _WITH_ALL or len(awards) > 1:
            what = "no funder, its address and one award, such as 'Research Council | https://ror.org/… | ES/1'"
            raise ValueError(f"{text!r} is {what}")
        if awards and _ADDRESS.fullmatch(awards[0]) and not _DOI.fullmatch(awards[0]):
            raise ValueError(
                f"{awards[0]!r} is no ROR ID or DOI of a funder or an award, or its check digits are wrong"
            )
        return cls(funder=funder, address=address, award=awards[0] if awards else None)

    def __str__(self) -> str:
        return _joined(self.funder, self.address, self.award)


READERS: Mapping[str, Callable[[str], NameIdentifier | Affiliation | Funding]] = MappingProxyType(
    {"name_identifiers": NameIdentifier.parse, "affiliations": Affiliation.parse, "funding": Funding.parse}
)
"""How the values of each of these fields of a `Record` are read; written again, equal ones are equal text."""


def _parts(text: str) -> Sequence[str]:
    """The parts of a value; raises `ValueError` where one is empty."""
    parts = _BAR.split(text.strip())
    if not all(parts):
        raise ValueError(f"{text!r} has nothing before or after a bar")
    return parts


def _joined(*parts: str | None) -> str:
    """The parts that are known as one value; a bar inside one would part it."""
    return _BETWEEN.join(_BAR.sub(" ", part).strip() for part in parts if part)
