"""Files that were made to do harm: each is refused with its reason, soon, and nothing else happens."""

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from insight_kernel.intake.reading.apart import Limits, read, read_all
from insight_kernel.intake.reading.file import read_bytes
from tests.intake.reading.bombs import BOMBS, FLATE, GIB, deflated, packed, page, xlsx

MIB = 2**20


def zipped(*members: tuple[str, bytes], link: bool = False) -> bytes:
    """Return a ZIP archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK if link else stat.S_IFREG) << 16
            archive.writestr(info, content)
    return data.getvalue()


def tarred(**attributes: object) -> bytes:
    """Return a tar archive with one member that has these attributes."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        member = tarfile.TarInfo("member")
        for name, value in attributes.items():
            setattr(member, name, value)
        archive.addfile(member, io.BytesIO(b""))
    return data.getvalue()


def nested(inner: bytes, times: int) -> bytes:
    for n in range(times):
        inner = zipped((f"{n}.zip", inner))
    return inner


def mail(depth: int) -> bytes:
    """Return a mail whose multiparts lie in each other."""
    heads = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)]
    return ("From: a@example.org\nTo: b@example.org\n" + "".join(heads) + "\nText").encode()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'

WHOLE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a ZIP bomb": ("a.zip", lambda: zipped(("big", bytes(400 * MIB))), "unfolds to more than may be read"),
    "a gzip bomb": ("a.gz", lambda: gzip.compress(bytes(400 * MIB)), "unfolds to more than may be read"),
    "many small files": ("a.zip", lambda: zipped(*((str(n), b"x") for n in range(6_000))),
                         "holds more files than may be read"),
    "XML that unfolds": ("a.xml", lambda: LAUGHS, "declares entities"),
    "XML that reads a file": ("a.xml", lambda: OUTSIDE, "declares entities"),
    "XML nested too deep": ("a.xml", lambda: b"<?xml version='1.0'?>" + b"<a>" * 10_000, "is nested too deep"),
    "JSON nested too deep": ("a.json", lambda: b"[" * 100_000, "is nested too deep"),
    "mail nested too deep": ("a.eml", lambda: mail(300), "is nested too deep"),
    "half a ZIP archive": ("a.zip", lambda: zipped(("a.txt", bytes(range(256)) * 40))[:300],
                           "is no whole ZIP archive (BadZipFile)"),
    "half a PDF": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj <<", "is no whole pdf file"),
    "no PDF": ("a.docx", lambda: zipped(("[Content_Types].xml", b"<"), ("word/document.xml", b"<")),
               "is no whole docx file"),
    "nothing": ("a.txt", lambda: b"", "is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_is_refused_with_its_reason(name: str) -> None:
    """One sentence that repeats nothing of the file."""
    file, made, reason = WHOLE[name]
    assert read_bytes(file, made()).error == reason


PARTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a name that leads outside": (lambda: zipped(("../../out.txt", b"x")), "its name leads outside the archive"),
    "an absolute name": (lambda: zipped(("/etc/cron.d/x", b"x")), "its name leads outside the archive"),
    "a link": (lambda: zipped(("passwd", b"/etc/passwd"), link=True), "is a link"),
    "a link in a tar archive": (lambda: tarred(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
                                "is a link or a device"),
    "a device": (lambda: tarred(type=tarfile.CHRTYPE, devmajor=1, devminor=5), "is a link or a device"),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_member_is_refused_and_the_rest_is_read(name: str) -> None:
    """An archive is not lost for one member."""
    made, reason = PARTS[name]
    found = read_bytes("a.zip", made())
    assert found.ok
    assert [part.error for part in found.content.parts] == [reason]


def test_archives_in_archives_end() -> None:
    """What lies too deep is refused where it lies."""
    found = read_bytes("a.zip", nested(b"text", 12))
    depth = 0
    while found.ok:
        [found] = found.content.parts
        depth += 1
    assert (found.error, depth) == ("lies too deep in other files", 9)


def test_one_budget_is_for_all_that_lies_within() -> None:
    """One archive of 152 MiB may be read; two of them in a third, none of which is too large, may not."""
    inner = zipped(*((f"{n}.txt", bytes([65 + n]) * 8 * MIB) for n in range(19)))
    assert read_bytes("one.zip", inner).ok
    found = read_bytes("a.zip", zipped(("one.zip", inner), ("two.zip", inner)))
    assert (found.error, found.content.parts) == ("unfolds to more than may be read", ())


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0.0), "took more than 0 seconds"),
        (Limits(size=10), "is larger than 10 bytes"),
        (Limits(result=10), "its reader ended: it took too much memory, or holds what no reader can stand"),
    ],
    ids=["time", "size", "result"],
)
def test_a_file_takes_no_more_than_it_may(tmp_path: Path, limits: Limits, reason: str) -> None:
    """The next file is read by another process, as if nothing had been."""
    path = tmp_path / "a.txt"
    path.write_text("more than ten bytes")
    assert read(path, limits).error == reason
    assert read(path).content.text == "more than ten bytes"


@pytest.mark.case("A56")
def test_memory_is_limited(tmp_path: Path) -> None:
    """A file that unfolds within what is allowed, but not within the memory, ends its own reader alone."""
    big, small = tmp_path / "big.txt", tmp_path / "small.txt"
    big.write_bytes(b"x" * 200 * MIB)
    small.write_text("small")
    first, second = read_all([big, small], Limits(memory=600 * MIB))
    assert "took too much memory" in (first.error or "")
    assert second.content.text == "small"


@pytest.mark.case("A56")
def test_no_file_stops_those_beside_it(tmp_path: Path) -> None:
    """Each is told in one sentence, in bounded time and memory; between them the good ones are read."""
    paths = []
    for number, bomb in enumerate(BOMBS.values()):
        for name, data in ((bomb.name, bomb.made()), ("good.txt", b"good")):
            paths.append(tmp_path / f"{number}" / name)
            paths[-1].parent.mkdir(exist_ok=True)
            paths[-1].write_bytes(data)
    sparse = tmp_path / "line.csv"
    with sparse.open("wb") as one_line:
        one_line.truncate(2 * 2**30)
    *found, last = read_all([*paths, sparse], Limits(memory=2**30), workers=2)
    said = {
        name: each.error or "; ".join(each.content.warnings)
        for name, each in zip(BOMBS, found[::2], strict=True)
    }
    assert said == {name: bomb.said for name, bomb in BOMBS.items()}
    assert {each.content.text for each in found[1::2]} == {"good"}
    assert last.error == "is larger than 268,435,456 bytes"


@pytest.mark.case("A56")
@pytest.mark.parametrize(
    "made",
    [lambda: page(b"[" * 8_000_000), lambda: page(deflated(GIB // 4), FLATE)],
    ids=["nested", "unfolding"],
)
def test_a_file_that_takes_for_ever_is_ended(made: Callable[[], bytes], tmp_path: Path) -> None:
    """A page of nothing but brackets, or of blanks without end; the time counts by the clock."""
    path = tmp_path / "a.pdf"
    path.write_bytes(made())
    assert read(path, Limits(seconds=0.2)).error == "took more than 0.2 seconds"


def test_an_encrypted_member_is_refused_and_the_rest_is_read() -> None:
    """As a link is."""
    found = read_bytes("a.zip", packed(("a.txt", "x"), flags=1))
    assert [part.error for part in found.content.parts] == ["is encrypted"]


def test_a_workbook_may_have_many_rows() -> None:
    """What guards against bombs does not stop ten thousand rows of twenty-six cells."""
    row = "".join(f'<c r="{chr(65 + n)}{{0}}"><v>{{0}}</v></c>' for n in range(26))
    rows = "".join(f'<row r="{n}">{row.format(n)}</row>' for n in range(1, 10_001))
    [sheet] = read_bytes("a.xlsx", xlsx(rows.encode())).content.parts
    assert sheet.content.text.count("\n") == 9_999
