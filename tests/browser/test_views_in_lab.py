"""Graph, map and timeline in a real JupyterLab, clicked in a real browser that can reach this machine alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from PIL import Image
from playwright.sync_api import Locator, expect

from insight_kernel.reports.render import render
from tests.lab import Lab, lab

pytestmark = pytest.mark.slow

GRAPH, MAP, TIMES, DOTS, HOSTILE_MAP, ANSWER = range(6)
EVIL = "<img src=x onerror='window.ran=1'><script>window.ran=1</script> ש\\u202eabc\\nsecond"
CELLS = [
    f"""
import networkx as nx, pandas as pd
from insight_kernel.views import graph, timeline, world_map
evil = "{EVIL}" + "x" * 300
g = nx.MultiDiGraph()
for id_, caption, schema in [("p", "Ana Díaz", "Person"), ("c", "Delta Ltd", "Company"), ("v", "Aurora", "Vessel"),
                             ("e", evil, "Email")]:
    g.add_node(id_, caption=caption, schema=schema, owners=("FR", "NL"), note=evil)
for a, b, caption in [("p", "c", "directs"), ("c", "v", "operates"), ("e", "p", "names")]:
    g.add_edge(a, b, caption=caption)
net = graph(g, highlight=["p"], title=evil)
net""",
    """
rows = [(51.90, 4.48, "Port", "sighting"), (53.54, 9.98, "Hamburg", "sighting"), (48.86, 2.35, evil, evil)]
where = world_map(pd.DataFrame(rows, columns=["lat", "lon", "caption", "kind"], index=["r0", "r1", "r2"]))
where""",
    """
rows = [("2024-01-05", None, "First call", "call"), ("2024-02-01", "2024-06-30", "Lease", "contract"),
        ("2024-05", None, evil, evil)]
when = timeline(pd.DataFrame(rows, columns=["start", "end", "caption", "kind"], index=["x", "y", "z"]), title="Dates")
when""",
    """
rows = [(40 + n // 8, n % 8, f"Read {n}", "plate") for n in range(48)]
many = world_map(pd.DataFrame(rows, columns=["lat", "lon", "caption", "kind"]))
many""",
    """
shaded = world_map(pd.DataFrame({"lat": [], "lon": []}), countries={"fr": evil, "es": evil})
shaded""",
    "print(net.selected, where.selected, when.selected, many.selected)",
]
KNOWN = (
    "Unsatisfied version",  # ipycytoscape and ipyleaflet ask for older widget and leaflet modules than there are
    "You have set a custom wheel sensitivity",  # ipycytoscape always sets it, also to the default
)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A notebook with five views, run in JupyterLab."""
    with lab(tmp_path_factory.mktemp("lab") / "own") as found:
        found.open(CELLS)
        expect(found.output(HOSTILE_MAP).locator(".leaflet-container")).to_be_visible(timeout=60_000)
        yield found


def chosen(view: Locator) -> Locator:
    """Return what the list of names says is selected."""
    return view.locator("select option:checked")


def popups(view: Locator) -> Locator:
    """Return the coordinates in each open popup; one that was closed fades for a moment."""
    return view.locator(".leaflet-popup").get_by_text(re.compile(r"^-?\d+\.\d{5}, -?\d+\.\d{5}$"))


def node(notebook: Lab, id_: str) -> tuple[float, float]:
    """Return where in the window a node of the graph is."""
    script = """([cell, id]) => {
        const box = document.querySelectorAll('.jp-Notebook-cell')[cell].querySelector('.custom-widget');
        const at = box._cyreg.cy.getElementById(id).renderedPosition(), frame = box.getBoundingClientRect();
        return [frame.left + at.x, frame.top + at.y];
    }"""
    notebook.output(GRAPH).scroll_into_view_if_needed()
    x, y = notebook.page.evaluate(script, [GRAPH, id_])
    return float(x), float(y)


def drawn(picture: Locator, path: Path) -> int:
    """Return how many colours a part of the page has."""
    picture.scroll_into_view_if_needed()
    picture.screenshot(path=path)
    return len(np.unique(np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3), axis=0))


def test_every_view_is_there_and_not_blank(notebook: Lab, tmp_path: Path) -> None:
    """Four nodes and three links; three numbered places on land; three events; 48 dots; two names."""
    counts = notebook.page.evaluate(
        "() => ['nodes', 'edges'].map(kind => document.querySelector('.custom-widget')._cyreg.cy[kind]().length)"
    )
    assert counts == [4, 3]
    expect(notebook.output(MAP).locator(".leaflet-marker-icon svg")).to_have_count(3)
    expect(notebook.output(TIMES).locator("[data-event]")).to_have_count(3)
    dots = notebook.output(DOTS).locator("path.leaflet-interactive[fill='#0072b2']")
    expect(dots).to_have_count(48)
    for number in (GRAPH, MAP, TIMES, DOTS, HOSTILE_MAP):
        assert drawn(notebook.output(number), tmp_path / f"{number}.png") > 100


def test_all_nodes_are_in_sight(notebook: Lab) -> None:
    """The graph fits its frame, which is as wide as the cell."""
    frame = notebook.output(GRAPH).locator(".custom-widget").bounding_box()
    cell = notebook.output(GRAPH).bounding_box()
    assert frame is not None
    assert cell is not None
    assert frame["width"] > 0.95 * cell["width"]
    for number in range(4):
        x, y = node(notebook, f"n{number}")
        frame = notebook.output(GRAPH).locator(".custom-widget").bounding_box()
        assert frame is not None
        assert frame["x"] < x < frame["x"] + frame["width"]
        assert frame["y"] < y < frame["y"] + frame["height"]


def test_a_node_is_clicked(notebook: Lab) -> None:
    """Its caption, schema, owners and neighbours are shown, and the kernel knows it."""
    notebook.page.mouse.click(*node(notebook, "n0"))
    view = notebook.output(GRAPH)
    expect(chosen(view)).to_have_text("Delta Ltd")
    said = view.get_by_role("status")
    for text in ("Delta Ltd", "Company", "FR", "NL", "→ Aurora (operates)", "← Ana Díaz (directs)"):
        expect(said.get_by_text(text, exact=True).first).to_be_visible()
    assert notebook.answer(ANSWER).split()[0] == "c"


def test_a_node_is_dragged_and_everything_shown_again(notebook: Lab) -> None:
    """It stays where it was put, and all is in sight after the button."""
    x, y = node(notebook, "n3")
    mouse = notebook.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 40, y + 30, steps=4)
    mouse.up()
    assert node(notebook, "n3") == pytest.approx((x + 40, y + 30), abs=2)
    notebook.output(GRAPH).get_by_role("button", name="Show all").click()
    test_all_nodes_are_in_sight(notebook)


def test_the_list_of_names_needs_no_mouse(notebook: Lab) -> None:
    """Keys alone select a node."""
    view = notebook.output(GRAPH)
    view.locator("select").focus()
    notebook.page.keyboard.type("Aur")
    expect(view.get_by_role("status").get_by_text("Vessel")).to_be_visible()
    assert notebook.answer(ANSWER).split()[0] == "v"


def test_a_place_is_clicked(notebook: Lab) -> None:
    """A popup says what it is; so does the text below; the kernel knows the row."""
    view = notebook.output(MAP)
    view.locator(".leaflet-marker-icon svg").nth(1).click()
    expect(view.locator(".leaflet-popup").filter(has_text="Hamburg")).to_be_visible()
    expect(popups(view)).to_have_text(["53.54000, 9.98000"])
    expect(chosen(view)).to_have_text("Hamburg")
    assert notebook.answer(ANSWER).split()[1] == "r1"


def test_a_place_is_reached_by_keyboard(notebook: Lab) -> None:
    """From the list of names, which opens the popup; the map says whose borders it draws."""
    view = notebook.output(MAP)
    view.locator("select").focus()
    notebook.page.keyboard.type("Por")
    expect(popups(view)).to_have_text(["51.90000, 4.48000"])
    for number in (2, 3, 1):  # quicker than the eye: no popup stays behind
        view.locator("select").select_option(index=number)
    expect(popups(view)).to_have_text(["51.90000, 4.48000"])
    assert notebook.page.locator(".jp-Notebook-cell").count() == len(CELLS)
    expect(view).to_contain_text("Borders: Natural Earth, no political statement.")


def test_one_of_many_dots_is_clicked(notebook: Lab) -> None:
    """The row is known."""
    view = notebook.output(DOTS)
    view.scroll_into_view_if_needed()
    view.locator("path.leaflet-interactive[fill='#0072b2']").nth(20).click()
    expect(chosen(view)).to_have_text("Read 20")
    assert notebook.answer(ANSWER).split()[3] == "20"


def test_an_event_is_clicked(notebook: Lab) -> None:
    """What is said about it is shown, and the kernel knows the row."""
    view = notebook.output(TIMES)
    view.locator("[data-event='1']").click()
    expect(chosen(view)).to_have_text("Lease")
    expect(view.get_by_role("status")).to_contain_text("2024-02-01 to 2024-06-30")
    assert notebook.answer(ANSWER).split()[2] == "y"


def test_time_is_zoomed_moved_and_shown_whole_again(notebook: Lab) -> None:
    """By wheel, mouse and keys; each time the axis says which dates are seen."""
    view = notebook.output(TIMES)
    axis = view.locator("svg text", has_text="2024-0")
    before = axis.all_text_contents()
    view.locator("[data-event='1']").hover()
    notebook.page.mouse.wheel(0, -300)
    expect(view.get_by_text("events of 3 in this part.")).to_be_visible()
    zoomed = axis.all_text_contents()
    view.locator("[data-event='1']").press("ArrowRight")
    expect(axis.first).not_to_have_text(zoomed[0])
    view.locator("[data-event='1']").press("Enter")
    expect(view.locator("[data-event='1']")).to_be_focused()
    view.locator("[data-event='1']").press("Home")
    expect(axis).to_have_text(before)
    expect(view.locator("[data-event]")).to_have_count(3)


def test_hostile_captions_are_text_everywhere(notebook: Lab) -> None:
    """Selected, in the popup, in the title, on the map: they are read, and nothing of them runs."""
    for number in (GRAPH, MAP, TIMES):
        view = notebook.output(number)
        view.locator("select").select_option(index=_evil_in(view))
        expect(view.get_by_role("status").first).to_contain_text("<img src=x onerror='window.ran=1'>")
    popup = notebook.output(MAP).locator(".leaflet-popup").filter(has_text="<script>window.ran=1</script>")
    expect(popup).to_be_visible()
    expect(notebook.output(HOSTILE_MAP).locator(".leaflet-marker-icon").first).to_contain_text("<img")
    assert notebook.page.locator(".jp-OutputArea img[src='x'], .jp-OutputArea script").count() == 0
    assert notebook.page.evaluate("() => window.ran === undefined")


def _evil_in(view: Locator) -> int:
    names = view.locator("select option").all_inner_texts()
    return next(number for number, name in enumerate(names) if name.startswith("<img"))


def test_nothing_was_asked_of_any_other_machine(notebook: Lab) -> None:
    """No tile, no library, no news; and the console holds what is known and no more."""
    assert notebook.foreign == []
    assert [said for said in notebook.complaints if not said.startswith(KNOWN)] == []


def test_the_saved_notebook_is_a_page_with_still_pictures(notebook: Lab) -> None:
    """The same five pictures, and no script, in the project's page and in what nbconvert makes."""
    saved = nbformat.read(notebook.save(), as_version=4)
    label = {"level": "official", "handling": [], "special": [], "conditions": [], "owners": ["FR"], "other": False,
             "expires": None, "purposes": ["training"]}  # fmt: skip
    page = render(saved, title="Views", label=label)
    plain, _ = HTMLExporter(template_name="basic").from_notebook_node(saved)
    for html in (page, plain):
        assert html.count("<svg ") == html.count("<figcaption") == 5
        assert "widget-view" not in html
        assert "<script" not in html
