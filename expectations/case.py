"""One check of one filing: what its findings have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.filing import ROW, Filing, records
from schemas.findings import CellRef, Finding
from schemas.language.expression import Line, Value
from schemas.models import Form, Indicator, Scheme
from schemas.rules.checks import Check
from schemas.rules.statement import Statement
from schemas.text import Text


@dataclass(frozen=True)
class Case:
    """One check of one filing of a form of a scheme."""

    scheme: Scheme
    form: Form
    filing: Filing
    check: Check

    @property
    def relation(self) -> Statement:
        """The statement of a rule or formula."""
        return self.check.arithmetic

    def finding(
        self,
        indicator: Indicator,
        cells: Sequence[CellRef],
        parameters: Mapping[str, Text | str],
        *,
        observed: str | None = None,
        expected: str | None = None,
        difference: Decimal | None = None,
        tolerance: Decimal | None = None,
        effect: Decimal | None = None,
    ) -> Finding:
        """A finding that this check failed, about a column."""
        return Finding(
            code=self.check.code,
            severity=self.check.severity,
            rule=self.check.id,
            county=self.filing.county,
            form=self.filing.form,
            period=self.filing.period,
            indicator=indicator.name,
            cells=tuple(cells),
            observed=observed,
            expected=expected,
            difference=difference,
            tolerance=tolerance,
            effect=effect,
            trial=self.check.trial,
            parameters=dict(parameters),
        )

    def cells(self, line: Line, *names: str) -> list[CellRef]:
        """The cells of some columns on a line; a column that the sheet lacks has none."""
        row = line[ROW]
        assert isinstance(row, Decimal)
        return [self.filing.cell(name, int(row)) for name in names if name in self.filing.columns]

    def areas(self, positions: Sequence[int]) -> tuple[CellRef, ...]:
        """Of many lines of the filing's frame, the cells of the first column it is about."""
        operands = self.check.operands or (self.check.indicator.name,)
        first = next((name for name in operands if name in self.filing.columns), "")
        rows = self.filing.frame[ROW].iloc[list(positions)].tolist()
        return self.filing.places.areas(first, rows)

    def lines(self, positions: Sequence[int]) -> list[dict[str, Value | None]]:
        """Lines of the filing's frame as plain values, with their row."""
        return records(self.filing.frame.iloc[list(positions)], self.form, provenance=True)
