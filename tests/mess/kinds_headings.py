"""Mess with the headings: renamed, repeated, spaced, in one row or in three."""

from random import Random

from tests.mess.kinds import columns_of, entered, kind, some_page
from tests.mess.page import Cell, Column, Return


@kind("表头改名")
def heading_renamed(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    headings = [column.heading for column in page.columns]
    columns = [column for column in entered(page) if headings.count(column.heading) == 1]
    if len(columns) < len(entered(page)):
        return False  # of two columns under one heading nobody could tell which was renamed
    random.choice(columns).heading = random.choice(("累计完成数", "指标值", "情况"))
    return True


@kind("表头重复")
def heading_twice(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.merges:
        return False
    column = random.choice(entered(page)[1:])
    cells = [Cell(None, random.randint(100, 999)) for _ in column.cells]
    copied = Column(column.heading, path=column.path, cells=cells)
    page.columns.insert(page.columns.index(column) + random.randint(0, 1), copied)
    return True


@kind("表头换行空格")
def heading_spaced(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    for column in page.columns:
        middle = len(column.heading) // 2
        gap = random.choice(("\n", "\u3000", "  ", ""))
        column.heading = column.heading[:middle] + gap + column.heading[middle:]
    return True


@kind("表头括号全角")
def heading_wide(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    for column in page.columns:
        column.heading = column.heading.replace("(", "（").replace(")", "）")
    return True


@kind("表头不写单位")
def heading_without_unit(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or any(c.unit == "元" for c in page.columns):
        return False
    for column in columns_of(page, "integer", "decimal") + columns_of(
        page, "integer", "decimal", computed=True
    ):
        column.heading = column.heading.removesuffix(f"({column.unit})")
    return True


@kind("单位另起一行")
def unit_row(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.stated_unit:
        return False
    for column in page.columns:
        column.heading = column.heading.removesuffix(f"({column.unit})")
    page.unit_row = True
    return True


@kind("单位写在表头末层")
def unit_below(made: Return, random: Random) -> bool:
    """Beside the lower headings of other columns stands the unit of one that has none."""
    page = some_page(made, random)
    if page is None or not any(column.path for column in page.columns):
        return False
    changed = False
    for column in page.columns:
        if column.unit and not column.path and column.indicator is not None:
            column.path = (column.heading.removesuffix(f"({column.unit})"),)
            column.heading = column.unit
            changed = True
    return changed


@kind("三层表头")
def three_rows(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    for column in page.columns:
        if column.path:
            column.path = (f"{page.form.title.zh[:4]}情况", *column.path)
    return any(column.path for column in page.columns)


@kind("表头拆成上下两层")
def heading_split(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    columns = [c for c in entered(page) if c.unit in ("户", "人") and not c.path] if page else []
    columns += [c for c in entered(page) if c.unit in ("户", "人") and c.path] if page else []
    ending = {"户": "户数", "人": "人数"}
    done = False
    for column in columns:
        bare = column.heading.removesuffix(f"({column.unit})")
        word = ending[column.unit or ""]
        if bare.endswith(word) and len(bare) > len(word):
            column.path = (*column.path, bare.removesuffix(word))
            column.heading = word
            done = True
    return done


@kind("表头不合并")
def headings_unmerged(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.merge_headings = False
    return True


@kind("没有栏次行")
def no_numbers(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.number_row = ()
    return True


@kind("栏次带括号")
def numbers_in_brackets(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    width = len(page.columns)
    page.number_row = ("甲", *(f"（{number})" for number in range(1, width)))
    return True
