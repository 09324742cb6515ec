"""An alert in, a webhook called or an e-mail sent; what goes wrong is a `DeliveryError` that repeats no secret.

The payload of the webhook is JSON: `version` (1), `repository` and `base_url`, `subject` (`run:NAME`, `quarantine:NAME` or
`clock`), `state` (`bad` or `good`), `title` and `text` for a person, `source` and `run` (or null), `at` (UTC). Chat programs
that take webhooks show `text`, so it begins with the title. A redirect is a failure: what is sent goes where it was told to.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import urlsplit

import requests

from repo_harvest import __version__
from repo_harvest.alerts.change import Alert
from repo_harvest.errors import DeliveryError
from repo_harvest.model import utc_text

__all__ = ["Channel", "Email", "Sender", "Webhook"]

_SECONDS = 10  # for each step of a delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose alerts these are."""

    repository: str
    base_url: str


class Channel(Protocol):
    """A way to tell people; `name` is what is kept of it."""

    @property
    def name(self) -> str:
        """What the channel is called in the database and the log."""

    def send(self, alert: Alert, *, sender: Sender, at: int) -> None:
        """Deliver it; `at` is in UTC seconds. Raises `DeliveryError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An http or https address that is sent each alert by POST, and answers with any status from 200 to 299."""

    url: str = field(repr=False)  # its path is often the secret
    name: str = "webhook"

    def send(self, alert: Alert, *, sender: Sender, at: int) -> None:
        """As in `Channel`."""
        payload = {
            "version": 1,
            "repository": sender.repository,
            "base_url": sender.base_url,
            "subject": alert.subject,
            "state": alert.state,
            "title": alert.title,
            "text": f"{sender.repository}: {alert.title}\n{alert.text}",
            "source": alert.source,
            "run": alert.run,
            "at": utc_text(at),
        }
        host = urlsplit(self.url).hostname
        agent = {"User-Agent": f"repo-harvest/{__version__}"}
        try:
            with requests.post(
                self.url, json=payload, headers=agent, timeout=_SECONDS, allow_redirects=False, stream=True
            ) as reply:
                status = reply.status_code
        except requests.RequestException as error:
            raise DeliveryError(f"{host}: {type(error).__name__}") from None  # its text would show the path
        if not 200 <= status < 300:  # noqa: PLR2004 -- RFC 9110, section 15.3
            raise DeliveryError(f"{host} answered {status}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Messages to `to`, handed to an SMTP server; `security` is `starttls`, `tls` or `none`."""

    to: tuple[str, ...]
    sent_from: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    security: str = "starttls"
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False, compare=False)
    name: str = "email"

    def send(self, alert: Alert, *, sender: Sender, at: int) -> None:
        """As in `Channel`."""
        message = self._message(alert, sender, at)
        try:
            with self._connected() as server:
                if self.security == "starttls":
                    server.starttls(context=self.trust)
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"{self.host}:{self.port} answered {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{self.host}:{self.port}: {type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=self.trust)
        return smtplib.SMTP(self.host, self.port, timeout=_SECONDS)

    def _message(self, alert: Alert, sender: Sender, at: int) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.sent_from, ", ".join(self.to)
        message["Subject"] = " ".join(f"[{sender.repository}] {alert.title}".split())
        message["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
        message["Message-ID"] = make_msgid(domain=self.sent_from.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of machines
        message.set_content(f"{alert.title}\n\n{alert.text}\n\n{sender.base_url}\n")
        return message
