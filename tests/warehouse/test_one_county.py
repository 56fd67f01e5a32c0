import hmac

from schemas.consolidated.across import Column
from tests.databases import PERSON_KEY
from tests.warehouse.conftest import House
from warehouse.lines.one_county import accepted_values

YAODU, JI = "141002", "141028"
COLUMNS = (
    Column("hh_member", "id_no", "2015"),
    Column("relocation_list", "hh_no", "2015"),
)


def test_the_accepted_values_of_every_county(house: House) -> None:
    person = {"person_no": "1", "hh_no": "1", "id_no": "142601197001010010"}
    house.submit(house.filing("hh_member", YAODU, person))
    house.submit(house.filing("hh_member", YAODU, {**person, "id_no": "later"}), night=2)
    house.submit(house.filing("relocation_list", JI, {"hh_no": "H1"}))
    with house.engine.connect() as connection:
        found = accepted_values(connection, house.scheme, COLUMNS)
    later = found.pseudonym("later")
    assert found.values == {COLUMNS[0]: {YAODU: [later]}, COLUMNS[1]: {JI: ["H1"]}}
    assert later == hmac.new(PERSON_KEY, b"later", "sha256").hexdigest()
