"""What people ask at the desk: check a file, the status, the findings, a trace, a publication.

What only looks into the warehouse answers at once: reading workbooks and drawing publications are
imported where they are done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows import show, show_traces
from flows.counties import find_county
from flows.house import closing_houses, look_into, open_house
from flows.lock import alone
from flows.moments import moment_of
from flows.settings import FILE_NAME, Site
from schemas.errors import SettingsError
from schemas.findings import CellRef, Severity, has_errors
from warehouse import queries
from warehouse.due import periods_begun
from warehouse.engine import reading as looking
from warehouse.turns import turn

if TYPE_CHECKING:  # it imports pandas, which takes longer than most looks
    from flows.channels.arrival import Taken

_ADDRESS = re.compile("[A-Z]+[1-9][0-9]*")


def check_files(folder: Path, files: Sequence[Path]) -> bool:
    """Read and check workbooks without recording anything; whether all would be accepted."""
    from flows import process, reading
    from schemas.figures import Accepted
    from schemas.filing import Received

    reading.children.prepare()
    site = Site(folder)
    scheme = site.load_scheme()
    at = datetime.now(UTC)
    received = [Received(path.name, path.read_bytes(), channel="desk") for path in files]
    received += [inner for item in received for inner in reading.files_in(item)]
    read = [process.read(scheme, item, at) for item in received]
    checked = process.check(scheme, read, Accepted())
    accepted = True
    for item in checked:
        for finding in item.findings:
            show.print_finding(item.file.name, finding, scheme, site.language(scheme))
        accepted = accepted and not has_errors(item.findings)
    return accepted


def status(folder: Path, as_of: str | None = None) -> None:
    """Show how far each period and form is, or was at a moment."""
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        periods = queries.status(connection, house.scheme, moment_of(house.site, as_of))
    show.print_status(periods, house.site, house.language)


def findings(
    folder: Path,
    as_of: str | None,
    *,
    period: str | None,
    county: str | None,
    form: str | None,
    severity: str | None,
) -> None:
    """List the findings that stand, or stood at a moment.

    Raises SchemeError or SettingsError for an unknown filter.
    """
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        found = queries.findings(
            connection,
            house.scheme,
            moment_of(house.site, as_of),
            period=period,
            county=find_county(house.scheme, county).code if county else None,
            form=house.scheme.form(form).name if form else None,
            severity=_severity(severity) if severity else None,
        )
    for filed in found:
        show.print_filed(filed, house.scheme, house.language)


def trace(
    folder: Path, figure: str, period: str, county: str | None, as_of: str | None = None
) -> None:
    """Show what a published figure is, or was, made of. Raises SchemeError or WarehouseError."""
    from warehouse.trace import trace as trace_figure

    form, _, measure = figure.partition(".")
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        code = find_county(house.scheme, county).code if county else None
        traced = trace_figure(
            connection,
            house.scheme,
            house.scheme.form(form),
            measure,
            period,
            code,
            moment_of(house.site, as_of),
        )
    show_traces.print_trace(traced, house.scheme, house.language)


def collect(folder: Path) -> Iterator[Taken]:
    """Take in what stands in the channels, each as soon as it is asked for the next."""
    from flows import arrivals, process, reading

    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder))
        reading.children.prepare()
        yield from arrivals.take_in_all(house, process.moment(house))


def remind(folder: Path) -> Iterator[str]:
    """Send the reminders of the day that were not sent yet; what became of each, line by line.

    Raises SettingsError at the end where some could not be.
    """
    from flows import process, reminding, telling
    from flows.console import OUTSIDE_ERRORS, reason

    failures: list[str] = []
    with closing_houses():
        house = open_house(str(folder))
        if not house.site.settings.tell:
            yield f"{house.site.folder / FILE_NAME}: no [[tell]] names whom to tell"
            return
        for each in reminding.reminders(house, process.moment(house)):
            whom = f"{each.notice.recipient}: {each.message.subject}"
            try:
                yield f"{whom}: {'told' if telling.tell(house, each) else 'was told before'}"
            except OUTSIDE_ERRORS as error:
                failures.append(f"{whom}: {reason(error)}")
    if failures:
        raise SettingsError("not everybody could be reminded:\n" + "\n".join(failures))


def publish(folder: Path, period: str | None, as_of: str | None = None) -> Iterator[Path]:
    """Publish what the warehouse holds, for one period or for all for which something came.

    Where a moment is stated, the last publication up to then is made anew. Raises WarehouseError
    when that does not give the same bytes.
    """
    from flows import process

    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder))
        with looking(house.engine) as connection:
            begun = periods_begun(connection, house.scheme)
        ids = [house.scheme.period(period).id] if period else begun
        with turn(house.engine):
            if as_of is not None:
                for each in ids:
                    yield from process.publish_again(house, each, moment_of(house.site, as_of))
                return
            at = process.moment(house)
            for each in ids:
                yield process.publish(house, process.consolidate(house, each, at)).folder


def uses(folder: Path, file: str, cell: str) -> None:
    """Show every published figure that a cell is in. Raises SettingsError or WarehouseError."""
    from warehouse.uses import uses as uses_of_cell

    sheet, _, address = cell.rpartition("!")
    if not sheet or not _ADDRESS.fullmatch(address):
        raise SettingsError(f"{cell!r} is no cell; write it as SHEET!D9")
    with look_into(str(folder)) as house, looking(house.engine) as connection:
        reference = CellRef(sheet=sheet, address=address)
        found = uses_of_cell(connection, house.scheme, file, reference)
    show_traces.print_uses(found, house.scheme, house.language)


def export(folder: Path, target: Path) -> Iterator[Path]:
    """Write the contract as one SQLite file, and its long table as SDMX-CSV."""
    from warehouse.mart.export import sdmx_csv, write_contract_file

    target.mkdir(parents=True, exist_ok=True)
    with look_into(str(folder)) as house, looking(house.engine) as connection:
        write_contract_file(connection, house.scheme, target / "contract.sqlite")
        yield target / "contract.sqlite"
        observations = target / "observations.sdmx.csv"
        observations.write_text(sdmx_csv(connection, house.scheme), encoding="utf-8")
        yield observations


def _severity(stated: str) -> Severity:
    try:
        return Severity(stated)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise SettingsError(f"no severity {stated!r}; choose one of: {known}") from None
