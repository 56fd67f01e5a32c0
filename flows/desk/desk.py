"""What people ask at the desk: is a file right, how far is it, what is wrong, whence is a figure.

What only looks into the warehouse answers at once: reading workbooks is imported where it is done.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from flows.configuration.settings import Site
from flows.counties import find_county
from flows.desk import show, show_traces
from flows.house import look_into
from flows.moments import moment_of
from schemas.errors import SettingsError
from schemas.findings import CellRef, Severity, has_errors
from warehouse import queries
from warehouse.engine import reading as looking

_ADDRESS = re.compile("[A-Z]+[1-9][0-9]*")


def check_files(folder: Path | None, files: Sequence[Path]) -> bool:
    """Read and check workbooks without recording anything; whether all would be accepted.

    Without a folder they are checked by the site in the current one, or else by the scheme that
    comes with huizong: a clerk has no site.
    """
    from flows import process
    from flows.checking import reading
    from schemas.consolidated.figures import Accepted
    from schemas.filing import Received

    reading.children.prepare()
    site = Site(folder or Path(), made=folder is not None)
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
    from warehouse.tracing.trace import trace as trace_figure
    from warehouse.tracing.traced_lines import TracedFigure

    form, _, measure = figure.partition(".")
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        code = find_county(house.scheme, county).code if county else None
        asked = TracedFigure(form, measure, period, code)
        traced = trace_figure(connection, house.scheme, asked, moment_of(house.site, as_of))
    show_traces.print_trace(traced, house.scheme, house.language)


def uses(folder: Path, file: str, cell: str, as_of: str | None) -> None:
    """Show every published figure that a cell is in. Raises SettingsError or WarehouseError."""
    from warehouse.tracing.uses import uses as uses_of_cell

    sheet, _, address = cell.rpartition("!")
    if not sheet or not _ADDRESS.fullmatch(address):
        raise SettingsError(f"{cell!r} is no cell; write it as SHEET!D9")
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        reference = CellRef(sheet=sheet, address=address)
        then = moment_of(house.site, as_of)
        found = uses_of_cell(connection, house.scheme, file, reference, then)
    show_traces.print_uses(found, house.scheme, house.language)


def _severity(stated: str) -> Severity:
    try:
        return Severity(stated)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise SettingsError(f"no severity {stated!r}; choose one of: {known}") from None
