"""The verbs of `huizong scheme`: trying what is declared."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import HERE, Period, SiteFolder

app = typer.Typer(help="The reporting scheme.", no_args_is_help=True)


@app.command(epilog="Example: `huizong scheme check schemas/catalog/linfen`")
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A scheme folder; the site's without it.")
    ] = None,
    site: SiteFolder = HERE,
) -> None:
    """Check that a scheme holds together; every problem with its file and line."""
    from flows import sites

    for line in sites.check_scheme(site, folder):
        typer.echo(line)


@app.command("try", epilog="Example: `huizong scheme try R18-rural-growth --site site`")
def try_(
    rule: Annotated[str, typer.Argument(help="The id of a rule of the site's scheme.")],
    site: SiteFolder = HERE,
    period: Period = None,
) -> None:
    """Show what a rule finds in the returns that are accepted, before it goes live."""
    from flows.desk import trial
    from flows.desk.show import print_tried

    print_tried(*trial.tried(site, rule, period))
