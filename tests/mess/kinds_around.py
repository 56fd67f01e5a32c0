"""Mess around a form: where it stands on its sheet, under which title, and how often."""

from copy import deepcopy
from decimal import Decimal
from random import Random

from tests.mess.kinds import entered, kind, some_page
from tests.mess.page import Column, Page, Return, plain_number


@kind("上方空行")
def rows_above(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.top += random.randint(1, 15)
    return True


@kind("左侧空栏")
def columns_left(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.left += random.randint(1, 3)
    return True


@kind("自拟标题")
def own_title(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.title = random.choice(("统计表", "附件3", f"{page.county.name.zh}有关情况"))
    page.above.append("（经县扶贫开发领导小组审定）")
    return True


@kind("标题加前缀")
def title_prefixed(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.title = f"{page.county.name.zh}{page.period.label('zh')}{page.title}"
    return True


@kind("标题字间空格")
def title_spaced(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None:
        return False
    page.title = " ".join(page.title)
    return True


@kind("多表同页")
def stacked(made: Return, random: Random) -> bool:
    if len({page.form.name for _, page in made.pages}) < max(2, len(made.pages)) or made.hidden:
        return False
    first = made.pages[0][0]
    made.pages[:] = [(first, page) for _, page in made.pages]
    return True


@kind("两表并排")
def side_by_side(made: Return, random: Random) -> bool:
    if len(made.pages) < 2 or made.hidden or "beside" in made.marks:
        return False
    if len({sheet for sheet, _ in made.pages}) < len(made.pages):
        return False
    first, top = made.pages[0][0], made.pages[0][1].top
    for _, page in made.pages:
        page.top = top
    made.pages[:] = [(first, page) for _, page in made.pages]
    made.marks.add("beside")
    return True


@kind("栏目分两张")
def columns_split(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or page.merges or len(page.columns) < 6:
        return False
    name = next(sheet for sheet, each in made.pages if each is page)
    if len({sheet for sheet, _ in made.pages}) < len(made.pages):
        return False
    rest = deepcopy(page)
    half = len(page.columns) // 2
    keys = [c for c in rest.columns[:half] if _is_key(c, page)]
    for column in keys:
        column.indicator = None  # the line is the one that stands on the first sheet
    rest.columns = keys + rest.columns[half:]
    page.columns = page.columns[:half]
    made.pages.append((f"{name}二", rest))
    return True


def _is_key(column: Column, page: Page) -> bool:
    indicator = column.indicator
    return indicator is None or indicator.key or indicator.name == page.form.fixed_by


@kind("一表分两张")
def split(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None or len(page.rows) < 2 or page.merges:
        return False
    if any(row.kind != "line" for row in page.rows):
        return False
    name = next(sheet for sheet, each in made.pages if each is page)
    if len({sheet for sheet, _ in made.pages}) < len(made.pages):
        return False
    rest = deepcopy(page)
    half = len(page.rows) // 2
    page.rows, rest.rows = page.rows[:half], page.rows[half:]
    rest.title = f"{rest.title}（续表）"
    made.pages.append((f"{name}续", rest))
    return True


@kind("整表多一份")
def copied(made: Return, random: Random) -> bool:
    page = some_page(made, random)
    if page is None or len({sheet for sheet, _ in made.pages}) < len(made.pages):
        return False
    other = deepcopy(page)
    for column in entered(other)[1:]:
        for cell in column.cells:
            if isinstance(cell.truth, Decimal):
                cell.truth = cell.truth + 1
                cell.written = plain_number(cell.truth)
    made.pages.append(("旧表", other))
    return True


@kind("隐藏的旧表")
def hidden_copy(made: Return, random: Random) -> bool:
    if "旧表" in {sheet for sheet, _ in made.pages} or not copied(made, random):
        return False
    made.pages[-1] = ("隐藏表", made.pages[-1][1])
    made.hidden.add("隐藏表")
    made.marks.add("hidden")
    return True


@kind("工作表改名")
def sheet_renamed(made: Return, random: Random) -> bool:
    names = {name: f"Sheet{number + 1}" for number, (name, _) in enumerate(made.pages)}
    made.pages[:] = [(names[name], page) for name, page in made.pages]
    made.hidden = {names.get(name, name) for name in made.hidden}
    return True


@kind("多余的工作表")
def other_sheet(made: Return, random: Random) -> bool:
    made.marks.add("lists")
    return True
