"""Every picture: equal bytes, self-contained, words as escaped text."""

import os
import re
import subprocess
import sys
import time
import warnings
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from insight_kernel.views import Picture
from insight_kernel.views.style import plain, shorten, text_width, wrap

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HOSTILE = [
    "<script>alert(1)</script>",
    "</svg><img src=x onerror=alert(1)>",
    "Smith & Sons \"Ltd\" 'x'",
    r"$\frac{1}{2}$ and $100 or $200",
    "محمد الأحمد",
    "王小明 北京",
    "🚗 stolen 👩‍👧",
    "]]> <!-- -- --> &amp; &#0;",
    "T0",
]


def test_equal_input_gives_equal_bytes(view):
    """A view is a function: called twice, it returns the same bytes."""
    assert view("Ana") == view("Ana")


def test_equal_bytes_in_processes_with_other_hash_seeds():
    """Neither the hash seed nor the process shows in a picture."""
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); from conftest import VIEWS\n"
        "print(*(hashlib.sha256(VIEWS[n]('Ana').svg.encode()).hexdigest() for n in sorted(VIEWS)))"
    )
    seen = set()
    for seed in ("1", "4242"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code, str(HERE)], env=env, capture_output=True, check=True
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert len(seen.pop().split()) == 4


def test_the_notebooks_own_matplotlib_settings_change_nothing(view):
    """Pictures look alike whatever style a notebook has set, and the notebook keeps its style."""
    before = view("Ana")
    with mpl.rc_context(
        {"text.usetex": True, "lines.linewidth": 9, "axes.facecolor": "black", "svg.fonttype": "path"}
    ):
        assert view("Ana") == before
        assert mpl.rcParams["lines.linewidth"] == 9


@pytest.mark.parametrize("caption", HOSTILE)
def test_a_hostile_caption_is_shown_as_text(view, texts, caption):
    """Markup, mathematics and any script appear as what they are: text."""
    picture = view(caption)
    shown = " ".join(texts(picture))
    for piece in wrap(caption, 8.5, 100)[0].rstrip("…").split():
        assert piece in shown
    assert not re.search(r"<(script|img|foreignObject|image|iframe)", picture.svg)
    assert not re.search(r"<(script|img|foreignObject|image|iframe)", picture._repr_html_())


def test_no_reference_leaves_the_picture(view):
    """All references point to the picture's own ids; there is no script, style sheet or event handler."""
    root = ElementTree.fromstring(view("Ana").svg)
    ids = {element.get("id") for element in root.iter()} - {None}
    for element in root.iter():
        assert element.tag.split("}")[1] in {
            "svg",
            "g",
            "defs",
            "path",
            "text",
            "title",
            "use",
            "clipPath",
            "rect",
        }
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        for value in element.attrib.values():
            assert "//" not in value
            assert set(re.findall(r"url\(#([^)]+)\)", value)) <= ids
        if "href" in element.attrib:
            assert element.attrib["href"][1:] in ids


def test_ids_of_two_pictures_in_one_page_do_not_collide(view):
    """Ids carry a hash of the content."""
    ids = [set(re.findall(r' id="([^"]+)"', view(caption).svg)) for caption in ("Ana", "Bo")]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("caption", ["a\x00b", "a\u202eb", "a\nb", "a\ufffeb"])
def test_what_xml_or_a_reader_cannot_bear_is_taken_out(view, caption):
    """Control characters, direction overrides and non-characters become a space."""
    picture = view(caption)
    ElementTree.fromstring(picture.svg.encode())
    assert "a b" in picture.svg


def test_no_warning_for_any_script(view):
    """matplotlib never measures a foreign script, so it has no missing glyph to warn of."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        picture = view("ഒരു ᚠᛇᚻ 𒀀 གངས")
    assert not warned
    assert "ᚠᛇᚻ" in picture.svg


def test_a_picture_is_saved_and_shown(view, tmp_path):
    """The file holds the SVG; the notebook shows it with its description as caption."""
    picture = view("A & B")
    assert picture.save(tmp_path / "a.svg").read_bytes() == picture.svg.encode()
    page = picture._repr_html_()
    assert page.startswith("<figure><svg ")
    assert "A &amp; B" in page.partition("<figcaption>")[2]
    assert picture.svg not in repr(picture)
    assert picture.alt in repr(picture)


def test_the_description_is_the_accessible_name(view):
    """A screen reader hears the same sentence as stands in ``alt``."""
    picture = view("Ana")
    assert ElementTree.fromstring(picture.svg).get("aria-label") == picture.alt
    assert picture.alt.startswith("Ana. ")


def test_each_picture_takes_less_than_a_second_of_work(view):
    """Drawing is quick enough for a notebook cell."""
    view("warm up")
    start = time.process_time()
    view("Ana")
    assert time.process_time() - start < 1


def test_pictures_are_values():
    """Pictures of equal content are equal and can be kept in sets."""
    assert len({Picture("<svg/>", "a"), Picture("<svg/>", "a"), Picture("<svg/>", "b")}) == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (float("nan"), ""),
        (" a \t b\n", "a b"),
        ("a\ud800b", "a b"),
        (12, "12"),
        ("x\u2066y", "x y"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_values_become_one_printable_line(value, shown):
    """Missing is empty; white space and control characters are one space; joiners stay."""
    assert plain(value) == shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ana", ["Ana"]),
        ("Northwind Shipping Company", ["Northwind", "Shipping Company"]),
        ("北京市朝阳区建国门外大街一号楼二单元", ["北京市朝阳区建国门外", "大街一号楼二单元"]),
        ("word " * 30, 2),
        ("w" * 60, 2),
    ],
)
def test_long_captions_break_into_two_lines_that_fit(text, lines):
    """Two lines at most, none wider than asked."""
    broken = wrap(text.strip(), 10, 100)
    assert broken == lines or len(broken) == lines
    assert max(text_width(line, 10) for line in broken) <= 100


def test_what_is_cut_ends_with_an_ellipsis():
    """Nobody mistakes a shortened name for a whole one."""
    assert shorten("Ana Díaz", 10, 500) == "Ana Díaz"
    assert shorten("Ana Díaz" * 9, 10, 60).endswith("…")
