"""The workbook of one county for one period: every owed form, blank or with lines, and its help."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from schemas.check_sheet import sheet as check_sheet
from schemas.drawing.cell_checks import Choices, add_checks
from schemas.drawing.stamp import LISTS_COLUMN, META, Stamp
from schemas.drawing.styles import Styles
from schemas.drawing.writer import Occasion
from schemas.layout import lay_out
from schemas.models import Form, OrgUnit, Scheme
from schemas.period import Period
from schemas.template import carried, help_sheet
from schemas.template.body import Lines, write_body
from schemas.template.frame import write_frame
from schemas.template.previous import SHEET as LAST_PERIOD
from schemas.template.previous import Previous, write_previous
from schemas.template.sheet import PlainSheet
from schemas.text import Language

_CREATED = datetime(2000, 1, 1)  # a fixed date, so that equal contents give equal bytes


def write_workbook(
    scheme: Scheme,
    county: OrgUnit,
    period: Period,
    lines: Mapping[str, Lines] | None = None,
    language: Language | None = None,
    forms: Sequence[Form] | None = None,
    previous: Mapping[str, Previous] | None = None,
) -> bytes:
    """The .xlsx that a county fills in: a sheet for each of `forms`, without them for all it owes.

    `lines` maps the names of forms to their lines (indicator to value; computed columns are
    computed): a form that is not there stays blank, and a list without lines is declared nil.
    `previous` maps them to what was accepted for an earlier period: it is shown in comments, and
    of lists on a sheet of its own.
    The same arguments give the same bytes. The language is the scheme's unless stated.
    """
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties(
        {"title": scheme.title.zh, "author": scheme.issued_by.zh, "created": _CREATED}
    )
    scheme = scheme.at(period)
    occasion = Occasion(scheme, scheme.county(county.code), period, language or scheme.language)
    if forms is None:
        forms = scheme.forms_owed(county, period)
    forms = [form.asked_of(period) for form in forms]
    styles = Styles(book)
    choices = Choices(scheme, occasion.language)
    help_sheet.write_help(
        book.add_worksheet(help_sheet.SHEET.in_(occasion.language)), styles, occasion, forms
    )
    review = book.add_worksheet(check_sheet.SHEET.in_(occasion.language), PlainSheet)
    layouts = []
    for form in forms:
        stated = None if lines is None else lines.get(form.name)
        layout = lay_out(form, scheme, len(stated or ()))
        layouts.append(layout)
        sheet = book.add_worksheet(form.sheet_name_in(occasion.language), PlainSheet)
        write_frame(sheet, layout, styles, occasion)
        write_body(sheet, layout, styles, occasion, stated)
        add_checks(sheet, layout, choices, occasion.language)
        if previous is not None and form.name in previous:
            write_previous(sheet, layout, occasion, previous[form.name])
    if previous is not None and (lists := carried.carried(layouts, previous)):
        sheet = book.add_worksheet(LAST_PERIOD.in_(occasion.language))
        carried.write_carried(sheet, styles, occasion, lists, previous)
    check_sheet.write_review(book, review, styles, occasion, layouts, choices)
    _write_meta(book, occasion, forms, choices)
    book.close()
    return target.getvalue()


def _write_meta(
    book: Workbook, occasion: Occasion, forms: Sequence[Form], choices: Choices
) -> None:
    stamp = Stamp(
        occasion.scheme.id,
        occasion.scheme.version,
        occasion.county.code,
        occasion.period.id,
        {form.name: form.sheet_name_in(occasion.language) for form in forms},
    )
    sheet = book.add_worksheet(META)
    for row, cells in enumerate(stamp.rows()):
        sheet.write_row(row, 0, cells)
    for column, words in enumerate(choices.columns, start=LISTS_COLUMN):
        sheet.write_column(0, column, words)
    sheet.protect()
    sheet.hide()
