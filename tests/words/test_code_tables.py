"""The published code tables."""

import csv
from pathlib import Path

import pytest

from app import codes


def test_every_table_has_distinct_codes_with_names() -> None:
    folder = Path(codes.__file__).parent / "data" / "codes"
    for table in codes.tables().values():
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as lines:
            written = [(row["code"], row["name"]) for row in csv.DictReader(lines)]
        assert [(row.code, row.name) for row in table] == written
        assert len(table) == len(written)
        assert all(code and name for code, name in written)


def test_a_table_knows_its_codes_and_their_names() -> None:
    natures = codes.tables()["unit_nature"]
    assert "31" in natures
    assert "30" not in natures
    assert None not in natures
    assert natures.name_of("31") == "国有企业"
    assert natures["40"].extra == {"public_sector": "true"}
    with pytest.raises(KeyError):
        natures.name_of("30")


def test_tables_are_read_once_and_cannot_be_changed() -> None:
    assert codes.tables() is codes.tables()
    with pytest.raises(TypeError):
        codes.tables()["gender"] = codes.tables()["region"]  # type: ignore[index]


def test_the_56_ethnic_groups_and_the_two_rests_have_their_codes() -> None:
    groups = codes.tables()["ethnicity"]
    assert [row.code for row in groups] == [*(f"{n:02}" for n in range(1, 57)), "97", "98"]
    assert [groups.name_of(code) for code in ("01", "05", "15", "30", "56")] == [
        "汉族",
        "维吾尔族",
        "土家族",
        "土族",
        "基诺族",
    ]


def test_the_province_has_16_cities_and_151_county_bureaus_15_of_them_development_zones() -> None:
    assert len(codes.cities()) == 16
    assert len(codes.counties()) == 151
    assert len({county.code for county in codes.counties()}) == 151
    assert sum("区" in county.name and "70" < county.code[4:] < "80" for county in codes.counties()) == 15
    assert {county.extra["parent"] for county in codes.counties()} == {city.code for city in codes.cities()}


def test_the_official_list_has_145_schools() -> None:
    schools = {school.code: school for school in codes.schools()}
    assert len(schools) == 145
    assert schools["10422"] == codes.School("4137010422", "10422", "山东大学", "教育部", "济南市", "本科")


@pytest.mark.parametrize(
    ("region", "province"),
    [
        ("370102", "山东省"),
        ("371203", "山东省"),
        ("512301", "四川省"),
        ("810000", "香港特别行政区"),
        ("990000", None),
        ("", None),
    ],
)
def test_a_region_lies_in_the_province_of_its_first_two_digits(region: str, province: str | None) -> None:
    found = codes.province_of(region)
    assert (found and found.name) == province
    assert codes.is_in_province(region) == (province == "山东省")
