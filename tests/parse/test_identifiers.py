"""Links and the identifiers in them."""

from __future__ import annotations

import idutils  # type: ignore[import-untyped] # it has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.parse.identifiers import from_link, in_words, is_resolvable, isbn
from repo_harvest.parse.links import base_of, resolve

PAGE = "https://example.org/a/list.html"


@given(st.from_regex(r"978[0-9]{10}|[0-9]{9}[0-9X]", fullmatch=True))
def test_an_isbn_is_one_for_idutils_too(digits: str) -> None:
    assert (isbn(digits) is not None) == bool(idutils.is_isbn(digits))


@given(st.text() | st.text(alphabet="htps:/.#?%[]@ \n10doi"))
def test_a_link_is_absolute_or_nothing(href: str) -> None:
    url = resolve(href, base=PAGE, location=PAGE)
    assert url is None or url.split(":")[0] in {"http", "https", "ftp", "doi", "hdl", "urn", "info"}
    if url is not None:
        assert resolve(url, base=PAGE, location=PAGE) == url
        assert from_link(url)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("../handle/1/2", "https://example.org/handle/1/2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (" https://doi.org/10.1/x\n", "https://doi.org/10.1/x"),
        ("http://https://doi.org/10.1/x", "https://doi.org/10.1/x"),
        (
            "https://web.archive.org/web/2020/https://example.org/x",
            "https://web.archive.org/web/2020/https://example.org/x",
        ),
        ("/a b", "https://example.org/a%20b"),
        ("doi:10.1234/x", "doi:10.1234/x"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        (" JavaScript:void(0)", None),
        ("mailto:a@example.org", None),
        ("tel:01244", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("#part", None),
        ("list.html#part", None),
        ("", None),
        ("http://[", None),
        ("x" * 5_000, None),
    ],
)
def test_a_link_leads_to_a_document_or_nowhere(href: str, url: str | None) -> None:
    assert resolve(href, base=PAGE, location=PAGE) == url


def test_a_page_in_a_file_has_no_relative_links() -> None:
    assert resolve("../x", base="pages/list.html", location="pages/list.html") is None
    assert resolve("https://example.org/x", base="list.html", location="list.html") == "https://example.org/x"


@pytest.mark.parametrize(
    ("href", "base"),
    [
        ("/c/", "https://example.org/c/"),
        ("https://other.example/", "https://other.example/"),
        ("http://[", PAGE),
        (None, PAGE),
    ],
)
def test_a_base_is_relative_to_where_the_page_is(href: str | None, base: str) -> None:
    assert base_of(PAGE, href) == base


@pytest.mark.parametrize(
    ("url", "identifiers"),
    [
        ("https://doi.org/10.1177/x", ["https://doi.org/10.1177/x"]),
        ("https://p.example/doi/abs/10.1177/x/full", ["https://p.example/doi/abs/10.1177/x/full", "doi:10.1177/x"]),
        ("https://p.example/doi/10.1177/x%3Cy", ["https://p.example/doi/10.1177/x%3Cy", "doi:10.1177/x<y"]),
        ("https://p.example/version/10.1177/x", ["https://p.example/version/10.1177/x"]),
        ("https://r.example/handle/10034/62", ["https://r.example/handle/10034/62"]),
        ("https://b.example/isbn/9780306406158", ["https://b.example/isbn/9780306406158"]),
        ("urn:isbn:978-0-306-40615-7", ["urn:isbn:9780306406157"]),
        ("urn:isbn:1", ["urn:isbn:1"]),
    ],
)
def test_what_an_address_identifies_by(url: str, identifiers: list[str]) -> None:
    assert list(from_link(url)) == identifiers


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("DOI: 10.1177/02645505", "doi:10.1177/02645505"),
        ("doi:10.1177/02645505.", "doi:10.1177/02645505"),
        ("https://doi.org/10.1177/02645505", "https://doi.org/10.1177/02645505"),
        ("Available at: https://hdl.handle.net/10034/62", "https://hdl.handle.net/10034/62"),
        ("hdl:10034/62", "hdl:10034/62"),
        ("ISBN 0-306-40615-2", "urn:isbn:0306406152"),
        ("ISBN 0-306-40615-3", None),
        ("https://example.org/10.1177/x", None),
        ("https://[x/handle/1/2", None),
        ("10.1/x", None),
        ("The DOI is 10.1177/02645505", None),
        ("In 2019/20 we met", None),
        ("", None),
    ],
)
def test_a_line_that_is_an_identifier_and_nothing_else(text: str, identifier: str | None) -> None:
    assert in_words(text) == identifier


@pytest.mark.parametrize(
    ("url", "resolvable"),
    [
        ("https://doi.org/10.1177/x", True),
        ("doi:10.1177/x", True),
        ("hdl:10034/62", True),
        ("urn:isbn:9780306406157", True),
        ("https://hdl.handle.net/10034/62", True),
        ("https://repository.example/handle/10034/62", True),
        ("https://repository.example/handle/10034", False),
        ("https://doi.org/about", False),
        ("https://example.org/", False),
    ],
)
def test_some_addresses_identify_wherever_they_stand(url: str, resolvable: bool) -> None:
    assert is_resolvable(url) is resolvable
