"""The command line: `huizong VERB`. Each verb is a door; what it does lives in the rooms.

Imports that cost seconds stand inside the verbs that need them, so that help and status answer at
once.
"""

from pathlib import Path
from typing import Annotated

import typer

from flows import cli_period, cli_warehouse
from flows.options import HERE, AsOf, By, County, Period, SiteFolder, Why
from schemas.errors import HuizongError

app = typer.Typer(
    name="huizong",
    help="Collect county returns, check them, keep them, publish municipal tables (汇总).",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)
scheme_app = typer.Typer(help="The reporting scheme.", no_args_is_help=True)
review_app = typer.Typer(help="What stewards decide.", no_args_is_help=True)
app.add_typer(scheme_app, name="scheme")
app.add_typer(review_app, name="review")
app.add_typer(cli_period.app, name="period")
app.add_typer(cli_warehouse.app, name="warehouse")

FilingId = Annotated[int, typer.Argument(help="Its number, from `huizong review list`.")]


def main() -> None:
    """Run the command line; what huizong raises on purpose is told without a traceback."""
    try:
        app()
    except HuizongError as error:
        typer.secho(f"huizong: {error}", fg=typer.colors.RED, err=True)
        raise SystemExit(2) from None


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
    from flows import sites

    if register:
        from flows.show import print_progress

        print_progress(sites.register(site, to))
        return
    for path in sites.sample(site, to, period, months=months, faults=faults):
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
    from flows import sites

    for path in sites.templates(site, to, county, period):
        typer.echo(path)


@app.command(epilog="Example: `huizong codebook --site site --to forms`")
def codebook(
    to: Annotated[Path, typer.Option(help="The folder to write the page and the workbook into.")],
    site: SiteFolder = HERE,
) -> None:
    """Write the codebook: every form, column, unit, rule and code, in both languages."""
    from flows import sites

    for path in sites.codebook(site, to):
        typer.echo(path)


@app.command(epilog="Example: `huizong check --site site inbox/2015/141031-隰县-2015.xlsx`")
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Workbooks to check.", exists=True, dir_okay=False)
    ],
    site: SiteFolder = HERE,
) -> None:
    """Check workbooks without recording anything; exit status 1 if one would be refused."""
    from flows import desk

    if not desk.check_files(site, files):
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong nightly --site site`")
def nightly(site: SiteFolder = HERE) -> None:
    """Run the night once: collect, check, keep, publish. Safe to run again at any time."""
    from flows import run

    if not run.once(site):
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong collect --site site`")
def collect(site: SiteFolder = HERE) -> None:
    """Take in what stands in the channels, for the next night to read; status 1 if one fails."""
    from flows import desk, show

    failed = False
    for taken in desk.collect(site):
        show.print_taken(taken)
        failed = failed or taken.failure is not None
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong status --site site`")
def status(site: SiteFolder = HERE, as_of: AsOf = None) -> None:
    """Show how far each period and form is: owed, reported, refused, published."""
    from flows import desk

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
    from flows import desk

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
    from flows import desk

    desk.trace(site, figure, period, county, as_of)


@app.command(epilog="Example: `huizong history biogas.stock_now --site site --county 隰县`")
def history(
    figure: Annotated[str, typer.Argument(help="FORM.MEASURE, as in the published CSV.")],
    site: SiteFolder = HERE,
    period: Period = None,
    county: County = None,
    to: Annotated[Path | None, typer.Option(help="Write it as CSV instead of showing it.")] = None,
) -> None:
    """Show a figure as it was known at each publication: its revision triangle.

    Of the municipality, or of the county that is named.
    """
    from flows.history import show_history

    show_history(site, figure, period, county, to)


@app.command(epilog='Example: `huizong uses 隰县-2015.xlsx "R18 减贫情况表!D8" --site site`')
def uses(
    file: Annotated[str, typer.Argument(help="A file by its name, or the start of its sha256.")],
    cell: Annotated[str, typer.Argument(help="SHEET!ADDRESS, as in a list of findings.")],
    site: SiteFolder = HERE,
) -> None:
    """Show every published figure that a cell of a return is in."""
    from flows import desk

    desk.uses(site, file, cell)


@app.command(epilog="Example: `huizong publish --site site --period 2015 --as-of 2016-01-08`")
def publish(site: SiteFolder = HERE, period: Period = None, as_of: AsOf = None) -> None:
    """Publish again what the warehouse holds, without collecting anything.

    Without `--period`, every period for which something came.

    With `--as-of`, make the last publication up to then anew, file by file with the same bytes.
    """
    from flows import desk

    published = False
    for folder in desk.publish(site, period, as_of):
        typer.echo(folder)
        published = True
    if not published:
        typer.echo("nothing has come yet that could be published")


@app.command(epilog="Example: `huizong serve --site site`")
def serve(site: SiteFolder = HERE) -> None:
    """Run every night by the schedule, with Prefect's own server and page on this machine."""
    from flows import run

    run.serve(site)


@app.command(epilog="Example: `huizong doctor --site site`")
def doctor(site: SiteFolder = HERE) -> None:
    """Check settings, database, versions, disk, channels and clock, and say what to do."""
    from flows import doctor as examining

    healthy = True
    for check in examining.examine(site):
        typer.echo(f"{'ok  ' if check.wrong is None else 'BAD '} {check.what}")
        if check.wrong is not None:
            typer.echo(f"     {check.wrong}")
            healthy = False
    if not healthy:
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong remind --site site`")
def remind(site: SiteFolder = HERE) -> None:
    """Remind counties of what they owe, and stewards of what is overdue; each thing once."""
    from flows import desk

    due = False
    for line in desk.remind(site):
        typer.echo(line)
        due = True
    if not due:
        typer.echo("nobody is to be reminded of anything today")


@app.command(epilog="Example: `huizong upload --site site`")
def upload(site: SiteFolder = HERE) -> None:
    """Open the upload page, which keeps what counties send and answers with what is found in it."""
    from flows import gate

    gate.serve(site)


@app.command(epilog="Example: `huizong token 隰县 --site site`")
def token(
    county: Annotated[str, typer.Argument(help="A county by code or name.")],
    site: SiteFolder = HERE,
) -> None:
    """Make a new upload token of a county and show it, this once; the former one ends."""
    from flows import gate

    typer.echo(gate.issue(site, county))


@review_app.command("list", epilog="Example: `huizong review list --site site --period 2015`")
def review_list(
    site: SiteFolder = HERE,
    period: Period = None,
    county: County = None,
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is settled and was never reviewed.")
    ] = False,
) -> None:
    """List the filings that are refused or provisional, and what was decided about any."""
    from flows import review, show_reviews

    show_reviews.print_filings(*review.listed(site, period, county, as_of, everything=everything))


@review_app.command(
    "accept", epilog='Example: `huizong review accept 12 --why "按市里核定" --by 王敏 --site site`'
)
def review_accept(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Let a filing count in spite of its errors, or again."""
    _decide(site, filing, "accepted", why, by)


@review_app.command(
    "return", epilog='Example: `huizong review return 12 --why "数据有误" --by 王敏 --site site`'
)
def review_return(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Return a filing that counts; the one accepted before it counts again."""
    _decide(site, filing, "returned", why, by)


@review_app.command(
    "withdraw", epilog='Example: `huizong review withdraw 12 --why "误报" --by 王敏 --site site`'
)
def review_withdraw(filing: FilingId, why: Why, by: By, site: SiteFolder = HERE) -> None:
    """Take a filing out as if it had not come."""
    _decide(site, filing, "withdrawn", why, by)


@review_app.command(
    "reject", epilog='Example: `huizong review reject 7 --why "请附文件" --by 王敏 --site site`'
)
def review_reject(
    explanation: Annotated[int, typer.Argument(help="Its number, from `huizong findings`.")],
    why: Why,
    by: By,
    site: SiteFolder = HERE,
) -> None:
    """Do not accept an explanation: what it explained is open again."""
    from flows import review

    review.reject(site, explanation, why, by)
    typer.echo(f"explanation {explanation} rejected; the next night publishes it")


def _decide(site: Path, filing: int, action: str, why: str, by: str) -> None:
    from flows import review
    from warehouse.reviews import Action

    review.decide(site, filing, Action(action), why, by)
    typer.echo(f"filing {filing} {action}; the next night publishes it, or `huizong publish` now")


@scheme_app.command("check", epilog="Example: `huizong scheme check schemas/catalog/linfen`")
def scheme_check(
    folder: Annotated[
        Path | None, typer.Argument(help="A scheme folder; the site's without it.")
    ] = None,
    site: SiteFolder = HERE,
) -> None:
    """Check that a scheme holds together; every problem with its file and line."""
    from flows import sites

    for line in sites.check_scheme(site, folder):
        typer.echo(line)


@scheme_app.command("try", epilog="Example: `huizong scheme try R18-rural-growth --site site`")
def scheme_try(
    rule: Annotated[str, typer.Argument(help="The id of a rule of the site's scheme.")],
    site: SiteFolder = HERE,
    period: Period = None,
) -> None:
    """Show what a rule finds in the returns that are accepted, before it goes live."""
    from flows import trial
    from flows.show import print_tried

    print_tried(*trial.tried(site, rule, period))


@review_app.command(
    "person",
    epilog='Example: `huizong review person 12 8 --why "核对身份证号" --by 王敏 --site site`',
)
def review_person(
    filing: FilingId,
    row: Annotated[int, typer.Argument(help="The row of the sheet, as Excel numbers it.")],
    why: Why,
    by: By,
    site: SiteFolder = HERE,
) -> None:
    """Show the personal data of one line; who looked, and why, is recorded."""
    from flows import review

    for label, value in review.person(site, filing, row, why, by):
        typer.echo(f"{label}: {value}")
