"""Parameters are checked against the sidecar before any kernel starts."""

import pytest

from insight_kernel.errors import BadInput
from insight_kernel.templates.parameters import check, parse_pairs
from insight_kernel.templates.sidecar import Sidecar, read_sidecar

SIDECAR = """
title: T
question: Q
purpose: network
parameters:
  type: object
  additionalProperties: false
  required: [subject]
  properties:
    subject: {type: string, pattern: "^[0-9a-f]{4}$", maxLength: 4, format: entity-id}
    depth: {type: integer, minimum: 1, maximum: 4}
    kind: {enum: [a, b]}
"""


@pytest.fixture
def sidecar() -> Sidecar:
    return read_sidecar(SIDECAR, "t.yml")


@pytest.mark.case("A57")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "parameter subject is missing (string of the form ^[0-9a-f]{4}$)"),
        ({"subject": None}, "parameter subject is not string of the form"),
        ({"subject": "SECRET"}, "parameter subject is not string of the form"),
        ({"subject": "00ff\n"}, "parameter subject is not string of the form"),
        ({"subject": ["00ff"]}, "parameter subject is not string of the form"),
        ({"subject": True}, "parameter subject is not string of the form"),
        ({"subject": 1.5}, "parameter subject is not string of the form"),
        ({"subject": 12}, "parameter subject is not string of the form"),
        ({"subject": "00ff", "depth": "2"}, "parameter depth is not integer at least 1 at most 4"),
        ({"subject": "00ff", "depth": 9}, "parameter depth is not integer at least 1 at most 4"),
        ({"subject": "00ff", "depth": True}, "parameter depth is not integer at least 1 at most 4"),
        ({"subject": "00ff", "kind": "SECRET"}, "parameter kind is not value one of a, b"),
        ({"subject": "00ff", "subjct": "SECRET"}, "unknown parameter subjct (known: subject, depth, kind)"),
        (
            {"subject": "00ff", "a=1;SECRET": 1},
            "unknown parameter with an odd name (known: subject, depth, kind)",
        ),
    ],
)
def test_wrong_parameters_are_named_and_never_repeated(sidecar, given, said):
    """One line names the parameter, what was expected and where that stands, and no value."""
    with pytest.raises(BadInput) as caught:
        check(given, sidecar)
    text = str(caught.value)
    assert said in text
    assert "t.yml" in text
    assert "SECRET" not in text
    assert "\n" not in text


@pytest.mark.parametrize("given", [{"subject": "00ff"}, {"subject": "1234", "depth": 4, "kind": "b"}])
def test_right_parameters_pass_unchanged(sidecar, given):
    """What the sidecar allows is what the template gets."""
    assert check(given, sidecar) == given


def test_digits_that_papermill_made_a_number_are_text_again(sidecar):
    """An id of digits only, turned into a number by `papermill -p`, is written back exactly."""
    assert check({"subject": 1234}, sidecar) == {"subject": "1234"}


def test_several_mistakes_come_at_once(sidecar):
    """All mistakes stand in one line."""
    with pytest.raises(BadInput, match=r"depth.*missing.*unknown"):
        check({"depth": 0, "other": 1}, sidecar)


def test_pairs_are_read_by_declared_type(sidecar):
    """Text stays text; numbers are read; what cannot be read is left for the check to name."""
    assert parse_pairs(["subject=1234", "depth=2"], sidecar) == {"subject": "1234", "depth": 2}
    assert parse_pairs(["depth=two", "subject=a=b"], sidecar) == {"depth": "two", "subject": "a=b"}


@pytest.mark.parametrize("pairs", [["subject"], ["subject=1", "subject=2"]])
def test_pairs_without_or_with_two_values_are_refused(sidecar, pairs):
    """Each parameter is given once, as name=value."""
    with pytest.raises(BadInput):
        parse_pairs(pairs, sidecar)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("title: T", "titel: T"), "exactly title, question, purpose, parameters"),
        (("purpose: network", "purpose: fun"), "purpose: one or more of"),
        (("additionalProperties: false", "additionalProperties: true"), "additionalProperties: false"),
        (("type: object", "type: objekt"), "parameters:"),
        (("depth:", "a-b:"), "not 'a-b'"),
        (("title: T", "title: ["), "exactly title"),
    ],
)
def test_a_sidecar_with_a_mistake_is_not_used(change, said):
    """A sidecar that leaves a parameter open is refused."""
    with pytest.raises(BadInput) as caught:
        read_sidecar(SIDECAR.replace(*change, 1), "t.yml")
    assert said in str(caught.value)
    assert "t.yml" in str(caught.value)
