"""A request in, the way from there to the first page out, relative: so that it holds behind a proxy, and names no host."""

from __future__ import annotations

from urllib.parse import quote

from flask import request

from repo_harvest.formats.landing import item_path

__all__ = ["root"]


def root() -> str:
    """What stands before a path of ours in every link and form of the page that is asked for."""
    return "../" * _depth() or _here()


def _depth() -> int:
    """How many folders below the first page the browser is; an item's page is where our own links to it lead.

    The path as the server gives it is already decoded, and does not tell which of its slashes came encoded.
    """
    identifier = (request.view_args or {}).get("identifier")
    if identifier is not None:
        return item_path(identifier).count("/")
    path: str = request.environ["PATH_INFO"]
    return path.count("/") - 1


def _here() -> str:
    """The folder of the first page, seen from the first page: it may have been asked for without its last slash."""
    if request.environ["PATH_INFO"]:
        return "./"
    folder: str = request.environ["SCRIPT_NAME"].rpartition("/")[2]
    return f"{quote(folder, safe='', encoding='latin-1')}/" if folder else "./"
