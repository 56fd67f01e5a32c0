"""What Excel is strict about, in the workbooks of all forms: else it repairs or refuses a file.

Excel and WPS cannot be started here. These are the limits that Microsoft states for workbooks of
Excel 2007, which is also what WPS reads, held against the XML itself; other readers open it too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import combinations
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.cell_range import CellRange
from python_calamine import CalamineWorkbook

from schemas.models import Scheme
from schemas.period import Period
from schemas.rules.formulas import completed
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template.body import Lines
from schemas.template.previous import Previous
from schemas.template.template import write_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

FUNCTIONS_OF_2007 = {
    "ADDRESS", "AND", "COLUMN", "COUNT", "COUNTIF", "DATE", "DAY", "EXACT", "FIND", "HYPERLINK",
    "IF", "IFERROR", "INT", "ISERROR", "ISNUMBER", "LEFT", "LEN", "LOWER", "MAX", "MID", "MIN",
    "MMULT", "MOD", "MONTH", "N", "OR", "RIGHT", "ROUND", "ROW", "SUBSTITUTE", "SUM",
    "SUMPRODUCT", "TRANSPOSE", "TRIM", "UPPER",
}  # fmt: skip
"""Those that are used; each is in Excel since 2007 or before, and in WPS, without a prefix."""

Y2014, Y2015 = Period.parse("2014"), Period.parse("2015")
LONGEST_FORMULA, LONGEST_TEXT = 8192, 32767
DEEPEST = 64
LOOKS_LIKE_A_CELL = re.compile(r"[A-Z]{1,3}\d+|R\d*(C\d*)?|C\d*", re.IGNORECASE)
NAME = re.compile(r"(_xlnm\.)?[^\W\d][\w.]*")
STRING = re.compile(r'"(?:[^"]|"")*"')
QUOTED = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Package:
    """The parts of a workbook: XML by name of the part, sheets by their names."""

    content: bytes
    parts: Mapping[str, etree._Element]
    sheets: Mapping[str, etree._Element]

    @classmethod
    def opened(cls, content: bytes) -> "Package":
        with ZipFile(BytesIO(content)) as file:
            xml = [name for name in file.namelist() if name.endswith((".xml", ".rels", ".vml"))]
            parts = {name: etree.fromstring(file.read(name)) for name in xml}
        names = [sheet.get("name", "") for sheet in parts["xl/workbook.xml"].iter(f"{MAIN}sheet")]
        sheets = {
            name: parts[f"xl/worksheets/sheet{number}.xml"]
            for number, name in enumerate(names, start=1)
        }
        return cls(content, parts, sheets)

    def all(self, tag: str) -> Iterator[etree._Element]:
        """Every element of a name, in any sheet."""
        for sheet in self.sheets.values():
            yield from sheet.iter(f"{MAIN}{tag}")

    @property
    def names(self) -> list[tuple[str, str]]:
        found = self.parts["xl/workbook.xml"].iter(f"{MAIN}definedName")
        return [(name.get("name", ""), name.text or "") for name in found]

    @property
    def formulas(self) -> list[str]:
        tags = ("f", "formula", "formula1", "formula2")
        written = [formula.text or "" for tag in tags for formula in self.all(tag)]
        return [*written, *(formula for _, formula in self.names)]


@pytest.fixture(scope="module")
def lines(scheme: Scheme) -> Mapping[str, Mapping[str, Lines]]:
    return sample_lines(scheme, CATALOG / scheme.id, Y2015)


@pytest.fixture(scope="module", params=["141031", "141000"])
def package(
    request: pytest.FixtureRequest, scheme: Scheme, lines: Mapping[str, Mapping[str, Lines]]
) -> Package:
    """All that a county or the city owes, blank; the sample is what it said the year before."""
    previous = {
        name: Previous(Y2014, [completed(scheme.form(name), line) for line in stated])
        for name, stated in lines[request.param].items()
    }
    unit = scheme.county(request.param)
    return Package.opened(write_workbook(scheme, unit, Y2015, previous=previous))


def test_sheets_have_names_that_excel_takes(package: Package) -> None:
    folded = [name.casefold() for name in package.sheets]
    assert len(set(folded)) == len(folded)
    for name in package.sheets:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'"
        assert name[-1] != "'"
        assert name.casefold() != "history"


def test_formulas_use_what_excel_2007_has(package: Package) -> None:
    used = set()
    for formula in package.formulas:
        assert len(formula) <= LONGEST_FORMULA, formula
        bare = QUOTED.sub("", STRING.sub('""', formula))
        used |= set(re.findall(r"([A-Za-z_.][\w.]*)\(", bare))
        assert deepest(bare) <= DEEPEST
        assert "#REF!" not in formula
    assert used <= FUNCTIONS_OF_2007, used - FUNCTIONS_OF_2007


def deepest(formula: str) -> int:
    depth = most = 0
    for sign in formula:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        most = max(most, depth)
    assert depth == 0, formula
    return most


def test_names_are_no_cells_and_stand_for_something(package: Package) -> None:
    own = [name for name, _ in package.names if not name.startswith("_xlnm.")]
    assert len({name.casefold() for name in own}) == len(own)
    for name in own:
        assert NAME.fullmatch(name), name
        assert len(name) <= 255
        assert not LOOKS_LIKE_A_CELL.fullmatch(name), name
    for _, formula in package.names:
        for sheet in QUOTED.findall(STRING.sub("", formula)):
            assert sheet[1:-1].replace("''", "'") in package.sheets


def test_checks_while_typing_keep_to_their_lengths(package: Package) -> None:
    for check in package.all("dataValidation"):
        formulas = [part.text or "" for part in check if part.tag.startswith(f"{MAIN}formula")]
        assert all(len(formula) <= 255 for formula in formulas)
        assert len(check.get("errorTitle", "")) <= 32
        assert len(check.get("error", "")) <= 255
        assert len(check.get("prompt", "")) <= 255


def test_no_two_areas_of_a_kind_overlap(package: Package) -> None:
    for sheet in package.sheets.values():
        merged = [CellRange(e.get("ref", "")) for e in sheet.iter(f"{MAIN}mergeCell")]
        checked = [CellRange(e.get("sqref", "")) for e in sheet.iter(f"{MAIN}dataValidation")]
        for areas in (merged, checked):
            assert not any(not one.isdisjoint(other) for one, other in combinations(areas, 2))
        filters = [CellRange(e.get("ref", "")) for e in sheet.iter(f"{MAIN}autoFilter")]
        assert len(filters) <= 1
        assert all(one.isdisjoint(area) for one in filters for area in merged)
        arrays = [e.get("ref", "") for e in sheet.iter(f"{MAIN}f") if e.get("t") == "array"]
        inside = [CellRange(ref) for ref in arrays]
        assert all(one.isdisjoint(area) for one in inside for area in merged)


def test_texts_and_styles_keep_to_their_numbers(package: Package) -> None:
    strings = package.parts["xl/sharedStrings.xml"].iter(f"{MAIN}t")
    assert all(len(text.text or "") <= LONGEST_TEXT for text in strings)
    styles = package.parts["xl/styles.xml"]
    cells, fonts = (styles.iterfind(f"{MAIN}{tag}/*") for tag in ("cellXfs", "fonts"))
    assert len(list(cells)) <= 4000  # of Excel 97, in whose format WPS may save
    assert len(list(fonts)) <= 512
    for row in package.all("row"):
        assert float(row.get("ht", "0")) <= 409
    for column in package.all("col"):
        assert float(column.get("width", "0")) <= 255
    for footer in package.all("oddFooter"):
        assert len(footer.text or "") <= 255


def test_every_comment_has_a_shape_and_every_link_a_target(package: Package) -> None:
    for name, part in package.parts.items():
        if name.startswith("xl/comments"):
            number = name.removeprefix("xl/comments").removesuffix(".xml")
            cells = [e.get("ref") for e in part.iter(f"{MAIN}comment")]
            assert len(set(cells)) == len(cells)
            drawing = package.parts[f"xl/drawings/vmlDrawing{number}.vml"]
            shapes = list(drawing.iter("{urn:schemas-microsoft-com:vml}shape"))
            assert len(shapes) == len(cells) > 0
    for link in package.all("hyperlink"):
        sheet, _, _cell = (link.get("location") or "").rpartition("!")
        assert sheet.strip("'") in package.sheets


def test_other_programs_open_it(package: Package) -> None:
    calamine = CalamineWorkbook.from_filelike(BytesIO(package.content))
    assert calamine.sheet_names == [*package.sheets]
    book = load_workbook(BytesIO(package.content), read_only=True)
    assert book.sheetnames == [*package.sheets]
    for name in package.sheets:
        rows = calamine.get_sheet_by_name(name).to_python(skip_empty_area=False)
        first = str(book[name]["A1"].value or "")
        assert rows
        assert str(rows[0][0]) == first
