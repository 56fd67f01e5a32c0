"""Pictures that lie on a sheet of an Office package, which nobody reads."""

import re
from zipfile import ZipFile

from schemas.formats.package import part
from schemas.formats.relations import targets

_PICTURE = re.compile(rb"<(?:\w+:)?pic[\s>]")


def pictures_on(package: ZipFile, sheet: str) -> int:
    """How many pictures lie on a sheet, given by its part."""
    drawings = {target for target in targets(package, sheet).values() if "/drawings/" in target}
    names = set(package.namelist())
    found = (name for name in sorted(drawings) if name in names and name.endswith(".xml"))
    return sum(len(_PICTURE.findall(part(package, name))) for name in found)
