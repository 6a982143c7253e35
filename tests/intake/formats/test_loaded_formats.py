"""What is delivered in a format of exchange is loaded like everything else, and its own labels only narrow."""

from pathlib import Path
from typing import Any

import pytest

from insight_kernel.intake.delivered import delivered_files
from insight_kernel.intake.formats import FORMATS
from insight_kernel.intake.formats.terms import Head
from insight_kernel.intake.items import Entity, Item
from insight_kernel.intake.load import work
from tests.build import DAY, handed, profile, write_yaml

PEOPLE = [
    Item("", b"", (Entity("a", "Person", {"name": ["Ana"], "birthDate": ["1990"]}),)),
    Item("", b"", (Entity("c", "Company", {"name": ["Cordoba Lines"]}),)),
    Item("", b"", (Entity("o", "Ownership", {"owner": ["a"], "asset": ["c"]}),)),
]


def loaded(path: Path, **label: Any) -> dict[str, Any]:
    """Stage one file under a source profile; return what the gateway would be told."""
    said = write_yaml(path.parent / "profile.yml", profile(source="s", **label))
    job = {"deliveries": [handed([path], said)], "key": "00" * 32, "day": DAY.isoformat(),
           "staging": str(path.parent / "staging")}  # fmt: skip
    [event] = [event for event in work(job) if event["event"] != "progress"]
    return event


@pytest.mark.parametrize(
    "name", [ending for found in FORMATS.values() for ending in (*found.endings, *found.perhaps)]
)
def test_each_format_is_loaded_by_its_name_and_content(name: str, tmp_path: Path) -> None:
    """Found in a folder by their endings; the same values whatever the format."""
    [found, *_] = [f for f in FORMATS.values() if name in f.endings] or [
        f for f in FORMATS.values() if name in f.perhaps
    ]
    path = tmp_path / f"x{name}"
    with path.open("wb") as out:
        found.write(PEOPLE, out, Head())
    assert delivered_files(iter([tmp_path])) == [path]
    event = loaded(path)
    assert (event["event"], event["read"], event["bad"]) == ("staged", 3, [])
    assert event["values"] == 6  # name, birth date and status; name; both ends


@pytest.mark.parametrize("name", ["stix", "umf"])
@pytest.mark.parametrize(
    ("own", "source", "rule"),
    [
        ({"level": "restricted"}, {"level": "official"}, None),
        ({"level": "restricted"}, {"level": "confidential"}, "would show more than the label of its source"),
        ({"owner": "DE"}, {}, "would show more than the label of its source"),
        ({"only": ["FR"]}, {}, None),
        ({"only": ["FR", "DE"]}, {"only": ["FR"]}, "would show more than the label of its source"),
    ],
)
@pytest.mark.case("L10")
def test_a_marking_wider_than_its_source_is_rejected(
    name: str, own: dict[str, Any], source: dict[str, Any], rule: str | None, tmp_path: Path
) -> None:
    """What a file says of itself binds where it is stricter; what would widen goes to quarantine."""
    path = tmp_path / f"x{FORMATS[name].endings[0]}"
    with path.open("wb") as out:
        FORMATS[name].write([Item("", b"", PEOPLE[1].entities, own)], out, Head())
    event = loaded(path, **source)
    assert [bad["rule"] for bad in event["bad"]] == ([] if rule is None else [rule])
    for label in event["labels"]:
        assert label.items() >= own.items()
