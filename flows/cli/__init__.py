"""The command line: `huizong VERB`. Each verb is a door; what it does lives in the rooms.

Imports that cost seconds stand inside the verbs that need them, so that help and status answer at
once.
"""

import typer

from flows.cli import looks, night, period, review, scheme, site, warehouse
from flows.garbage import look_seldom
from schemas.errors import HuizongError

app = typer.Typer(
    name="huizong",
    help="Collect county returns, check them, keep them, publish municipal tables (汇总).",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)
for verbs in (site, night, looks):
    app.add_typer(verbs.app)
app.add_typer(scheme.app, name="scheme")
app.add_typer(review.app, name="review")
app.add_typer(period.app, name="period")
app.add_typer(warehouse.app, name="warehouse")


def main() -> None:
    """Run the command line; only a bug ends with a traceback."""
    look_seldom()
    try:
        app()
    except HuizongError as error:
        told = str(error)
    except Exception as error:
        from flows.console import OUTSIDE_ERRORS, reason  # takes a while to import

        if not isinstance(error, OUTSIDE_ERRORS):
            raise
        told = reason(error)
    typer.secho(f"huizong: {told}", fg=typer.colors.RED, err=True)
    raise SystemExit(2)
