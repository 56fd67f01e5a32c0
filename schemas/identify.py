"""Whose return a workbook is: its county, its period and the sheets of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schemas.findings import CellRef, Finding
from schemas.headings import Headings, find_headings
from schemas.models import Form, OrgUnit, Scheme
from schemas.period import Period
from schemas.place import Place
from schemas.stamp import META, Stamp
from schemas.stated import Head, find_county, find_period
from schemas.template_help import SHEET as HELP
from schemas.template_review import SHEET as REVIEW
from schemas.workbook import Book, Sheet

_HEAD_ROWS = 12
_OTHER_SHEETS = {META, HELP.zh, HELP.en, REVIEW.zh, REVIEW.en}


@dataclass(frozen=True)
class FormSheet:
    """A form and the sheet it stands on; `headings` is None where they cannot be found."""

    form: Form
    sheet: Sheet
    headings: Headings | None

    @property
    def head(self) -> Head:
        """The rows above the headings."""
        return Head(self.sheet, self.headings.top if self.headings else _HEAD_ROWS)


@dataclass(frozen=True)
class Identity:
    """What a workbook is. `period` is an id and need not be open; `missing` forms have no sheet.

    The county and the forms are those of the period, where it could be told.
    """

    county: OrgUnit | None
    period: str | None
    forms: tuple[FormSheet, ...]
    missing: tuple[Form, ...]
    findings: tuple[Finding, ...]


def identify(book: Book, scheme: Scheme, on: date) -> Identity:
    """Tell county, period and forms of a workbook on a day, with findings where that fails.

    The stamp of a template is compared with what the sheets themselves say; a workbook without a
    stamp is told by its sheets alone.
    """
    stamp = next((Stamp.read(sheet.rows) for sheet in book.sheets if sheet.name == META), None)
    by_form = _sheets(book, scheme, stamp)
    forms = [_form_sheet(by_form[f.name][0], f, scheme) for f in scheme.forms if f.name in by_form]
    heads = [found.head for found in forms]
    period, period_findings = find_period(book, scheme, stamp, heads, on)
    if period is not None:
        scheme = scheme.at(Period.parse(period))
        forms = [_of_the_time(found, scheme) for found in forms]
        heads = [found.head for found in forms]
    whole = [found.form for found in forms]
    county, county_findings = find_county(book, scheme, stamp, heads, whole)
    whose = {"county": county.code if county else None, "period": period}
    findings = [*county_findings, *period_findings, *_repeated(by_form, scheme)]
    if not forms:
        findings = [Place().finding("form-none", file=book.name)]
    listed = () if stamp is None else stamp.sheets
    return Identity(
        county=county,
        period=period,
        forms=tuple(forms),
        missing=tuple(f for f in scheme.forms if f.name in listed and f.name not in by_form),
        findings=tuple(finding.model_copy(update=whose) for finding in findings),
    )


def _form_sheet(sheet: Sheet, form: Form, scheme: Scheme) -> FormSheet:
    return FormSheet(form, sheet, find_headings(sheet, form, scheme))


def _of_the_time(found: FormSheet, scheme: Scheme) -> FormSheet:
    """A form's sheet read by the form's headings in the scheme of its period."""
    form = scheme.form(found.form.name)
    return found if form is found.form else _form_sheet(found.sheet, form, scheme)


def _sheets(book: Book, scheme: Scheme, stamp: Stamp | None) -> dict[str, list[Sheet]]:
    """The sheets of each form by its name, the one the template had for it first."""
    stamped = {} if stamp is None else {sheet: form for form, sheet in stamp.sheets.items()}
    known = {form.name for form in scheme.forms}
    by_form: dict[str, list[Sheet]] = {}
    for sheet in book.sheets:
        if sheet.name in _OTHER_SHEETS or (sheet.hidden and sheet.name not in stamped):
            continue
        form = _form_named(sheet, scheme) or stamped.get(sheet.name)
        if form in known:
            by_form.setdefault(form, []).append(sheet)
    for form, sheets in by_form.items():
        own = [sheet for sheet in sheets if stamped.get(sheet.name) == form]
        sheets[:] = [*own, *(sheet for sheet in sheets if sheet not in own)]
    return by_form


def _form_named(sheet: Sheet, scheme: Scheme) -> str | None:
    """The one form whose title or 表号 stands at the head of a sheet."""
    texts = [text for _, text in Head(sheet, _HEAD_ROWS).texts()]
    named = {
        form.name
        for form in scheme.forms
        for name in form.names
        if any(name in text for text in texts)
    }
    return named.pop() if len(named) == 1 else None


def _repeated(by_form: dict[str, list[Sheet]], scheme: Scheme) -> list[Finding]:
    return [
        Place(form=name).finding(
            "sheet-repeated",
            [CellRef(sheet=sheet.name, address="A1") for sheet in sheets],
            form=scheme.form(name).title,
            stated=_names(sheets),
            kept=sheets[0].name,
        )
        for name, sheets in by_form.items()
        if len(sheets) > 1
    ]


def _names(sheets: Sequence[Sheet]) -> str:
    return "、".join(sheet.name for sheet in sheets)
