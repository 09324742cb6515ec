"""The tables of the config file that say how the service runs and who is told what of it; `model` has the others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from repo_harvest.settings import forms

__all__ = ["Admin", "Alerts", "Log", "Metrics", "Scheduler", "Server", "Table"]


class Table(BaseModel):
    """A table of the config file: frozen, and without keys that are not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Server(Table):
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


class Admin(Table):
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


class Metrics(Table):
    """What Prometheus is told at /metrics."""

    enabled: Annotated[bool, forms.YES] = Field(default=True, description="Whether /metrics is answered.")
    token: Annotated[str | None, forms.TOKEN] = Field(
        default=None,
        description="What Prometheus sends to be let in; without it, it must ask from a private address, and not through a proxy.",
        repr=False,
    )


class Log(Table):
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


class Scheduler(Table):
    """When sources are read that have a schedule."""

    jitter: Annotated[int, forms.whole(0, 86_400)] = Field(
        default=0,
        description="Up to how many seconds after it is due a source is read, each at a moment of its own and before it is "
        "due again, so that not all are read at once.",
    )


class Alerts(Table):
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
