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
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from repo_harvest.errors import SettingsError
from repo_harvest.settings import forms

__all__ = [
    "Admin",
    "Database",
    "Defaults",
    "Enrichment",
    "Feed",
    "Log",
    "Metrics",
    "Repository",
    "Scheduler",
    "Server",
    "Set",
    "Settings",
    "Source",
]

_RESERVED = re.compile(r"\.(?:example|invalid|test|localhost|local|internal|home\.arpa|example\.(?:com|net|org))$")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # recognised here, bound only if configured


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Repository(_Table):
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
    friends: tuple[Annotated[str, forms.BASE_URL], ...] = Field(
        default=(), description="The base URLs of other repositories that harvesters may like to know of."
    )


class Database(_Table):
    """Where the records are kept."""

    url: Annotated[str, forms.DATABASE_URL] = Field(
        default="sqlite:///var/repo-harvest.db",
        description="The database; a SQLite file is looked for from the folder the program is started in.",
        repr=False,  # may hold a password
    )


class Feed(_Table):
    """How the collection is served."""

    page_size: Annotated[int, forms.whole(1, 1000)] = Field(
        default=100, description="How many records a harvester gets in one answer before it must ask on."
    )
    requests_per_minute: Annotated[int | None, forms.whole(0, 100_000)] = Field(
        default=None,
        description="How often one client may ask each worker in a minute, 0 for as often as it likes; "
        "without it 600, and as often as they like for clients on this machine.",
    )


class Server(_Table):
    """Where the program listens."""

    host: Annotated[str, forms.HOST] = Field(
        default="127.0.0.1", description="The address to listen on; the default is reached from this machine only."
    )
    port: Annotated[int, forms.whole(1, forms.MAX_PORT)] = Field(default=8080, description="The port to listen on.")
    workers: Annotated[int, forms.whole(1, 64)] = Field(
        default=2, description="How many processes answer; about one for each processor core."
    )
    proxies: tuple[Annotated[str, forms.NETWORK], ...] = Field(
        default=(),
        description="Addresses or networks of your own proxies, which are believed when they name a client in X-Forwarded-For.",
    )
    maintenance_file: Annotated[Path, forms.FILE] = Field(
        default=Path("var/repo-harvest.maintenance"),
        description="The file that is there during maintenance, looked for from the folder the program is started in.",
    )


class Admin(_Table):
    """Who may manage the sources through pages under /admin/; without users and header there are no such pages."""

    users: Annotated[Mapping[str, str], forms.USERS] = Field(
        default_factory=dict,
        description="Each manager's name and the hash of the password, which `repo-harvest password NAME` makes.",
        repr=False,
    )
    trusted_header: Annotated[str | None, forms.HEADER] = Field(
        default=None, description="Instead of users, the header in which a proxy of yours says who has signed in there."
    )
    trusted_proxies: tuple[Annotated[str, forms.NETWORK], ...] = Field(
        default=(), description="Addresses or networks of the proxies that are believed in it; all others are not."
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> Admin:
        if self.trusted_header is not None and self.users:
            raise ValueError("has both users and trusted_header; managers sign in here or at the proxy, not both")
        if self.trusted_header is not None and not self.trusted_proxies:
            raise ValueError("has a trusted_header, and no trusted_proxies that set it: anybody could")
        return self


class Metrics(_Table):
    """What Prometheus is told at /metrics."""

    enabled: Annotated[bool, forms.YES] = Field(default=True, description="Whether /metrics is answered.")
    token: Annotated[str | None, forms.TOKEN] = Field(
        default=None,
        description="What Prometheus sends to be let in; without it, it must ask from a private address, and not through a proxy.",
        repr=False,
    )


class Log(_Table):
    """What the service writes to stderr of what it does."""

    format: Annotated[str, forms.one_of("text", "json")] = Field(
        default="text", description="Lines for people, or one JSON object a line for a log store."
    )
    level: Annotated[str, forms.one_of("debug", "info", "warning", "error")] = Field(
        default="info", description="The least that is written."
    )
    requests: Annotated[bool, forms.YES] = Field(
        default=False, description="Whether each request is written too, as info."
    )


class Enrichment(_Table):
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


class Scheduler(_Table):
    """When sources are read that have a schedule."""

    jitter: Annotated[int, forms.whole(0, 86_400)] = Field(
        default=0,
        description="Up to how many seconds after it is due a source is read, each at a moment of its own and before it is "
        "due again, so that not all are read at once.",
    )


class Alerts(_Table):
    """Who is told when a run was refused, failed or died, when records are in quarantine, or the feed clock runs ahead."""

    webhook: Annotated[str | None, forms.SECRET_URL] = Field(
        default=None,
        description="An address that is sent each alert as JSON by POST; whoever knows it can write to you.",
        repr=False,  # its path is often a password
    )
    email_to: tuple[Annotated[str, forms.EMAIL], ...] = Field(default=(), description="Who gets each alert by e-mail.")
    email_from: Annotated[str | None, forms.EMAIL] = Field(
        default=None, description="Whom the e-mails are from; without it, the first repository.admin_email."
    )
    smtp_host: Annotated[str, forms.SERVER] = Field(
        default="localhost", description="The server that takes the e-mails."
    )
    smtp_port: Annotated[int, forms.whole(1, forms.MAX_PORT)] = Field(
        default=587, description="The port of that server."
    )
    smtp_security: Annotated[str, forms.one_of("starttls", "tls", "none")] = Field(
        default="starttls",
        description="How the connection is encrypted: after a plain beginning (port 587), from the beginning (port 465), or not.",
    )
    smtp_user: Annotated[str | None, forms.TEXT] = Field(
        default=None, description="Who logs in to that server; without it, nobody does."
    )
    smtp_password: Annotated[str | None, forms.SECRET] = Field(
        default=None, description="The password to log in with.", repr=False
    )
    clock_lead: Annotated[int, forms.whole(1, 1_000_000)] = Field(
        default=60, description="How many seconds the clock of the feed may run ahead before that is told."
    )


class Set(_Table):
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


class Defaults(_Table):
    """What holds for an entry of a source that does not say it itself."""

    language: Annotated[str | None, forms.LANGUAGE] = Field(
        default=None, description="The language of the publications."
    )
    type: Annotated[str | None, forms.TEXT] = Field(default=None, description="The type of the publications.")
    rights: Annotated[tuple[str, ...], forms.TEXTS] = Field(
        default=(), description="The licence or rights statement of the publications, best as its URL; one or a list."
    )


class Source(_Table):
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


class Settings(_Table):
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
