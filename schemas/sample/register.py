"""The register at full size: every household of a county and everybody in it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from schemas.models import Identifier, OrgUnit, Scheme
from schemas.period import Period
from schemas.sample.faults import PeriodId
from schemas.sample.filled import Filled
from schemas.sample.generate import filled_forms, sample_lines
from schemas.sample.people import households
from schemas.sample.spec import FOLDER, load_sample
from schemas.scheme import load_model
from schemas.template.template import write_workbook
from schemas.text import Closed

FigureName = Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]


class Register(Closed):
    """What sample/register.yaml says: whose period it is and which forms it consists of.

    `households` and `persons` are the figures of the period's sample that say, county by county,
    how many there are.
    """

    period: PeriodId
    households: FigureName
    persons: FigureName
    forms: tuple[Identifier, ...]


def write_register(
    scheme: Scheme, folder: Path, target: Path, share: Decimal = Decimal(1)
) -> Iterator[Path]:
    """Write the register of each county as target/<period>/<name>-register.xlsx, one at a time.

    A `share` below 1 makes each register as much smaller. The same declarations give the same
    bytes. Raises SchemeError when a declaration is wrong.
    """
    declared = load_model(Register, folder, f"{FOLDER}/register.yaml")
    period = Period.parse(declared.period)
    filled = Filled(scheme, sample_lines(scheme, folder, period))
    for county in scheme.counties:
        size = filled.figure(declared.households, county) * share
        people = filled.figure(declared.persons, county) * share
        content = _workbook(scheme, folder, declared, county, (int(size), int(people)))
        path = target / period.id / f"{county.code}-{county.name.zh}-{period.id}-register.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield path


def _workbook(
    scheme: Scheme, folder: Path, declared: Register, county: OrgUnit, size: tuple[int, int]
) -> bytes:
    """A county's register with so many households and persons."""
    period = Period.parse(declared.period)
    forms = [scheme.at(period).form(name) for name in declared.forms]
    alone = scheme.model_copy(update={"counties": (county,)})
    people = {county.code: households(county, size[0], period.end, size[1])}
    lines = filled_forms(alone, period, load_sample(folder, period), forms, people)
    return write_workbook(scheme, county, period, lines[county.code], forms=forms)
