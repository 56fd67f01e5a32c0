"""Whose return a workbook is: its county, its period and where on its sheets its forms stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.answers import lists_findings
from schemas.check_sheet.sheet import SHEET as REVIEW
from schemas.drawing.stamp import META, Stamp
from schemas.findings import CellRef, Finding
from schemas.headings.heading_paths import first_row
from schemas.headings.headings import Headings, find_headings
from schemas.headings.sections import (
    HEAD_ROWS,
    Section,
    Titles,
    find_sections,
    guessed_forms,
    parted_left,
    rows_above,
)
from schemas.headings.several import repeated
from schemas.layout import form_columns
from schemas.models import Form, OrgUnit, Scheme
from schemas.origin.head import Head
from schemas.origin.origin import county_with_origin, period_with_origin
from schemas.origin.stated import cells_of_county, find_county
from schemas.origin.stated_period import cells_of_period, find_period
from schemas.period import Period
from schemas.place import Place
from schemas.template.help_sheet import SHEET as HELP
from schemas.template.previous import SHEET as LAST_PERIOD
from schemas.text import Text, listed
from schemas.workbook import Book, Sheet

_OTHER_SHEETS = {
    META,
    *(word for sheet in (HELP, REVIEW, LAST_PERIOD) for word in (sheet.zh, sheet.en)),
}
_CONTINUED = "续"


@dataclass(frozen=True)
class FormSheet:
    """A form and the sheet it stands on; `headings` is None where they cannot be found.

    `title` is the cell that tells the form. Of a sheet with several forms `sheet` has the part of
    this one only, where it is. The form stands with other contents on `further` sheets, too, which
    are parts or versions of it; `own` says that this one is the template's.
    """

    form: Form
    sheet: Sheet
    headings: Headings | None
    title: CellRef
    further: tuple["FormSheet", ...] = ()
    own: bool = False

    @property
    def head(self) -> Head:
        """The rows above the headings."""
        first = first_row(self.sheet)
        return Head(self.sheet, self.headings.top if self.headings else first + HEAD_ROWS)

    @property
    def goes_on(self) -> bool:
        """Whether the sheet says that it goes on with a form: 续表."""
        head = Head(self.sheet, first_row(self.sheet) + 1)
        return _CONTINUED in self.sheet.name or any(_CONTINUED in text for _, text in head.texts)

    @property
    def cells(self) -> int:
        """How many cells are filled under its headings, here and on its further sheets."""
        further = sum(sheet.cells for sheet in self.further)
        if self.headings is None:
            return further
        columns = len(self.headings.columns)
        rows = self.sheet.rows[self.headings.body :]
        return further + sum(min(columns, len(row) - row.count("")) for row in rows)


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


def identify(book: Book, scheme: Scheme, on: date, sender: str | None = None) -> Identity:
    """Tell county, period and forms of a workbook on a day, with findings where that fails.

    The stamp of a template is compared with what the sheets themselves say, and both with the name
    of the file, its folder and its sender; what is said in none of the surer places is taken from
    the next.
    """
    stamp = next((Stamp.read(sheet.rows) for sheet in book.sheets if sheet.name == META), None)
    found = _Found.on(book, scheme, stamp)
    forms = [
        _form_sheet(used, scheme)
        for form in scheme.forms
        if (used := found.used.get(form.name)) is not None
    ]
    heads = [each.head for each in forms]
    period, period_findings = find_period(book, scheme, stamp, heads, on)
    period, period_findings = period_with_origin(
        period, period_findings, book.name, scheme, on, cells_of_period(heads, scheme)
    )
    if period is not None:
        scheme = scheme.at(Period.parse(period))
        forms = [_of_the_time(each, scheme) for each in forms]
        heads = [each.head for each in forms]
    whole = [each.form for each in forms]
    found_county = find_county(book, scheme, stamp, heads, whole)
    county, county_findings = county_with_origin(
        *found_county, book.name, sender, scheme, cells_of_county(heads, scheme)
    )
    whose = {"county": county.code if county else None, "period": period}
    findings = [*county_findings, *period_findings, *found.findings]
    if not forms:
        findings = [Place().finding("form-none", file=book.name), *found.findings]
    findings += _pictures(book)
    listed_forms = () if stamp is None else stamp.sheets
    return Identity(
        county=county,
        period=period,
        forms=tuple(forms),
        missing=tuple(
            f for f in scheme.forms if f.name in listed_forms and f.name not in found.told
        ),
        findings=tuple(finding.model_copy(update=whose) for finding in findings),
    )


def _pictures(book: Book) -> list[Finding]:
    """What lies on the sheets and is not read."""
    return [
        Place().finding(
            "sheet-picture",
            [CellRef(sheet=sheet.name, address="A1")],
            sheet=sheet.name,
            count=str(sheet.pictures),
        )
        for sheet in book.sheets
        if sheet.pictures
    ]


def _form_sheet(used: "_Used", scheme: Scheme) -> FormSheet:
    first, *further = (
        FormSheet(each.form, each.sheet, find_headings(each.sheet, each.form, scheme), each.title)
        for each in used.sections
    )
    return replace(first, further=tuple(further), own=used.own)


def _of_the_time(found: FormSheet, scheme: Scheme) -> FormSheet:
    """A form's sheet read by the form's headings in the scheme of its period."""
    form = scheme.form(found.form.name)
    if form is found.form:
        return found
    headings = found.headings
    if form_columns(form) != form_columns(found.form):
        headings = find_headings(found.sheet, form, scheme)
    further = tuple(_of_the_time(each, scheme) for each in found.further)
    return replace(found, form=form, headings=headings, further=further)


@dataclass(frozen=True)
class _Used:
    """The sections of a form with different contents; `own` is whether the first is stamped."""

    sections: tuple[Section, ...]
    own: bool


@dataclass
class _Found:
    """The sections of each form that are used, by its name, and all forms that are told of."""

    used: dict[str, _Used] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def on(cls, book: Book, scheme: Scheme, stamp: Stamp | None) -> "_Found":
        """Find the forms on the sheets of a workbook."""
        found = cls()
        stamped = {} if stamp is None else {sheet: form for form, sheet in stamp.sheets.items()}
        known = {form.name: form for form in scheme.forms}
        titles = Titles(scheme)
        by_form: dict[str, list[Section]] = {}
        for sheet in book.sheets:
            if sheet.name in _OTHER_SHEETS or lists_findings(sheet):
                continue
            sections = find_sections(sheet, titles, scheme)
            if not sections and (form := known.get(stamped.get(sheet.name, ""))) is not None:
                sections = [Section(form, sheet, _corner(sheet))]
            above = rows_above(sheet, sections) if sections else sheet
            guessed = found.guessed(above, scheme) if above is not None else []
            if parted := parted_left(sheet, sections):
                beside, rest = parted
                if found.is_sure(beside, scheme):
                    guessed += found.guessed(beside, scheme)
                    sections = [replace(sections[0], sheet=rest)]
            for section in (*guessed, *sections):
                by_form.setdefault(section.form.name, []).append(section)
        for name, sections in by_form.items():
            found.choose(name, sections, stamped)
        return found

    @staticmethod
    def is_sure(sheet: Sheet, scheme: Scheme) -> bool:
        """Whether the headings of a sheet without a title tell one form."""
        return guessed_forms(sheet, scheme)[0]

    def guessed(self, sheet: Sheet, scheme: Scheme) -> list[Section]:
        """The form of a sheet without a title, if its headings tell one."""
        sure, forms = guessed_forms(sheet, scheme) if sheet.rows else (False, [])
        if not forms:
            return []
        corner = _corner(sheet)
        if sure:
            self._tell("form-by-headings", forms[0], [corner], form=forms[0].title)
            return [Section(forms[0], sheet, corner)]
        self._tell(
            "form-ambiguous",
            None,
            [corner],
            sheet=sheet.name,
            forms=listed([f.title for f in forms]),
        )
        return []

    def choose(self, name: str, sections: list[Section], stamped: Mapping[str, str]) -> None:
        """Of the sections of a form use the template's own, or those in sight."""
        own = [section for section in sections if stamped.get(section.sheet.name) == name]
        seen = [section for section in sections if not section.sheet.hidden]
        first = (own or seen or sections)[0]
        others = [section for section in sections if section is not first]
        form = first.form
        self.told.add(name)
        if first.sheet.hidden:
            self._tell(
                "sheet-hidden-used", form, [first.title], form=form.title, sheet=first.sheet.name
            )
        for section in others:
            if section.sheet.hidden:
                self._tell(
                    "sheet-hidden", form, [section.title], form=form.title, sheet=section.sheet.name
                )
        rivals = [section for section in others if not section.sheet.hidden]
        if rivals and all(_same(first, rival) for rival in rivals):
            names = [section.sheet.name for section in (first, *rivals)]
            self.findings.append(repeated(form, names, Place(form=form.name)))
        different = tuple(rival for rival in rivals if not _same(first, rival))
        self.used[name] = _Used((first, *different), own=bool(own))

    def _tell(
        self, code: str, about: Form | None, cells: list[CellRef], **parameters: Text | str
    ) -> None:
        place = Place(form=about.name if about else None)
        self.findings.append(place.finding(code, cells, **parameters))


def _same(one: Section, other: Section) -> bool:
    return one.sheet.rows == other.sheet.rows


def _corner(sheet: Sheet) -> CellRef:
    return CellRef(sheet=sheet.name, address=f"A{first_row(sheet) + 1}")
