"""Every page that people see, by name: where it is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.house import House

__all__ = ["NOT_FOR_PEOPLE", "VISITS", "Visit"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A page: the endpoint that makes it, its address with names of the house in braces, its status, whether it looks again by itself, and whether only managers see it."""

    endpoint: str
    path: str
    status: int = 200
    renews: bool = False

    @property
    def is_private(self) -> bool:
        return self.path.startswith("admin/") and self.endpoint != "admin_sign_in"

    def url(self, house: House) -> str:
        return house.root + self.path.format_map(house.named)


VISITS = {
    "home": Visit("home", ""),
    "home-2": Visit("home", "?page=2"),
    "item": Visit("item", "item/{item}"),
    "item-removed": Visit("item", "item/{removed}", 410),
    "item-merged": Visit("item", "item/{merged}", 410),
    "item-unknown": Visit("item", "item/oai:example.org:none", 404),
    "search-without-words": Visit("search", "search?q="),
    "search-with-results": Visit("search", "search?q=mentoring"),
    "search-narrowed": Visit("search", "search?q=of&year=2016"),
    "search-without-results": Visit("search", "search?q=zeppelin"),
    "explore": Visit("explore", "explore"),
    "explore-records": Visit("explore", "explore?verb=ListRecords&metadataPrefix=mods"),
    "explore-repository": Visit("explore", "explore?verb=Identify"),
    "explore-sets": Visit("explore", "explore?verb=ListSets"),
    "explore-formats": Visit("explore", "explore?verb=ListMetadataFormats"),
    "explore-error": Visit("explore", "explore?verb=GetRecord&metadataPrefix=none&identifier={item}"),
    "no-such-page": Visit("home", "?page=99", 404),
    "sign-in": Visit("admin_sign_in", "admin/sign-in"),
    "sources": Visit("admin", "admin/"),
    "source": Visit("admin_source", "admin/source/readings"),
    "source-refused": Visit("admin_source", "admin/source/notes"),
    "source-being-read": Visit("admin_source", "admin/source/letters", renews=True),
    "source-with-quarantine": Visit("admin_source", "admin/source/minutes"),
    "add": Visit("admin_add", "admin/add"),
    "preview-of-a-page": Visit("admin_preview", "admin/preview/{page}"),
    "preview-of-a-drift": Visit("admin_preview", "admin/preview/{drift}"),
    "preview-of-nothing": Visit("admin_preview", "admin/preview/{fault}"),
    "preview-under-way": Visit("admin_preview", "admin/preview/{reading}", renews=True),
    "runs": Visit("admin_runs", "admin/runs"),
    "runs-of-a-source": Visit("admin_runs_of", "admin/runs/readings"),
    "run": Visit("admin_run", "admin/run/{changing}"),
    "run-refused": Visit("admin_run", "admin/run/{refused}"),
    "run-under-way": Visit("admin_run", "admin/run/{going}", renews=True),
    "duplicates": Visit("admin_duplicates", "admin/duplicates"),
    "decisions": Visit("admin_decisions", "admin/decisions"),
    "harvesters": Visit("admin_harvesters", "admin/harvesters"),
    "record": Visit("admin_record", "admin/record?identifier={item}"),
    "record-merged": Visit("admin_record", "admin/record?identifier={merged}"),
}

NOT_FOR_PEOPLE = frozenset(
    {
        "static", "favicon", "healthz", "readyz", "robots", "atom", "sitemap", "sitemap_part",
        "source_description", "capability_list", "resource_list", "resource_list_part", "change_list", "change_list_part",
    }
)  # fmt: skip  # a list of names
"""Endpoints that machines ask."""
