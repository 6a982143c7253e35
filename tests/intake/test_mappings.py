"""What a mapping file can say: tables of any kind, trees, forms; dates, words, labels, grades and zones of a source."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as library

from insight_kernel.intake.items import Bad, Item
from insight_kernel.intake.lines import LONGEST
from insight_kernel.intake.mapping.records import read_mapping
from insight_kernel.intake.mapping.zone import check_digit
from insight_kernel.model.schema import vocabulary
from insight_kernel.model.values import clean
from tests.build import write_yaml

PERSON = {"schema": "Person", "key": "Number", "properties": {"name": {"column": "Name"}}}


def records(tmp_path: Path, file: str, content: str | bytes, **said: Any) -> list[Item | Bad]:
    """Read a file by a mapping of one person, whose parts can be said otherwise."""
    person = {**PERSON, "properties": {**PERSON["properties"], **said.pop("properties", {})}}  # type: ignore[dict-item]
    query = {"file": file, "entities": {"person": {**person, **said.pop("person", {})}, **said.pop("others", {})},
             **said.pop("query", {})}  # fmt: skip
    path = write_yaml(tmp_path / "mapping.yml", {"people": {"queries": [query], **said}})
    (tmp_path / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_mapping(path, vocabulary(), 2026).items(tmp_path / file))


def values(items: list[Item | Bad], name: str) -> list[list[str]]:
    """Return the values of a property of the first entity of each item."""
    return [
        [] if isinstance(item, Bad) else list(item.entities[0].properties.get(name, ())) for item in items
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.csv", "Number;Name\n1;Ana Sample\n2;Łukasz Próbny\n"),
        ("a.tsv", "Number\tName\n1\tAna Sample\n2\tŁukasz Próbny\n"),
        ("a.csv", "Number|Name\n1|Ana Sample\n2|Łukasz Próbny\n".encode("utf-16")),
        ("a.csv", "\ufeffNumber,Name\r\n1,Ana Sample\r\n2,Łukasz Próbny\r\n"),
        ("a.json", json.dumps([{"Number": 1, "Name": "Ana Sample"}, {"Number": 2, "Name": "Łukasz Próbny"}])),
        ("a.jsonl", '{"Number": "1", "Name": "Ana Sample"}\n{"Number": "2", "Name": "Łukasz Próbny"}\n'),
    ],
)
def test_the_same_records_in_any_form(tmp_path: Path, file: str, content: str | bytes) -> None:
    """What parts cells, and how letters are written, is found by looking."""
    assert values(records(tmp_path, file, content), "name") == [["Ana Sample"], ["Łukasz Próbny"]]


def test_records_of_xml(tmp_path: Path) -> None:
    """Elements and attributes by their paths, several of one name several values, name spaces left aside."""
    content = """<r:report xmlns:r="x"><people><person no="1"><Name>Ana</Name><Name>Anna</Name></person>
                 <person no="2"><Name/></person></people></r:report>"""
    found = records(tmp_path, "a.xml", content, query={"records": "people.person"}, person={"key": "@no"})
    assert values(found, "name") == [["Ana", "Anna"], []]


def test_a_row_for_each_of_what_lies_in_a_record(tmp_path: Path) -> None:
    """One record, one person, two warrants, each linked to him."""
    warrant = {"schema": "Warrant", "key": ["Number", "warrants.charge"], "properties": {
        "subject": {"entity": "person"}, "summary": {"column": "warrants.charge"}}}  # fmt: skip
    notice = {"Number": "7", "Name": "Ana", "warrants": [{"charge": "fraud"}, {"charge": "theft"}]}
    [item] = records(
        tmp_path, "a.json", json.dumps(notice), query={"each": "warrants"}, others={"warrant": warrant}
    )
    assert isinstance(item, Item)
    person, *warrants = item.entities
    assert [w.properties for w in warrants] == [
        {"summary": [c], "subject": [person.id]} for c in ("fraud", "theft")
    ]


def test_forms_of_messages(tmp_path: Path) -> None:
    """A mail is a record with what its form says of people; a section for each of them; the mail is their proof."""
    mail = """From: ncb@example.org
Subject: Request A-1
Message-ID: <1@example.org>

Reference: A-1

[Person]
Number: 1
Name: Ana Sample

[Person]
Number: 2
Name: Omar
  Sample
"""
    found = records(tmp_path, "a.eml", mail, query={"each": "Person"},
                    person={"key": "Person.Number"},
                    properties={"name": {"column": "Person.Name"}, "proof": {"column": "@id"},
                                "notes": {"template": "{{Reference}} of {{@subject}}"}})  # fmt: skip
    [item] = found
    assert isinstance(item, Item)
    email, *people = item.entities
    assert email.schema == "Email"
    assert [dict(person.properties) for person in people] == [
        {"name": [name], "proof": [email.id], "notes": ["A-1 of Request A-1"]}
        for name in ("Ana Sample", "Omar\nSample")
    ]


NOTE = """Handling: confidential
To: MA

A note.
"""
MAIL = """From: ncb@example.org
Subject: Request
Content-Type: multipart/mixed; boundary=x

--x

Handling: {}
To: {}

See the note.
--x
Content-Type: text/plain
Content-Disposition: attachment; filename=note.txt

{}
--x--
"""


@pytest.mark.parametrize(
    ("handling", "to", "note", "expected"),
    [
        ("restricted", "FR, MA", "A note.", {"level": "restricted", "only": ["FR", "MA"]}),
        ("restricted", "FR, MA", NOTE, {"level": "confidential", "only": ["MA"]}),
        ("confidential", "MA", NOTE.replace("confidential", "official"), {"level": "confidential", "only": ["MA"]}),
        ("secret", "MA", NOTE, {"level": "secret", "only": ["MA"]}), ("", "", "A note.", None),
        ("restricted", "", "A note.", "lies in what was not taken"),
    ],
)  # fmt: skip
def test_what_is_attached_is_not_shown_to_more_people(
    tmp_path: Path, handling: str, to: str, note: str, expected: Any
) -> None:
    """It has the label of the message it lies in, and its own where that is stricter; of a bad one it is bad too."""
    found = records(tmp_path, "a.eml", MAIL.format(handling, to, note), query={"filters_not": {"Handling": ""},
                    "required": ["To"]}, person={"key": "Handling"}, properties={"name": {"column": "To"}},
                    label={"level": {"column": "Handling"}, "only": {"column": "To", "split": ","}})  # fmt: skip
    part = found[-1]
    assert (part.rule if isinstance(part, Bad) else part.label) == expected


@pytest.mark.parametrize(
    ("order", "written", "read"),
    [
        ("DMY", "3/5/2024", "2024-05-03"), ("MDY", "3/5/2024", "2024-03-05"), ("YMD", "2024.5.3", "2024-05-03"),
        ("DMY", "2024-05-03", "2024-05-03"), ("DMY", "05/2024", "2024-05"), ("DMY", "2024", "2024"),
        ("DMY", "00.00.1975", "1975"), ("DMY", "03052024", "2024-05-03"), ("DMY", "3.5.24", "3.5.24"),
        ("DMY", "3 May 2024", "3 May 2024"), ("DMY", "03/05/2024 7:05", "2024-05-03T7:05"),
        ("DMY", "31.02.1984", "31.02.1984"), ("DMY", "12/25/1979", "12/25/1979"),
    ],
)  # fmt: skip
def test_dates_in_the_order_of_their_source(tmp_path: Path, order: str, written: str, read: str) -> None:
    """Said once for a source; as precise as they are known; what cannot be told stays as it is."""
    content = f"Number;Name;Born\n1;Ana;{written}\n"
    found = records(tmp_path, "a.csv", content, dates=order, properties={"birthDate": {"column": "Born"}})
    assert values(found, "birthDate") == [[read]]


def test_words_of_a_source(tmp_path: Path) -> None:
    """A table says what its codes mean, after a cell was parted; a word that is not in it stays."""
    found = records(tmp_path, "a.csv", "Number,Name,Nat\n1,Ana,F/RFA/XX\n",
                    tables={"countries": {"F": "fr", "RFA": "de"}},
                    properties={"nationality": {"column": "Nat", "split": "/", "table": "countries"}})  # fmt: skip
    assert values(found, "nationality") == [["fr", "de", "XX"]]


def test_an_id_that_others_deliver_too(tmp_path: Path) -> None:
    """With `id_column` an entity has the id that stands there."""
    [item] = records(tmp_path, "a.csv", "Number,Name\np-1,Ana\n", person={"key": None, "id_column": "Number"})
    assert isinstance(item, Item)
    assert item.entities[0].id == "p-1"


def test_rows_that_are_not_meant(tmp_path: Path) -> None:
    """`filters` says which rows are, each column with one value or a list; `filters_not` which are not."""
    query = {"filters": {"Kind": ["P", "Q"]}, "filters_not": {"Name": "Test"}}
    found = records(
        tmp_path, "a.csv", "Number,Name,Kind\n1,Ana,P\n2,Eva,Q\n3,Acme,C\n4,Test,P\n", query=query
    )
    assert [len(item.entities) for item in found if isinstance(item, Item)] == [1, 1, 0, 0]


def test_what_a_record_must_say(tmp_path: Path) -> None:
    """A row of the query that does not say it is bad, as is a record with such a row; others need not say it."""
    found = records(tmp_path, "a.csv", "Number,Name,Kind\n1,Ana,P\n,Eva,P\n,Acme,C\n",
                    query={"filters": {"Kind": "P"}, "required": ["Number"]})  # fmt: skip
    assert [str(item) if isinstance(item, Bad) else len(item.entities) for item in found] == [
        1, "row 2: Number: is missing", 0]  # fmt: skip


def test_a_text_of_columns_that_say_nothing(tmp_path: Path) -> None:
    """It says nothing either, although there are words beside them."""
    found = records(tmp_path, "a.csv", "Number,Name,Cm\n1,Ana,170\n2,Eva,\n",
                    properties={"height": {"template": "{{Cm}} cm"}})  # fmt: skip
    assert values(found, "height") == [["170 cm"], []]


def test_a_record_says_its_label_and_grade(tmp_path: Path) -> None:
    """Fields of a label from columns or as they stand; a cell without anything says nothing."""
    found = records(tmp_path, "a.csv", "Number,Name,Level,Cases,S,I,To,Cc\n1,Ana,R,OP-A;OP-B,B,2,MA,FR\n2,Eva,,,,,,\n",
                    tables={"levels": {"R": "restricted"}},
                    label={"level": {"column": "Level", "table": "levels"}, "files": {"column": "Cases", "split": ";"},
                           "excluded": ["JP"], "only": {"columns": ["To", "Cc"]}},
                    grade={"scale": "4x4", "source": {"column": "S"}, "information": {"column": "I"}})  # fmt: skip
    assert [(item.label, item.grade) for item in found if isinstance(item, Item)] == [
        (
            {"level": "restricted", "files": ["OP-A", "OP-B"], "excluded": ["JP"], "only": ["MA", "FR"]},
            "4x4 B2",
        ),
        ({"excluded": ["JP"]}, None),
    ]


def test_a_grade_no_scale_has(tmp_path: Path) -> None:
    """It is the record that is wrong, not the file."""
    found = records(tmp_path, "a.csv", "Number,Name,S\n1,Ana,Z\n",
                    grade={"scale": "4x4", "source": {"column": "S"}, "information": "1"})  # fmt: skip
    assert [str(item) for item in found] == ["row 1: grade: scale, source or information is not known"]


def zone(number: str = "L898902C3", wrong: int = 0) -> str:
    """Return the second line of a passport; `wrong` is added to the check digit of its number."""
    digit = str((int(check_digit(number)) + wrong) % 10)
    parts = [number + digit, "7408122", "1204159", "ZE184226B<<<<<1"]
    return f"{parts[0]}UTO{parts[1]}F{parts[2]}{parts[3]}{check_digit(''.join(parts))}"


@pytest.mark.parametrize(
    ("lower", "typed", "expected"),
    [
        (zone(), "L898902C3", ["Anna Maria"]), (zone(), "L8989-02C3", ["Anna Maria"]), ("", "L898902C3", [""]),
        (zone(wrong=1), "L898902C3", "Zone: the check digit of its number is wrong"),
        (zone()[:-1] + "5", "L898902C3", "Zone: its last check digit is wrong"),
        (zone(), "L898902C4", "Passport: is not the number of the machine-readable zone"),
        (zone()[:30], "L898902C3", "Zone: is no machine-readable zone"),
    ],
)  # fmt: skip
def test_machine_readable_zones_are_checked(tmp_path: Path, lower: str, typed: str, expected: Any) -> None:
    """The example of ICAO Doc 9303: its parts are columns; one that does not fit is a bad record."""
    upper = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" if lower else ""
    content = f"Number,Name,Zone,Passport\n1,Anna,{upper}{lower},{typed}\n"
    [item] = records(tmp_path, "a.csv", content, zone={"column": "Zone", "number": "Passport"},
                     properties={"firstName": {"column": "zone.given"}})  # fmt: skip
    if isinstance(item, Bad):
        assert f"{item.field}: {item.rule}" == expected
    else:
        assert [name.title() for name in item.entities[0].properties["firstName"]] == [
            n for n in expected if n
        ]


BAD: dict[str, tuple[str, str | bytes, str]] = {
    "other letters in one row": ("a.csv", b"Number,Name\n1,Ana\n2,M\xfcller\n" + b"3,\xc5\x81\n" * 9,
                                 "row 2: is not text in the encoding of the file"),
    "a line without end": ("a.csv", "Number,Name\n1," + "x" * LONGEST + "\n2,Eva\n", "row 1: not CSV (is longer than"),
    "an object that is none": ("a.json", '[1, {"Number": 1}]', "record 1: is no object of texts"),
    "half a character": ("a.json", '[{"Number": "1", "Name": "\\ud800"}]', "record 1: is no object of texts"),
}  # fmt: skip


@pytest.mark.case("F15")
@pytest.mark.parametrize("name", BAD)
def test_a_record_that_cannot_be_read_is_one_bad_item(tmp_path: Path, name: str) -> None:
    """With its place and the rule; those after it are read."""
    file, content, expected = BAD[name]
    found = records(tmp_path, file, content)
    bad = [str(item) for item in found if isinstance(item, Bad)]
    assert len(bad) == 1
    assert bad[0].startswith(expected)


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("a.json", '{"a": 1', "is not JSON"), ("a.json", "[" * 100_000, "is nested too deep"),
        ("a.xml", "<a>", "is not XML"), ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities"),
        ("a.xml", "<a>" * 600 + "</a>" * 600, "is nested too deep"),
        ("a.csv", b"PK\x03\x04" + bytes(100), "is zip, although its name ends in .csv"),
        ("a.xlsx", "no workbook", "is of a kind|is no whole xlsx|has no sheet"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_whole(
    tmp_path: Path, file: str, content: str | bytes, expected: str
) -> None:
    """In one line."""
    with pytest.raises(ValueError, match=expected):
        records(tmp_path, file, content)


@given(
    st.integers(1, 999), st.text("0123456789", min_size=5, max_size=12), st.sampled_from(["", " ", "-", "."])
)
def test_phone_numbers_are_possible_as_the_library_says(code: int, national: str, gap: str) -> None:
    """What is read fast is read alike."""
    text = f"00{code}{gap}{gap.join(national[n : n + 3] for n in range(0, len(national), 3))}"
    try:
        number = phonenumbers.parse(f"+{text[2:]}", None)
        expected = phonenumbers.is_possible_number(number)
    except phonenumbers.NumberParseException:
        expected = False
    found = clean("phone", text)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if expected else None
    assert found == written or (written is not None and len(written) > 16)


def _accounts() -> st.SearchStrategy[str]:
    known = ["DE", "FR", "GB", "NL", "BE", "XX"]
    return st.builds(lambda c, rest: c + library.calc_check_digits(f"{c}00{rest}") + rest, st.sampled_from(known),
                     st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=10, max_size=24))  # fmt: skip


@given(
    _accounts(),
    st.sampled_from([lambda a: a, lambda a: f"{a[:4]} {a[4:]}", lambda a: a[:-1] + "0", str.lower]),
)
def test_account_numbers_are_valid_as_the_library_says(account: str, changed: Callable[[str], str]) -> None:
    """Check digits and the form of the country: what is read fast is read alike."""
    text = changed(account)
    expected = library.compact(text) if library.is_valid(text, check_country=False) else None
    assert clean("iban", text) == expected


def test_the_mapping_that_is_shown_is_one(tmp_path: Path) -> None:
    """What the page on loading shows of mappings can be used as it stands."""
    page = (Path(__file__).parents[2] / "docs" / "howto" / "load-your-files.md").read_text("utf-8")
    [shown] = re.findall(r"```yaml\n(people:.*?)```", page, re.DOTALL)
    (tmp_path / "mapping.yml").write_text(shown, "utf-8")
    assert read_mapping(tmp_path / "mapping.yml", vocabulary(), 2026).declared.zone
