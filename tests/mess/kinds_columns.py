"""Mess with the columns: inserted, moved, removed, hidden, in another unit."""

from decimal import Decimal
from random import Random

from tests.mess.kinds import entered, kind, some_page
from tests.mess.page import Cell, Column, Return


@kind("插入一栏")
def column_inserted(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.merges:
        return False
    cells = [Cell(None, random.choice((7, "见备注", ""))) for _ in page.columns[0].cells]
    where = random.randint(1, len(page.columns))
    page.columns.insert(where, Column(random.choice(("备用", "上年数", "核实人")), cells=cells))
    return True


@kind("栏目换位")
def columns_moved(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.merges:
        return False
    first = 1 if page.form.body != "list" else 0
    columns = page.columns[first:]
    random.shuffle(columns)
    page.columns[first:] = columns
    return True


@kind("删除一栏")
def column_deleted(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.merges or len(entered(page)) < 3:
        return False
    page.columns.remove(random.choice(entered(page)[1:]))
    return True


@kind("右侧辅助栏")
def helpers(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.columns.append(Column("", cells=[Cell(None, None) for _ in page.columns[0].cells]))
    cells = [Cell(None, random.randint(1, 99)) for _ in page.columns[0].cells]
    page.columns.append(Column(random.choice(("", "校验", "差额")), cells=cells))
    return True


@kind("左侧序号栏")
def numbered(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None or page.merges:
        return False
    cells = [Cell(None, number + 1) for number in range(len(page.columns[0].cells))]
    page.columns.insert(0, Column("序号", cells=cells))
    return True


@kind("隐藏一栏")
def column_hidden(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    random.choice(page.columns).hidden = True
    return True


@kind("整栏按元填写")
def column_in_yuan(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    columns = [c for c in entered(page) if c.unit == "万元" and "(" in c.heading] if page else []
    if not columns:
        return False
    column = random.choice(columns)
    if any(not cell.free for cell in column.cells):
        return False
    column.heading = column.heading.replace("(万元)", random.choice(("(元)", "\n（元）", "：元")))
    column.unit = "元"
    _in_yuan(column)
    return True


def _in_yuan(column: Column) -> None:
    for cell in column.cells:
        if isinstance(cell.truth, Decimal):
            cell.write(float(cell.truth * 10_000))


@kind("全表按元填写")
def table_in_yuan(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    columns = [c for c in page.columns if c.unit == "万元"]
    if any(c.unit == "元" or "(万元)" not in c.heading for c in columns):
        return False
    if not columns or any(not cell.free for c in columns for cell in c.cells):
        return False
    for column in columns:
        column.heading = column.heading.replace("(万元)", "")
        column.unit = "元"
        _in_yuan(column)
    page.stated_unit = random.choice(("单位：元", "金额单位：元", "计量单位：元、户、人"))
    return True
