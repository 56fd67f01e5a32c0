"""Mess with the rows: totals, subtotals, pages, remarks, merged cells."""

from decimal import Decimal
from random import Random

from tests.mess.kinds import columns_of, kind, some_page
from tests.mess.page import Return, Row


@kind("末行合计")
def total_last(made: Return, random: Random) -> bool:
    return _sum_row(made, random, last=True)


@kind("首行合计")
def total_first(made: Return, random: Random) -> bool:
    return _sum_row(made, random, last=False)


def _sum_row(made: Return, random: Random, *, last: bool) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None or any(row.kind == "total" for row in page.rows):
        return False
    label = random.choice(
        ("合计", "合  计", "总计", "合計", "累计", f"{page.county.name.zh}合计", "全县", "共计：")
    )
    row = Row("total", texts=(label,), sums=tuple(page.lines))
    page.rows.insert(len(page.rows) if last else 0, row)
    return True


@kind("小计行")
def subtotal(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None or len(page.lines) < 3:
        return False
    count = random.randint(1, len(page.lines) - 1)
    lines = page.lines[:count]
    after = next(
        i for i, row in enumerate(page.rows) if row.kind == "line" and row.line == lines[-1]
    )
    label = random.choice(("小计", "小  计", "本页小计", "移民新村小计"))
    page.rows.insert(after + 1, Row("subtotal", texts=(label,), sums=tuple(lines)))
    return True


@kind("其中行")
def part_row(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None:
        return False
    page.rows.append(Row("subtotal", texts=("其中：少数民族",), sums=tuple(page.lines[:1])))
    return True


@kind("行间空行")
def blank_rows(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None:
        return False
    for _ in range(random.randint(1, 3)):
        page.rows.insert(random.randint(0, len(page.rows)), Row("blank"))
    return True


@kind("中间重复表头")
def heading_again(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None or len(page.rows) < 2:
        return False
    page.rows.insert(random.randint(1, len(page.rows) - 1), Row("heading"))
    return True


@kind("换页")
def page_break(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None or len(page.rows) < 2:
        return False
    break_rows = [
        Row("remark", texts=("单位负责人：    填表人：",)),
        Row("page", texts=("第1页",)),
        Row("remark", texts=(page.title + random.choice(["", "（续）", "续表一"]),)),
        Row("remark", texts=(page.stated_county, page.stated_period)),
        Row("heading"),
    ]
    where = random.randint(1, len(page.rows) - 1)
    page.rows[where:where] = break_rows
    return True


@kind("表下说明")
def notes(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.notes = ["注：1.数据来源于各乡镇。", "2.户数按户口统计。", *page.notes, "审核：张三"]
    return True


@kind("表内备注行")
def remark(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None:
        return False
    page.rows.append(Row("remark", texts=("以上数据截至6月30日",)))
    return True


@kind("隐藏一行")
def row_hidden(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None:
        return False
    random.choice([row for row in page.rows if row.kind == "line"]).hidden = True
    return True


@kind("行换位")
def rows_moved(made: Return, random: Random) -> bool:
    page = some_page(made, random, "fixed", "list")
    if page is None or page.merges or any(row.kind != "line" for row in page.rows):
        return False
    if any(
        "同" in str(c.written) or str(c.written) in "〃″" for col in page.columns for c in col.cells
    ):
        return False
    random.shuffle(page.rows)
    return True


@kind("合并的标签")
def label_merged(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None or page.lines != list(range(len(page.lines))) or page.merges:
        return False
    lines = [row.kind for row in page.rows]
    for column in columns_of(page, "code"):
        for top in range(len(page.lines) - 1):
            above, below = column.cells[top], column.cells[top + 1]
            together = lines[top : top + 2] == ["line", "line"]
            if together and above.truth == below.truth and above.free and below.free:
                below.write(None)
                number = page.columns.index(column)
                page.merges.append((top, top + 1, number, number))
                return True
    return False


@kind("合并的数")
def numbers_merged(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list", "fixed")
    if page is None or page.merges or [row.kind for row in page.rows][:2] != ["line", "line"]:
        return False
    if page.lines != list(range(len(page.lines))):
        return False
    column = random.choice(columns_of(page, "integer"))
    if not (column.cells[0].free and column.cells[1].free):
        return False
    both = Decimal(str(column.cells[0].truth or 0)) + Decimal(str(column.cells[1].truth or 0))
    column.cells[0].write(int(both))
    column.cells[1].write(None)
    number = page.columns.index(column)
    page.merges.append((0, 1, number, number))
    return True
