"""The page: offline, without anything that acts, marked on every printed page."""

from html.parser import HTMLParser
from typing import Any

import nbformat
import pandas as pd
import pytest

from insight_kernel.errors import Refused
from insight_kernel.leaving.page import refuse_active
from insight_kernel.reports import blocks
from insight_kernel.reports.render import render
from insight_kernel.views import bars

LABEL: dict[str, Any] = {
    "level": "restricted", "owners": ["FR", "MA"], "handling": ["H1"], "conditions": ["ask <b>first</b>"],
    "special": [], "purposes": ["network"], "expires": "2031-11-01", "other": False,
}  # fmt: skip
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "javascript:alert(1)",
    "<meta http-equiv=refresh content=0>", "{{ 7 * 7 }}", "محمد بن علي", "</td></table><h1>", "&lt;b&gt;",
    "${alert(1)}",
]  # fmt: skip


def page(*outputs: dict[str, Any], markdown: str = "## Facts", checkpoint: str | None = None) -> str:
    """A page of one heading and some outputs."""
    cells = [nbformat.v4.new_markdown_cell(markdown)]
    made = [nbformat.v4.new_output("display_data", data=data) for data in outputs]
    cells.append(nbformat.v4.new_code_cell("SECRET_CODE = 1", outputs=made))
    return render(
        nbformat.v4.new_notebook(cells=cells), title="Subject profile", label=LABEL, checkpoint=checkpoint
    )


class Texts(HTMLParser):
    """The tags, and the text as a browser would show it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.shown = set[str](), ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.shown += data


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    """Whatever a name holds, it is shown as delivered and does nothing."""
    parts = [blocks.table(text, [text], [[text]], made=text), blocks.paragraph(text), blocks.listed([text])]
    parts.append(blocks.figure(bars(pd.Series({text: 1}), title=text, unit=text), text, made=text))
    found = Texts(page(*({"text/html": part.html} for part in parts)))
    assert not found.tags & {"script", "img", "iframe", "object", "link", "form"}
    assert found.shown.count(text) >= 6


def test_the_page_needs_nothing_from_elsewhere_and_forbids_it():
    """A strict content policy stands before everything else; there is no address of another place."""
    found = page({"text/html": blocks.paragraph("x").html})
    rule = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{rule}">'
    assert found.index(policy) < found.index("<title>") < found.index("<style>")
    assert "http://" not in found.replace("http://www.w3.org/", "")
    assert "https://" not in found


def test_level_and_handling_stand_in_the_repeated_head_of_every_printed_page():
    """The mark is the head of a table, which browsers repeat on each page; its text is escaped."""
    found = page({"text/html": "<p>x</p>"})
    head = found[found.index("<thead>") : found.index("</thead>")]
    assert '<div class="mark restricted" dir="auto"><b>RESTRICTED</b>' in head
    assert "H1 · condition: ask &lt;b&gt;first&lt;/b&gt; · owners FR, MA" in head
    assert "expires 2031-11-01: then to be deleted" in found[found.index("<tfoot>") : found.index("</tfoot>")]


def test_the_last_checkpoint_stands_in_the_repeated_foot():
    """Whoever keeps the page can tell later that the log was cut; without a checkpoint nothing is said of it."""
    last = "9 entries on 2026-11-22 10:00 UTC, 0123456789abcdef"
    found = page({"text/html": "<p>x</p>"}, checkpoint=last)
    assert f" · audit log: {last}<" in found[found.index("<tfoot>") : found.index("</tfoot>")]
    assert "audit log" not in page({"text/html": "<p>x</p>"})


def test_code_is_not_shown():
    """Readers of a report see results, not cells."""
    assert "SECRET_CODE" not in page({"text/html": "<p>x</p>"})


def test_plain_outputs_are_shown_as_text():
    """An output without HTML of ours is escaped."""
    assert "<pre>&lt;b&gt;</pre>" in page({"text/plain": "<b>"})


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>", "<p onclick='x'></p>", "<a href='https://a.example'>x</a>", "<img src='x.png'>",
        "<iframe srcdoc='x'></iframe>", "<meta http-equiv='refresh' content='0'>",
        "<p style='background:url(//a)'>x</p>",
        "<style>@import 'a'</style>", "<link rel=stylesheet href=a>", "<form action=a></form>", "<base href=a>",
        "<svg><a xlink:href='javascript:x'></a></svg>", "<svg><foreignObject></foreignObject></svg>", "<object data=a>",
        "<svg><animate attributeName=href /></svg>", "<svg><use href='//a#b'/></svg>", "<ScRiPt>1</ScRiPt>",
    ],
)  # fmt: skip
def test_a_template_that_acts_or_reaches_out_gives_no_page(html):
    """The last look holds also where a template's author forgot to escape."""
    with pytest.raises(Refused):
        page({"text/html": html})


@pytest.mark.parametrize("html", ["<a href='#x'>x</a>", f"<img src='data:image/png;base64,{DOT}' alt=''>",
                                  "<svg><use href='#m'/><path style='clip-path:url(#c)'/></svg>"])  # fmt: skip
def test_what_points_inside_is_kept(html):
    """References within the page and pictures in it are harmless."""
    assert refuse_active(html) == html


def test_repeated_cells_are_there_for_machines_and_hidden_for_readers():
    """Every row is complete; a group's name is shown once."""
    found = blocks.table("T", ["a", "b"], [("x", "1"), ("x", "2"), ("y", "2")], made="m", grouped=1).html
    assert found.count("<span>x</span>") == 1
    assert found.count('class="again"') == 1
    assert found.count(">x<") == 2


def test_figures_and_tables_say_how_they_were_made():
    """Beneath each title stands a sentence on its making."""
    picture = bars(pd.Series({"a": 1}), title="", unit="")
    assert "How so." in blocks.figure(picture, "F", made="How so.").html
    assert "How so." in blocks.table("T", ["a"], [["b"]], made="How so.").html
