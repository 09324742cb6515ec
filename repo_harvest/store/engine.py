"""A database URL in, an engine out that begins every transaction the way the feed promises need.

SQLite: WAL, `synchronous=FULL` (a watermark that was answered must survive a power cut), and an explicit BEGIN, because
the driver opens no transaction for a SELECT. PostgreSQL: READ COMMITTED to write, REPEATABLE READ READ ONLY to read.
The alternative that lost: the driver's own transactions, under which two SELECTs of one answer saw two states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from repo_harvest.errors import SettingsError, StoreUnavailable

__all__ = ["advised", "chunks", "open_engine", "reading", "shown", "translated", "writing"]

_T = TypeVar("_T")
_BUSY_MS = 30_000
_SERVING_S, _WORKING_S = 4.0, 60.0  # of silence; after the former two more connections, of 2 s each, must fit into 10
_NOT_ALLOWED = "42501"  # PostgreSQL's code for a role that may not do this
_ADVICE = (
    (("malformed", "file is not a database"), "restore a backup in its place, then run `repo-harvest restamp`"),
    (
        ("readonly database", "Read-only file system", "Permission denied"),
        "let this user write the file and its folder, then run this again",
    ),
    (
        ("read-only transaction", "permission denied"),
        "let the role of database.url write (default_transaction_read_only, GRANT), then run this again",
    ),
    (("lock timeout",), "a long reader or writer holds it; run this again when it has ended"),
    (("database is locked",), "another program holds it; see which, and run this again when it has ended"),
    (("disk is full", "No space left", "disk I/O error"), "see that its disk has room, then run this again"),
)
"""What a database says, and what its keeper can do about it."""
_POSTGRESQL_LINK = {  # libpq's names; a server that is gone must be noticed within 10 s, and by no one's patience
    "connect_timeout": 5,  # s
    "keepalives_idle": 4,  # s
    "keepalives_interval": 2,  # s
    "keepalives_count": 2,
    "tcp_user_timeout": 8_000,  # ms that sent bytes may go unacknowledged
}
_SQLITE_PRAGMAS = (
    "PRAGMA page_size=16384",  # of a new file: renditions up to 4 kB then lie side by side, without overflow pages
    f"PRAGMA busy_timeout={_BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=17179869184",
    "PRAGMA temp_store=MEMORY",
)


def open_engine(url: str, *, is_serving: bool = False, key: str = "database.url") -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; makes the folder of a SQLite file, connects to nothing.

    With `is_serving`, somebody waits for each answer: a PostgreSQL that is silent for 4 s has none, against 60 s and a second look.
    Raises `SettingsError`, in the name of `key`, for a URL that names no database we can use.
    """
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):  # the latter for a port that is none; a password stands in the URL
        raise SettingsError(f"{key}: the value is not a database URL such as sqlite:///var/feed.db") from None
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed.database, url)
    if parsed.drivername != "postgresql+psycopg":
        raise SettingsError(f"{key}: {parsed.drivername!r} is not served; use sqlite or postgresql+psycopg")
    link = _POSTGRESQL_LINK | {"connect_timeout": 2} if is_serving else _POSTGRESQL_LINK
    try:
        engine = create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, pool_timeout=5, connect_args=link)
        from repo_harvest.store.patience import be_patient  # noqa: PLC0415 -- needs the driver, which not everybody has

        be_patient(engine, seconds=_SERVING_S if is_serving else _WORKING_S, is_serving=is_serving)
        return engine
    except (exc.NoSuchModuleError, ModuleNotFoundError):
        raise SettingsError(f"{key}: PostgreSQL needs its driver: pip install 'repo-harvest[postgres]'") from None


def _open_sqlite(database: str | None, url: str) -> Engine:
    if not database or database == ":memory:":
        raise SettingsError(f"database.url: {url!r} names no file; the feed must outlive the process")
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"database.url: cannot make the folder of {database}: {error.strerror}") from None
    engine = create_engine(url, pool_size=8, max_overflow=8, pool_timeout=5)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # the DB-API type is opaque; None: BEGIN is ours
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)  # type: ignore[attr-defined]  # sqlite3's own shortcut


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("repo_harvest_begin")
    if begin is not None:
        connection.exec_driver_sql(begin)
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("BEGIN")  # takes no lock, so it cannot fail; every answer of the feed comes this way


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end of the block, rolled back if it raises.

    On SQLite it holds the write lock from its first moment. Raises `StoreUnavailable`.
    """
    with (
        translated(),
        engine.execution_options(repo_harvest_begin="BEGIN IMMEDIATE").connect() as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read snapshot: every statement in the block sees the same committed state. Raises `StoreUnavailable`."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises about the database itself into `StoreUnavailable`."""
    try:
        yield
    except (exc.InterfaceError, exc.TimeoutError) as error:
        raise StoreUnavailable(f"the database cannot be reached: {_first_line(error)}") from error
    except exc.DatabaseError as error:
        is_ours = isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError)
        if is_ours and getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
            raise
        raise StoreUnavailable(f"the database does not answer: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return advised(text.splitlines()[0]) if text else error.__class__.__name__


def advised(said: str) -> str:
    """What the database said, and what to do where we know it."""
    advice = next((advice for signs, advice in _ADVICE if any(sign in said for sign in signs)), None)
    return said if advice is None else f"{said}: {advice}"


def shown(url: URL) -> str:
    """A database URL as it may be seen: no password, wherever in it that stands.

    >>> shown(make_url("postgresql+psycopg://a:secret@host/feed?password=secret&port=5433"))
    'postgresql+psycopg://a:***@host/feed?password=***&port=5433'
    """
    hidden = {name: "***" for name in url.query if "password" in name.lower()}
    return url.update_query_dict(hidden).render_as_string().replace("%2A%2A%2A", "***")


def chunks(values: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    """The values in runs of at most `size`: databases bound the number of parameters of one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
