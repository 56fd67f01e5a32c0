"""What the values and tests of a record are called.

A value is `indicator!row`, a test `check@where`; where a record is of several filings, each name is
led by that of its filing and a slash.
"""

TOTAL = "total"
"""What stands for the row in the name of a written total."""


def edit_id(check: str, where: str) -> str:
    """The name of the edit that a check is at a place."""
    return f"{check}@{where}"


def value_name(indicator: str, row: str) -> str:
    """The name of a value in the record."""
    return f"{indicator}!{row}"


def column_of(name: str) -> str:
    """The indicator of a value of the record."""
    return name.partition("!")[0]


def row_of(name: str) -> str:
    """The row of a value of the record, or TOTAL."""
    return name.partition("!")[2]


def filing_of(name: str) -> str:
    """What leads the name of a value or column: its filing, where there are several."""
    return name.rpartition("/")[0]


def line_of(name: str) -> str:
    """The line of a value of the record: its row, and the filing where there are several."""
    return f"{filing_of(name)}!{row_of(name)}"
