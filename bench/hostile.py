"""Send hostile requests to a running service over real sockets, and count what came back.

    python -m bench.hostile [--many N] [--seed S] [--url http://HOST:PORT/oai]

Run it from the folder of the checkout, with the tests' packages. Without --url it serves a small collection of its own,
with `repo-harvest serve`. Nine in ten are the requests of tests/web/hostile.py, judged as tests/web/verdict.py does; the
others are no proper HTTP, or proper HTTP in an improper manner. The seed, which is printed, sends the same ones again.
Exit status: 1 after a server error, an invalid answer, or no answer to a proper request.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.oai.wire import judged
from tests.web.hostile import Attack, attack, collect
from tests.web.http import Reply
from tests.web.sockets import CURIOSITY, PATIENCE, Target, is_proper, read, wire
from tests.web.verdict import judge

HONEST = b"GET /oai?verb=Identify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=20_000)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)))
    parser.add_argument("--url", help="the base URL of a service that may be sent anything; its path is /oai")
    options = parser.parse_args()
    with nullcontext(options.url) if options.url else served() as url:
        return bombard(Target(url), options.seed, options.many)


@dataclass
class Tally:
    """What came back, by kind and status, and what should not have."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, kind: str, came: str, fault: str = "") -> None:
        """Count one request of this kind, and what was wrong with the answer if anything was."""
        self.seen[kind, came] += 1
        if fault:
            self.faults.append(f"{kind}: {fault}")

    def print(self) -> None:
        """A row for each kind, a column for each status."""
        columns = sorted({came for _, came in self.seen})
        print(f"{'':14}" + "".join(f"{column:>9}" for column in columns) + f"{'all':>9}")
        for kind in [*sorted({kind for kind, _ in self.seen}), "all"]:
            counts = [
                sum(n for (k, c), n in self.seen.items() if c == column and kind in {k, "all"}) for column in columns
            ]
            print(f"{kind:14}" + "".join(f"{count or '':>9}" for count in (*counts, sum(counts))))


def bombard(target: Target, seed: str, many: int) -> int:
    print(f"seed {seed}, {many} requests to {target.url}")
    held = collect(lambda query: target.ask(Attack(kind="legal", query=query)))
    base_url = target.ask(Attack(kind="legal", query=b"verb=Identify")).answer.text("baseURL")
    tally, began = Tally(), time.monotonic()
    for number in range(many):
        dice = random.Random(f"{seed} {number} wire")
        if dice.random() < 0.1:
            improper(target, dice, tally)
        else:
            proper(target, attack(seed, number, held), base_url, tally, number)
    print(f"{time.monotonic() - began:.0f} s")
    again = target.ask(Attack(kind="legal", query=b"verb=Identify")).answer
    assert again.kind == "Identify"
    tally.print()
    for fault in tally.faults[:20]:
        print(fault, file=sys.stderr)
    print(f"{len(tally.faults)} faults")
    return min(len(tally.faults), 1)


# --- requests as a client library could send them ---


def proper(target: Target, sent: Attack, base_url: str, tally: Tally, number: int) -> None:
    """Send what tests/web/hostile.py makes; some of it turns out not to be HTTP once it is written down."""
    told, is_due = f"request {number}: {wire(sent)[:300]!r}", is_proper(sent)
    try:
        reply = target.ask(sent)
    except (OSError, http.client.HTTPException) as error:
        is_cut = len(sent.body) > 65_536 and isinstance(error, ConnectionError)  # refused while it was still being sent
        tally.note(sent.kind, "none", "" if is_cut or not is_due else f"{told}: {error!r}")
        return
    try:
        if is_due:
            judge(sent, reply, base_url)
        else:
            judge_loosely(reply, sent.method)
    except AssertionError as error:
        tally.note(sent.kind, str(reply.status), f"{told}: {reply.status} {reply.body[:200]!r}: {error}")
    else:
        tally.note(sent.kind, str(reply.status))


def judge_loosely(reply: Reply, method: str = "GET") -> None:
    """What holds of a reply to anything: it is no server error, and what says that it is XML is a valid answer."""
    assert reply.status < 500
    if reply.status == 200 and method != "HEAD" and reply.headers["Content-Type"].startswith("text/xml"):
        judged(reply.content)


# --- requests as only an attacker sends them ---


DUE = {"pipelined": 5, "slow": 1}  # answers; to the others any number is as good


def improper(target: Target, dice: random.Random, tally: Tally) -> None:
    kind = dice.choice(("request line", "headers", "smuggling", "pipelined", "slow", "half-closed", "cut off"))
    message, due = message_of(kind, dice), DUE.get(kind, 0)
    replies: list[Reply] = []
    try:
        with target.connect() as connection:
            deliver(connection, kind, message)
            connection.settimeout(PATIENCE if due else CURIOSITY)
            replies += answers(connection)
    except OSError:
        pass  # it hung up on us, which is as good an answer as any but where one is due
    try:
        for reply in replies:
            judge_loosely(reply)
        assert len(replies) >= due, f"{len(replies)} answers"
    except AssertionError as error:
        tally.note(kind, "wrong", f"{message[:300]!r}: {[reply.status for reply in replies]}: {error}")
    else:
        tally.note(kind, str(replies[0].status) if replies else "none")


def message_of(kind: str, dice: random.Random) -> bytes:
    match kind:
        case "request line":
            return request_line(dice) + HONEST.partition(b"\r\n")[2]
        case "headers":
            return headers_of(dice)
        case "smuggling":
            return smuggling(dice) + HONEST
        case "pipelined":
            return HONEST.replace(b"Connection: close\r\n", b"") * 4 + HONEST
        case "cut off":
            return HONEST[: dice.randrange(len(HONEST))]
        case _:
            return HONEST


def deliver(connection: socket.socket, kind: str, message: bytes) -> None:
    if kind == "slow":
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(message), 3):
            connection.sendall(message[at : at + 3])
            time.sleep(0.0005)
        return
    connection.sendall(message)
    if kind in {"half-closed", "cut off"}:
        connection.shutdown(socket.SHUT_WR)


def answers(connection: socket.socket) -> Iterator[Reply]:
    """Every reply until the other side hangs up, or says nothing for a while."""
    with connection.makefile("rb") as stream:
        shared = _Stream(stream)
        while stream.peek(1):
            try:
                reply, _ = read(shared)  # type: ignore[arg-type]  # all that http.client wants of a socket is its file
            except (OSError, http.client.HTTPException):
                return
            yield reply


class _Stream:
    """Lets http.client read one reply after another from one buffer."""

    def __init__(self, stream: object) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> _Stream:
        return self

    def close(self) -> None:
        """Leave the stream open: there may be more in it."""

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def request_line(dice: random.Random) -> bytes:
    lines = (
        *(b"", b"GET", b"GET /oai", b"GET  /oai?verb=Identify  HTTP/1.1", b"GET\t/oai\tHTTP/1.1", b"GET oai HTTP/1.1"),
        *(b"GET /oai?verb=Identify HTTP/9.9", b"GET /oai?verb=Identify HTTP/1.0", b"GET /oai http/1.1", b"GET / HTTP/1.1 x"),
        *(b"OPTIONS * HTTP/1.1", b"GET * HTTP/1.1", b"CONNECT example.org:443 HTTP/1.1", b"PRI * HTTP/2.0", b"G@T / HTTP/1.1"),
        *(b"GET http://evil.example/oai?verb=Identify HTTP/1.1", b"GET //evil.example/oai HTTP/1.1", b"GET ?verb=x HTTP/1.1"),
        *(b"GET /oai?" + b"a" * 70_000 + b" HTTP/1.1", b"A" * 100_000, b"GET /oai?a\0b HTTP/1.1", b"GET /oai?verb=x#y HTTP/1.1"),
        *(dice.randbytes(50), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + dice.randbytes(80), b"\r\n\r\n\r\nGET / HTTP/1.1"),
    )  # fmt: skip  # lines of one kind each
    return dice.choice(lines) + b"\r\n"


def headers_of(dice: random.Random) -> bytes:
    fields = (
        *(b"", b"Host: a\r\nHost: b\r\n", b"Host : a\r\n", b"Host: a\r\n folded\r\n", b"Host\r\n", b": a\r\n", b"Host: \0\r\n"),
        *(b"X-\xff: a\r\n", b"A: b\n", b"A: b\r", b"A: b\r\r\n", b"Host: a\r\n" + b"A: b\r\n" * 300, b"A: " + b"b" * 600_000 + b"\r\n"),
        *(b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Upgrade: h2c\r\nConnection: Upgrade\r\n"),
        *(b"Connection: close, Host\r\n", b"TE: trailers\r\n", b"Trailer: Host\r\n", b"Keep-Alive: timeout=0\r\n", dice.randbytes(40) + b"\r\n"),
    )  # fmt: skip  # lines of one kind each
    return b"GET /oai?verb=Identify HTTP/1.1\r\n" + dice.choice(fields) + b"Connection: close\r\n\r\n"


def smuggling(dice: random.Random) -> bytes:
    """A request with a body whose end is in doubt; the honest one behind it must not be taken for a part of it unnoticed."""
    framing = (
        *(b"Content-Length: 4\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Length: 4"),
        *(b"Content-Length: 4\r\nContent-Length: 5", b"Content-Length: 4\r\nContent-Length: 4", b"Content-Length: 4, 4"),
        *(b"Content-Length: -4", b"Content-Length: +4", b"Content-Length: 0x4", b"Content-Length : 4", b"Content-Length: 4 4"),
        *(b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding : chunked"),
        *(b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x", b"Transfer-Encoding:\tchunked"),
        *(b"Transfer-Encoding: \x0bchunked", b"X: y\nTransfer-Encoding: chunked", b"transfer-encoding: CHUNKED", b"Content-Length:"),
    )  # fmt: skip  # lines of one kind each
    bodies = (
        *(b"0\r\n\r\n", b"5\r\nverb=\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b"-1\r\n\r\n", b"0x5\r\nverb=\r\n0\r\n\r\n", b"5\r\nver"),
        *(b"5;" + b"x" * 9000 + b"\r\nverb=\r\n0\r\n\r\n", b"0\r\nHost: evil.example\r\n\r\n", b"5\nverb=\n0\n\n", b"verb", b"5\r\nverb=0\r\n\r\n"),
    )  # fmt: skip  # lines of one kind each
    start = dice.choice((b"POST /oai HTTP/1.1", b"GET /oai?verb=Identify HTTP/1.1", b"POST /oai HTTP/1.0"))
    kind = b"Content-Type: application/x-www-form-urlencoded"
    return b"\r\n".join([start, b"Host: localhost", kind, dice.choice(framing), b"", dice.choice(bodies)])


# --- a service of one's own ---


@contextmanager
def served() -> Iterator[str]:
    """The base URL of a collection of forty records with sets and deletions, in pages of three, while it is served."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        (folder / "records.jsonl").write_text("".join(map(record, range(1, 41))), encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("REPO_HARVEST_")},
            "REPO_HARVEST_CONFIG": str(folder / "feed.toml"),
        }
        (folder / "feed.toml").write_text(
            '[repository]\nname = "Hostile"\nidentifier = "example.org"\nadmin_email = "feed@example.org"\n'
            f'[database]\nurl = "sqlite:///{folder}/feed.db"\n[feed]\npage_size = 3\n[server]\nport = {port}\nworkers = 2\n',
            encoding="utf-8",
        )
        run = [sys.executable, "-m", "repo_harvest"]
        for step in (["init"], ["import", "--migrate", str(folder / "records.jsonl")]):
            subprocess.run([*run, *step], env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with (folder / "log").open("w") as log:
            server = subprocess.Popen([*run, "serve"], env=environment, cwd=folder, stdout=log, stderr=log)
            try:
                wait_for(port, server)
                yield f"http://127.0.0.1:{port}/oai"
                assert server.poll() is None, "the service ended"
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(PATIENCE * 3)
                said = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
                print(f"it logged {len(said)} lines", *said[-20:], sep="\n    ", file=sys.stderr)


def record(number: int) -> str:
    """A line for `import --migrate`."""
    fields = {
        "identifier": f"oai:example.org:{number}",
        "datestamp": f"2026-01-{1 + number // 4:02}T08:01:40Z",
        "deleted": number % 7 == 0,
        "sets": [["crime"], ["crime:mentoring"], []][number % 3],
        "title": f"Title {number} <&> ]]> Łódź",
    }
    return json.dumps(fields) + "\n"


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service does not listen")


if __name__ == "__main__":
    sys.exit(main())
