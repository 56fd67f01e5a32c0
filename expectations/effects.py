"""What findings do to the municipal figure that their checks do not say it of.

A written total is compared and never loaded: the municipal figure is made of the lines. So it is
wrong where a line is, and right where only the total is. Which it is, the likely causes say.
"""

from dataclasses import replace
from decimal import Decimal

from schemas.filing import Checked, Filing
from schemas.findings import Diagnosis, Finding
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.wording import heading

_TOTAL = "total-differs"


def with_effects(scheme: Scheme, filing: Filing, checked: Checked) -> Checked:
    """How the checks of a filing came out, its findings with their effect where that is known."""
    if not checked.findings:
        return checked
    form = scheme.at(Period.parse(filing.period)).form(filing.form)
    told = tuple(_with_effect(form, filing, finding) for finding in checked.findings)
    return replace(checked, findings=told)


def _with_effect(form: Form, filing: Filing, finding: Finding) -> Finding:
    if finding.effect is not None or finding.indicator is None:
        return finding
    if form[finding.indicator].aggregation != "sum":
        return finding
    effect = _effect(form, filing, finding)
    return finding if effect is None else finding.model_copy(update={"effect": effect})


def _effect(form: Form, filing: Filing, finding: Finding) -> Decimal | None:
    """What the municipal figure of its column is too much by, as its causes say.

    Of several the one that moves it most. Of a total without a cause what its lines make more than
    it, as if it were right.
    """
    excesses = [_excess(form, filing, finding, cause) for cause in finding.diagnoses]
    known = [excess for excess in excesses if excess is not None]
    if known:
        return max(known, key=abs)
    if finding.code == _TOTAL and finding.difference is not None:
        return -finding.difference
    return None


def _excess(form: Form, filing: Filing, finding: Finding, cause: Diagnosis) -> Decimal | None:
    """What the lines of the column are too much by, if a cause is right.

    None where it changes other columns or returns, too, or does not tell all that it changes.
    """
    assert finding.indicator is not None
    column = heading(form, form[finding.indicator])
    own = all(change.place is None and change.column == column for change in cause.changes)
    if not cause.changes or not own or cause.cells is not None:
        return None
    totals = {total.cell for total in filing.totals}
    return sum(
        (
            Decimal(change.stated) - Decimal(change.proposed)
            for change in cause.changes
            if change.cell not in totals
        ),
        Decimal(0),
    )
