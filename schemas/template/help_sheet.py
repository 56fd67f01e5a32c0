"""The help sheet of a workbook: which forms it holds and how to fill them in."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.drawing.styles import Styles, shown_width
from schemas.drawing.writer import Occasion
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.text import Text

SHEET = Text(zh="填报说明", en="Help")

_WIDTHS = (7, 16, 44, 36, 12)
_ROW_HEIGHT = 20
_LINE = 100  # the width of a sentence on one line; that of a Chinese character is 2
_FORMS = Text(zh="一、本工作簿中的报表", en="1. The forms of this workbook")
_COLUMNS = (
    Text(zh="序号", en="No."),
    Text(zh="表号", en="Form no."),
    Text(zh="表名", en="Title"),
    Text(zh="填报方式", en="Lines"),
    Text(zh="截止日期", en="Due on"),
)
_BODIES: dict[str, Text] = {
    "single": Text(zh="每县一行", en="one line for the county"),
    "fixed": Text(zh="每类一行，行已印好", en="one printed line per kind"),
    "list": Text(zh="逐项填写，一项一行，可插入行", en="one line per item; rows may be inserted"),
}
_COLOURS = Text(zh="二、单元格的颜色", en="2. The colours of the cells")
_LEGEND = (
    ("input", Text(zh="浅黄色：请填写", en="light yellow: fill in")),
    ("computed", Text(zh="灰色：自动计算，不用填写", en="grey: computed, leave as it is")),
    ("heading", Text(zh="浅蓝色：表头，请勿改动", en="light blue: headings, do not change")),
)
_HOW = Text(zh="三、怎样填写", en="3. How to fill it in")
_RULES = (
    Text(
        zh="数值确实为零的填“0”；没有这项内容的填“—”或“无”；不要用空格代替，空白表示还没有填。",
        en="Write 0 for zero and — or none where there is none. A blank means not yet filled in.",
    ),
    Text(
        zh="逐项填写的表没有内容可报的，在第一格填“无”，其余各格留空。",
        en="If there is nothing at all to report in a list, write none in its first cell.",
    ),
    Text(
        zh="只填数字，不要在单元格里写单位或文字；计量单位以表头括号内的为准，金额单位是万元的不要填元。",
        en="Write numbers only, without units. The unit is the one in brackets in the heading.",
    ),
    Text(
        zh="有下拉选项的单元格从选项中选择；日期按“2015-12-31”的样式填写。",
        en="Choose from the list where there is one. Dates are written like 2015-12-31.",
    ),
    Text(
        zh="证件号码、电话号码和编号按文本填写，不要设成数字格式，以免末几位丢失。",
        en="ID numbers, phone numbers and codes are text; as numbers they lose their last digits.",
    ),
    Text(
        zh="不要改动表名、表号、表头和各栏的次序，不要增加栏目；自己写的合计行不会重复计算。",
        en="Keep titles, form numbers and headings, and add no columns.",
    ),
    Text(
        zh="工作表设有保护但没有密码，需要时可以自行取消保护。",
        en="The sheets are protected without a password.",
    ),
)
_ASK = Text(zh="四、报送与咨询", en="4. Sending it, and asking")
_ASKED = Text(
    zh="填好后把本文件原样报送{office}；填报中的问题请向{office}咨询。",
    en="Send this file to the {office}, which also answers questions.",
)
_CHECK = Text(
    zh="报送前请看“审核”表：不通过的一项一项列出，点单元格地址可以直接跳过去改；上期数见单元格批注和“上期”表。",
    en="See the sheet Checks first: what fails links to its cell. Comments and the sheet "
    "Last period have the figures of last period.",
)


def write_help(sheet: Worksheet, styles: Styles, occasion: Occasion, forms: Sequence[Form]) -> None:
    """Write the help sheet."""
    scheme, language = occasion.scheme, occasion.language
    sheet.set_default_row(_ROW_HEIGHT)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    last = len(_WIDTHS) - 1
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, last, scheme.title.in_(language), styles("title"))
    whose = f"{occasion.county.name.in_(language)}　{occasion.period.label(language)}"
    sheet.merge_range(1, 0, 1, last, whose, styles("centre"))
    row = _contents(sheet, styles, occasion, forms)
    row = _section(sheet, styles, row, _COLOURS.in_(language))
    for style, text in _LEGEND:
        sheet.write_blank(row, 0, None, styles(style))
        sheet.merge_range(row, 1, row, last, text.in_(language), styles("left"))
        row += 1
    row = _section(sheet, styles, row, _HOW.in_(language))
    rules = [rule.in_(language) for rule in _RULES]
    row = _sentences(sheet, styles, row, rules)
    row = _section(sheet, styles, row, _ASK.in_(language))
    asked = _ASKED.in_(language).format(office=scheme.issued_by.in_(language))
    _sentences(sheet, styles, row, [_CHECK.in_(language), asked])
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.protect()


def _contents(sheet: Worksheet, styles: Styles, occasion: Occasion, forms: Sequence[Form]) -> int:
    language = occasion.language
    row = _section(sheet, styles, 2, _FORMS.in_(language))
    for column, heading in enumerate(_COLUMNS):
        sheet.write_string(row, column, heading.in_(language), styles("heading"))
    for number, form in enumerate(forms, start=1):
        row += 1
        sheet.write_number(row, 0, number, styles("number"))
        sheet.write_string(row, 1, form.document_no, styles("label"))
        link, title = f"internal:'{form.sheet_name_in(language)}'!A1", form.title.in_(language)
        sheet.write_url(row, 2, link, styles("link"), title)
        sheet.write_string(row, 3, _BODIES[form.body].in_(language), styles("label"))
        sheet.write_string(row, 4, _due(occasion.scheme, form, occasion.period), styles("label"))
    return row + 1


def _section(sheet: Worksheet, styles: Styles, row: int, text: str) -> int:
    sheet.set_row(row, 27)
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, text, styles("section"))
    return row + 1


def _sentences(sheet: Worksheet, styles: Styles, row: int, sentences: Sequence[str]) -> int:
    for number, sentence in enumerate(sentences, start=1):
        text = f"{number}. {sentence}"
        sheet.set_row(row, 20 if shown_width(text) <= _LINE else 36)
        sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, text, styles("note"))
        row += 1
    return row


def _due(scheme: Scheme, form: Form, period: Period) -> str:
    """The last day of a form; none for a period that is not in the calendar."""
    entry = next((entry for entry in scheme.periods if entry.id == period.id), None)
    return "" if entry is None else scheme.due(form, entry).isoformat()
