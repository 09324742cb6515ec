"""Every way repo-harvest can fail, on one page.

    HarvestError                 anything we raise on purpose; its text is one line for a person
    ├── UsageError               wrong usage or configuration                   exit status 2
    │   ├── SettingsError        a config file or environment variable is wrong
    │   ├── PortInUse            another program listens where we should
    │   └── MissingPackage       what was asked for needs a package that is not installed
    ├── Refused                  a run that stops and leaves the feed untouched  exit status 1
    │   ├── FetchError           the page did not arrive
    │   ├── NotAPage             it arrived, and is not text we can read
    │   ├── TooMuch              it would take more time or memory to read than a page is given
    │   ├── NoEntries            it was read, and lists no publications
    │   ├── ShapeChanged         it lists something else than last time
    │   ├── Unwelcome            an item's page, whose site does not want programs, or not now; no run ends by it
    │   ├── Busy                 another run of this source is going on
    │   │   └── Superseded       this run stood still so long that another took its place
    │   └── BadImport            a line of an import file is wrong
    ├── DeliveryError            an alert did not reach its channel; no run ends by it
    └── StoreError               the database                                    503 on the feed, exit status 1
        ├── StoreUnavailable     it cannot be reached, or is locked or full
        ├── EmptyDatabase        nobody initialised it yet
        ├── NewerDatabase        a newer repo-harvest made it
        ├── Restored             it is an older backup, and harvesters hold more: `restamp`
        └── Stale                what a plan was made from has moved; plan again

A failure is never shown as "nothing": an empty list means that there are no records.
The errors that OAI-PMH itself defines (badVerb, noRecordsMatch, …) are answers, and live in `repo_harvest.oai`.
"""

from __future__ import annotations


class HarvestError(Exception):
    """Anything raised on purpose: the text says what is wrong, where, and what to do."""

    exit_status = 1


class UsageError(HarvestError):
    """Wrong usage or configuration; nothing was started."""

    exit_status = 2


class SettingsError(UsageError):
    """A key or a value in the config file or the environment is wrong; the text names it."""


class PortInUse(UsageError):
    """Another program listens on the host and port that `serve` was told to use."""


class MissingPackage(UsageError):
    """What was asked for needs a package that is not installed; the text says how to install it."""


class Refused(HarvestError):
    """A run that stopped with the feed untouched; the text is the reason."""


class FetchError(Refused):
    """The page did not arrive: unreachable, refused, an error status, too slow or too big.

    `status` is the one that the server answered with, if that was the reason; `late` says that the time for it ran out,
    `costly` that the requests for it did, and `passing` that it may arrive another time.
    """

    status: int | None = None
    late: bool = False
    costly: bool = False
    passing: bool = False


class NotAPage(Refused):
    """What arrived is empty, or not text that can be read."""


class TooMuch(Refused):
    """It takes more time or memory to read than a page is given."""


class NoEntries(Refused):
    """The page was read and lists no publications."""


class ShapeChanged(Refused):
    """The page lists something so different from last time that publishing it needs a person's word."""


class Unwelcome(Refused):
    """A site that does not want to be asked for this by programs, or cannot be asked now: then `passing` is true."""

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


class Busy(Refused):
    """Another run of the same source is going on."""


class Superseded(Busy):
    """This run stood still, without its lock, and another took its place: it may publish nothing more."""


class BadImport(Refused):
    """A line of an import file is wrong; the text names the file, the line and the field."""


class DeliveryError(HarvestError):
    """An alert did not reach its channel; the text names the host and the fault, and no secret."""


class StoreError(HarvestError):
    """The database did not do what it should."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, or is locked, full or read-only."""


class EmptyDatabase(StoreError):
    """The database holds no tables yet: `init` makes them."""


class NewerDatabase(StoreError):
    """A newer repo-harvest made this database."""

    exit_status = 2


class Restored(StoreError):
    """An older state of this database was restored; `restamp` makes it fit to be served."""


class Stale(StoreError):
    """The store moved between planning and publishing; the plan must be made again."""
