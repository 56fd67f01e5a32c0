"""The use cases, as plain functions: what a night does, without the machinery that arranges it.

    collect → keep → read → check → accept → consolidate → publish → tell

What is collected is `inbox` and `arrivals`, what is told `telling`; the steps between are here.
Every step can be called alone and again: a step that was done is not done twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from flows.checking import reading
from flows.checking.marking import marked_side_by_side
from flows.configuration.settings import Site
from flows.house import House
from flows.publication import Published, published
from schemas.consolidated.across import columns_across
from schemas.consolidated.figures import Accepted, wanted, wanted_lines
from schemas.filing import Checked, Reading, Received
from schemas.findings import Finding
from schemas.models import Scheme
from warehouse.consolidation.contents import PublicationContents
from warehouse.consolidation.figures import accepted_figures
from warehouse.engine import reading as looking
from warehouse.lines.kept_lines import accepted_lines
from warehouse.lines.one_county import accepted_values
from warehouse.loading import load
from warehouse.loading.load import FilingOutcome
from warehouse.publications import last_published, record_publication
from warehouse.publish import publish as write_publication
from warehouse.publish import publish_again as draw_again
from warehouse.schemes import scheme_of
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.publication_contents import publication_contents
from warehouse.upkeep.unfinished import Unfinished, unfinished


def keep(house: House, received: Sequence[Received], at: datetime) -> int:
    """Put the bytes into the warehouse before anything looks at them; how many were new.

    The files in an archive are kept right after it, as files of their own.
    """
    new = 0
    for item in received:
        with house.engine.begin() as connection:
            new += load.keep(connection, item, at)
            recorded = load.is_recorded(connection, item.sha256)
        for inner in [] if recorded else reading.files_in(item):
            with house.engine.begin() as connection:
                new += load.keep(connection, inner, at)
    return new


def waiting(house: House) -> list[Received]:
    """What is kept and has not been read and recorded yet, in the order in which it came."""
    with looking(house.engine) as connection:
        return load.pending(connection)


def cut_off(house: House) -> Unfinished | None:
    """The last night, with all of its files, if it was cut off while it recorded them.

    To be read, checked and recorded as of its moment before anything else is.
    """
    with looking(house.engine) as connection:
        return unfinished(connection, house.scheme)


@dataclass(frozen=True)
class ReadFile:
    """A submission and what was read out of it."""

    sha256: str
    name: str
    reading: Reading


def read(scheme: Scheme, received: Received, at: datetime) -> ReadFile:
    """Identify county, period and forms of one submission and read each form into a frame."""
    return ReadFile(received.sha256, received.name, reading.read(scheme, received, at.date()))


@dataclass(frozen=True)
class CheckedFile:
    """A submission as read, and how the checks of each of its filings came out."""

    file: ReadFile
    checked: tuple[Checked, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What its county is told of the file: of the whole, then of each filing."""
        found = [*self.file.reading.findings]
        for filing, result in zip(self.file.reading.filings, self.checked, strict=True):
            found += [*filing.findings, *result.findings]
        return tuple(finding for finding in found if not finding.trial)


def accepted(house: House, files: Sequence[ReadFile]) -> Accepted:
    """What is accepted of other forms, periods and counties that the filings are compared with."""
    filings = [filing for file in files for filing in file.reading.filings]
    with looking(house.engine) as connection:
        return Accepted(
            accepted_figures(connection, house.scheme, wanted(house.scheme, filings)),
            accepted_lines(connection, house.scheme, wanted_lines(house.scheme, filings)),
            accepted_values(connection, house.scheme, columns_across(house.scheme, filings)),
        )


def check(scheme: Scheme, files: Sequence[ReadFile], accepted: Accepted) -> list[CheckedFile]:
    """Check the filings of all files together: one batch per form over all counties.

    They are compared with each other and, where nothing came, with what is accepted.
    """
    from expectations.across import validate_across  # seconds to import, only needed here
    from expectations.between import validate_between
    from expectations.change import validate_change
    from expectations.effects import with_effects
    from expectations.records.together import diagnosed_together
    from expectations.reduction import reduced
    from expectations.validate import validate

    returns = [file.reading.filings for file in files]
    inside = iter(validate([filing for filings in returns for filing in filings], scheme))
    beside = (
        validate_between(returns, scheme, accepted.figures, accepted.filings),
        validate_change(returns, scheme, accepted.figures),
        validate_across(returns, scheme, accepted.held),
    )
    checked = [
        [reduce(Checked.and_also, others, next(inside)) for others in zip(*of_file, strict=True)]
        for of_file in zip(*beside, strict=True)
    ]
    told = diagnosed_together(returns, scheme, accepted.figures, checked)
    return [
        CheckedFile(
            file,
            tuple(
                reduced(scheme, with_effects(scheme, filing, one))
                for filing, one in zip(filings, found, strict=True)
            ),
        )
        for file, filings, found in zip(files, returns, told, strict=True)
    ]


def checked_again(
    site: Site, engine: Engine, scheme: Scheme, received: Sequence[Received], at: datetime
) -> list[CheckedFile]:
    """Files of a past night, read and checked by its scheme beside what a warehouse holds."""
    house = House(site, scheme, engine)
    files = [read(scheme, item, at) for item in received]
    return check(scheme, files, accepted(house, files))


def by_county(files: Sequence[CheckedFile]) -> list[list[CheckedFile]]:
    """The files of each county, in the order in which they came: the unit of accepting."""
    counties: dict[str | None, list[CheckedFile]] = {}
    for file in files:
        counties.setdefault(file.file.reading.county, []).append(file)
    return list(counties.values())


def accept(house: House, files: Sequence[CheckedFile], at: datetime) -> list[FilingOutcome]:
    """Accept or refuse each filing on its own, one transaction per file."""
    outcomes: list[FilingOutcome] = []
    for item in files:
        with house.engine.begin() as connection:
            outcomes += load.record(
                connection, house.scheme, item.file.sha256, item.file.reading, item.checked, at
            )
    return outcomes


def to_publish(house: House) -> list[str]:
    """The periods whose publication is no longer what the warehouse holds."""
    with looking(house.engine) as connection:
        return periods_to_publish(connection, house.scheme)


def consolidate(house: House, period: str, at: datetime) -> PublicationContents:
    """The consolidated tables of a period, reconciled with its last publication."""
    with looking(house.engine) as connection:
        return publication_contents(connection, house.scheme, period, at)


def publish(house: House, contents: PublicationContents) -> Published:
    """Write a publication into its new folder, point `latest` at it, and record it."""
    root = house.site.published
    target = write_publication(contents, root, house.language, marked_side_by_side)
    with house.engine.begin() as connection:
        record_publication(connection, contents, target.name, _digests(target), house.language)
    return published(contents, target, house.language)


def publish_again(house: House, period: str, as_of: datetime) -> Iterator[Path]:
    """Write the last publication of a period up to a moment anew; nothing where there was none.

    It is drawn from what the warehouse knew then, by the scheme of that time. Raises
    WarehouseError, and leaves what is there, when a file would differ from what was published.
    """
    with looking(house.engine) as connection:
        made = last_published(connection, period, as_of)
        if made is None:
            return
        scheme = scheme_of(connection, made.scheme_fingerprint)
        contents = publication_contents(connection, scheme, period, made.as_of)
    language = made.language or house.language
    yield draw_again(contents, house.site.published, language, made.files, marked_side_by_side)


def _digests(folder_of_files: Path) -> Mapping[str, str]:
    return {
        path.relative_to(folder_of_files).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder_of_files.rglob("*"))
        if path.is_file()
    }
