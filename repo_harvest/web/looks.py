"""The stylesheets and the icon, held in memory: a client that goes away in the middle leaves no file open."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort

from repo_harvest.web.discovery import answer

__all__ = ["Looks"]

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Looks:
    """What pages and answers of the feed are shown with, as it stood when the service began."""

    def __init__(self) -> None:
        files = (file for file in _FOLDER.iterdir() if file.suffix in _TYPES)
        self._files = {file.name: (file.read_bytes(), _TYPES[file.suffix]) for file in files}

    def add_to(self, app: Flask) -> None:
        """Answer where pages name it."""
        app.add_url_rule("/static/<name>", "static", self.file)
        app.add_url_rule("/favicon.ico", view_func=self.favicon)

    def file(self, name: str) -> Response:
        """A stylesheet or the icon; 404 for any other name."""
        if name not in self._files:
            abort(HTTPStatus.NOT_FOUND)
        return answer(*self._files[name])

    def favicon(self) -> Response:
        """The icon, where browsers look for it that show the feed: XML names none."""
        return self.file("icon.svg")
