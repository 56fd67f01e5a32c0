"""The report's form, filled in from the tables: it reads back as what the city would file."""

from datetime import date
from decimal import Decimal

from schemas.filing import records
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from warehouse.consolidation.contents import PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.work_summary import work_summary


def test_it_holds_the_municipal_figures_that_the_forms_name(
    scheme: Scheme, contents: PublicationContents, edition: Edition
) -> None:
    content = work_summary(edition)
    assert content is not None
    reading = read_submission("work-summary.xlsx", content, scheme, date(2003, 7, 10))
    assert (reading.county, reading.period) == ("141000", "2003H1")
    (filing,) = reading.filings
    assert not filing.findings
    biogas = next(table for table in contents.tables if table.form.name == "biogas")
    stated = {
        line["figure"]: line["value"]
        for line in records(filing.frame, scheme.form("work_summary"))
        if line["source"] == "R04"
    }
    # Blanks between Chinese characters only fit a text into its cell, and are not read.
    assert stated == {
        "上年末累计": biogas.municipality.values["stock_prev"],
        "本年建设本年计划": biogas.municipality.values["plan_year"],
        "本年建设本年累计新建": biogas.municipality.values["built_ytd"],
    }
    assert all(isinstance(value, Decimal) for value in stated.values())
