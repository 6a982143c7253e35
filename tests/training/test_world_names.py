"""Invented names and numbers: each once, in two spellings that agree, valid to a checker, held by nobody."""

from random import Random

import phonenumbers
import pytest

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
