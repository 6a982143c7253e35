"""The live pictures: the same scene as the still ones, and a selection that code can read."""

import re
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree

import ipyleaflet
import networkx as nx
import pandas as pd
import pytest

from insight_kernel.errors import BadInput
from insight_kernel.views import bars, graph, timeline, world_map
from insight_kernel.views import live as live_room
from insight_kernel.views.style import PALETTE
from insight_kernel.views.world import countries

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</div><b onclick=alert(1)>x",
    "a\nb",
    "ש\u202eabc" + "x" * 500,
]


def network(caption="Ana"):
    """A person, a company and a vessel; the first is highlighted, two links join the first pair."""
    g = nx.MultiDiGraph()
    g.add_node("p", caption=caption, schema="Person", owners=("FR", "NL"))
    g.add_node("c", caption="Delta Ltd", schema="Company")
    g.add_node("v", caption="Aurora", schema="Vessel")
    for source, target, said in [("p", "c", "owns"), ("p", "c", "directs"), ("c", "v", "operates")]:
        g.add_edge(source, target, caption=said)
    return graph(g, highlight=["p"], title="Who owns what")


def places(caption="Port", count=3):
    """Places of two kinds near Rotterdam, with a column of the analyst's own, and one country shaded."""
    rows = [
        (51.9 + n / 9, 4.5, caption if not n else f"Place {n}", "ab"[n % 2], f"ref {n}") for n in range(count)
    ]
    frame = pd.DataFrame(
        rows, columns=["lat", "lon", "caption", "kind", "ref"], index=range(100, 100 + count)
    )
    return world_map(frame, countries={"de": 3, "fr": caption})


def times(caption="Call"):
    """An event, a period and a month, of two kinds."""
    rows = [
        ("2024-01-05", None, caption, "a"),
        ("2024-02-01", "2024-06-30", "Lease", "b"),
        ("2024-05", None, "Offer", "a"),
    ]
    frame = pd.DataFrame(rows, columns=["start", "end", "caption", "kind"], index=["x", "y", "z"])
    return timeline(frame, title=caption, today=date(2024, 7, 1))


VIEWS = {"graph": network, "map": places, "timeline": times}


@pytest.fixture(params=sorted(VIEWS))
def view(request):
    """Each of the three views that can be live, as a function of one caption."""
    return VIEWS[request.param]


@pytest.fixture
def session(monkeypatch):
    """What the server tells a kernel of a browser session."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/ana/case.ipynb")


@pytest.mark.parametrize(
    ("node", "schema", "colour", "shape", "corners"),
    [
        ("a", "Person", "#0072b2", "ellipse", None), ("b", "Company", "#e69f00", "polygon", 4),
        ("c", "Vessel", "#009e73", "polygon", 4), ("d", "PhoneNumber", "#b0528c", "polygon", 6),
        ("e", "Address", "#56b4e9", "polygon", 3), ("f", "Passport", "#3d8f8f", "polygon", 5),
        ("g", "NoSuchThing", "#7b8794", "polygon", 12),
    ],
)  # fmt: skip
def test_a_schema_has_the_colour_and_shape_of_its_family(node, schema, colour, shape, corners):
    """In the still picture and in the live one."""
    g = nx.Graph()
    g.add_node(node, schema=schema)
    picture = graph(g)
    (drawn,) = picture.live.stage.graph.nodes
    css = {rule["selector"]: rule["css"] for rule in picture.live.stage.cytoscape_style}
    look = css[f".{drawn.classes.split()[0]}"]
    assert (look["background-color"], look["shape"]) == (colour, shape)
    assert f'fill="{colour}"' in picture.svg
    assert corners is None or len(look["shape-polygon-points"].split()) == 2 * corners


def test_the_live_network_stands_where_the_still_one_does(texts):
    """Same nodes, same places, same words, same links with the same arrows."""
    picture = network()
    scene, drawn = picture.scene.scene, picture.live.stage.graph
    assert [(n.position["x"], n.position["y"]) for n in drawn.nodes] == [
        scene.at[node] for node in scene.nodes
    ]
    words = texts(picture)
    assert {n.data["label"] for n in drawn.nodes} == {"Ana", "Delta Ltd", "Aurora"} <= set(words)
    name = {n.data["id"]: n.data["label"] for n in drawn.nodes}
    assert [(name[e.data["source"]], e.data["label"], name[e.data["target"]]) for e in drawn.edges] == [
        ("Ana", "directs, owns", "Delta Ltd"),
        ("Delta Ltd", "operates", "Aurora"),
    ]
    assert {e.data["label"] for e in drawn.edges} <= set(words)
    assert ["marked" in n.classes for n in drawn.nodes] == [node == "p" for node in scene.nodes]


def test_an_arrow_points_the_same_way():
    """From source to target; both ways where there are links both ways; none in an undirected graph."""
    both = graph(nx.DiGraph([("a", "b"), ("b", "a")])).live.stage.graph.edges
    back = graph(nx.DiGraph([("b", "a")])).live.stage.graph.edges
    none = graph(nx.Graph([("a", "b")])).live.stage.graph.edges
    assert [(e.data["source"], e.classes.split()[:-2]) for (e,) in (both, back, none)] == [
        *(("n0", ["one", "both"]), ("n1", ["one"]), ("n0", [])),
    ]


def test_the_live_map_shows_the_same_places_and_names(texts):
    """A numbered mark in the colour of its kind at each place; countries named and tinted alike; no tiles."""
    picture = places()
    layers = picture.live.stage.layers
    marks = [layer for layer in layers if isinstance(layer, ipyleaflet.Marker) and layer.alt]
    assert [(m.location[0], m.location[1], m.alt) for m in marks] == [
        (51.9, 4.5, "1: Port"), (51.9 + 1 / 9, 4.5, "2: Place 1"), (51.9 + 2 / 9, 4.5, "3: Place 2"),
    ]  # fmt: skip
    assert [PALETTE[n % 2] in mark.icon.html for n, mark in enumerate(marks)] == [True] * 3
    names = {
        n
        for layer in layers
        if isinstance(layer, ipyleaflet.Marker) and not layer.alt
        for n in _shown(layer.icon.html)
    }
    assert names <= set(texts(picture))
    (land,) = [layer for layer in layers if isinstance(layer, ipyleaflet.GeoJSON)]
    fills = {f["properties"]["style"]["fillColor"] for f in land.data["features"]}
    assert len(land.data["features"]) == len(countries())
    assert {fill for fill in fills if f'fill="{fill}"' not in picture.svg} <= set(
        picture.scene.tints.values()
    )
    assert not [layer for layer in layers if isinstance(layer, ipyleaflet.TileLayer)]


def _shown(html):
    return re.findall(r">([^<>]+)</div>", html)


def test_many_places_are_one_layer_of_dots():
    """Beyond 36, as in the still picture, and each can still be clicked."""
    picture = places(count=40)
    _, _, *rest = picture.live.stage.layers
    (dots,) = [layer for layer in rest if isinstance(layer, ipyleaflet.GeoJSON)]
    assert len(dots.data["features"]) == 40
    dots._handle_mouse_events(
        dots, {"event": "click", "properties": dots.data["features"][7]["properties"]}, []
    )
    assert picture.selected == 107


def test_the_live_timeline_is_the_still_one():
    """To the byte, with a place to click for each event."""
    picture = times()
    assert picture.live.stage.svg == picture.svg
    assert [(hit[0], hit[5]) for hit in sorted(picture.live.stage.hits)] == [
        *((0, "Call, 2024-01-05"), (1, "Lease, 2024-02-01 to 2024-06-30"), (2, "Offer, 2024-05")),
    ]


def test_a_part_of_time_is_drawn_anew():
    """What lies outside is left out, colours and lanes stay; the note counts; all comes back."""
    picture = times()
    stage = picture.live.stage
    stage.span = [date(2024, 4, 1).toordinal(), date(2024, 6, 1).toordinal()]
    shown = [e.text for e in ElementTree.fromstring(stage.svg).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Lease", "Offer", "a", "b", "2024-05-05"} <= set(shown)
    assert "Call" not in shown[1:]  # the first is the title
    assert "2 events of 3 in this part." in shown
    assert all(colour in stage.svg for colour in PALETTE[:2])
    picture.live.show_all()
    assert stage.svg == picture.svg


@pytest.mark.parametrize("asked", [[-1e9, 1e9], [0, 1], [800000, 800000.001], [5, 4]])
def test_no_part_of_time_asked_for_breaks_the_timeline(asked):
    """The browser may ask for anything; it gets what there is, an hour at least."""
    stage = times().live.stage
    stage.span = asked
    low, high = stage.span
    assert high - low >= 1 / 24 - 1e-9
    assert "<svg" in stage.svg


def test_a_click_selects():
    """A node of the graph, or the label of a row: what the analyst goes on with."""
    net, where, when = network(), places(), times()
    assert (net.selected, where.selected, when.selected) == (None, None, None)
    net.live.stage._handle_custom_msg(
        {"event": "click", "widget": "node", "data": {"data": {"id": "n1"}}}, []
    )
    mark = next(
        m for m in where.live.stage.layers if isinstance(m, ipyleaflet.Marker) and m.alt.startswith("2")
    )
    mark._handle_mouse_events(mark, {"event": "interaction", "type": "click"}, [])
    when.live.stage.chosen = 2
    assert (net.selected, where.selected, when.selected) == ("p", 101, "z")
    assert "ref 1" in where.live.details.value


def test_what_is_selected_is_described_and_marked():
    """Attributes and neighbours below; all but the node and its neighbours pale; nothing when it is taken back."""
    live = network().live
    plain = live.stage.cytoscape_style
    live.choose("v")
    assert re.findall(r">([^<>]+)<", live.details.value) == [
        "Aurora",
        "schema",
        "Vessel",
        "linked with",
        "← Delta Ltd (operates)",
    ]
    css = {rule["selector"]: rule["css"] for rule in live.stage.cytoscape_style}
    assert css["node, edge"] == {"opacity": 0.25}
    assert css["#e1, #n0, #n2"] == {"opacity": 1}
    live.choose(None)
    assert live.stage.cytoscape_style == plain
    assert live.selected is None


@pytest.mark.parametrize("caption", HOSTILE)
def test_a_hostile_caption_stays_text_in_every_widget(view, caption):
    """Whatever HTML a widget is given holds no tag but ours."""
    live = view(caption).live
    for number in range(len(live.items)):
        live.chooser.value = number
        for html in _html(live):
            assert set(re.findall(r"<([a-zA-Z/]+)", html)) <= {
                *(
                    "div",
                    "/div",
                    "b",
                    "/b",
                    "svg",
                    "/svg",
                    "g",
                    "/g",
                    "defs",
                    "/defs",
                    "path",
                    "text",
                    "/text",
                    "title",
                ),
                *("/title", "use", "rect", "circle", "line", "style", "/style", "clipPath", "/clipPath"),
            }


def _html(live):
    yield live.details.value
    yield from (child.value for child in live.widget.children if hasattr(child, "value"))
    yield getattr(live.stage, "svg", "")
    for layer in getattr(live.stage, "layers", ()):
        yield getattr(getattr(layer, "icon", None), "html", "")
        yield getattr(getattr(layer, "child", None), "value", "")


def test_a_browser_session_is_shown_the_widget(view, session):
    """And IPython adds the still picture for every other place."""
    picture = view("Ana")
    bundle = picture._repr_mimebundle_()
    assert list(bundle) == [live_room.WIDGET]
    assert bundle[live_room.WIDGET]["model_id"] == picture.live.widget.model_id
    assert picture._repr_mimebundle_() == bundle


def test_no_other_place_is(view, monkeypatch):
    """A script, a report's kernel, nbconvert: no session, no widget, no random id in what they keep."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    picture = view("Ana")
    assert picture._repr_mimebundle_() == {}
    assert "live" not in vars(picture)


@pytest.mark.parametrize("package", ["ipycytoscape", "ipyleaflet", "anywidget"])
def test_without_a_package_the_picture_stands_still_and_says_so(package, session, monkeypatch):
    """One line below it, with what to do."""
    made = {"ipycytoscape": network, "ipyleaflet": places, "anywidget": times}[package]()
    for name in [name for name in sys.modules if name.startswith("insight_kernel.views.live.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    html = made._repr_mimebundle_()["text/html"]
    assert html.startswith(made._repr_html_())
    assert (
        f"Cannot show this picture live: {package} is not installed. Install {package} beside JupyterLab."
        in html
    )


def test_without_a_front_end_too(session, monkeypatch):
    """JupyterLab would show nothing but a complaint of its own."""
    monkeypatch.setattr(live_room, "jupyter_path", lambda *_: [])
    assert "JupyterLab has no extension" in network()._repr_mimebundle_()["text/html"]


def test_a_very_large_network_stands_still(session):
    """Each node and link is a message of its own."""
    large = graph(nx.gnm_random_graph(300, 400, seed=1))
    assert "it has 700 nodes and links, and 600 is the most." in large._repr_mimebundle_()["text/html"]
    assert large.selected is None


def test_what_has_no_live_form_says_so(session):
    """A chart and an empty picture are shown as ever."""
    chart, empty = bars(pd.Series({"a": 1.0}), title="", unit=""), graph(nx.Graph())
    assert [picture._repr_mimebundle_() for picture in (chart, empty)] == [{}, {}]
    with pytest.raises(BadInput, match="has nothing to select"):
        _ = chart.live


def test_the_views_are_imported_without_the_widgets():
    """They cost more than a second; only a browser session pays it."""
    code = "import sys, insight_kernel.views; print({'ipywidgets', 'ipyleaflet', 'anywidget'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
