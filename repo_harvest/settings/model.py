"""The keys of the config file as frozen types: what may be set, what it means, and what holds when it is not set.

This is the only place where a key is declared. Its description is the documentation, its `Form` the check and the
error; `KEYS` lists them all. A key that is not here is an error, never ignored. Values are data: none names code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from repo_harvest.errors import SettingsError
from repo_harvest.settings import forms
from repo_harvest.settings.service import Admin, Alerts, Log, Metrics, Scheduler, Server, Table

__all__ = [
    "Database",
    "Defaults",
    "Enrichment",
    "Feed",
    "Repository",
    "Set",
    "Settings",
    "Source",
]

_RESERVED = re.compile(r"\.(?:example|invalid|test|localhost|local|internal|home\.arpa|example\.(?:com|net|org))$")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # recognised here, bound only if configured


class Repository(Table):
    """What the repository says of itself in Identify."""

    name: Annotated[str, forms.TEXT] = Field(
        default="Publications", description="The name of the collection, for people."
    )
    base_url: Annotated[str | None, forms.BASE_URL] = Field(
        default=None,
        description="The public address that harvesters poll; without it, http://HOST:PORT/oai of the [server] section.",
    )
    identifier: Annotated[str, forms.DOMAIN] = Field(
        default="repo-harvest.example",
        description="A domain name of yours, the middle of every oai:IDENTIFIER:… ; never change it once the feed is harvested.",
    )
    admin_email: Annotated[tuple[str, ...], forms.EMAILS] = Field(
        default=("admin@repo-harvest.example",),
        description="Whom the people behind a harvester write to; one address or a list.",
    )
    metadata_rights: Annotated[str | None, forms.TEXT] = Field(
        default=None,
        description="What others may do with the records, not the publications: a licence, best as its URL, or a sentence.",
    )
    longest_value: Annotated[int, forms.whole(100, 10_000_000)] | None = Field(
        default=None,
        description="How many bytes a value of a record may have where it is served: a longer one is cut at a word. Primo takes 32766.",
    )
    friends: tuple[Annotated[str, forms.BASE_URL], ...] = Field(
        default=(), description="The base URLs of other repositories that harvesters may like to know of."
    )


class Database(Table):
    """Where the records are kept."""

    url: Annotated[str, forms.DATABASE_URL] = Field(
        default="sqlite:///var/repo-harvest.db",
        description="The database; a SQLite file is looked for from the folder the program is started in.",
        repr=False,  # may hold a password
    )
    read_url: Annotated[str | None, forms.REPLICA_URL] = Field(
        default=None,
        description="A replica of a PostgreSQL database that lists are read from, as long as it answers.",
        repr=False,  # may hold a password
    )


class Feed(Table):
    """How the collection is served."""

    page_size: Annotated[int, forms.whole(1, 1000)] = Field(
        default=100, description="How many records a harvester gets in one answer before it must ask on."
    )
    requests_per_minute: Annotated[int | None, forms.whole(0, 100_000)] = Field(
        default=None,
        description="How often one client may ask each worker in a minute, 0 for as often as it likes; "
        "without it 600, and as often as they like for clients on this machine.",
    )


class Enrichment(Table):
    """How other pages are asked for what a source's page leaves out."""

    delay: Annotated[int, forms.whole(0, 60)] = Field(
        default=1, description="How many seconds pass at least between two requests to one host."
    )
    most: Annotated[int, forms.whole(0, 10_000)] = Field(
        default=50, description="How many addresses one run looks up at most; later runs go on with the rest."
    )
    days: Annotated[int, forms.whole(1, 3650)] = Field(
        default=30, description="How many days an answer holds before its address is asked again."
    )


class Set(Table):
    """A set that harvesters can ask for by itself; what a record must have to be in it by rule, or be divided by."""

    name: Annotated[str, forms.TEXT] = Field(description="The name of the set, for people.")
    description: Annotated[str | None, forms.TEXT] = Field(
        default=None, description="Some sentences about the set, for people."
    )
    source: Annotated[tuple[str, ...], forms.TEXTS] = Field(
        default=(), description="The set holds what these sources list, by name; one or a list."
    )
    year: Annotated[tuple[tuple[int, int], ...], forms.YEARS] = Field(
        default=(), description="The set holds what is dated in these years."
    )
    type: Annotated[tuple[str, ...], forms.TEXTS] = Field(
        default=(), description="The set holds what is of one of these types; one or a list."
    )
    creator: Annotated[tuple[str, ...], forms.TEXTS] = Field(
        default=(),
        description='The set holds what one of these made, as "Surname, Given" or by surname; one or a list.',
    )
    by: Annotated[str | None, forms.one_of("year", "type", "creator", "source")] = Field(
        default=None, description="The set is divided: for each value there, one set below it is made."
    )

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class Defaults(Table):
    """What holds for an entry of a source that does not say it itself."""

    language: Annotated[str | None, forms.LANGUAGE] = Field(
        default=None, description="The language of the publications."
    )
    type: Annotated[str | None, forms.TEXT] = Field(default=None, description="The type of the publications.")
    rights: Annotated[tuple[str, ...], forms.TEXTS] = Field(
        default=(), description="The licence or rights statement of the publications, best as its URL; one or a list."
    )


class Source(Table):
    """One page to read."""

    name: Annotated[str, forms.SOURCE_NAME] = Field(
        description="The short name of the source in commands and reports, different from that of every other source."
    )
    path: Annotated[Path | None, forms.FILE] = Field(
        default=None, description="A saved page instead of url, looked for from the folder of the config file."
    )
    url: Annotated[str | None, forms.WEB_URL] = Field(
        default=None, description="The address of the page.", validate_default=True
    )
    profile: Annotated[Path | None, forms.FILE] = Field(
        default=None,
        description="The file that says where on the page the publications are, looked for from the folder of the config file; "
        "without it they are found.",
    )
    schedule: Annotated[str | None, forms.CRON] = Field(
        default=None,
        description="When to read the page again; without it, at the first start and when asked by command.",
    )
    sets: tuple[Annotated[str, forms.SET_SPEC], ...] = Field(
        default=(), description="The sets that the records of this page belong to."
    )
    defaults: Defaults = Field(default_factory=Defaults, description=Defaults.__doc__)
    identifiers: tuple[Annotated[str, forms.TEXT], ...] = Field(
        default=(),
        description="Host names or address prefixes of the repository that the list was pasted from.",
    )
    allow_private: tuple[Annotated[str, forms.HOST_PORT], ...] = Field(
        default=(), description="Hosts and ports inside your own network that this source may be fetched from."
    )

    delete_after: Annotated[int, forms.whole(1, 100)] = Field(
        default=1, description="How many good runs in a row must miss an entry before it is deleted."
    )
    delete_most: Annotated[int, forms.whole(0, 100)] = Field(
        default=30,
        description="How many percent of its entries one run may miss or delete; one that would do more is refused.",
    )
    pages: Annotated[int, forms.whole(1, 1000)] = Field(
        default=12,
        description="How many pages are read of a list that is split over several; with 1 the page is all there is, even "
        "if it links to a next one. A list that goes on after the last one has nothing deleted.",
    )
    seconds: Annotated[int, forms.whole(1, 600)] = Field(
        default=30,
        description="How many seconds the pages of the list may take together to arrive, the reading of all but the last included.",
    )

    rank: Annotated[int, forms.whole(1, 1000)] | None = Field(
        default=None,
        description="Which source is believed first where several list the same publication: the one with the lowest number. "
        "Without it, it is 100, and of those with the same number the one that was there first.",
    )
    enrich: Annotated[str, forms.one_of("off", "gaps", "full")] = Field(
        default="off",
        description="Whether a publication's DOI, or else its own page, is asked for what this page leaves out: never, where "
        "it leaves something out, or always.",
    )

    @property
    def address(self) -> str:
        """The url, or where the saved page is on this machine."""
        return self.url or str((self.path or Path()).resolve())

    @field_validator("path", "profile", mode="after")
    @classmethod
    def _beside_the_config_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return info.context / value if value is not None and isinstance(info.context, Path) else value

    @field_validator("url", mode="wrap")
    @classmethod
    def _either_url_or_path(
        cls, value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> str | None:
        path_given = "path" not in info.data or info.data["path"] is not None  # absent: given, and faulty
        if value is None and not path_given:
            raise ValueError("is missing; give the address of the page as url, or a saved page as path")
        if value is not None and path_given:
            raise ValueError("stands beside path; a source has one of the two")
        return None if value is None else str(handler(value))


class Settings(Table):
    """Everything that can be configured, checked; made by `repo_harvest.settings.load`."""

    repository: Repository = Field(default_factory=Repository, description=Repository.__doc__)
    database: Database = Field(default_factory=Database, description=Database.__doc__)
    feed: Feed = Field(default_factory=Feed, description=Feed.__doc__)
    server: Server = Field(default_factory=Server, description=Server.__doc__)
    admin: Admin = Field(default_factory=Admin, description=Admin.__doc__)
    metrics: Metrics = Field(default_factory=Metrics, description=Metrics.__doc__)
    log: Log = Field(default_factory=Log, description=Log.__doc__)
    enrichment: Enrichment = Field(default_factory=Enrichment, description=Enrichment.__doc__)
    scheduler: Scheduler = Field(default_factory=Scheduler, description=Scheduler.__doc__)
    alerts: Alerts = Field(default_factory=Alerts, description=Alerts.__doc__)
    sets: Mapping[Annotated[str, forms.SET_SPEC], Set] = Field(
        default_factory=dict, description="The sets: setSpec = name, or setSpec = a table."
    )
    sources: tuple[Source, ...] = Field(default=(), alias="source", description="The pages to read.")

    @field_validator("sources", mode="after")
    @classmethod
    def _names_differ(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        first: dict[str, int] = {}
        for index, source in enumerate(sources):
            if first.setdefault(source.name, index) != index:
                raise ValueError(
                    f"source[{first[source.name]}] and source[{index}] are both named {source.name!r}; names must differ"
                )
        return sources

    @property
    def base_url(self) -> str:
        """The OAI-PMH baseURL: as configured, else where the server listens."""
        if self.repository.base_url is not None:
            return self.repository.base_url
        host = "127.0.0.1" if self.server.host in _EVERYWHERE else self.server.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server.port}/oai"

    @property
    def examples(self) -> tuple[str, ...]:
        """A sentence for each value that is an example still, and that harvesters would take for yours."""
        told = {"identifier": (self.repository.identifier,), "admin_email": self.repository.admin_email}
        return tuple(
            f"repository.{key}: {value} is an example; give one of yours before the feed is harvested"
            for key, values in told.items()
            for value in values
            if _is_reserved(value.rpartition("@")[2])
        )

    @property
    def is_public(self) -> bool:
        """Whether the configured base URL names a host of the public internet."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ip_address(host).is_global
        except ValueError:
            return "." in host and not _is_reserved(host)

    def listening(self, *, host: str | None = None, port: int | None = None, workers: int | None = None) -> Settings:
        """The same settings with another `[server]`, as the options of `serve` ask for; raises `SettingsError`."""
        given = {"host": host, "port": port, "workers": workers}
        changed = {name: value for name, value in given.items() if value is not None}
        try:
            server = Server.model_validate(self.server.model_dump(mode="json") | changed)
        except ValidationError as error:
            raise SettingsError("\n".join(f"--{e['loc'][0]}: {e['ctx']['error']}" for e in error.errors())) from None
        return self.model_copy(update={"server": server})


def _is_reserved(host: str) -> bool:
    """Whether a domain name is one of those that are nobody's (RFC 2606 and 6761, and RFC 8375 for home networks)."""
    return bool(_RESERVED.search(f".{host.lower().rstrip('.')}"))
