"""Where those who keep a copy of the collection begin: the lists of ResourceSync, each made anew from one read transaction.

A list that fits into one document is given at once, a larger one as an index of its parts. Parts of the resource list are
blocks of item ids, so that one changes only if one of its items does; parts of the change list lie between two positions.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Flask, Response, abort
from sqlalchemy import Engine

from repo_harvest.oai import Repository
from repo_harvest.store.changes import BEGINNING, changes
from repo_harvest.web import resourcesync
from repo_harvest.web.discovery import XML, answer, first_page
from repo_harvest.web.sitemap import LARGEST

__all__ = ["Synchronization"]

_PART_SIZE = 5_000
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Synchronization:
    """The lists of one repository, in parts of `size` items; a part that held more than `largest` is not given."""

    def __init__(
        self, engine: Engine, repository: Repository, *, size: int = _PART_SIZE, largest: int = LARGEST
    ) -> None:
        self._engine, self._repository, self._size, self._largest = engine, repository, size, largest

    def add_to(self, app: Flask) -> None:
        """Answer at the well-known address, and at those that it leads to."""
        app.add_url_rule(f"/{resourcesync.SOURCE_DESCRIPTION}", view_func=self.source_description)
        app.add_url_rule(f"/{resourcesync.CAPABILITY_LIST}", view_func=self.capability_list)
        app.add_url_rule(f"/{resourcesync.RESOURCE_LIST}", view_func=self.resource_list)
        app.add_url_rule("/resourcelist-<number>.xml", view_func=self.resource_list_part)
        app.add_url_rule(f"/{resourcesync.CHANGE_LIST}", view_func=self.change_list)
        app.add_url_rule("/changelist-<positions>.xml", view_func=self.change_list_part)

    def source_description(self) -> Response:
        """Where ResourceSync begins (RFC 8615): what the service offers to those who keep a copy of it."""
        return answer(resourcesync.source_description(first_page(self._repository)), XML)

    def capability_list(self) -> Response:
        """The lists of ResourceSync: of all resources, and of changes."""
        return answer(resourcesync.capability_list(first_page(self._repository)), XML)

    def resource_list(self) -> Response:
        """The oai_dc document of each live item, or an index of the parts of that list."""
        home = first_page(self._repository)
        with changes(self._engine) as snapshot:
            at, blocks = snapshot.newest(), snapshot.blocks(self._size)
            is_split = any(block.number > 1 for block in blocks)
            found = [] if is_split else snapshot.documents(1, self._size)
        if is_split:
            return answer(resourcesync.resource_list_index(home, blocks, at), XML)
        return answer(resourcesync.resource_list(home, found, at, is_part=False), XML)

    def resource_list_part(self, number: str) -> Response:
        """The documents of the live items of one block of ids."""
        home = first_page(self._repository)
        if not _NUMBER.fullmatch(number):
            abort(HTTPStatus.NOT_FOUND)
        with changes(self._engine) as snapshot:
            found = snapshot.documents(int(number), self._size)
        if not found:
            abort(HTTPStatus.NOT_FOUND)
        at = max(one.position.datestamp for one in found)  # since then nothing in here has changed
        return answer(resourcesync.resource_list(home, found, at, is_part=True), XML)

    def change_list(self) -> Response:
        """The last change of each item, or an index of the parts of that list."""
        home = first_page(self._repository)
        with changes(self._engine) as snapshot:
            cuts = list(snapshot.every(self._size))
            found = [] if cuts else snapshot.between(BEGINNING, None, self._size)
        if cuts:
            return answer(resourcesync.change_list_index(home, cuts), XML)
        return answer(resourcesync.change_list(home, found, BEGINNING, None, is_part=False), XML)

    def change_list_part(self, positions: str) -> Response:
        """The changes between two positions, or from one on; one that is too long is not found, and its index tells others."""
        home = first_page(self._repository)
        after, until = resourcesync.positions(positions) or abort(HTTPStatus.NOT_FOUND)
        with changes(self._engine) as snapshot:
            newest = snapshot.newest()
            found = snapshot.between(after, until, self._largest + 1)
        if len(found) > self._largest or (until or after).datestamp > newest or (until is not None and until <= after):
            abort(HTTPStatus.NOT_FOUND)
        return answer(resourcesync.change_list(home, found, after, until, is_part=True), XML)
