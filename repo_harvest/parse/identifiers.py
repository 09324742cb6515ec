"""A link's target or a few words in, the identifiers they state out: a DOI, a handle, an ISBN, or simply the address.

A DOI is written `doi:10.…`, an ISBN `urn:isbn:…` (digits only), whatever else as the page gives it. A DOI is read from
a resolver's address, or from `/doi/` in a publisher's; nothing that merely contains "10." and a slash is one.

Decided here: rules of our own instead of idutils, which takes 0.3 s to import, has `is_doi` accept any `10.1/x` and
`is_handle` any address at all; the tests hold the ISBN rule against it.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

__all__ = ["from_link", "in_text", "in_words", "is_resolvable", "isbn", "of_link"]

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/[^\s\"<>]{1,500}")
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
_PUBLISHERS_DOI = re.compile(r"/doi/(?:[a-z]{1,12}/){0,2}(10\.[0-9]{4,9}/[^\s?#]{1,500})")
_VIEWS = re.compile(r"/(?:pdf|epdf|pdfdirect|full|fulltext|abstract|abs|epub|summary|meta|references)/?", re.IGNORECASE)
_ISBN_IN_PATH = re.compile(r"/isbn[/:=-]?([0-9][0-9Xx-]{8,16})(?![0-9A-Za-z])", re.IGNORECASE)
_LABELLED = re.compile(r"(?:available (?:at|from):? |url:? |link:? )?(doi|hdl|handle|isbn(?:-1[03])?)?[: ]{0,2}(\S.{0,600})", re.IGNORECASE)  # fmt: skip
_HANDLE = re.compile(r"[0-9]{1,9}(?:\.[0-9A-Za-z]{1,20}){0,4}/[^\s/?#]{1,200}")
_SPACES_OR_HYPHENS = str.maketrans("", "", " -‐‑–")


def from_link(url: str) -> tuple[str, ...]:
    """What an absolute address identifies by: the address, and the DOI or ISBN inside it if it is not a resolver's.

    >>> from_link("https://doi.org/10.1177/0264550519832341")
    ('https://doi.org/10.1177/0264550519832341',)
    >>> from_link("https://press.example/doi/full/10.1111/bjsw.1/pdf?x=1")
    ('https://press.example/doi/full/10.1111/bjsw.1/pdf?x=1', 'doi:10.1111/bjsw.1')
    >>> from_link("https://books.example/isbn/978-0-306-40615-7")
    ('https://books.example/isbn/978-0-306-40615-7', 'urn:isbn:9780306406157')
    """
    scheme = urlsplit(url).scheme
    if scheme == "urn":
        digits = isbn(url[len("urn:isbn:") :]) if url.lower().startswith("urn:isbn:") else None
        return (f"urn:isbn:{digits}",) if digits else (url,)
    if scheme not in {"http", "https"} or urlsplit(url).hostname in _RESOLVERS:
        return (url,)
    path = unquote(urlsplit(url).path)
    found = [url]
    if doi := _PUBLISHERS_DOI.search(path):
        found.append(f"doi:{_without_view(doi[1])}")
    if (number := _ISBN_IN_PATH.search(path)) and (digits := isbn(number[1])):
        found.append(f"urn:isbn:{digits}")
    return tuple(found)


def _without_view(doi: str) -> str:
    """The DOI without what the publisher's site shows of it, such as `/pdf`."""
    head, slash, tail = doi.rstrip("/").rpartition("/")
    return head if "/" in head and _VIEWS.fullmatch(slash + tail) else doi.rstrip("/")


def is_resolvable(url: str) -> bool:
    """Whether an address is that of a DOI, a handle or an ISBN, which identify wherever they stand.

    >>> is_resolvable("https://hdl.handle.net/10034/620000"), is_resolvable("https://example.org/more")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # an address with a malformed host
        return False
    if parts.scheme in {"doi", "hdl"} or url.lower().startswith("urn:isbn:"):
        return True
    if parts.hostname in _RESOLVERS:
        return _DOI.fullmatch(unquote(parts.path).lstrip("/")) is not None
    path = unquote(parts.path).lstrip("/")
    handle = path if parts.hostname == "hdl.handle.net" else path.rpartition("handle/")[2] if "handle/" in path else ""
    return _HANDLE.fullmatch(handle) is not None


def in_words(text: str) -> str | None:
    """The identifier that a line states and nothing but, with or without its label.

    >>> in_words("DOI: 10.1177/0264550519832341"), in_words("ISBN 978-0-306-40615-7")
    ('doi:10.1177/0264550519832341', 'urn:isbn:9780306406157')
    >>> in_words("https://hdl.handle.net/10034/620000"), in_words("Mentoring 10.1")
    ('https://hdl.handle.net/10034/620000', None)
    """
    match = _LABELLED.fullmatch(text)
    if match is None:
        return None
    label, value = (match[1] or "").casefold(), match[2].rstrip(".,;")
    if value.startswith(("http://", "https://")) and " " not in value:
        return value if is_resolvable(value) else None
    if _DOI.fullmatch(value):
        return f"doi:{value}"
    if label in {"hdl", "handle"} and _HANDLE.fullmatch(value):
        return f"hdl:{value}"
    digits = isbn(value) if label.startswith("isbn") else None
    return f"urn:isbn:{digits}" if digits else None


def isbn(text: str) -> str | None:
    """The digits of an ISBN-10 or ISBN-13 whose check digit is right (ISO 2108), hyphens and spaces aside.

    >>> isbn("978-0-306-40615-7"), isbn("0-306-40615-2"), isbn("978-0-306-40615-8")
    ('9780306406157', '0306406152', None)
    """
    digits = text.translate(_SPACES_OR_HYPHENS).upper()
    if not digits.strip("0"):  # the check digit is right, and nobody was given it
        return None
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        return digits if total % 10 == 0 else None
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return digits if sum(value * (10 - at) for at, value in enumerate(values)) % 11 == 0 else None
    return None


_DOI_IN_PATH = re.compile(
    r"/(?:doi|content|article|articles|abs|full|pdf|epdf|book|chapter|lookup)/(?:[a-z]{1,12}/){0,3}(10\.[0-9]{4,9}/[^\s?#]{1,500})"
)
_VIEW_SUFFIX = re.compile(r"(?:\.(?:full(?:[-.](?:text|pdf))?|pdf|abstract|short|html?|xml))+\Z", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"(?:\bdoi|doi\.org)[:/\s]{1,3}(?:https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/[^\s\"<>\[\]]{1,300})"
    r"|(?<![\w/.:])(?P<bare>10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/[^\s\"<>\[\]]{1,300})"
    r"|\barxiv[: ]{1,2}(?P<arxiv>[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})"
    r"|\bpmid[: ]{1,2}(?P<pmid>[0-9]{4,9})|\bisbn(?:-1[03])?[: ]{0,2}(?P<isbn>[0-9][0-9Xx –-]{8,16}[0-9Xx])"
    r"|\bhdl\.handle\.net/(?P<hdl>[0-9][^\s\"<>\[\]]{2,200})"
    r"|\b(?:hdl|handle):\s?(?P<handle>[0-9]{1,9}(?:\.[0-9A-Za-z]{1,20}){0,4}/[^\s/?#\"<>\[\]]{1,200})",
    re.IGNORECASE,
)
_ARXIV_PATH = re.compile(
    r"/(?:abs|pdf|html)/([0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})(?:\.pdf)?/?\Z"
)
_PMID_PATH = re.compile(r"/(?:pubmed/)?([0-9]{4,9})/?\Z")
_ENDS = ".,;:'’”»⟩〉›"


def of_link(url: str) -> tuple[str, ...]:
    """What a link on a publication certainly identifies it by; nothing if it is just an address.

    A resolver's address that was doubled by mistake is repaired.

    >>> of_link("https://doi.org/https://doi.org/10.48565/bonndoc-780"), of_link("https://example.org/paper.pdf")
    (('https://doi.org/10.48565/bonndoc-780',), ())
    >>> of_link("https://arxiv.org/abs/2405.15735"), of_link("https://press.example/doi/full/10.1111/bjsw.1")
    (('arXiv:2405.15735',), ('doi:10.1111/bjsw.1',))
    """
    try:
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path)
    except ValueError:  # an address with a malformed host
        return ()
    if "doi" in host or parts.scheme == "doi" or url.lower().startswith("https://doi:"):
        doi = _DOI.search(unquote(url))
        return (f"https://doi.org/{doi[0].rstrip(_ENDS)}",) if doi else ()
    if host.endswith("arxiv.org") and (number := _ARXIV_PATH.search(path)):
        return (f"arXiv:{number[1]}",)
    if host.endswith("ncbi.nlm.nih.gov") and (number := _PMID_PATH.search(path)):
        return (f"pmid:{number[1]}",)
    if doi := _DOI_IN_PATH.search(path):
        return (f"doi:{_VIEW_SUFFIX.sub('', _without_view(doi[1]))}",)
    return (url,) if is_resolvable(url) else tuple(value for value in from_link(url) if value != url)


def in_text(text: str) -> tuple[str, ...]:
    """The identifiers that running text states, in its order.

    >>> in_text("PeerJ 2:e85. DOI: 10.7717/peerj-cs.85. PMID: 20829833, ISBN 978-0-306-40615-7")
    ('doi:10.7717/peerj-cs.85', 'pmid:20829833', 'urn:isbn:9780306406157')
    """
    found: list[str] = []
    for match in _IN_TEXT.finditer(text):
        kind, value = str(match.lastgroup), match[str(match.lastgroup)].rstrip(_ENDS)
        if value.endswith(")") and value.count("(") < value.count(")"):
            value = value[:-1].rstrip(_ENDS)
        if kind == "isbn":
            digits = isbn(value)
            found += [f"urn:isbn:{digits}"] if digits else []
        elif kind == "hdl":
            found.append(f"https://hdl.handle.net/{value}")
        else:
            found.append(
                {"doi": "doi:", "bare": "doi:", "arxiv": "arXiv:", "pmid": "pmid:", "handle": "hdl:"}[kind] + value
            )
    return tuple(dict.fromkeys(found))
