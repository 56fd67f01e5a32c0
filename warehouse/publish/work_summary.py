"""work-summary.xlsx: the form of the period's report, filled in with the figures of the tables."""

from schemas.consolidated.report import report
from schemas.template.template import write_workbook
from warehouse.publish.edition import Edition


def work_summary(edition: Edition) -> bytes | None:
    """The workbook, ready to be signed and filed; None where the period asks for no report."""
    contents, scheme = edition.contents, edition.contents.scheme
    form = next((table.form for table in contents.tables if table.form.report), None)
    if form is None:
        return None
    period = contents.period.period
    figures = {table.form.name: table.municipality.values for table in contents.tables}
    lines = list(report(scheme, period, figures, edition.language))
    return write_workbook(
        scheme, scheme.municipality, period, {form.name: lines}, edition.language, [form]
    )
