"""The verbs of `huizong warehouse`: what IT does with the database."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import HERE, AsOf, SiteFolder

app = typer.Typer(help="The warehouse.", no_args_is_help=True)


@app.command(epilog="Example: `huizong warehouse upgrade --dry-run --site site`")
def upgrade(
    site: SiteFolder = HERE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be changed.")
    ] = False,
) -> None:
    """Bring the warehouse to this version of huizong and of the scheme. Safe to run again."""
    from flows import sites

    lines = sites.planned_upgrade(site) if dry_run else sites.upgrade_warehouse(site)
    for line in lines:
        typer.echo(line)


@app.command(epilog="Example: `huizong warehouse downgrade 0003 --site site`")
def downgrade(
    revision: Annotated[str, typer.Argument(help="The revision that the older version knows.")],
    site: SiteFolder = HERE,
) -> None:
    """Take the fixed tables back to an earlier revision, before an older huizong is installed.

    Refused where it would lose what is kept nowhere else.
    """
    from flows import upkeep

    typer.echo(upkeep.downgrade(site, revision))


@app.command(epilog="Example: `huizong warehouse backup --to backups/2016-01-08.db --site site`")
def backup(
    to: Annotated[Path, typer.Option(help="The file to write.")], site: SiteFolder = HERE
) -> None:
    """Write the whole warehouse, with every file received, into one file; also while it is used."""
    from flows import upkeep

    typer.echo(upkeep.backup(site, to))


@app.command(
    epilog="Example: `huizong warehouse replay --into postgresql://user@host/new --site site`"
)
def replay(
    into: Annotated[str, typer.Option(help="The URL of an empty database.")],
    site: SiteFolder = HERE,
) -> None:
    """Bring the warehouse about once more in an empty database: every file, decision, publication.

    Files are read and checked again, each as of its night. So it moves a warehouse from SQLite to
    PostgreSQL, and proves that nothing but what came and what was decided is in it.
    """
    from flows import upkeep

    typer.echo(upkeep.replay(site, into))


@app.command(epilog="Example: `huizong warehouse restore backups/2016-01-08.db --site site`")
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    site: SiteFolder = HERE,
) -> None:
    """Read a backup into an empty database; every file in it is compared with its digest."""
    from flows import upkeep

    typer.echo(upkeep.restore(site, file))


@app.command(epilog="Example: `huizong warehouse contract --to contract.csv`")
def contract(
    to: Annotated[Path, typer.Option(help="The CSV file to write.", dir_okay=False)],
    site: SiteFolder = HERE,
) -> None:
    """Write down what dashboards may rely on: every view, column, type, unit and meaning."""
    from flows import upkeep

    typer.echo(upkeep.contract(site, to))


@app.command(epilog="Example: `huizong warehouse export --site site --to offline`")
def export(
    to: Annotated[Path, typer.Option(help="The folder to write into.")],
    site: SiteFolder = HERE,
    as_of: AsOf = None,
) -> None:
    """Write what dashboards see as one SQLite file, and every figure as SDMX-CSV.

    With `--as-of`, as they saw it then.
    """
    from flows import upkeep

    for path in upkeep.export(site, to, as_of):
        typer.echo(path)


@app.command(epilog="Example: `huizong warehouse grants --site site | psql`")
def grants(site: SiteFolder = HERE) -> None:
    """Print the SQL that makes the roles of reader, steward and loader, for PostgreSQL."""
    from flows import upkeep

    for statement in upkeep.grants(site):
        typer.echo(f"{statement};")
