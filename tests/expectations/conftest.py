"""Hand-made filings of the real scheme: valid ones, in which a test changes a cell."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from schemas.filing import NIL, ROW, Filing, Total, typed_frame
from schemas.findings import Finding
from schemas.models import Form, Scheme
from schemas.period import Period

Line = dict[str, object]

FIRST_ROW = 8
YAODU = "141002"


def _survey(band: str, villages: int, persons: int, plan: int) -> Line:
    return {
        "pop_band": band,
        "villages": villages,
        "households": persons // 4,
        "persons": persons,
        "plan5_households": plan // 4,
        "plan5_persons": plan,
    }


def _training(kind: str, quota: int) -> Line:
    return {
        "kind": kind,
        "quota": quota,
        "classes": 8,
        "person_times": 500,
        "completed": quota,
        "done_pct": Decimal("100.00") if quota else None,
        "materials": 0,
        "subsidy": Decimal(quota) / 10,
    }


VALID: Mapping[str, list[Line]] = {
    "relocation_survey": [
        _survey("le100", 40, 1600, 400),
        _survey("p101_150", 10, 1200, 0),
        _survey("p151_200", 10, 1800, 0),
        _survey("p201_300", 2, 500, 0),
    ],
    "relocation_progress": [
        {
            "site_name": "河西新村",
            "mode": "new_village",
            "plan_households": 120,
            "plan_persons": 480,
            "started_households": 110,
            "completed_households": 80,
            "main_works_pct": Decimal("66.67"),
            "moved_households": 60,
            "moved_persons": 240,
            "funds_plan": Decimal("384.0000"),
            "funds_arrived": Decimal("300.0000"),
            "funds_paid": Decimal("200.0000"),
            "paid_pct": Decimal("66.67"),
            "problems": None,
        }
    ],
    "biogas": [
        {
            "stock_prev": 4800,
            "plan_year": 300,
            "built_period": 101,
            "built_ytd": 240,
            "sealed": 101,
            "stock_now": 5040,
            "plan_pct": Decimal("80.00"),
            "five_one_households": 30,
            "residue_households": 2000,
        }
    ],
    "fund_arrival": [
        {
            "doc_no": f"晋财农〔2015〕{number}号",
            "source_level": "province",
            "fund_kind": "development",
            "fund_year": 2015,
            "issued_on": date(2015, 3, 1),
            "issued": Decimal("100.0000"),
            "arrived_on": date(2015, 3, 21),
            "arrived": Decimal("80.5000"),
            "paid": Decimal("60.0000"),
            "spent": Decimal("50.2500"),
            "balance": Decimal("30.2500"),
            "arrival_pct": Decimal("80.50"),
            "delay_days": 20,
        }
        for number in (105, 106)
    ],
    "training": [
        _training("practical", 300),
        _training("employment", 400),
        _training("farmer", 400),
        _training("yulu", 0),
        _training("science", 0),
    ],
    "reduction": [
        {
            "start_persons": 9000,
            "task": 2000,
            "lifted": 2000,
            "returned": 30,
            "new": 20,
            "natural_decrease": 50,
            "end_persons": 7000,
            "rural_pop": 90000,
            "incidence": Decimal("7.78"),
            "delist_year": 2018,
        }
    ],
    "pv": [
        {
            "station_no": f"CJ{number:03}",
            "village": "上村",
            "kind": kind,
            "capacity_kw": Decimal(capacity),
            "status": status,
            "grid_date": date(2015, 9, 30) if status == "grid" else None,
            "gen_period": Decimal("30000.00") if status == "grid" else Decimal("0.00"),
            "gen_cum": Decimal("30000.00") if status == "grid" else Decimal("0.00"),
            "income": Decimal("2.9400") if status == "grid" else Decimal("0.0000"),
            "households": 20,
        }
        for number, kind, capacity, status in (
            (1, "village", "100.00", "grid"),
            (2, "village", "100.00", "built"),
            (3, "ground", "20000.00", "building"),
        )
    ],
    "hh_register": [
        {
            "hh_no": f"H{number:04}",
            "township": "河西乡",
            "village": "上村",
            "village_group": None,
            "head_name": "王某某",
            "head_id": "11010519491231002X",
            "standard": "national",
            "hh_type": "general",
            "persons": 4,
            "cause1": "illness",
            "other_cause1": None,
            "other_cause2": None,
            "net_income_pc": Decimal("2300.00"),
            "floor_area": Decimal("80.00"),
            "want_move": "no",
            "phone": "13803570000",
            "status": "poor",
            "exit_year": 2018,
        }
        for number in range(1, 31)
    ],
    "hh_member": [
        {
            "hh_no": "H0001",
            "person_no": "P0001",
            "member_name": "王某某",
            "id_no": "440524188001010014",
            "relation": "head",
            "sex": "male",
            "ethnic_group": "han",
            "education": "primary",
            "in_school": "not_in_school",
            "health": "healthy",
            "labour": "ordinary",
            "work_months": 6,
            "coop_med": "yes",
        }
    ],
}

PERIODS = {"relocation_survey": "2003H1", "biogas": "2003H1"}


def form_of(scheme: Scheme, name: str) -> Form:
    """A form as it is in the period of its hand-made filings."""
    return scheme.at(Period.parse(PERIODS.get(name, "2015"))).form(name)


class Desk:
    """Fills in forms: every one is valid until a test changes it."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme

    def filing(
        self,
        form: str,
        *changes: Line,
        county: str = YAODU,
        lines: list[Line] | None = None,
        totals: tuple[Total, ...] = (),
        findings: tuple[Finding, ...] = (),
        without: tuple[str, ...] = (),
    ) -> Filing:
        """A filing whose first lines are changed, whose columns are A, B, C, … less some."""
        declared = form_of(self.scheme, form)
        filled = deepcopy(VALID[form] if lines is None else lines)
        for line, change in zip(filled, changes, strict=False):
            line.update(change)
        for number, line in enumerate(filled):
            line.update({ROW: FIRST_ROW + number, NIL: None})
            line.update(dict.fromkeys(without))
        letters = {indicator.name: chr(65 + n) for n, indicator in enumerate(declared.indicators)}
        return Filing(
            form=form,
            county=county,
            period=PERIODS.get(form, "2015"),
            sheet=declared.sheet_name,
            frame=typed_frame(declared, filled),
            columns={name: letter for name, letter in letters.items() if name not in without},
            totals=totals,
            findings=findings,
        )


@pytest.fixture(scope="session")
def filing(scheme: Scheme) -> Callable[..., Filing]:
    """Make a filing; see `Desk.filing`."""
    return Desk(scheme).filing
