"""Findings: what is wrong or doubtful, typed, with the cells it stands in."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from string import digits

from pydantic import Field

from schemas.areas import addresses, area_of
from schemas.text import Closed, Text


class Severity(StrEnum):
    """What follows from a finding."""

    ERROR = "error"  # 强制性: the filing is not accepted until it is corrected
    WARNING = "warning"  # 核实性: amend it or explain it
    NOTICE = "notice"  # 提示性: for information


class State(StrEnum):
    """How far people have come with a finding."""

    OPEN = "open"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class CellRef(Closed):
    """A cell as Excel shows it: sheet name and A1 address."""

    sheet: str
    address: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"

    @property
    def column(self) -> str:
        """The letters of its column."""
        return self.address.rstrip(digits)

    @property
    def row(self) -> int:
        """The number of its row, from 1."""
        return int(self.address.removeprefix(self.column))


def areas_of(cells: Iterable[CellRef]) -> tuple[CellRef, ...]:
    """What cells make up, sheet by sheet."""
    sheets: dict[str, list[str]] = {}
    for cell in cells:
        sheets.setdefault(cell.sheet, []).append(cell.address)
    return tuple(CellRef(sheet=sheet, address=area_of(own)) for sheet, own in sheets.items())


def cells_in(areas: Iterable[CellRef]) -> Iterator[CellRef]:
    """The cells of some areas."""
    for area in areas:
        yield from (CellRef(sheet=area.sheet, address=each) for each in addresses(area.address))


class Mechanism(StrEnum):
    """Ways in which a right value becomes a wrong one, in the order in which they are tried."""

    RULE = "rule"
    UNIT = "unit"
    SIGN = "sign"
    SWAP = "swap"
    SHIFT = "shift"
    CUMULATIVE = "cumulative"
    TOTAL = "total"
    TYPING = "typing"
    AGAIN = "again"
    ROUNDING = "rounding"
    REVISION = "revision"
    LINES = "lines"
    LOCATION = "location"


class Change(Closed):
    """One value that may have to be another: both as the cell shows them.

    `place` says where it stands if that is not the return that the finding is about. A figure of
    another return that only its sum is known of has no `cell`.
    """

    cell: CellRef | None
    column: Text
    stated: str
    proposed: str
    place: Text | None = None


class Diagnosis(Closed):
    """What a fault probably comes from, for people to decide; nothing is changed by it.

    With the `changes`, `satisfied` of the `failed` checks that hang together would hold. `answers`
    is how many equally good answers there are, of which this is one. Where the rule itself is the
    likelier fault, `satisfied` units of `failed` fail it alike. Of very many changes only the first
    are told; `cells` is then how many there are.
    """

    mechanism: Mechanism
    changes: tuple[Change, ...]
    satisfied: int
    failed: int
    answers: int = 1
    cells: int | None = None


class Finding(Closed):
    """One thing that is wrong or doubtful.

    `code` names the message in the catalogue and `parameters` fill it; numbers are exact decimals
    in the indicator's unit; `tolerance` is how large the difference may be at the precision of what
    is stated. `effect` is what the finding does to the municipal figure of
    `indicator`. `lines` counts the rows that the finding stands for; `cells` are the first of them,
    and of many rows `areas` are all of them, sheet by sheet (`K9:K20 K25`).
    `diagnoses` are what it may come from, the likeliest first. `also` are the other rules that the
    same fault breaks, with what they state. Of a rule on `trial` stewards alone
    are told.
    """

    code: str
    severity: Severity
    rule: str | None = None
    county: str | None = None
    form: str | None = None
    period: str | None = None
    indicator: str | None = None
    cells: tuple[CellRef, ...] = ()
    areas: tuple[CellRef, ...] = ()
    observed: str | None = None
    expected: str | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    effect: Decimal | None = None
    lines: int = 1
    trial: bool = False
    diagnoses: tuple[Diagnosis, ...] = ()
    also: dict[str, Text] = Field(default_factory=dict)
    parameters: dict[str, Text | str] = Field(default_factory=dict)

    @property
    def every_cell(self) -> Iterator[CellRef]:
        """All cells of all rows that it stands for."""
        yield from self.cells if not self.areas else cells_in(self.areas)

    @property
    def each_area(self) -> tuple[CellRef, ...]:
        """Its cells; of many rows the areas that they make up, one by one (`K9:K20`)."""
        return tuple(
            area.model_copy(update={"address": address})
            for area in self.areas or self.cells
            for address in area.address.split()
        )

    @property
    def key(self) -> str:
        """A stable id of this finding within its submission: the same night gives the same keys."""
        what = [self.code, self.rule, self.county, self.form, self.period, self.indicator]
        where = [str(cell) for cell in self.cells]
        told = {name: str(value) for name, value in sorted(self.parameters.items())}
        digest = hashlib.sha256(json.dumps([what, where, told], ensure_ascii=False).encode())
        return digest.hexdigest()[:16]


Counts = tuple[int, int, int]
"""How many lines passed a check, failed it, and were undetermined."""


class CheckResult(Closed):
    """How one check came out over the lines of one filing; `statement` says what must hold.

    A line that lacks an operand is undetermined: neither passed nor failed.
    """

    check: str
    statement: Text
    severity: Severity
    passed: int
    failed: int
    undetermined: int

    def counted(self, counts: Iterable[Counts]) -> "CheckResult":
        """How the check came out over the lines of many filings, each of which has its counts."""
        passed, failed, undetermined = map(sum, zip(*counts, strict=True))
        return self.model_copy(
            update={"passed": passed, "failed": failed, "undetermined": undetermined}
        )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings keeps a filing from being accepted."""
    return any(finding.severity is Severity.ERROR for finding in findings)
