"""The verbs of `huizong review`: what stewards decide."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import HERE, AsOf, By, County, Period, SiteFolder, Why

app = typer.Typer(help="What stewards decide.", no_args_is_help=True)

FilingId = Annotated[int, typer.Argument(help="Its number, from `huizong review list`.")]


@app.command("list", epilog="Example: `huizong review list --site site --period 2015`")
def list_filings(
    site: SiteFolder = HERE,
    period: Period = None,
    county: County = None,
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is settled and was never reviewed.")
    ] = False,
) -> None:
    """List the filings that are refused or provisional, and what was decided about any."""
    from flows.desk import review, show_reviews

    show_reviews.print_filings(*review.listed(site, period, county, as_of, everything=everything))


@app.command(epilog='Example: `huizong review accept 12 --why "按市里核定" --by 王敏 --site site`')
def accept(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Let a filing count in spite of its errors, or again."""
    _decide(site, filing, "accepted", why, by)


@app.command(
    "return", epilog='Example: `huizong review return 12 --why "数据有误" --by 王敏 --site site`'
)
def return_(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Return a filing that counts; the one accepted before it counts again."""
    _decide(site, filing, "returned", why, by)


@app.command(epilog='Example: `huizong review withdraw 12 --why "误报" --by 王敏 --site site`')
def withdraw(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Take a filing out as if it had not come."""
    _decide(site, filing, "withdrawn", why, by)


@app.command(epilog='Example: `huizong review reject 7 --why "请附文件" --by 王敏 --site site`')
def reject(
    explanation: Annotated[int, typer.Argument(help="Its number, from `huizong findings`.")],
    why: Why,
    by: By,
    site: SiteFolder = HERE,
) -> None:
    """Do not accept an explanation: what it explained is open again."""
    from flows.desk import review

    review.reject(site, explanation, why, by)
    typer.echo(f"explanation {explanation} rejected; the next night publishes it")


@app.command(
    epilog='Example: `huizong review person 12 8 --why "核对身份证号" --by 王敏 --site site`',
)
def person(
    filing: FilingId,
    row: Annotated[int, typer.Argument(help="The row of the sheet, as Excel numbers it.")],
    why: Why,
    by: By,
    site: SiteFolder = HERE,
) -> None:
    """Show the personal data of one line; who looked, and why, is recorded."""
    from flows.desk import review

    for label, value in review.person(site, filing, row, why, by):
        typer.echo(f"{label}: {value}")


def _decide(site: Path, filing: int, action: str, why: str, by: str) -> None:
    from flows.desk import review
    from warehouse.judging.reviews import Action

    review.decide(site, filing, Action(action), why, by)
    typer.echo(f"filing {filing} {action}; the next night publishes it, or `huizong publish` now")
