"""What is wrong in, messages to people out: by webhook and by e-mail, once for each change of state.

`condition` says what is wrong, `change` what of that is news, `channel` sends it, `tell` is the order of these.
"""

from repo_harvest.alerts.channel import Channel, Email, Webhook
from repo_harvest.alerts.tell import Desk, tell

__all__ = ["Channel", "Desk", "Email", "Webhook", "tell"]
