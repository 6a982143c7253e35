"""The network picture: everything is there, labels do not cover each other, order does not matter."""

import random
import time
from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest

from insight_kernel.views import graph
from insight_kernel.views.families import FAMILIES, UNKNOWN, family_of
from insight_kernel.views.labels import Box, Room, around
from insight_kernel.views.layout import positions, spread
from insight_kernel.views.network import links_of
from insight_kernel.views.style import MUTED

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("schema", "family"),
    [
        ("Person", "person"),
        ("Company", "organisation"),
        ("Vessel", "vehicle"),
        ("PhoneNumber", "phone or device"),
        ("BankAccount", "account"),
        ("Address", "place"),
        ("Email", "document"),
        ("PlateRead", "event"),
        ("Passport", "identity paper"),
        ("Notice", "notice or case"),
        ("Firearm", "firearm or drug"),
        ("NoSuchThing", "other"),
        ("", "other"),
    ],
)
def test_each_schema_is_drawn_in_its_family(schema, family):
    """The table an analyst learns once."""
    assert family_of(schema).one == family


def test_families_differ_in_shape_as_well_as_in_colour():
    """Whoever does not see colours still tells families apart."""
    families = (*FAMILIES, UNKNOWN)
    assert len({str(family.shape) for family in families}) == len(families)
    assert len({family.fill for family in families}) == len(families)
    names = [name for family in families for name in family.schemata]
    assert len(names) == len(set(names))


def test_parallel_edges_become_one_link():
    """Three payments and one call between two nodes are one line that names both and has both arrow heads."""
    g = nx.MultiDiGraph()
    g.add_edges_from([("a", "b", {"caption": "pays"})] * 3 + [("b", "a", {"schema": "Call"})])
    (link,) = links_of(g)
    assert (link.count, link.caption, link.arrows) == (4, "Call, pays", {"a", "b"})


@pytest.mark.parametrize(
    ("captions", "shown"),
    [([""], ""), (["pays"], "pays"), (["pays", "pays"], "2× pays"), (["a", "b", "c", "d"], "a, b +2")],
)
def test_captions_of_a_link_are_summed_up(captions, shown):
    """Repetition is counted, variety cut after two."""
    g = nx.MultiGraph()
    g.add_edges_from(("x", "y", {"caption": caption}) for caption in captions)
    assert links_of(g)[0].caption == shown


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_every_kind_of_graph_is_drawn(kind, texts):
    """Names, link captions, loops and nodes without any attribute appear."""
    g = kind()
    g.add_node(1, caption="Ana", schema="Person")
    g.add_edge(1, "b", caption="uses")
    g.add_edge("b", "b", caption="itself")
    assert {"Ana", "b", "uses", "1 person", "1 other"} <= set(texts(graph(g)))


def arrow_heads(picture):
    """Count the shapes in the colour that only arrow heads are filled with."""
    return sum(
        element.get("fill") == MUTED for element in ElementTree.fromstring(picture.svg).iter(f"{SVG}path")
    )


@pytest.mark.parametrize(("kind", "heads"), [(nx.Graph, 0), (nx.DiGraph, 2)])
def test_only_directed_graphs_have_arrow_heads(kind, heads):
    """One head a direction."""
    assert arrow_heads(graph(kind([("a", "b"), ("b", "c")]))) == heads


def test_the_order_of_nodes_and_edges_does_not_matter():
    """A graph built from a set gives the same picture every time."""
    edges = [(f"n{n}", f"n{(n * 7) % 30}") for n in range(40)]
    pictures = set()
    for seed in range(3):
        shuffled = random.Random(seed).sample(edges, len(edges))
        pictures.add(graph(nx.Graph(shuffled), highlight={"n1", "n2"}))
    assert len(pictures) == 1


def test_highlighted_nodes_are_bold_and_labelled_in_a_crowd(texts):
    """Of more than 60 nodes the picture says whose labels it shows; a highlighted one is among them."""
    g = nx.barabasi_albert_graph(150, 2, seed=3)
    nx.set_node_attributes(g, {n: f"Person {n}" for n in g}, "caption")
    lonely = min(g, key=lambda n: (g.degree[n], -n))
    plain, marked = texts(graph(g)), texts(graph(g, highlight=[lonely, "absent"]))
    assert f"Person {lonely}" not in plain
    assert f"Person {lonely}" in marked
    assert "Labelled are the 60 nodes with most links or highlighted, of 150." in plain


def test_one_caption_for_all_links_is_said_once(texts):
    """Thirty links called Payment need the word once."""
    g = nx.star_graph(30)
    nx.set_edge_attributes(g, "Payment", "schema")
    assert [text for text in texts(graph(g)) if "Payment" in text] == ["Every link: Payment."]


def test_an_empty_graph_says_so(texts):
    """Nothing to show is said, not left blank."""
    picture = graph(nx.Graph(), title="Case 7")
    assert texts(picture) == ["Case 7", "No nodes to show."]
    assert picture.alt == "Case 7: No nodes to show."


@pytest.mark.parametrize("size", [2, 12, 30, 60])
def test_nodes_do_not_cover_each_other(size):
    """At the sizes made for reading, all nodes stand apart and on the sheet."""
    g = nx.barabasi_albert_graph(size, min(2, size - 1), seed=1)
    at = spread(positions(g, width=540, height=500, room=60), 20)
    points = np.array(list(at.values()))
    gaps = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1)) + np.eye(size) * 99
    assert gaps.min() > 17
    assert points.min() > -25
    assert (points < [565, 525]).all()


def test_a_path_is_drawn_as_a_line_and_neighbours_are_near():
    """Distance on paper follows the number of links."""
    at = positions(nx.path_graph(6), width=600, height=300, room=60)
    xs = [at[n][0] for n in range(6)]
    assert xs in (sorted(xs), sorted(xs, reverse=True))
    steps = np.abs(np.diff(xs))
    assert steps.max() < 1.1 * steps.min()


def test_components_do_not_overlap():
    """Unconnected parts stand in places of their own."""
    g = nx.disjoint_union_all([nx.complete_graph(5), nx.path_graph(4), nx.empty_graph(3)])
    at = positions(g, width=600, height=400, room=60)
    first, second = ([at[n] for n in part] for part in (range(5), range(5, 9)))
    (l1, t1), (r1, b1) = np.min(first, axis=0), np.max(first, axis=0)
    (l2, t2), (r2, b2) = np.min(second, axis=0), np.max(second, axis=0)
    assert r1 < l2 or r2 < l1 or b1 < t2 or b2 < t1


@pytest.mark.parametrize("size", [60, 240, 400, 1000])
def test_large_graphs_are_drawn_within_a_second_of_work(size):
    """No size of network blocks a notebook."""
    graph(nx.path_graph(3))
    g = nx.barabasi_albert_graph(size, 2, seed=2)
    start = time.process_time()
    graph(g)
    assert time.process_time() - start < 2  # both cores count; measured 0.2 to 0.6


def test_a_label_takes_the_first_place_that_is_free():
    """Below, unless something is there; then above."""
    room = Room(Box(0, 0, 200, 200))
    below, above = around((100, 100), 40, 10, 8)[:2]
    assert room.best([below, above]) == below
    assert room.best([below, above]) == above


def test_a_label_stays_on_the_sheet():
    """At the lower edge a label goes above its node."""
    room = Room(Box(0, 0, 200, 105))
    assert room.best(around((100, 100), 40, 10, 8)).bottom <= 105
