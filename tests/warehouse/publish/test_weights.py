from decimal import Decimal

import pytest

from schemas.findings import Finding, Severity
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.weights import Weights

WEIGHTS = Weights(
    {
        ("funds", "arrived"): Decimal("20.0000"),
        ("poor", "persons"): Decimal(423000),
        ("poor", "returned"): Decimal(0),
    }
)


def missed(form: str, indicator: str, difference: str | None, effect: str | None) -> Finding:
    return Finding(
        code="rule-failed",
        severity=Severity.ERROR,
        form=form,
        indicator=indicator,
        difference=None if difference is None else Decimal(difference),
        effect=None if effect is None else Decimal(effect),
    )


@pytest.mark.parametrize(
    ("finding", "score", "percent"),
    [
        (missed("funds", "arrived", "5", "-5"), "0.25", "25.00"),
        (missed("poor", "persons", "500", "423"), "0.001", "0.10"),
        (missed("poor", "persons", "4230", None), "0.01", None),  # of the rule that is missed
        (missed("poor", "persons", "4230", "0"), "0", "0.00"),
        (missed("poor", "returned", "3", "3"), "Infinity", None),  # all of it is wrong
        (missed("poor", "returned", "0", "0"), "0", "0.00"),
        (missed("poor", "sex", "5", "5"), "-1", None),
        (missed("poor", "persons", None, None), "-1", None),
    ],
)
def test_findings_weigh_what_they_miss_by_as_a_share_of_the_municipal_figure(
    finding: Finding, score: str, percent: str | None
) -> None:
    assert WEIGHTS.score(finding) == Decimal(score)
    assert WEIGHTS.percent(finding) == (None if percent is None else Decimal(percent))


def test_the_municipal_figures_are_those_of_the_consolidated_tables(
    contents: PublicationContents,
) -> None:
    weights = Weights.of(contents.tables)
    (biogas,) = (table for table in contents.tables if table.form.name == "biogas")
    assert weights.figures["biogas", "sealed"] == biogas.municipality.values["sealed"]
    assert ("biogas", "plan_pct") not in weights.figures  # a quotient
