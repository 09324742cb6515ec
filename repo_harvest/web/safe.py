"""The headers that hold a browser back, on every page and every answer: nothing but our own stylesheets and images is loaded."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["SAFE"]

SAFE: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
