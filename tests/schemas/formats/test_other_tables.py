"""Tables in an OpenDocument file that are no sheets of it are not read, and move nothing."""

from schemas.workbook import open_workbook
from tests.schemas.formats.given import flat_document


def table(name: str, value: int, before: str = "") -> str:
    cell = f'<t:table-cell o:value-type="float" o:value="{value}"/>'
    return f'<t:table t:name="{name}">{before}<t:table-row>{cell}</t:table-row></t:table>'


def read(tables: str) -> dict[str, object]:
    return {s.name: s.rows for s in open_workbook(flat_document(tables), "a.fods").sheets}


def test_the_table_of_a_chart_is_no_part_of_its_sheet() -> None:
    chart = f"<t:shapes><d:frame><d:object>{table('local', 9)}</d:object></d:frame></t:shapes>"
    assert read(table("一", 1, before=chart)) == {"一": [[1.0]]}


def test_the_kept_copy_of_another_workbook_is_no_sheet() -> None:
    """LibreOffice keeps what formulas have looked up in other files as tables beside the sheets."""
    kept = table("'file:///home/吉县.ods'#沼气", 5)
    assert read(table("一", 1) + kept + table("二", 2)) == {"一": [[1.0]], "二": [[2.0]]}


def test_a_table_outside_of_the_sheets_is_none() -> None:
    links = f"<t:dde-links><t:dde-link>{table('', 7)}</t:dde-link></t:dde-links>"
    assert read(table("一", 1) + links) == {"一": [[1.0]]}
