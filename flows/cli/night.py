"""The verbs that do the work of a night, as a whole and step by step."""

from typing import Annotated

import typer

from flows.cli.options import HERE, AsOf, Period, SiteFolder

app = typer.Typer()


@app.command(epilog="Example: `huizong nightly --site site`")
def nightly(site: SiteFolder = HERE) -> None:
    """Run the night once: collect, check, keep, publish. Safe to run again at any time."""
    from flows import run

    if not run.once(site):
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong collect --site site`")
def collect(site: SiteFolder = HERE) -> None:
    """Take in what stands in the channels, for the next night to read; status 1 if one fails."""
    from flows import by_hand
    from flows.desk import show

    failed = False
    for taken in by_hand.collect(site):
        show.print_taken(taken)
        failed = failed or taken.failure is not None
    if failed:
        raise typer.Exit(1)


@app.command(epilog="Example: `huizong publish --site site --period 2015 --as-of 2016-01-08`")
def publish(
    site: SiteFolder = HERE,
    period: Period = None,
    to: Annotated[
        str | None, typer.Option(help="The last of a range of periods that begins with --period.")
    ] = None,
    as_of: AsOf = None,
) -> None:
    """Publish again what the warehouse holds, without collecting anything.

    Without `--period`, every period for which something came; with `--to`, those from the one to
    the other, the newest first.

    With `--as-of`, make the last publication up to then anew, file by file with the same bytes.
    """
    from flows import by_hand

    if to is not None and period is None:
        raise typer.BadParameter("--to is the end of a range; say with --period where it begins")
    published = False
    for folder in by_hand.publish(site, period, to, as_of):
        typer.echo(folder)
        published = True
    if not published:
        typer.echo("nothing has come yet that could be published")


@app.command(epilog="Example: `huizong remind --site site`")
def remind(site: SiteFolder = HERE) -> None:
    """Remind counties of what they owe, and stewards of what is overdue; each thing once."""
    from flows import by_hand

    due = False
    for line in by_hand.remind(site):
        typer.echo(line)
        due = True
    if not due:
        typer.echo("nobody is to be reminded of anything today")


@app.command(epilog="Example: `huizong alarm 'exit-code 2' --site site`")
def alarm(
    ended: Annotated[str, typer.Argument(help="How it ended, in the words of systemd.")],
    site: SiteFolder = HERE,
) -> None:
    """Tell the stewards that a night failed as a whole, with what `doctor` finds; for systemd."""
    from flows import alarm as sounding

    for line in sounding.alarm(site, "nightly", ended):
        typer.echo(line)


@app.command(epilog="Example: `huizong serve --site site`")
def serve(site: SiteFolder = HERE) -> None:
    """Run every night by the schedule, with Prefect's own server and page on this machine."""
    from flows import run

    run.serve(site)


@app.command(epilog="Example: `huizong upload --site site`")
def upload(site: SiteFolder = HERE) -> None:
    """Open the upload page, which keeps what counties send and answers with what is found in it."""
    from flows import gate

    gate.serve(site)
