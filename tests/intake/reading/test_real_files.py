"""Files made by others: mail with broken headers, office documents of every age, JSON meant to be misread."""

from pathlib import Path

import pytest

from insight_kernel.intake.reading.apart import read_all
from insight_kernel.intake.reading.document import Document
from tests.real import real_data


def read_folder(name: str) -> dict[str, Document]:
    """Read every file of a folder of the real data, by its path within."""
    folder = real_data(name)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SOURCE.md")
    found = zip(files, read_all(files), strict=True)
    return {str(path.relative_to(folder)): document for path, document in found}


@pytest.fixture(scope="module")
def aleph() -> dict[str, Document]:
    return read_folder("files-aleph")


WITHIN = {
    "Plan.odt": ("odt", "We should paint graffiti on all corners"),
    "PAK_adm1.dbf": ("dbf", "Azad Kashmir"),
    "countries.csv": ("table", "imperitive"),
    "doc.doc": ("doc", "The Level 3 Bookmark"),
    "doc.html": ("html", "Test web page."),
    "email_base64.eml": ("mail", "Base64 email payload"),
    "email_multipart_alternative.eml": ("mail", "This is a **multipart/alternative** message."),
    "example_2.json": ("json", "quiz"),
    "file.xlsx": ("xlsx", "Mihai Viteazul"),
    "hello world word.docx": ("docx", "Hello world, Word!"),
    "john-doe.vcf": ("vcard", "TEL;type=CELL:+1 781 555 1212"),
    "meetup.ics": ("calendar", "VEVENT"),
    "plaintext.emlx": ("emlx", "Emlx"),
    "readme.pdf": ("pdf", "Ingestors extract useful information in a structured standard format."),
    "testThunderbirdEml.eml": ("mail", "message"),
    "testdir/test.txt": ("text", "hello world"),
    "udhr_ger.txt": ("text", "Alle Menschen sind frei und gleich an Würde und Rechten geboren."),
    "utf.txt": ("text", "Îș unî©ođ€."),
}
REFUSED = {
    "empty.pdf": "is empty",
    "password_protected.xlsx": "is encrypted",
    "memo.m4a": "is of a kind that is not read: sound",
    "test-documents.rar": "is of a kind that is not read: rar",
}


@pytest.mark.real
@pytest.mark.parametrize("name", WITHIN)
def test_what_stands_in_a_file_is_read(aleph: dict[str, Document], name: str) -> None:
    """Office documents old and new, mail, tables, pages and plain text."""
    kind, text = WITHIN[name]
    found = aleph[name]
    assert (found.kind, found.error) == (kind, None)
    assert text in found.content.text or text in str(found.content.metadata)


@pytest.mark.real
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_says_why(aleph: dict[str, Document], name: str) -> None:
    """In one sentence, and nothing else is made of it."""
    assert aleph[name].error == REFUSED[name]
    assert aleph[name].content.text == ""


@pytest.mark.real
def test_the_parts_of_files_are_read(aleph: dict[str, Document]) -> None:
    """Sheets by their names, members of archives in order, rows counted, parts of a mail one after the other."""
    book = aleph["file.xlsx"].content
    assert [part.name for part in book.parts] == ["Sheet1.tsv", "Sheet2.tsv"]
    assert aleph["countries.csv"].content.metadata["rows"] == 255  # of 256 lines
    texts = ("first part (plaintext)", "second part (HTML)", "third part (plaintext)", "fourth part (HTML)")
    assert aleph["email_multipart_mixed.eml"].content.text.split("\n\n") == [
        f"This is the {each}" for each in texts
    ]
    assert "<" not in aleph["email_strip_markup.eml"].content.text
    [john] = aleph["john-doe.vcf"].content.metadata["people"]
    assert (john["name"], len(john["phone"])) == (["John Doe"], 4)
    [meeting] = aleph["meetup.ics"].content.metadata["events"]
    assert (meeting["startDate"], len(meeting["involved"])) == (["2020-11-23T19:00:00+01:00"], 2)
    for archive in ("test-documents.zip", "test-documents.tar"):
        parts = {Path(part.name).name: part for part in aleph[archive].content.parts}
        assert len(parts) == 9
        assert all(part.ok for part in parts.values())
        assert "Feuil1.tsv" in [part.name for part in parts["testEXCEL.xls"].content.parts]


@pytest.mark.real
def test_every_mail_is_read() -> None:
    """Digests, nested messages, headers and boundaries that were never right."""
    found = read_folder("email-cpython")
    assert len(found) == 16
    assert {document.error for document in found.values()} == {None}
    assert [part.kind for part in found["msg_02.eml"].content.parts] == ["mail"] * 5
    assert found["msg_15.eml"].content.warnings == ("StartBoundaryNotFoundDefect",)


@pytest.mark.real
def test_json_is_what_its_standard_says() -> None:
    """What must be accepted is, what must be refused is, and nothing of the rest ends the reader."""
    found = read_folder("json-testsuite")
    found.pop("LICENSE", None)
    assert [name for name, document in found.items() if name.startswith("y_") and not document.ok] == []
    assert [name for name, document in found.items() if name.startswith("n_") and document.ok] == []
    assert len(found) == 47 + 94 + 18
    assert not [name for name, document in found.items() if document.kind == "unread"]
