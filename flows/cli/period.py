"""The verbs of `huizong period`: closing a period, and reopening it."""

from typing import Annotated

import typer

from flows.cli.options import HERE, AsOf, By, SiteFolder, Why

app = typer.Typer(help="Closing and reopening periods.", no_args_is_help=True)

PeriodId = Annotated[str, typer.Argument(help="The period, such as 2003H1.")]


@app.command("list", epilog="Example: `huizong period list --site site`")
def list_periods(site: SiteFolder = HERE, as_of: AsOf = None) -> None:
    """List the periods that were closed or reopened: when, by whom and why."""
    from flows.desk import closing, show_reviews

    show_reviews.print_closings(*closing.listed(site, as_of))


@app.command(epilog='Example: `huizong period close 2015 --why "年报定稿" --by 王敏 --site site`')
def close(period: PeriodId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Close a period: what comes for it is refused from then on, unless a steward lets it in."""
    _turn(site, period, "closed", why, by)


@app.command(
    epilog='Example: `huizong period reopen 2015 --why "更正三县数据" --by 王敏 --site site`'
)
def reopen(period: PeriodId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Reopen a period: corrections count again, and are published as revisions."""
    _turn(site, period, "reopened", why, by)


def _turn(site: SiteFolder, period: str, turn: str, why: str, by: str) -> None:
    from flows.desk import closing
    from warehouse.judging.closings import Turn

    closing.turn(site, period, Turn(turn), why, by)
    typer.echo(f"{period} {turn}; the next night publishes it, or `huizong publish` now")
