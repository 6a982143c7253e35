"""Files made to do harm, and files that are none of their format: one clear reason each, and the rest is read."""

import csv
import io
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from insight_kernel.intake.formats import FORMATS, format_of
from insight_kernel.intake.formats.terms import Head
from insight_kernel.intake.formats.umf import NAMESPACE, SCHEMA
from insight_kernel.intake.items import Bad, Entity, Item

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % l9 SYSTEM "file:///etc/passwd"> %l9;]>'
ROOTS = {
    "umf": f'<umf xmlns="{NAMESPACE}" version="1" made="2026-01-01">'
    '<person id="a" schema="Person"><value name="name">{}</value></person></umf>',
    "graphml": '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d" for="node" attr.name="schema" '
    'attr.type="string"/><graph edgedefault="directed"><node id="a"><data key="d">{}</data></node></graph></graphml>',
    "gexf": '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph><attributes class="node">'
    '<attribute id="0" title="schema" type="string"/></attributes><nodes><node id="a" label="{}"><attvalues>'
    '<attvalue for="0" value="Person"/></attvalues></node></nodes></graph></gexf>',
}
ENTITY = Entity("a", "Person", {"name": ["Ana"]})


def read(name: str, path: Path, data: str | bytes) -> list[Item | Bad]:
    """Read what stands in a file of a format."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(FORMATS[name].read(path))


@pytest.mark.case("A56")
@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize(
    "declared", [BOMB, OUTSIDE, PARAMETER, REMOTE], ids=["laughs", "file", "parameter", "net"]
)
def test_xml_that_declares_a_document_type_is_not_read(name: str, declared: str, tmp_path: Path) -> None:
    """No entity unfolds, no file and no address is opened: it is refused for declaring one at all."""
    start = time.process_time()
    used = "&l9;" if declared in (BOMB, OUTSIDE) else "x"
    inside = "x" if name == "gexf" and declared == OUTSIDE else used  # XML itself forbids it in an attribute
    [bad] = read(name, tmp_path / "x", declared + ROOTS[name].format(inside))
    assert isinstance(bad, Bad)
    assert bad.rule in (
        "declares a document type, whose entities may unfold without end",
        "is not XML that can be read",
    )
    assert time.process_time() - start < 1


@pytest.mark.case("A56")
@pytest.mark.parametrize("name", ROOTS)
def test_xml_without_one_is_read(name: str, tmp_path: Path) -> None:
    """The tests above can fail."""
    [item] = read(name, tmp_path / "x", ROOTS[name].format("Person"))
    assert isinstance(item, Item)


@pytest.mark.case("A56")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("stix", '{"a":' * 100_000),
        ("ftm", '{"id":' * 100_000),
        ("umf", f'<umf xmlns="{NAMESPACE}" version="1" made="2026-01-01">' + "<person>" * 100_000),
        ("graphml", "<graphml>" * 100_000),
        ("gexf", "<gexf>" * 100_000),
    ],
)
def test_endless_nesting_ends(name: str, data: str, tmp_path: Path) -> None:
    """One reason, and the process goes on."""
    [bad] = read(name, tmp_path / "x", data)
    assert isinstance(bad, Bad)


@pytest.mark.case("A56")
def test_a_workbook_that_unfolds_too_far_is_not_opened(tmp_path: Path) -> None:
    """A few megabytes that hold half a thousand are refused before a cell of it is read."""
    with (
        zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(33):
            part.write(bytes(2**24))
    [bad] = FORMATS["xlsx"].read(tmp_path / "x.xlsx")
    assert isinstance(bad, Bad)
    assert bad.rule == "unfolds to more than may be read"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff\xfe", b"PK\x03\x04 no archive", b"<a/>", b"{}", b"id,schema,\xff"]
)
def test_a_file_of_another_kind_is_said_to_be_one(name: str, data: bytes, tmp_path: Path) -> None:
    """Never an exception, and no item either."""
    assert not [item for item in read(name, tmp_path / "x", data) if isinstance(item, Item)]


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMATS)),
    at=st.integers(0, 3_000),
    new=st.binary(max_size=4),
    cut=st.booleans(),
)
def test_a_damaged_file_makes_no_reader_fail(
    name: str, at: int, new: bytes, cut: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A few bytes changed anywhere, or the end missing."""
    out = io.BytesIO()
    link = Entity("o", "Ownership", {"owner": ["a"], "asset": ["b"]})
    company = Entity("b", "Company", {"name": ["B", "C"]})
    FORMATS[name].write([Item("", b"", (ENTITY, company, link), {"owner": "FR"})], out, Head())
    data = out.getvalue()
    at %= len(data)
    damaged = data[:at] if cut else data[:at] + new + data[at + len(new) :]
    for item in read(name, tmp_path_factory.mktemp("damaged") / "x", damaged):
        assert isinstance(item, Item | Bad)


def test_one_element_that_breaks_the_schema_does_not_spoil_the_others(tmp_path: Path) -> None:
    """It is named by its line; what it held is not in the reason."""
    lines = [
        f'<umf xmlns="{NAMESPACE}" version="1" made="2026-01-01">',
        '<person id="a" schema="Person"><value name="name">Ana</value></person>',
        '<person id="b" schema="Person"><nick>Secret</nick></person>',
        '<person id="c" schema="Vehicle"/>',
        '<event id="d" schema="Event" colour="red"/>',
        '<spaceship id="d" schema="Event"/>',
        '<object id="e" schema="Vehicle"><handling expires="tomorrow"/></object>',
        '<object id="f" schema="Vehicle"><source owner="FR"/></object>',
        "</umf>",
    ]
    found = read("umf", tmp_path / "x", "\n".join(lines))
    assert [item.place for item in found if isinstance(item, Bad)] == [f"line {n}" for n in (3, 4, 5, 6, 7)]
    assert not any("Secret" in str(item) for item in found if isinstance(item, Bad))
    assert [item.entities[0].id for item in found if isinstance(item, Item)] == ["a", "f"]


def test_what_is_written_follows_the_schema_that_is_shipped(tmp_path: Path) -> None:
    """A message can be checked with any tool that knows RELAX NG."""
    out = io.BytesIO()
    item = Item(
        "", b"", (ENTITY,), {"owner": "FR", "purposes": ["network"], "expires": "2031-01-01"}, "4x4 B2"
    )
    FORMATS["umf"].write([item], out, Head(lines=[("For", "FR")]))
    assert etree.RelaxNG(etree.parse(str(SCHEMA))).validate(etree.fromstring(out.getvalue()))


@pytest.mark.case("A53")
@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "'=1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_of_a_table_begins_like_a_formula(value: str, tmp_path: Path) -> None:
    """In CSV and in workbooks, in ids and in values; and it is read back as it was."""
    item = Item("", b"", (Entity(value, "Person", {"name": [value]}),))
    for name in ("csv", "xlsx"):
        out = io.BytesIO()
        assert FORMATS[name].write([item], out, Head(lines=[(value, value)])) == ()
        cells = _cells(name, out.getvalue(), tmp_path)
        assert not [cell for cell in cells if cell.lstrip(" ")[:1] in {*"=+-@\t\r＝"}]
        (tmp_path / "x").write_bytes(out.getvalue())
        [back] = FORMATS[name].read(tmp_path / "x")
        assert isinstance(back, Item)
        assert back.entities[0] == Entity(value, "Person", {"name": [value]})


def _cells(name: str, data: bytes, folder: Path) -> list[str]:
    if name == "csv":
        return [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [part for part in archive.namelist() if b"<f>" in archive.read(part)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [
        str(cell)
        for sheet in book.sheet_names
        for row in book.get_sheet_by_name(sheet).to_python()
        for cell in row
    ]


def test_typed_cells_of_others_are_read_as_texts(tmp_path: Path) -> None:
    """Whole numbers without a fraction, days as days; a sheet of another shape is passed over."""
    with Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet("Cover").write_row(0, 0, ["How to read this"])
        sheet = book.add_worksheet("People")
        sheet.write_row(0, 0, ["id", "schema", "birthDate", "weight", "name"])
        sheet.write_row(1, 0, [7, "Person", "", 81.5, True])
        sheet.write_datetime(1, 2, datetime(1990, 5, 6), book.add_format({"num_format": "yyyy-mm-dd"}))
    [item] = FORMATS["xlsx"].read(tmp_path / "x.xlsx")
    assert isinstance(item, Item)
    said = {"birthDate": ["1990-05-06"], "weight": ["81.5"], "name": ["True"]}
    assert item.entities[0] == Entity("7", "Person", said)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.json", b'{"id": "a"}', "ftm"),
        ("a.json", b'{"type": "bundle", "objects": []}', "stix"),
        ("a.stix.json", b"{}", "stix"),
        ("a.ftm.json", b'{"type": "bundle"}', "ftm"),
        ("a.xml", f'<umf xmlns="{NAMESPACE}"/>'.encode(), "umf"),
        ("a.xml", b"<other/>", None),
        ("a.umf.xml", b"<other/>", "umf"),
        ("a.csv", b"\xef\xbb\xbfid,schema,name\n", "csv"),
        ("a.csv", b"name,id\n", None),
        ("a.xlsx", b"none", None),
        ("a.gexf", b"", "gexf"),
        ("a.pdf", b"%PDF", None),
    ],
)
def test_content_decides_where_a_name_may_mean_several_things(
    name: str, data: bytes, expected: str | None, tmp_path: Path
) -> None:
    """What is none of the formats is a document, or a table that needs a mapping."""
    (tmp_path / name).write_bytes(data)
    found = format_of(tmp_path / name)
    assert (found and found.name) == expected
