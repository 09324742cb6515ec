"""The command that shows what would be read from a page, and writes the profile of a site from a few titles."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from repo_harvest import parse
from repo_harvest.catalogue import with_repository_links
from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json
from repo_harvest.cli.say import say, styled
from repo_harvest.enrich import Forgetful, Mode, enrich
from repo_harvest.errors import UsageError
from repo_harvest.ingest import Source
from repo_harvest.ingest.paging import read_list, turning
from repo_harvest.ingest.preview import fields_of
from repo_harvest.model import Entry, Problem, Severity
from repo_harvest.parse import Candidate, Profile, Reading
from repo_harvest.source import decode
from repo_harvest.workshop import read_profile

__all__ = ["inspect_command"]

_ABSTRACT_SHOWN = 160
_SAMPLES = 3
_NOTES = 5  # that are shown unless all are asked for
_LISTINGS = 4  # ways to cut the page that are shown
_FIELDS = ("creators", "date", "container", "publisher", "identifiers", "abstract")
_LONG_TITLE = 250  # characters
_FEW = 0.5  # share of entries


@click.command("inspect")
@click.argument("page", metavar="URL|FILE")
@click.option(
    "--allow-private", multiple=True, metavar="HOST:PORT", help="Also fetch from this address of your network."
)
@click.option("--title", "titles", multiple=True, help="A title as it stands on the page; two or more teach a profile.")
@click.option(
    "--write-profile",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the profile that the titles teach; name it as `profile` of the source.",
)
@click.option(
    "--profile",
    "profile_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Read the page by this profile.",
)
@click.option(
    "--enrich", "enriching", is_flag=True, help="Also ask the DOIs and pages of the entries shown for what is missing."
)
@click.option("--all", "every", is_flag=True, help="Show every entry, not only the first three.")
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
@pass_context
def inspect_command(
    context: Context,
    page: str,
    allow_private: tuple[str, ...],
    titles: tuple[str, ...],
    write_profile: Path | None,
    profile_file: Path | None,
    enriching: bool,
    every: bool,
    as_json: bool,
) -> int:
    """Show what would be read from a page, and how. No database is needed; nothing but a profile is written.

    Example: repo-harvest inspect config/sample-page.html
    """
    if write_profile is not None and not titles:
        raise UsageError("--write-profile: give two titles with --title, as they stand on the page")
    source = context.workshop.named([page], allow_private=allow_private)[0]
    begun = time.monotonic()
    fetched = context.workshop.fetch(source)
    profile = _profile(decode(fetched), titles, profile_file)
    listing = read_list(
        fetched,
        turn=turning(
            lambda url, seconds, requests: context.workshop.fetch(
                replace(source, url=url, seconds=seconds, requests=requests)
            ),
            seconds=source.seconds,
            begun=begun,
        ),
        most=source.pages,
        profile=profile,
        listings=1 if as_json else _LISTINGS,
    )
    if write_profile is not None and profile is not None:
        _write(write_profile, replace(profile, fill=_fill(listing.sheets[0].entries)), page)
    entries, problems = listing.entries, listing.problems
    if enriching:
        entries, found = _enriched(context, source, fetched.location, entries, every=every or as_json)
        problems = (*problems, *found)
    if as_json:
        print_json([parse.as_json(entry) for entry in entries])
    else:
        _print(listing.sheets[0].reading, entries, every=every)
    _tell(problems, every=every)
    return 1 if any(problem.severity is Severity.ERROR for problem in problems) else 0


def _profile(text: str, titles: Sequence[str], file: Path | None) -> Profile | None:
    """The profile that titles teach, or that a file holds; `None` where neither is given."""
    if titles:
        return parse.learn_profile(text, titles)
    return None if file is None else read_profile(file)


def _enriched(
    context: Context, source: Source, page: str, entries: Sequence[Entry], *, every: bool
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries, with the gaps of those that will be shown filled; and what else there is to tell."""
    shown = len(entries) if every else _SAMPLES
    linked = with_repository_links(entries, source.repository)
    done = enrich(
        linked[:shown],
        page=page,
        mode=Mode.FULL,
        memory=Forgetful(),
        now=time.time,
        enquirer=context.workshop.enquirer(),
        allow_private=source.allow_private,
    )
    return (*done.entries, *linked[shown:]), tuple(done.notes)


def _write(file: Path, profile: Profile, page: str) -> None:
    if file.exists():
        raise UsageError(f"{file}: is there already; name another file, or take it away first")
    about = [
        f"How the publications on {page} are found.",
        "A selector is CSS, or { xpath = … }; regex cuts a value out.",
    ]
    try:
        file.write_text(parse.dump_profile(profile, about=about), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from None
    say(f"wrote {file}: {profile.count} entries; name it as profile of the source", err=True)


def _fill(entries: Sequence[Entry]) -> dict[str, float]:
    """The share of entries that have each field."""
    return {name: round(sum(bool(getattr(entry, name)) for entry in entries) / len(entries), 2) for name in _FIELDS}


def _tell(problems: Sequence[Problem], *, every: bool) -> None:
    """Say what was noticed, what matters most first; of mere notes only some, unless `every` is asked for."""
    notes = [problem for problem in problems if problem.severity is Severity.NOTE]
    shown = notes if every else notes[:_NOTES]
    for problem in [*(problem for problem in problems if problem.severity is not Severity.NOTE), *shown]:
        say(f"{problem.severity}: {problem}", err=True)
    if len(shown) < len(notes):
        say(f"… and {len(notes) - len(shown)} more notes, which --all shows", err=True)


def _print(reading: Reading, entries: Sequence[Entry], *, every: bool) -> None:
    """Print the entries of all pages, and how the first was and could be read."""
    console = Console(highlight=False)
    console.print(styled(f"{len(entries)} publications, read as: {reading.layout}\n"))
    shown = entries if every else entries[:_SAMPLES]
    for number, entry in enumerate(shown, start=1):
        _print_entry(console, number, entry)
    if len(shown) < len(entries):
        console.print(f"… and {len(entries) - len(shown)} more, which --all shows\n", markup=False)
    for sentence in _doubts(entries):
        console.print(styled("look at this: ", style="bold yellow") + styled(sentence), soft_wrap=True)
    _print_others(console, [one for one in reading.candidates[1:] if one.entries])


def _print_entry(console: Console, number: int, entry: Entry) -> None:
    console.print(styled(f"{number:>3}  {entry.title}", style="bold"), soft_wrap=True)
    for name, value, origin in _fields(entry):
        said = styled(f"     {name:<12}", style="dim") + styled(value, style="cyan")
        console.print(said + styled(f"   [{origin}]" if origin else "", style="dim"), soft_wrap=True)


def _fields(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(field, value, where it came from) of what the entry says, an abstract cut to what fits."""
    for name, value, origin in fields_of(entry):
        yield (
            name,
            value if len(value) <= _ABSTRACT_SHOWN else f"{value[:_ABSTRACT_SHOWN]}… ({len(value)} characters)",
            origin,
        )


def _doubts(entries: Sequence[Entry]) -> Iterator[str]:
    """What looks wrong about a list, in sentences."""
    count = len(entries)
    for name in ("creators", "date"):
        having = sum(bool(getattr(entry, name)) for entry in entries)
        if having < _FEW * count:
            yield f"{having} of {count} have {'a date' if name == 'date' else 'names'}"
    twice = sum(number - 1 for number in Counter(entry.title.casefold() for entry in entries).values())
    if twice:
        yield f"{twice} titles stand there more than once"
    long = sum(len(entry.title) > _LONG_TITLE for entry in entries)
    if long:
        yield f"{long} titles are longer than {_LONG_TITLE} characters"


def _print_others(console: Console, others: Sequence[Candidate]) -> None:
    if not others:
        return
    console.print(
        "The page could also be read in these ways, the likeliest first; two titles say which is right:", soft_wrap=True
    )
    console.print(
        'repo-harvest inspect PAGE --title "…" --title "…" --write-profile FILE', markup=False, soft_wrap=True
    )
    for other in others:
        console.print(styled(f"\n{len(other.entries)} publications, {other.name}\n"))
        for number, entry in enumerate(other.entries[:_SAMPLES], start=1):
            _print_entry(console, number, entry)
