"""Settings in, who is told of what is wrong, and how, out."""

from __future__ import annotations

from repo_harvest.alerts import Channel, Desk, Email, Webhook
from repo_harvest.alerts.channel import Sender
from repo_harvest.settings import Settings

__all__ = ["desk"]


def desk(settings: Settings) -> Desk:
    """The channels that are configured, and what they are told of: the configured sources and the feed clock."""
    given = settings.alerts
    channels: list[Channel] = []
    if given.webhook is not None:
        channels.append(Webhook(url=given.webhook))
    if given.email_to:
        email = Email(
            to=given.email_to,
            sent_from=given.email_from or settings.repository.admin_email[0],
            host=given.smtp_host,
            port=given.smtp_port,
            user=given.smtp_user,
            password=given.smtp_password,
            security=given.smtp_security,
        )
        channels.append(email)
    return Desk(
        channels=channels,
        sender=Sender(repository=settings.repository.name, base_url=settings.base_url),
        watched=[source.name for source in settings.sources],
        most_lead=given.clock_lead,
    )
