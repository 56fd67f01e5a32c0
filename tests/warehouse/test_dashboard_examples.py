"""Every statement in deploy/dashboards/README.md, run as it stands there."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

PAGE = Path(__file__).parents[2] / "deploy" / "dashboards" / "README.md"
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_example_finds_something(house: House) -> None:
    """On a warehouse in which one county has reported a few forms, one of them twice."""
    loans = {"bank": "农行", "task": Decimal(80), "lent_ytd": Decimal(40), "balance": Decimal(9)}
    funds = {"doc_no": "1", "issued": Decimal(8), "arrived": Decimal(2)}
    house.submit(
        house.filing("microcredit", "141031", loans),
        house.filing("fund_arrival", "141031", funds),
        house.filing("reduction", "141031", {"task": 5}),
    )
    house.submit(house.filing("microcredit", "141031", loans, period="2015-07"), name="month")
    house.publish(period="2015-07")
    target = {"county": "141031", "item": "lifted", "target": Decimal(9)}
    house.submit(house.filing("plan_targets", "141000", target), name="plan")
    house.publish()
    house.submit(house.filing("reduction", "141031", {"task": 7}), night=2)
    house.publish(night=2)
    found = {}
    with house.engine.connect() as connection:
        for example in EXAMPLES:
            if house.engine.dialect.name == "sqlite":
                example = example.replace("mart.", "mart_")
            found[example] = len(connection.execute(text(example)).all())
    assert len(found) == len(EXAMPLES) == 13
    assert [example for example, rows in found.items() if not rows] == []
