"""A question in, a page of the items that answer it out, with how many there are and what they can be narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from repo_harvest.model import Item
from repo_harvest.store.browse import item_of
from repo_harvest.store.engine import reading
from repo_harvest.store.search.match import Match, Order, match
from repo_harvest.store.search.question import PLACES, Question
from repo_harvest.store.search.tables import KINDS, facet_word, facets
from repo_harvest.store.search.values import MOST_VALUES, Value, most_common
from repo_harvest.store.tables import items

__all__ = ["MOST_VALUES", "SORTS", "Asked", "Found", "Value", "find"]

SORTS = ("relevance", "newest", "title", "changed")
"""By relevance: first what has all words in its title, then what has them in title and creators, each newest first."""

_NEARLY_ALL = 0.75  # above, the database finds the others, and we count them, sooner than the results
_ORDERS: dict[str, Order] = {"title": "title", "changed": "changed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: a question, the value chosen of each kind, one of `SORTS`, and which of the results are shown."""

    question: Question = field(default_factory=Question)
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Some of `total` results; by kind, the values most of them have, but for kinds of which one was chosen."""

    items: tuple[Item, ...] = ()
    total: int = 0
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


def find(engine: Engine, asked: Asked) -> Found:
    """What answers: live items alone, each once in all pages of the results. Raises `StoreUnavailable`."""
    with reading(engine) as connection:
        chosen = _chosen(connection, asked.chosen)
        if chosen is None:
            return Found()
        answer = match(connection, asked.question, chosen)
        total = answer.count()
        kinds = [kind for kind in KINDS if kind not in asked.chosen]
        values = _values(connection, answer, kinds, total)
        return Found(items=_page(connection, answer, asked, chosen, total), total=total, values=values)


def _chosen(connection: Connection, chosen: Mapping[str, str]) -> list[str] | None:
    """The words of the values in `search.facets`; `None` if no live item has one of them."""
    found = []
    for kind, value in chosen.items():
        if "\0" in value:  # PostgreSQL does not even let one ask
            return None
        here = (facets.c.kind == kind) & (facets.c.value == value)
        facet_id = connection.execute(select(facets.c.id).where(here)).scalar()
        if facet_id is None:
            return None
        found.append(facet_word(facet_id))
    return found


def _values(connection: Connection, answer: Match, kinds: list[str], total: int) -> Mapping[str, tuple[Value, ...]]:
    """Counted are the facets of what the expression finds; where that is nearly all items, those of all others."""
    if not answer.expression:
        return most_common(connection, kinds, "", is_left_out=True)
    every = Match(connection, "").count()
    found = every - total if answer.negated else total
    is_left_out = (found > _NEARLY_ALL * every) != answer.negated
    counted = answer.others() if is_left_out else answer
    return most_common(connection, kinds, counted.joined_facets(), is_left_out=is_left_out)


def _page(connection: Connection, answer: Match, asked: Asked, chosen: list[str], total: int) -> tuple[Item, ...]:
    if asked.sort == "relevance" and asked.question.wanted:
        page = _by_relevance(connection, asked, chosen, total)
    else:
        order = _ORDERS.get(asked.sort, "newest")
        page = answer.item_ids(order, offset=asked.offset, limit=asked.limit, count=total)
    rows = {row.id: row for row in connection.execute(select(items).where(items.c.id.in_(page)))}
    return tuple(item_of(rows[item_id]) for item_id in page)


def _by_relevance(connection: Connection, asked: Asked, chosen: list[str], total: int) -> list[int]:
    """Place after place, as far as the page needs."""
    page: list[int] = []
    before, left = asked.offset, total
    for place in PLACES:
        answer = match(connection, asked.question, chosen, place)
        count = answer.count() if place != PLACES[-1] else left
        limit = min(asked.limit - len(page), count - before)
        if limit > 0:
            page += answer.item_ids("newest", offset=before, limit=limit, count=count)
        before, left = max(0, before - count), left - count
        if len(page) == asked.limit or not left:
            break
    return page
