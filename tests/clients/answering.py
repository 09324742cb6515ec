"""How every client of ours is driven, in whichever language: questions come in, answers go out, a JSON line each.

A question is the arguments of an OAI-PMH request with its verb. Its answer is `{"items": […]}`, with identifier, datestamp,
deleted, sets and metadata (each element's values) of each, or `{"error": "…"}` if the client could not do it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["answer_questions"]


def answer_questions(ask: Callable[[str, dict[str, str]], Iterable[dict[str, Any]]]) -> None:
    """Answer what stands on standard input; `ask` is given a verb and the other arguments."""
    for line in sys.stdin:
        arguments = json.loads(line)
        verb = arguments.pop("verb")
        sys.stdout.write(json.dumps({"items": list(ask(verb, arguments))}) + "\n")
