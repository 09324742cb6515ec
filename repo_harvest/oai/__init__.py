"""It is served: a request's arguments in, the bytes of an OAI-PMH 2.0 answer out."""

from repo_harvest.oai.provider import Response, respond
from repo_harvest.oai.repository import Repository

__all__ = ["Repository", "Response", "respond"]
