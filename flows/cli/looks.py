"""The verbs that look: at files before they are sent, and into the warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import HERE, AsOf, County, Period, SiteFolder

app = typer.Typer()


@app.command(epilog="Example: `huizong check --site site inbox/2015/141031-隰县-2015.xlsx`")
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Workbooks to check.", exists=True, dir_okay=False)
    ],
    site: SiteFolder = HERE,
) -> None:
    """Check workbooks without recording anything; exit status 1 if one would be refused."""
    from flows.desk import desk

    if not desk.check_files(None if site == HERE else site, files):
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong status --site site`")
def status(site: SiteFolder = HERE, as_of: AsOf = None) -> None:
    """Show how far each period and form is: owed, reported, refused, published."""
    from flows.desk import desk

    desk.status(site, as_of)


@app.command(
    epilog="Example: `huizong findings --site site --period 2015 --county 隰县 --severity error`"
)
def findings(
    site: SiteFolder = HERE,
    period: Period = None,
    county: County = None,
    form: Annotated[str | None, typer.Option(help="A form by name or code.")] = None,
    severity: Annotated[str | None, typer.Option(help="error, warning or notice.")] = None,
    as_of: AsOf = None,
) -> None:
    """List what is wrong or doubtful, with file, sheet and cell."""
    from flows.desk import desk

    desk.findings(site, as_of, period=period, county=county, form=form, severity=severity)


@app.command(epilog="Example: `huizong trace biogas.stock_prev --site site --period 2003H1`")
def trace(
    figure: Annotated[str, typer.Argument(help="FORM.MEASURE, as in the published CSV.")],
    period: Annotated[str, typer.Option(help="The period, such as 2003H1.")],
    site: SiteFolder = HERE,
    county: County = None,
    as_of: AsOf = None,
) -> None:
    """Show which cells of which files a published figure is the sum of."""
    from flows.desk import desk

    desk.trace(site, figure, period, county, as_of)


@app.command(epilog="Example: `huizong history biogas.stock_now --site site --county 隰县`")
def history(
    figure: Annotated[str, typer.Argument(help="FORM.MEASURE, as in the published CSV.")],
    site: SiteFolder = HERE,
    period: Period = None,
    county: County = None,
    as_of: AsOf = None,
    to: Annotated[Path | None, typer.Option(help="Write it as CSV instead of showing it.")] = None,
) -> None:
    """Show a figure as it was known at each publication: its revision triangle.

    Of the municipality, or of the county that is named.
    """
    from flows.desk.history import show_history

    show_history(site, figure, period, county, as_of, to)


@app.command(epilog='Example: `huizong uses 隰县-2015.xlsx "R18 减贫情况表!D8" --site site`')
def uses(
    file: Annotated[str, typer.Argument(help="A file by its name, or the start of its sha256.")],
    cell: Annotated[str, typer.Argument(help="SHEET!ADDRESS, as in a list of findings.")],
    site: SiteFolder = HERE,
    as_of: AsOf = None,
) -> None:
    """Show every published figure that a cell of a return is in."""
    from flows.desk import desk

    desk.uses(site, file, cell, as_of)
