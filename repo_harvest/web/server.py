"""Settings in, the feed and its pages served by granian worker processes until a signal comes.

Workers are spawned, not forked: the parent may hold threads (a scheduler) and database connections, which a fork would
tear apart. Each worker makes its own connections from the settings that it is handed.
"""

from __future__ import annotations

import atexit
import errno
import logging
import multiprocessing
import os
import socket
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy import Engine

from repo_harvest import logs
from repo_harvest.errors import PortInUse, SettingsError, UsageError
from repo_harvest.model import Feed
from repo_harvest.oai import Repository
from repo_harvest.settings import Followed, Settings
from repo_harvest.settings.adding import add_source
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine
from repo_harvest.store.feed import SqlFeed
from repo_harvest.store.replica import ReplicatedFeed
from repo_harvest.web.app import make_app
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.door import Access, Door
from repo_harvest.web.exposition import Due, Figures, with_metrics
from repo_harvest.web.flow import Flow
from repo_harvest.web.limits import Limits
from repo_harvest.web.maintenance import Maintenance
from repo_harvest.web.meter import Meter, shared
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.opening import opening
from repo_harvest.web.receipts import Receipts
from repo_harvest.web.watch import watched

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from repo_harvest.ingest import Press

__all__ = ["REQUESTS_PER_MINUTE", "limits_of", "load_app", "require_port", "serve"]

_LOG = logging.getLogger(__name__)
_BACKLOG = 1024
REQUESTS_PER_MINUTE = 600  # of one client, unless the configuration says otherwise


def serve(settings: Settings, *, due: Due, config: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM; `due` reads schedules, and `config` is the file that the settings are from. Raises `PortInUse`, `StoreError`, and `SettingsError` before anything listens."""
    engine = open_engine(settings.database.url)
    _replica(settings)
    try:
        repository_of(settings, engine)
    finally:
        engine.dispose()
    require_port(settings.server.host, settings.server.port)
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "repo_harvest.web.server:load_app",
        address=settings.server.host,
        port=settings.server.port,
        interface=Interfaces.WSGI,
        workers=settings.server.workers,
        blocking_threads=1 if settings.database.url.startswith("sqlite") else 4,
        backlog=_BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]  # an enum of strings, which takes its values too
    )
    logs.begin(form=settings.log.format, level=settings.log.level)
    with shared() if settings.metrics.enabled else nullcontext():
        server.serve(target_loader=partial(load_app, settings, due, config), wrap_loader=False)


def load_app(settings: Settings, due: Due, config: Path | None = None) -> WSGIApplication:
    """What one worker answers with: 503 for as long as the database is away or unfit, and then the service."""
    logs.begin(form=settings.log.format, level=settings.log.level)
    engine = open_engine(settings.database.url, is_serving=True)
    return opening(partial(_service, settings, due, config, engine))


def _service(settings: Settings, due: Due, config: Path | None, engine: Engine) -> WSGIApplication:
    followed = Followed(settings, config, os.environ)
    repository = repository_of(settings, engine)
    feed = _feed(settings, engine, repository.token_key)
    clients, limits = Clients(settings.server.proxies), limits_of(settings)
    maintenance, receipts = Maintenance(settings.server.maintenance_file), Receipts(engine)
    oai = oai_app(
        feed,
        repository,
        clients=clients,
        limits=limits,
        maintenance=maintenance,
        receipts=receipts,
    )
    receipts.start()
    atexit.register(receipts.stop)
    app = make_app(
        engine=engine,
        feed=feed,
        oai=oai,
        repository=repository,
        maintenance=maintenance,
        clients=clients,
        limits=limits,
        desk=_desk(followed, engine, clients, due=due, config=config),
    )
    meter = _meter() if settings.metrics.enabled else None
    if meter is None:
        return watched(app, clients=clients, log=settings.log.requests)
    figures = Figures(engine, schedules=lambda: {name: when for name, _, when in _listed(followed)}, due=due)
    app = with_metrics(app, meter=meter, figures=figures, token=settings.metrics.token)
    return watched(app, meter=meter, clients=clients, log=settings.log.requests)


def _feed(settings: Settings, engine: Engine, token_key: bytes) -> Feed:
    """The feed of the database, read from its replica if there is one."""
    feed, replica = SqlFeed(engine), _replica(settings)
    return feed if replica is None else ReplicatedFeed(feed, replica, token_key=token_key)


def _replica(settings: Settings) -> Engine | None:
    """The replica that lists are read from, not connected yet; raises `SettingsError` where there can be none."""
    key, url = "database.read_url", settings.database.read_url
    if url is None:
        return None
    if settings.database.url.startswith("sqlite"):
        raise SettingsError(f"{key}: is a replica of PostgreSQL, and database.url is a SQLite file; leave it out")
    return open_engine(url, is_serving=True, key=key)


def _listed(followed: Followed) -> list[tuple[str, str, str | None]]:
    """Name, address and schedule of each source that is configured now."""
    return [(source.name, source.address, source.schedule) for source in followed.now().sources]


def _desk(followed: Followed, engine: Engine, clients: Clients, *, due: Due, config: Path | None) -> Desk | None:
    """What the manager's pages work with, `None` where nobody may manage."""
    settings = followed.now()
    admin = settings.admin
    if not admin.users and admin.trusted_header is None:
        return None
    access = Access(
        users=admin.users,
        header=admin.trusted_header,
        proxies=admin.trusted_proxies,
        is_tls=settings.base_url.startswith("https://"),
    )
    return Desk(
        door=Door(access, engine, clients),
        sources=partial(_listed, followed),
        due=due,
        sets={spec: one.name for spec, one in settings.sets.items()},
        press=partial(_press, followed, engine),
        config=None if config is None else str(config),
        add_source=None if config is None else partial(add_source, config, os.environ),
    )


def _press(followed: Followed, engine: Engine) -> Press:
    """What a manager's decision is published with."""
    from repo_harvest.workshop import Workshop  # noqa: PLC0415 -- half a second that serving need not wait

    return Workshop(settings=followed.now(), engine=lambda: engine).press()


def _meter() -> Meter | None:
    """What counts; `None` where there is no room for it: that is no reason not to serve."""
    try:
        return Meter()
    except OSError as error:
        _LOG.warning("metrics: nothing is counted or told: %s", error)
        return None


def limits_of(settings: Settings) -> Limits:
    """What a client may do: without a configured budget the usual one, which clients on this machine do not have."""
    stated = settings.feed.requests_per_minute
    per_minute = REQUESTS_PER_MINUTE if stated is None else stated
    return Limits(flow=Flow(per_minute) if per_minute else None, local_too=stated is not None)


def repository_of(settings: Settings, engine: Engine) -> Repository:
    """The repository as Identify shows it; the token key comes from the database, the same for every process."""
    schema.check(engine)
    return Repository(
        name=settings.repository.name,
        base_url=settings.base_url,
        identifier=settings.repository.identifier,
        admin_emails=settings.repository.admin_email,
        token_key=schema.token_key(engine),
        page_size=settings.feed.page_size,
        compression=("gzip",),
        friends=settings.repository.friends,
        metadata_rights=settings.repository.metadata_rights,
    )


def require_port(host: str, port: int) -> None:
    """Raise `PortInUse` when something listens there already, `UsageError` for an address that is not ours."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        where = f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            message = (
                f"{where} is in use by another program: stop it, or choose another port with --port or [server] port"
            )
            raise PortInUse(message) from None
        if error.errno == errno.EACCES:
            raise UsageError(f"{where}: a port below 1024 needs the right to open it; choose one above") from None
        raise UsageError(f"{where}: cannot listen there: {error.strerror}") from None
