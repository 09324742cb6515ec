"""Settings and environment in, what commands work with out: the database, and what reading and publishing need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import Engine

from repo_harvest import settings as configuration
from repo_harvest.cli.say import say
from repo_harvest.errors import EmptyDatabase, HarvestError
from repo_harvest.settings import Followed, Settings
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine

if TYPE_CHECKING:
    from repo_harvest.workshop import Workshop

__all__ = ["DEFAULT_CONFIG", "Context", "pass_context"]

DEFAULT_CONFIG = Path("config/repo-harvest.toml")


@dataclass(kw_only=True)
class Context:
    """What every command is handed; nothing is read or opened before a command asks for it."""

    config: Path | None
    environ: Mapping[str, str]

    @property
    def config_file(self) -> Path | None:
        """The config file, wherever it was named; `None` where there is none."""
        named = self.environ.get("REPO_HARVEST_CONFIG")
        if self.config is not None or named:
            return self.config or Path(named or "")
        return DEFAULT_CONFIG if named is None and DEFAULT_CONFIG.exists() else None

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises `SettingsError`."""
        return configuration.load(self.config_file, self.environ)

    @cached_property
    def engine(self) -> Engine:
        """The database, at this program's version; raises `StoreError`."""
        engine = open_engine(self.settings.database.url)
        try:
            schema.check(engine)
        except HarvestError:
            engine.dispose()
            raise
        return engine

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def begin(self, *, settle: bool = True) -> None:
        """Create the database if there is none yet; one of an earlier version is left for `init` to bring up to date.

        With `settle`, sets and records follow the configuration afterwards.
        """
        try:
            _ = self.engine
        except EmptyDatabase:
            self.initialise()
        else:
            if settle:
                self.workshop.settle()

    def initialise(self) -> bool:
        """Create the database or bring it up to date, and make the configured sets; whether it was changed."""
        engine = open_engine(self.settings.database.url)
        self.__dict__["engine"] = engine
        done = schema.upgrade(engine)
        schema.check(engine)
        self.workshop.settle()
        return done

    def followed(self) -> Callable[[], Workshop]:
        """What tells the workshop as it is now: with the sources that the config file has meanwhile."""
        followed = Followed(self.settings, self.config_file, self.environ)
        return lambda: replace(self.workshop, settings=followed.now())

    @cached_property
    def workshop(self) -> Workshop:
        """What reading sources and publishing work with."""
        from repo_harvest.cli.output import progress  # noqa: PLC0415 -- the same
        from repo_harvest.workshop import Workshop  # noqa: PLC0415 -- half a second that looking and serving need not wait

        said = partial(say, err=True)
        return Workshop(settings=self.settings, engine=lambda: self.engine, progress=progress, say=said)


pass_context = click.make_pass_decorator(Context)
