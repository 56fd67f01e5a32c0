"""ID numbers as array expressions of a workbook: what one is, and what it says of its holder.

The same in a workbook's words as `schemas.language.id_number`.
"""

from schemas.language.id_number import CHECKS, WEIGHTS


def plain(words: str) -> str:
    """A text without blanks, in capitals."""
    return f'UPPER(SUBSTITUTE({words}," ",""))'


def is_id_number(text: str) -> str:
    """1 where a plain text is the number of an identity document."""
    length = f"LEN({text})"
    weights = ";".join(map(str, WEIGHTS))
    places = ",".join(str(place) for place in range(1, len(WEIGHTS) + 1))
    remainder = f"MOD(MMULT(IFERROR(--MID({text},{{{places}}},1),0),{{{weights}}}),11)"
    last = f'MID("{CHECKS}",{remainder}+1,1)=MID({text},18,1)'
    long = f"({last})*{_digits(text, 17)}*{_is_date(text, 7, 4)}"
    certificate = f"(({length}=18)+({length}=20)*ISNUMBER(--RIGHT({text},2)))"
    old = f"({length}=15)*{_digits(text, 15)}*{_is_date(text, 7, 2)}"
    return f"({certificate}*{long}+{old}>0)"


def is_male(text: str) -> str:
    """1 where an ID number is a man's; anything where there is none."""
    return f"MOD(IF(LEN({text})=15,RIGHT({text},1),MID({text},17,1)),2)"


def birth_date(text: str) -> str:
    """The date of birth of an ID number as a number: 19491231; an error where there is none."""
    return f'--IF(LEN({text})=15,"19"&MID({text},7,6),MID({text},7,8))'


def _digits(text: str, length: int) -> str:
    """1 where a text begins with so many digits."""
    places = ",".join(str(place) for place in range(1, length + 1))
    ones = ";".join("1" * length)
    return f"(MMULT(--ISNUMBER(--MID({text},{{{places}}},1)),{{{ones}}})={length})"


def _is_date(text: str, first: int, year_digits: int) -> str:
    """1 where a text has a date at a place: year, two digits of the month, two of the day."""
    year = f"MID({text},{first},{year_digits})"
    if year_digits == 2:
        year = f'"19"&{year}'
    month, day = (f"MID({text},{first + year_digits + skip},2)" for skip in (0, 2))
    made = f"DATE({year},{month},{day})"
    return f"IFERROR((MONTH({made})=--{month})*(DAY({made})=--{day}),0)"
