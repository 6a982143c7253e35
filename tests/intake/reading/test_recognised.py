"""Scans: text is read in the language of its script, and what is not read is said."""

import io
import subprocess
from contextlib import closing
from pathlib import Path

import matplotlib
import pytest
from PIL import Image, ImageDraw, ImageFont

from insight_kernel.intake.reading.apart import read
from insight_kernel.intake.reading.document import Content, Document, Scan
from insight_kernel.intake.reading.forked import own_parent, wait
from insight_kernel.intake.reading.recognised import Tesseract, recognised
from tests.intake.reading.test_confined import LIMITS
from tests.real import needs

FONT = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
LINES = {
    "Latin": [
        "The vehicle was seen in Lyon on the third of March",
        "and stopped near the old station at night.",
    ],
    "Cyrillic": ["Автомобиль видели в Лионе третьего марта", "он стоял ночью около старого вокзала"],
    "Arabic": ["شوهدت السيارة في المدينة ليلا قرب المحطة القديمة", "وكان السائق يتحدث في الهاتف مع رجل آخر"],
}


def drawn(lines: list[str], size: int = 34) -> Image.Image:
    """Return lines of text as a picture, as a scanner would make it."""
    picture = Image.new("L", (1_300, 80 * len(lines) + 80), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((60, 50 + 80 * number), line, font=ImageFont.truetype(str(FONT), size))
    return picture


def saved(picture: Image.Image, path: Path, *more: Image.Image) -> Path:
    picture.save(path, **({"save_all": True, "append_images": more} if more else {}))
    return path


@pytest.mark.parametrize("script", LINES)
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_text_is_read_in_the_language_of_its_script(script: str, suffix: str, tmp_path: Path) -> None:
    """Nobody says which; nine words of ten are right."""
    needs("tesseract")
    found = read(saved(drawn(LINES[script]), tmp_path / f"a.{suffix}"))
    wanted = " ".join(LINES[script]).split()
    assert sum(word in found.content.text.split() for word in wanted) >= 0.9 * len(wanted)
    assert found.content.metadata["recognised"]["pages"] == [1]
    assert found.content.scans == ()


@pytest.mark.parametrize("script", LINES)
def test_a_line_too_short_to_tell_its_script_is_read_in_the_likeliest(script: str, tmp_path: Path) -> None:
    """A line, as on a sign: every language is tried."""
    needs("tesseract")
    [line, _] = LINES[script]
    assert read(saved(drawn([line], 30), tmp_path / "a.png")).content.text == line


def test_every_page_of_a_fax_is_read(tmp_path: Path) -> None:
    """In order, of a picture with frames and of a PDF."""
    needs("tesseract")
    one, two = drawn(["The first page of two"]), drawn(["The second page of two"])
    for name in ("a.tiff", "a.pdf"):
        text = read(saved(one, tmp_path / name, two)).content.text
        assert text == "The first page of two\n\nThe second page of two"


def test_what_is_shown_to_tesseract_is_drawn_anew(tmp_path: Path) -> None:
    """A photograph without letters has no text, and no gibberish in its place."""
    needs("tesseract")
    noise = Image.effect_noise((400, 300), 80)
    found = read(saved(noise, tmp_path / "a.png"))
    assert (found.content.text, found.error) == ("", None)


SCANNED = Document("a.pdf", "pdf", "00", Content("One", scans=(Scan(2, b""), Scan(3, b""))))


def test_where_tesseract_is_absent_it_is_said() -> None:
    """The text that is there in letters is kept; within an archive as well."""
    document = Document("a.zip", "zip", "00", Content(parts=(SCANNED,)))
    [part] = recognised(document, own_parent(), None).content.parts
    assert part.content == Content(
        "One", warnings=("scanned; Tesseract is not installed, so its text is not read",)
    )


def test_a_script_without_a_language_is_said(tmp_path: Path) -> None:
    """Rather than read as if it were Latin."""
    path = needs("tesseract")
    data = io.BytesIO()
    drawn(LINES["Cyrillic"] * 3).save(data, "PNG")
    document = Document("a.png", "png", "00", Content(scans=(Scan(1, data.getvalue()),)))
    found = recognised(document, own_parent(), Tesseract(path, frozenset({"eng", "osd"})))
    assert found.content == Content(warnings=("scanned; Tesseract has no language for its script, Cyrillic",))


def test_a_page_too_many_is_said() -> None:
    """A file has at most a hundred scans."""
    found = recognised(SCANNED, own_parent(), Tesseract("/nowhere", frozenset({"eng"})))
    assert found.content.warnings == ("scanned; 2 pages more than are read",)


@pytest.mark.case("A56")
def test_a_program_that_reads_scans_is_confined(tmp_path: Path) -> None:
    """It reads files, which it must; it writes none, starts none and speaks to nobody."""
    tried = (
        "socket(S, 2, 1, 0)",
        "defined fork",
        f"open(F, '>', '{tmp_path}/written')",
        "open(F, '<', '/etc/passwd')",
    )
    told = "; ".join(f"print(({each}) ? 'done ' : 'refused ')" for each in tried)
    task = {"program": [needs("perl"), "-e", told], "limits": LIMITS}
    with Path("/dev/null").open("rb") as given:
        process = own_parent().fork(task, given, 20)
    with closing(process):
        wait([process])
        assert process.answer() == b"refused refused refused done "
    free = subprocess.run([needs("perl"), "-e", told], capture_output=True, check=True).stdout
    assert free.endswith(b"done done done ")
