"""The headers that hold a browser back, on every page and every answer: nothing but our own stylesheets and images is loaded."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["SAFE", "safe"]

SAFE: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_TLS_ONLY = "max-age=31536000"  # seconds: a year; other names of the domain are not ours to speak for


def safe(base_url: str) -> Mapping[str, str]:
    """The headers of a service that is reached at this address: browsers keep to TLS only where there is some.

    >>> [safe(url).get("Strict-Transport-Security") for url in ("http://example.org/oai", "https://example.org/oai")]
    [None, 'max-age=31536000']
    """
    if not base_url.startswith("https://"):
        return SAFE
    return {**SAFE, "Strict-Transport-Security": _TLS_ONLY}
