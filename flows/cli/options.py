"""Options that several verbs of the command line have in common."""

from pathlib import Path
from typing import Annotated

import typer

HERE = Path()

SiteFolder = Annotated[
    Path, typer.Option("--site", envvar="HUIZONG_SITE", help="The site folder, with huizong.toml.")
]
Period = Annotated[str | None, typer.Option(help="A period such as 2003H1; all without it.")]
County = Annotated[str | None, typer.Option(help="A county by code or name; all without it.")]
AsOf = Annotated[
    str | None,
    typer.Option(help="As it was known then: 2016-01-08 (the end of the day), 2016-01-08T02:30."),
]
Why = Annotated[str, typer.Option(help="The reason; it is recorded, and told to the county.")]
By = Annotated[str, typer.Option(help="Who decides.")]
