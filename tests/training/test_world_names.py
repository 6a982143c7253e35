"""Invented names and numbers: each once, in two spellings that agree, valid to a checker, held by nobody."""

import re
from itertools import cycle, islice
from random import Random

import phonenumbers
import pytest

from insight_kernel.training.world.background.names import Names
from insight_kernel.training.world.background.numbers import Numbers, free_plates
from insight_kernel.training.world.cast import COUNTRIES
from insight_kernel.training.world.names import names
from insight_kernel.training.world.reserved import PHONE_RANGES, phones


@pytest.mark.parametrize("culture", sorted(COUNTRIES))
def test_each_name_comes_once_and_is_always_heard_differently_abroad(culture):
    """No name is repeated, and the spelling by ear never equals the name itself."""
    drawn = list(names(culture, Random(5)))
    assert len({name.latin for name in drawn}) == len(drawn) >= 24
    assert [name.latin for name in drawn if name.variant == name.latin] == []


@pytest.mark.parametrize(
    ("culture", "native"),
    [("ar", True), ("uk", True), ("el", True), ("zh", True), ("ja", True), ("fr", False), ("sw", False)],
)
def test_a_second_script_is_given_where_the_country_has_one(culture, native):
    """The native spelling holds no Latin letter, or is the Latin name itself."""
    for name in names(culture, Random(5)):
        assert (name.native != name.latin) is native
        assert any("a" <= sign <= "z" for sign in name.native) is not native


@pytest.mark.parametrize("region", sorted(PHONE_RANGES))
def test_reserved_numbers_are_valid_and_come_once(region):
    """A checker of number plans accepts every number of the range, so that cleaning keeps it."""
    numbers = list(phones(region))
    assert len(set(numbers)) == len(numbers) >= 99
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


@pytest.mark.parametrize("gender", ["male", "female"])
@pytest.mark.parametrize("culture", sorted(COUNTRIES))
def test_names_of_the_background_suffice_for_the_largest_world(culture, gender):
    """Six thousand of each culture and gender, each once, heard differently abroad and in the country's script."""
    drawn = list(islice(Names(culture, gender, Random(5)), 6_000))
    assert len({name.latin for name in drawn}) > 5_990
    assert [name.latin for name in drawn if name.variant == name.latin] == []
    if culture in ("ar", "uk", "el", "zh", "ja"):
        assert [name.native for name in drawn if re.search("[A-Za-z]", name.native)] == []


def test_telephone_numbers_of_the_background_suffice_for_the_largest_world():
    """Sixty thousand, whatever the country asked for, each once; a checker accepts them as valid."""
    numbers = Numbers(Random(5), {"+33199000017"})
    countries = cycle(["fr", "ma", "de", "gr", "ua", "br", "ke", "jp", "cn"])
    given = [numbers.next(next(countries)) for _ in range(60_000)]
    assert len(set(given)) == len(given)
    assert "+33199000017" not in given
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in given[::20])


@pytest.mark.parametrize(
    ("country", "pattern"),
    [("FR", r"[IOU]{2}-\d{3}-[IOU]{2}"), ("DE", r"Q[A-Z]-[A-Z]{2} \d{3}"), ("GR", r"Q[IO][A-Z]-\d{4}")],
)
def test_plates_of_the_background_are_issued_by_nobody(country, pattern):
    """Signs no authority uses, each plate once."""
    plates = list(islice(free_plates(country, Random(5), set()), 20_000))
    assert len(set(plates)) == len(plates) == 20_000
    assert [plate for plate in plates if not re.fullmatch(pattern, plate)] == []
