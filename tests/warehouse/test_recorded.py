"""What a night recorded, filing by filing, with how much was found in each."""

from schemas.findings import Finding, Severity
from tests.warehouse.conftest import House
from warehouse.stewards.recorded import Recorded, recorded_at

XI, FENXI = "141031", "141034"
MISSING = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})
DOUBTFUL = MISSING.model_copy(update={"severity": Severity.WARNING})
ON_TRIAL = DOUBTFUL.model_copy(update={"trial": True, "parameters": {"column": "y"}})


def recorded(house: House, *nights: int) -> tuple[Recorded, ...]:
    with house.engine.connect() as connection:
        return recorded_at(connection, [house.night(number) for number in nights])


def test_each_filing_of_some_nights_is_told_with_what_was_found_but_for_what_is_on_trial(
    house: House,
) -> None:
    bad = house.filing("pv", XI, {"station_no": "1"}, findings=[MISSING])
    good = house.filing("reduction", XI, {"task": 400}, findings=[DOUBTFUL, ON_TRIAL])
    house.submit(bad, good, name="xi.xlsx")
    house.submit(house.filing("reduction", FENXI, {"task": 300}), night=2, name="fenxi.xlsx")
    of_xi = (
        Recorded("xi.xlsx", XI, "2015", "pv", "refused", None, 1, 0, 0),
        Recorded("xi.xlsx", XI, "2015", "reduction", "accepted", None, 0, 1, 0),
    )
    of_fenxi = Recorded("fenxi.xlsx", FENXI, "2015", "reduction", "accepted", None, 0, 0, 0)
    assert recorded(house, 1) == of_xi
    assert recorded(house, 1, 2) == (*of_xi, of_fenxi)
    assert recorded(house, 3) == ()


def test_a_file_without_a_filing_is_told_too(house: House) -> None:
    house.submit(name="photos.xlsx", findings=[MISSING])
    assert recorded(house, 1) == (Recorded("photos.xlsx", None, None, None, None, None, 1, 0, 0),)
