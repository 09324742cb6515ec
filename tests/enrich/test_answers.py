"""What each kind of address tells, and what is taken from it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from repo_harvest.enrich import Enriched
from repo_harvest.model import Entry, PartialDate
from tests.enrich.kit import CSL, DOI, TITLE, Web, entry, head

NAMES = [{"family": "Okoro", "given": "Ada"}, {"family": "Lind", "given": "Per"}]
ISSUED = {"date-parts": [[2021, 3, 4]]}
JSON_LD = {
    "@context": "https://schema.org",
    "@type": "ScholarlyArticle",
    "headline": TITLE,
    "author": [{"@type": "Person", "familyName": "Okoro", "givenName": "Ada"}],
    "datePublished": "2021-03-04",
}
BIBTEX = f"@article{{o, author = {{Okoro, Ada}}, title = {{{TITLE}}}, year = 2021, journal = {{Probation Notes}}}}"
RIS = f"TY  - JOUR\nTI  - {TITLE}\nAU  - Okoro, Ada\nPY  - 2021/03/04/\nER  - \n"


def only(done: Enriched) -> Entry:
    (found,) = done.entries
    return found


def test_a_doi_is_asked_for_what_its_registry_tells(web: Web, shelf: Engine) -> None:
    web.doi(author=NAMES, issued=ISSUED, publisher="Gate Press", abstract="<jats:p>What they heard.</jats:p>")
    found = only(web.enrich(shelf, entry(f"doi:{DOI}")))
    assert (found.creators, found.date) == (("Okoro, Ada", "Lind, Per"), PartialDate(year=2021, month=3, day=4))
    assert (found.publisher, found.abstract, found.identifiers) == ("Gate Press", "What they heard.", (f"doi:{DOI}",))
    ((request, _),) = web.server.log
    assert request.headers["Accept"].startswith(CSL)
    assert request.headers["User-Agent"].endswith("(+mailto:us@partnership.example)")
    address = web.url(f"/doi/{DOI}")
    assert dict(found.origins) == {
        "creators": f"{address}, CSL-JSON author",
        "date": f"{address}, CSL-JSON issued",
        "publisher": f"{address}, CSL-JSON publisher",
        "abstract": f"{address}, CSL-JSON abstract",
    }


def test_a_registry_tells_of_people_bodies_and_funders(web: Web, shelf: Engine) -> None:
    orcid, ror = "https://orcid.org/0000-0002-1825-0097", "https://ror.org/03yrm5c26"
    body = {"name": "Northern University", "id": [{"id": ror, "id-type": "ROR"}]}
    people = [{**NAMES[0], "ORCID": orcid}, {**NAMES[1], "affiliation": [body]}]
    web.doi(author=people, funder=[{"name": "Council", "DOI": "10.13039/1", "award": ["ES/1"]}])
    for _ in range(2):  # asked, and remembered
        found = only(web.enrich(shelf, entry(f"doi:{DOI}", creators=["Okoro, A.", "Lind, P."])))
        assert found.creators == ("Okoro, A.", "Lind, P.")
        assert found.name_identifiers == (f"Okoro, Ada | {orcid}",)
        assert found.affiliations == (f"Lind, Per | Northern University | {ror}",)
        assert found.funding == ("Council | 10.13039/1 | ES/1",)
        assert dict(found.origins)["funding"] == f"{web.url(f'/doi/{DOI}')}, CSL-JSON funder"
    assert web.asked == [f"/doi/{DOI}"]


def test_a_resolver_may_lead_to_a_registry(web: Web, shelf: Engine) -> None:
    web.serve(f"/doi/{DOI}", status=302, headers={"Location": "/registry/1"})
    web.serve("/registry/1", json.dumps({"title": TITLE, "author": NAMES}), kind="application/json")
    assert only(web.enrich(shelf, entry(f"doi:{DOI}"))).creators == ("Okoro, Ada", "Lind, Per")
    assert web.asked == [f"/doi/{DOI}", "/registry/1"]


@pytest.mark.parametrize(
    "content",
    [
        head('<meta name="citation_author" content="Okoro, Ada"><meta name="citation_date" content="2021/03/04">'),
        head('<meta name="DC.creator" content="Okoro, Ada"><meta name="DCTERMS.issued" content="2021-03-04">'),
        f'<html><script type="application/ld+json">{json.dumps(JSON_LD)}</script></html>',
    ],
    ids=["Highwire", "Dublin Core", "JSON-LD"],
)
def test_the_page_of_an_item_is_read_for_programs(web: Web, shelf: Engine, content: str) -> None:
    url = web.serve("/item/7", content)
    found = only(web.enrich(shelf, entry(link=url)))
    assert (found.creators, found.date) == (("Okoro, Ada",), PartialDate(year=2021, month=3, day=4))
    assert all(where.startswith(f"{url}, ") for _, where in found.origins)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (CSL, json.dumps({"title": TITLE, "author": NAMES[:1], "issued": ISSUED})),
        ("application/ld+json", json.dumps(JSON_LD)),
        ("application/x-bibtex", BIBTEX),
        ("application/x-research-info-systems", RIS),
    ],
)
@pytest.mark.parametrize("stated", ["header", "element"])
def test_signposts_lead_to_data(web: Web, shelf: Engine, kind: str, content: str, stated: str) -> None:
    web.serve("/data/7", content, kind=kind)
    if stated == "header":
        url = web.serve("/item/7", "<p>An item", headers={"Link": f'</data/7>; rel="describedby"; type="{kind}"'})
    else:
        url = web.serve("/item/7", f'<link rel="describedby" type="{kind}" href="/data/7"><p>An item')
    found = only(web.enrich(shelf, entry(link=url)))
    assert found.creators == ("Okoro, Ada",)
    assert found.date is not None
    assert found.date.year == 2021
    assert web.asked == ["/robots.txt", "/item/7", "/data/7"]


def test_a_signpost_may_name_a_doi(web: Web, shelf: Engine) -> None:
    url = web.serve("/item/7", "<p>An item", headers={"Link": f'<https://doi.org/{DOI}>; rel="cite-as"'})
    web.doi(author=NAMES)
    found = only(web.enrich(shelf, entry(link=url)))
    assert (found.creators, found.identifiers) == (("Okoro, Ada", "Lind, Per"), (f"doi:{DOI}",))


def test_dspace_is_asked_for_the_full_record_when_its_page_says_little(web: Web, shelf: Engine) -> None:
    rows = {
        "dc.contributor.author": "Okoro, Ada", "dc.date.issued": "2021-03", "dc.publisher": "University of Gate",
        "dc.title": TITLE, "dc.description.abstract": "What they heard.", "dc.identifier.doi": DOI,
    }  # fmt: skip  # a table
    table = "".join(f"<tr><td>{name}</td><td>{value}</td><td>en</td></tr>" for name, value in rows.items())
    url = web.serve("/xmlui/handle/2100/7", head())
    web.drop("/xmlui/handle/2100/7")
    for query, page in (("show=full", f"<table>{table}</table>"), ("", head())):
        web.server.expect_request("/xmlui/handle/2100/7", query_string=query).respond_with_data(
            page, content_type="text/html"
        )
    found = only(web.enrich(shelf, entry(url)))
    assert web.asked == ["/robots.txt", "/xmlui/handle/2100/7", "/xmlui/handle/2100/7?show=full"]
    assert (found.creators, str(found.date), found.publisher) == (("Okoro, Ada",), "2021-03", "University of Gate")
    assert (found.abstract, found.identifiers) == ("What they heard.", (url, f"doi:{DOI}"))


def test_nothing_more_is_asked_once_nothing_is_missing(web: Web, shelf: Engine) -> None:
    web.doi(author=NAMES, issued=ISSUED, publisher="Gate Press", abstract="What they heard.")
    url = web.serve("/item/7", head())
    web.enrich(shelf, entry(f"doi:{DOI}", url))
    assert web.asked == [f"/doi/{DOI}"]


def test_an_items_page_tells_what_its_doi_does_not(web: Web, shelf: Engine) -> None:
    web.doi(author=NAMES)
    url = web.serve(
        "/item/7", head('<meta name="citation_author" content="Okoro, A."><meta name="citation_date" content="2021">')
    )
    found = only(web.enrich(shelf, entry(f"doi:{DOI}", url)))
    assert (found.creators, found.date) == (("Okoro, Ada", "Lind, Per"), PartialDate(year=2021))


@pytest.mark.parametrize(
    "other",
    [
        {"title": "A history of harbours"},
        {"title": f"{TITLE}, part 2"},
        {"DOI": "10.5555/other"},
    ],
)
def test_another_work_fills_no_gap(web: Web, shelf: Engine, other: dict[str, str]) -> None:
    told = {"DOI": DOI, "title": TITLE, "author": NAMES, "issued": ISSUED, "publisher": "Gate Press", **other}
    web.serve(f"/doi/{DOI}", json.dumps(told), kind=CSL)
    page = entry(f"doi:{DOI}", creators=["Okoro, Ada"])
    done = web.enrich(shelf, page)
    assert done.entries == (page,)
    (note,) = done.notes
    assert note.what == f"{web.url(f'/doi/{DOI}')} tells of another work: nothing is taken from it"


def test_an_item_of_the_same_title_by_others_is_another_work(web: Web, shelf: Engine) -> None:
    url = web.serve(
        "/item/7", head('<meta name="citation_author" content="Else, Sam"><meta name="citation_date" content="1971">')
    )
    page = entry(link=url, creators=["Okoro, Ada"])
    done = web.enrich(shelf, page)
    assert done.entries == (page,)
    assert [note.what for note in done.notes] == [f"{url} tells of another work: nothing is taken from it"]


def test_a_disagreement_is_told_with_both_values_and_both_sources(web: Web, shelf: Engine) -> None:
    web.doi(author=NAMES, issued={"date-parts": [[2020]]}, publisher="Gate Press")
    page = entry(f"doi:{DOI}", creators=["Okoro, Ada"], date="2021")
    done = web.enrich(shelf, page)
    found = only(done)
    assert (found.creators, str(found.date), found.publisher) == (("Okoro, Ada",), "2021", "Gate Press")
    address = web.url(f"/doi/{DOI}")
    assert {note.where: note.what for note in done.notes} == {
        "entries[0].creators": "'Okoro, Ada' (https://partnership.example/research/) is kept; "
        f"'Okoro, Ada; Lind, Per' ({address}, CSL-JSON author) says otherwise",
        "entries[0].date": "'2021' (https://partnership.example/research/) is kept; "
        f"'2020' ({address}, CSL-JSON issued) says otherwise",
    }
