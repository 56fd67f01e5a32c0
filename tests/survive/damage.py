"""Valid workbooks, cut off and changed at random."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template.template import write_workbook

_DATA = Path(__file__).parents[1] / "data"
_OTHER_FORMATS = ("corpora/roo_type_excel.xlsx", "formats/plain.xlsb", "formats/plain.ods")
_CHUNK = 64


def valid(scheme: Scheme) -> Mapping[str, bytes]:
    """A county's return, and a workbook of each other format."""
    period, county, form = Period.parse("2003H1"), scheme.county("141034"), scheme.form("biogas")
    lines = sample_lines(scheme, CATALOG / "linfen", period)[county.code]
    filled = write_workbook(scheme, county, period, lines, forms=[form])
    others = {Path(name).name: (_DATA / name).read_bytes() for name in _OTHER_FORMATS}
    return {"return.xlsx": filled, **others}


def cut_off(content: bytes) -> Iterator[bytes]:
    """The beginnings of a file, at every hundredth of its length."""
    return (content[: len(content) * hundredth // 100] for hundredth in range(1, 100))


def mutated(content: bytes, random: Random) -> bytes:
    """A file with one byte changed, or a chunk of it overwritten, doubled, moved or left out."""
    place = random.randrange(len(content))
    end = min(len(content), place + random.randint(1, _CHUNK))
    match random.randrange(6):
        case 0 | 1:
            middle, end = bytes([content[place] ^ random.randint(1, 255)]), place + 1
        case 2:
            middle = random.randbytes(end - place)
        case 3:
            middle = bytes(end - place)
        case 4:
            middle = content[place:end] * 2
        case _:
            middle = b""
    return content[:place] + middle + content[end:]
