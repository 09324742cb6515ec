"""Schemas are compiled before any thread can be in the way: concurrent reading and validating neither fails nor crashes."""

from __future__ import annotations

import subprocess
import sys

# A process of its own, because the fault would end it; the barrier lets all threads meet what is not there yet.
RACE = """
import threading
from repo_harvest import formats, parse
from repo_harvest.model import Record

gate, left = threading.Barrier(6), []

def work(number):
    gate.wait()
    for _ in range(5):
        parse.read("<h4>A title</h4><p>Buck, Gillian (2020)</p><p>Some words.</p>", location="http://x.org/", content_type="text/html")
        renditions, problems = formats.disseminate(Record(title=("A title",)))
        assert renditions and not problems
        assert formats.validate_response(b"<x/>")
    left.append(number)

threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
[t.start() for t in threads]
[t.join() for t in threads]
assert len(left) == 6
"""


def test_threads_that_start_together_read_and_validate() -> None:
    for _ in range(8):
        done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (0, "")
