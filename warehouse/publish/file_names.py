"""The names of the files and folders of a publication, safe on any file system."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from warehouse.consolidation.contents import CountyCopy

LIST_NAME = "discrepancies.xlsx"
TABLES_NAME = "municipal-tables.xlsx"
CODEBOOK_PAGE, CODEBOOK_WORKBOOK = "codebook.html", "codebook.xlsx"
REPORT_NAME = "work-summary.xlsx"

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|#%]+")
_LONGEST_STEM = 60  # characters; a file name may have 255 bytes, a Chinese character takes three


def safe(name: str) -> str:
    """A name without what a file system, a link or an archive may stumble over."""
    return _UNSAFE.sub("_", name)


def folder_name(serial: int) -> str:
    """The name of the folder of a publication, in that of its period."""
    return f"{serial:04d}"


def copy_names(copies: Sequence[CountyCopy]) -> list[tuple[CountyCopy, str]]:
    """A file name for every copy: its own, made safe for any file system, and not used before."""
    taken = {LIST_NAME}
    named = []
    for copy in copies:
        own = PurePosixPath(copy.file_name.replace("\\", "/")).name
        path = PurePosixPath(safe(own).strip(". ") or "_")
        stem = path.stem[:_LONGEST_STEM]
        name = stem + path.suffix
        if name.casefold() in taken:
            name = f"{stem}-{copy.sha256[:8]}{path.suffix}"
        taken.add(name.casefold())
        named.append((copy, name))
    return named
