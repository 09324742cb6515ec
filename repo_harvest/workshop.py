"""Settings and the database in, what reading sources and publishing work with out: the sources, the press, the way to fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from repo_harvest import settings as configuration
from repo_harvest.catalogue import Defaults, SetRule
from repo_harvest.enrich import Enquirer, Mode
from repo_harvest.errors import SettingsError, UsageError
from repo_harvest.ingest import Policy, Press, Source, is_due, revise
from repo_harvest.ingest.rebuild import settle_keys
from repo_harvest.model import Page, SetInfo, Validators
from repo_harvest.parse import Profile, load_profile
from repo_harvest.settings import Settings
from repo_harvest.source import Limits, fetch
from repo_harvest.store import ledger
from repo_harvest.store.browse import count_feed

__all__ = ["Workshop", "read_profile"]


def _unseen(_what: str, _total: int | None) -> AbstractContextManager[Callable[[int], None]]:
    """Progress that nobody watches."""
    return nullcontext(lambda _: None)


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What is made from the settings for a run; `engine` opens the database when it is asked for.

    `progress` shows how far something is that takes a while, for as long as a block runs; `say` tells a line.
    """

    settings: Settings
    engine: Callable[[], Engine]
    progress: Callable[[str, int | None], AbstractContextManager[Callable[[int], None]]] = _unseen
    say: Callable[[str], None] = lambda _: None

    def settle(self) -> None:
        """Make the configured sets, and bring all records in line with a configuration that changed."""
        press = self.press()
        ledger.declare_sets(press.engine, press.sets.values())
        with self.progress("filing records, to find duplicates by", None) as advance:
            settle_keys(replace(press, advance=advance))
        if not is_due(press):
            return
        live = count_feed(press.engine, now=press.clock()).live
        with self.progress("bringing records in line with the configuration", live) as advance:
            done = revise(replace(press, advance=advance))
        for fault in done.faults:
            self.say(f"repo-harvest: left as it was: {fault}")
        if done.moved:
            self.say(f"{done.moved} records brought in line with the configuration")

    def sources(self) -> list[Source]:
        """The configured sources."""
        return [_source(source) for source in self.settings.sources]

    def source(self, name: str) -> Source:
        """The configured source of this name; raises `UsageError` where there is none, `SettingsError` for its profile."""
        for configured in self.settings.sources:
            if configured.name == name:
                return _source(configured)
        raise UsageError(f"{name}: no source of this name is in the config file")

    def named(self, wanted: Sequence[str], *, allow_private: Sequence[str] = ()) -> list[Source]:
        """The sources that a command names: by name, by address, or an address or file that is not configured.

        Raises `UsageError` for a name that nothing has.
        """
        return [
            replace(found, allow_private=(*found.allow_private, *allow_private)) for found in map(self._named, wanted)
        ]

    def _named(self, wanted: str) -> Source:
        configured = self.sources()
        path = Path(wanted)
        address = str(path.resolve()) if "://" not in wanted else wanted
        for source in configured:
            if wanted == source.name or address == source.url:
                return source
        if "://" in wanted or path.exists():
            return Source(name=address, url=address)
        names = ", ".join(source.name for source in configured) or "none"
        raise UsageError(f"{wanted}: no source has this name, and there is no such file; configured sources: {names}")

    def press(self, advance: Callable[[int], None] = lambda _: None) -> Press:
        """What publishing works with."""
        return Press(
            engine=self.engine(),
            clock=time.time,
            repository=self.settings.repository.identifier,
            sets={
                spec: SetInfo(spec=spec, name=one.name, description=one.description)
                for spec, one in self.settings.sets.items()
            },
            policy=Policy(
                rules=tuple(_rule(spec, one) for spec, one in self.settings.sets.items()),
                metadata_rights=self.settings.repository.metadata_rights,
                longest_value=self.settings.repository.longest_value,
                base_url=self.settings.base_url,
                ranks=tuple((source.name, source.rank) for source in self.settings.sources if source.rank is not None),
            ),
            advance=advance,
        )

    def enquirer(self) -> Enquirer:
        """How addresses are looked up."""
        told = self.settings.enrichment
        return Enquirer(
            delay=told.delay, most=told.most, days=told.days, contact=self.settings.repository.admin_email[0]
        )

    def fetch(self, source: Source, validators: Validators = Validators()) -> Page:  # noqa: B008 -- frozen
        """Fetch a source's page."""
        return fetch(
            source.url,
            now=partial(datetime.now, UTC),
            validators=validators,
            allow_private=source.allow_private,
            limits=Limits(seconds=source.seconds, requests=source.requests),
            contact=self.settings.repository.admin_email[0],
        )


def _rule(spec: str, configured: configuration.Set) -> SetRule:
    return SetRule(
        spec=spec,
        name=configured.name,
        sources=configured.source,
        years=configured.year,
        types=configured.type,
        creators=configured.creator,
        by=configured.by,
    )


def read_profile(file: Path) -> Profile:
    """The profile that a file holds; raises `SettingsError` that names the file."""
    try:
        return load_profile(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: the profile cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: the profile is not UTF-8") from None
    except SettingsError as error:
        raise SettingsError(f"{file}: {error}") from None


def _source(configured: configuration.Source) -> Source:
    given = configured.defaults
    defaults = Defaults(
        language=(given.language,) if given.language else (),
        type=(given.type,) if given.type else (),
        rights=given.rights,
    )
    return Source(
        name=configured.name,
        url=configured.address,
        sets=configured.sets,
        defaults=defaults,
        repository=configured.identifiers,
        allow_private=configured.allow_private,
        profile=None if configured.profile is None else read_profile(configured.profile),
        delete_after=configured.delete_after,
        delete_most=configured.delete_most,
        pages=configured.pages,
        seconds=configured.seconds,
        enrich=Mode(configured.enrich),
    )
