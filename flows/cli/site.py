"""The verbs that make a site, and what it hands out to counties."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import HERE, County, Period, SiteFolder

app = typer.Typer()


@app.command(epilog="Example: `huizong init --site site`")
def init(site: SiteFolder = HERE, scheme: str = "linfen") -> None:
    """Make a site: its settings file, its inbox and an empty warehouse. Safe to run again."""
    from flows import sites

    for line in sites.init(site, scheme):
        typer.echo(line)


@app.command(epilog="Example: `huizong sample --site site --faults`")
def sample(
    site: SiteFolder = HERE,
    to: Annotated[Path | None, typer.Option(help="Where to write; the inbox without it.")] = None,
    faults: Annotated[
        bool, typer.Option(help="Put in known faults, listed in a key file.")
    ] = False,
    period: Annotated[
        str | None, typer.Option(help="Only this period, such as 2015 or 2015-07.")
    ] = None,
    months: Annotated[bool, typer.Option(help="Only a year of monthly returns.")] = False,
    register: Annotated[
        bool, typer.Option(help="Only the register of households at full size; takes minutes.")
    ] = False,
) -> None:
    """Write the counties' sample returns, whose sums are the printed figures."""
    from flows import handouts

    if register and (period or months or faults):
        raise typer.BadParameter("--register is written alone", param_hint="--register")
    if months and period:
        raise typer.BadParameter("either --months or one --period", param_hint="--months")
    if register:
        from flows.desk.show import print_progress

        print_progress(handouts.register(site, to))
        return
    for path in handouts.sample(site, to, period, months=months, faults=faults):
        typer.echo(path)


@app.command(
    epilog="Example: `huizong template --site site --county 隰县 --period 2015 --to forms`"
)
def template(
    to: Annotated[Path, typer.Option(help="The folder to write the workbooks into.")],
    site: SiteFolder = HERE,
    county: County = None,
    period: Period = None,
) -> None:
    """Write the blank workbooks that counties fill in, one per county and period."""
    from flows import handouts

    for path in handouts.templates(site, to, county, period):
        typer.echo(path)


@app.command(epilog="Example: `huizong codebook --site site --to forms`")
def codebook(
    to: Annotated[Path, typer.Option(help="The folder to write the page and the workbook into.")],
    site: SiteFolder = HERE,
) -> None:
    """Write the codebook: every form, column, unit, rule and code, in both languages."""
    from flows import handouts

    for path in handouts.codebook(site, to):
        typer.echo(path)


@app.command(epilog="Example: `huizong token 隰县 --site site`")
def token(
    county: Annotated[str, typer.Argument(help="A county by code or name.")],
    site: SiteFolder = HERE,
) -> None:
    """Make a new upload token of a county and show it, this once; the former one ends."""
    from flows import gate

    typer.echo(gate.issue(site, county))


@app.command(epilog="Example: `huizong doctor --site site`")
def doctor(site: SiteFolder = HERE) -> None:
    """Check settings, database, versions, disk, channels, mail, webhooks and clock: what to do."""
    from flows import doctor as examining

    healthy = True
    for check in examining.examine(site):
        typer.echo(f"{'ok  ' if check.wrong is None else 'BAD '} {check.what}")
        if check.wrong is not None:
            typer.echo(f"     {check.wrong}")
            healthy = False
    if not healthy:
        raise typer.Exit(1)
