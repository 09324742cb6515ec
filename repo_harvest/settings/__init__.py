"""Config file and environment in, one frozen `Settings` out; a wrong key or value stops the start and says where.

`model` and `service` declare the keys, `forms` what their values look like, `keys` lists them, `load` reads file and environment,
`faults` words what is wrong, `following` takes up sources that are written into the file later. Rooms below this one receive plain values, never `Settings`.
"""

from repo_harvest.settings.following import Followed
from repo_harvest.settings.keys import KEYS, Key
from repo_harvest.settings.load import load
from repo_harvest.settings.model import Database, Defaults, Feed, Repository, Set, Settings, Source
from repo_harvest.settings.service import Server

__all__ = [
    "KEYS",
    "Database",
    "Defaults",
    "Feed",
    "Followed",
    "Key",
    "Repository",
    "Server",
    "Set",
    "Settings",
    "Source",
    "load",
]
