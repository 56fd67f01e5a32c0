"""A small site and what happens there night after night, without Prefect."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from flows import process
from flows.checking.judging import judge_again
from flows.house import House, open_house
from flows.inbox import collect
from schemas.language.expression import Value
from schemas.period import Period
from schemas.template.template import write_workbook
from tests.flows.given import site_with
from tests.lakeside import LAKESIDE
from warehouse import queries
from warehouse.consolidation.contents import FiledFinding
from warehouse.engine import reading

NORTHSHORE = "990102"
SHEET, HEADING_ROW = "Discrepancy list", 4


class Desk:
    """A site of Lakeside and what happens there night after night, without Prefect."""

    def __init__(self, folder: Path, scheme: Path = LAKESIDE) -> None:
        self.house: House = open_house(str(site_with(folder, scheme)))
        self.at = self.house.moment()

    def night(self) -> None:
        """Everything a night does."""
        house = self.house
        self.at = house.moment()
        process.keep(house, collect(house).received, self.at)
        waiting = process.waiting(house)
        self.at = house.moment()
        read = [process.read(house.scheme, file, self.at) for file in waiting]
        checked = process.check(house.scheme, read, process.accepted(house, read))
        process.accept(house, checked, self.at)
        judge_again(house.engine, house.scheme, self.at)
        for period in process.to_publish(house):
            process.publish(house, process.consolidate(house, period, self.at))

    def send(self, name: str, content: bytes) -> None:
        (self.house.site.inbox / name).write_bytes(content)

    def report(self, year: str, *, pupils: int, teachers: int = 1, name: str = "") -> None:
        """Northshore reports its schools: 60 pupils to a teacher is the most expected."""
        period = Period.parse(year)
        scheme = self.house.scheme.at(period)
        levels = [level.code for level in scheme.code_lists["school_level"].codes]
        schools: list[dict[str, Value | None]] = [
            {"level": level, "pupils": Decimal(30), "teachers": Decimal(1)} for level in levels
        ]
        schools[0] |= {"pupils": Decimal(pupils), "teachers": Decimal(teachers)}
        county = scheme.county(NORTHSHORE)
        content = write_workbook(self.house.scheme, county, period, {"school": schools})
        self.send(name or f"{year}-{pupils}.xlsx", content)

    def list_of(self, year: str) -> Path:
        """The county's list in the latest publication."""
        (path,) = (self.house.site.published / year / "latest").glob(
            f"counties/{NORTHSHORE}-*/discrepancies.xlsx"
        )
        return path

    def rows(self, year: str) -> list[dict[str, object]]:
        """What the county's list says."""
        sheet = load_workbook(self.list_of(year))[SHEET]
        shown = sheet.max_column - 1  # the last one is hidden
        heading, *lines = sheet.iter_rows(min_row=HEADING_ROW, max_col=shown, values_only=True)
        return [dict(zip(map(str, heading), line, strict=True)) for line in lines]

    def row_of(self, year: str, rule: str) -> dict[str, object]:
        """The row of a rule by its id, or of a finding that is no rule by its name."""
        (row,) = [
            row
            for row in self.rows(year)
            if row["Rule"] == rule or str(row["Rule"]).endswith(f"({rule})")
        ]
        return row

    def answer(self, year: str, rule: str, text: str) -> bytes:
        """The list with an explanation in it, as a county sends it back."""
        book = load_workbook(self.list_of(year))
        sheet = book[SHEET]
        heads = [str(cell.value) for cell in sheet[HEADING_ROW]]
        for row in sheet.iter_rows(min_row=HEADING_ROW + 1):
            if str(row[heads.index("Rule")].value).endswith(f"({rule})"):
                row[heads.index("Answer of the county")].value = text
        saved = BytesIO()
        book.save(saved)
        return saved.getvalue()

    def findings(self, year: str, code: str) -> list[FiledFinding]:
        with reading(self.house.engine) as connection:
            found = queries.findings(connection, self.house.scheme, self.at, period=year)
        return [filed for filed in found if filed.finding.code == code]

    def provisional(self, year: str) -> int:
        with reading(self.house.engine) as connection:
            periods = queries.status(connection, self.house.scheme, self.at)
        (status,) = [status for status in periods if status.period.id == year]
        return next(form.provisional for form in status.forms if form.form.name == "school")
