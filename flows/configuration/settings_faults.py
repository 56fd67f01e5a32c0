"""What is wrong with settings, said with where it stands and what to write instead."""

import os
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_NEARLY = 0.85  # how alike: HUIZONG_DATABSE_URL


def told(error: ValidationError, file: Path, known: Collection[str]) -> str:
    """Every fault of the settings of a file and of the environment; `known` are those there are."""
    return "; ".join(_told(fault, file, known) for fault in error.errors())


def mistyped_variables(known: Collection[str]) -> str | None:
    """The variables of the environment that are nearly those of settings, and so of no effect."""
    variables = [f"HUIZONG_{name.upper()}" for name in known]
    near = {
        name: get_close_matches(name, variables, n=1, cutoff=_NEARLY)
        for name in os.environ
        if name.startswith("HUIZONG_") and name not in variables
    }
    told = [f"{name} is no setting; write {like[0]}" for name, like in near.items() if like]
    return "; ".join(told) or None


def _told(fault: ErrorDetails, file: Path, known: Collection[str]) -> str:
    name, *within = map(str, fault["loc"] or ("",))
    variable = f"HUIZONG_{name.upper()}"
    where = variable if variable in os.environ else f"{file}: {'.'.join((name, *within))}"
    if fault["type"] != "extra_forbidden":
        return f"{where}: {fault['msg'].removeprefix('Value error, ')}"
    alike = [] if within else get_close_matches(name, known, n=1)
    return f"{where}: there is no such setting{f'; write {alike[0]}' if alike else ''}"
