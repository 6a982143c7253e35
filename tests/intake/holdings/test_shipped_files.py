"""`insight holdings`, and shipped mappings and profiles by their names in `insight load`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from insight_kernel.cli import main
from insight_kernel.commands.holdings import ShippedFile
from insight_kernel.errors import BadInput
from insight_kernel.intake.holdings.shipped import find, names

NOMINAL = find("nominal").folder


def insight(*words: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_delivery_of_a_shipped_layout_needs_no_files_of_its_own(tmp_path: Path) -> None:
    """The mapping and the profile are named as the holding is."""
    header, first, *_ = (NOMINAL / "example.csv").read_bytes().split(b"\r\n")
    (tmp_path / "week-46.csv").write_bytes(header + b"\r\n" + first + b"\r\n")
    named = ("--mapping", "nominal", "--label", "nominal", "--store", tmp_path / "store")
    found = insight("load", tmp_path / "week-46.csv", *named)
    assert found.output.strip().splitlines()[-1].startswith("1 read, 1 new, ")


def test_a_file_of_that_name_is_meant_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A holding's own file is meant only where no file is there."""
    monkeypatch.chdir(tmp_path)
    kind = ShippedFile("mapping.yml")
    assert kind.convert("nominal", None, None) == NOMINAL / "mapping.yml"
    (tmp_path / "nominal").write_text("")
    assert kind.convert("nominal", None, None) == Path("nominal")


def test_the_list_names_all_and_one_tells_its_columns() -> None:
    """For people and for programs."""
    listed = json.loads(insight("holdings", "--json").output)["holdings"]
    assert listed == {name: find(name).title for name in names()}
    assert all(name in insight("holdings").output for name in names())
    one = json.loads(insight("holdings", "nominal", "--json").output)
    assert one["columns"]["Geburtsdatum"] == ["Person.birthDate"]
    assert one["columns"]["Personen-ID"] == ["must be filled", "key of Person", "key of OffenceParty"]
    assert one["columns"]["VS-Grad"] == ["label.level"]
    assert str(NOMINAL / "example.csv") in insight("holdings", "nominal").output


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    """In one line."""
    with pytest.raises(BadInput, match=r"Cannot use the holding nominals: .*\(near: nominal\)"):
        find("nominals")
    assert insight("holdings", "nominals").exit_code == 1
