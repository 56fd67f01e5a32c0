from tests.bench_province.arithmetic import Municipality, regions


def test_a_share_of_the_registers_grows_to_the_whole_and_the_rest_stays() -> None:
    without, tenth = Municipality(20.0, 5.0, 100.0), Municipality(32.0, 6.0, 130.0)
    assert Municipality.of(without, tenth, 0.1) == Municipality(140.0, 5.0, 400.0)


def test_a_province_is_eleven_and_the_country_as_many_as_its_counties_make() -> None:
    one, province, country = regions(Municipality(216.0, 5.0, 2.0))
    assert (one.cores, province.processor) == (0.01, 2376.0)
    assert country.municipalities == 2844 / 17
    assert country.kept == 2 * 2844 / 17
