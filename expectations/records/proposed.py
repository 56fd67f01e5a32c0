"""What a proposal for several forms of a county says at a finding of one of them."""

from decimal import Decimal

from expectations.diagnose.proposal import Proposal
from expectations.records.joined import Joined
from expectations.records.names import filing_of
from expectations.wording import on_sheet, plain
from schemas.consolidated.measures import TOTAL
from schemas.findings import Change, Diagnosis
from schemas.period import Period
from schemas.rules.formulas import rounded
from schemas.rules.wording import heading
from schemas.text import Text


def proposed(county: Joined, at: str, found: Proposal, failed: int) -> Diagnosis:
    """A proposal as it is told at a filing; `failed` checks hang together."""
    changes = (_change(county, at, name, value) for name, value in found.changes.items())
    return Diagnosis(
        mechanism=found.mechanism,
        changes=tuple(change for change in changes if change is not None),
        satisfied=len(found.repaired),
        failed=failed,
        answers=found.answers,
    )


def _change(county: Joined, at: str, name: str, value: Decimal) -> Change | None:
    """The change of a cell, or of a figure; None of a column that the sheet lacks."""
    if name in county.figures:
        return _of_figure(county, name, value)
    if name not in county.sums.cells:
        return None
    cell, indicator, of = county.sums.cells[name], county.sums.indicators[name], filing_of(name)
    mine, other = county.filings[at], county.filings[of]
    period = "" if other.period == mine.period else other.period
    return Change(
        cell=cell,
        column=heading(county.forms[of], indicator),
        stated=plain(county.sums.record[name] or Decimal(0), indicator),
        proposed=plain(value, indicator),
        place=None if of == at else _sheet(cell.sheet, period),
    )


def _of_figure(county: Joined, name: str, value: Decimal) -> Change:
    taken = county.figures[name]
    measure, form = taken.operand.measure, taken.operand.form
    period = Period.parse(taken.source.period)
    labels = [label for label in measure.labels if label != TOTAL]
    assert taken.figure.value is not None, name
    return Change(
        cell=None,
        column=Text(zh="·".join(x.zh for x in labels), en=": ".join(x.en for x in labels)),
        stated=f"{rounded(taken.figure.value, measure.decimals):f}",
        proposed=f"{rounded(value, measure.decimals):f}",
        place=Text(
            zh=f"《{form.title.zh}》{period.label('zh')}",
            en=f"{form.title.en}, {period.label('en')}",
        ),
    )


def _sheet(sheet: str, period: str) -> Text:
    """Another sheet, and its period where that is another one too."""
    if not period:
        return on_sheet(sheet)
    of = Period.parse(period)
    return Text(zh=f"{of.label('zh')}工作表“{sheet}”的", en=f"sheet {sheet} of {of.label('en')}")
