"""What the tests of pictures share: one picture of each kind, and how to look into an SVG."""

from collections.abc import Callable
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest

from insight_kernel.views import Picture, bars, graph, timeline, world_map

SVG = "{http://www.w3.org/2000/svg}"


def _graph(caption: str) -> Picture:
    g = nx.MultiDiGraph()
    g.add_node("a", caption=caption, schema="Person")
    g.add_node("b", caption="Delta Ltd", schema="Company")
    g.add_edge("a", "b", caption=caption)
    g.add_edge("a", "b", caption="owns")
    return graph(g, highlight=["a"], title=caption)


def _map(caption: str) -> Picture:
    rows = [(51.9, 4.5, caption, caption), (53.5, 10.0, "Hamburg", "port")]
    points = pd.DataFrame(rows, columns=["lat", "lon", "caption", "kind"])
    return world_map(points, title=caption, countries={"es": caption})


def _timeline(caption: str) -> Picture:
    rows = [("2024", None, caption, caption), ("2023-01-05", "2024-02", "lease", "contract")]
    return timeline(pd.DataFrame(rows, columns=["start", "end", "caption", "kind"]), title=caption)


def _bars(caption: str) -> Picture:
    return bars(pd.Series({caption: 3.0, "Bo": 1.0}), title=caption, unit=caption)


VIEWS: dict[str, Callable[[str], Picture]] = {
    "graph": _graph,
    "map": _map,
    "timeline": _timeline,
    "bars": _bars,
}


@pytest.fixture(params=sorted(VIEWS))
def view(request: pytest.FixtureRequest) -> Callable[[str], Picture]:
    """Each of the four views as a function of one caption, which it uses wherever a text can stand."""
    return VIEWS[request.param]


@pytest.fixture(scope="session")
def texts() -> Callable[[Picture], list[str]]:
    """Return the texts of a picture as a browser would show them."""
    return lambda picture: [
        element.text or "" for element in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")
    ]
