"""Hostile, cut-off and randomly changed workbooks, all surveyed.

`python -m tests.survive.fuzz [MUTATIONS]` writes them into build/fuzz, surveys that folder and
ends with status 1 if a file had no verdict.
"""

import shutil
import sys
from itertools import islice
from pathlib import Path
from random import Random

from schemas.models import Scheme
from schemas.scheme import CATALOG, load_scheme
from tests.survive.__main__ import main
from tests.survive.damage import cut_off, mutated, valid
from tests.survive.hostile import hostile

_FOLDER = Path("build") / "fuzz"


def write_files(scheme: Scheme, folder: Path, mutations: int, cuts: int = 99) -> None:
    """Write the hostile files, and of each valid one so many beginnings and mutations."""
    folder.mkdir(parents=True)
    for name, content in hostile():
        (folder / name).write_bytes(content)
    random = Random(4)
    sources = valid(scheme)
    for name, content in sources.items():
        for number, cut in enumerate(islice(cut_off(content), 0, None, 99 // cuts), start=1):
            (folder / f"cut-{number}-{name}").write_bytes(cut)
        for number in range(mutations // len(sources)):
            (folder / f"changed-{number}-{name}").write_bytes(mutated(content, random))


if __name__ == "__main__":
    shutil.rmtree(_FOLDER, ignore_errors=True)
    write_files(load_scheme(CATALOG / "linfen"), _FOLDER, int((*sys.argv, "2000")[1]))
    sys.exit(0 if main(_FOLDER) else 1)
