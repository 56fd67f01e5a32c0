"""Mess with whose return it is, and for which period."""

from random import Random

from tests.mess.kinds import kind
from tests.mess.page import Return


@kind("繁体县名")
def traditional(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_county = f"填報單位：{page.county.traditional_name}".replace(
            "填報單位", "填报单位"
        )
    return True


@kind("县名只在文件名")
def county_in_name(made: Return, random: Random) -> bool:
    if made.pages[0][1].county.name.zh not in made.name:
        return False
    for _, page in made.pages:
        page.stated_county = ""
    return True


@kind("县名与文件名不符")
def other_county_in_name(made: Return, random: Random) -> bool:
    if not all(page.stated_county for _, page in made.pages):
        return False
    made.name = "2003H1/曲沃县.xlsx"
    return True


@kind("县名写拼音")
def county_in_pinyin(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_county = "填报单位：Jixian"
    return True


@kind("县名写在横线上")
def county_on_a_line(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_county = random.choice(
            ("填报单位：___{}___", "填报单位（盖章）：（{}）")
        ).format(page.county.name.zh)
    return True


@kind("报告期在标题")
def period_in_title(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_period = ""
        page.above.append(f"（{page.period.label('zh')}）")
    return True


@kind("报告期用中文数字")
def period_in_numerals(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_period = random.choice(
            ("二〇〇三年上半年", "二○○三年上半年", "二OO三年上半年", "２００３年上半年")
        )
    return True


@kind("报告期写起止月份")
def period_by_months(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_period = random.choice(
            ("2003年1-6月", "２００３年１～６月份", "2003年1月至6月")
        )
    return True


@kind("报告期分格写")
def period_over_cells(made: Return, random: Random) -> bool:
    if any(page.stated_unit for _, page in made.pages):
        return False
    for _, page in made.pages:
        page.stated_period, page.stated_unit = "2003年", "上半年"
    return True


@kind("报告期只在文件名")
def period_in_name(made: Return, random: Random) -> bool:
    for _, page in made.pages:
        page.stated_period = ""
    return True
