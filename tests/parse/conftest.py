"""Laws are about what is true, not about how fast this machine is today: no deadline for an example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
