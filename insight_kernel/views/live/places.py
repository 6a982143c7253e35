"""A map that can be moved, zoomed and clicked: ipyleaflet without tiles, on the geometry this package ships."""

from html import escape
from typing import Any

import ipyleaflet
import ipywidgets
import numpy as np

from insight_kernel.views import style
from insight_kernel.views.basemap import BORDER, LAND, SEA, Name
from insight_kernel.views.live.shell import HEIGHT, Item, Live, described
from insight_kernel.views.places import MARK, Places, Spot
from insight_kernel.views.world import Country, Points, Regional, Window, countries

_HINT = "Click a place to see what is said about it; drag to move the map; turn the wheel to zoom."
_WIDE, _HIGH = 800, 380  # pixels the part of the world seen in the still picture gets at least
_EQUATOR_KM, _TILE = 40075.0, 256
_FAR = 0.2  # degrees between corners of countries that lie outside what is seen first


class LivePlaces(Live):
    """The live form of a map; what is selected is the label of a row of the frame that was drawn."""

    front_end = "jupyter-leaflet"

    def __init__(self, places: Places) -> None:
        self._spots = places.spots
        self._view = _view(places.window)
        self.stage = ipyleaflet.Map(
            layers=[], attribution_control=False, scroll_wheel_zoom=True, zoom_snap=0.25, min_zoom=1, max_zoom=12,
            center=self._view[0], zoom=self._view[1],
            layout=ipywidgets.Layout(height=HEIGHT),
        )  # fmt: skip
        self.stage.layers = (_sea(), _land(places), *map(_name, places.names), *self._marks(places))
        self.stage.add(ipyleaflet.ScaleControl(position="bottomright", imperial=False))
        self._popups: dict[int, ipyleaflet.Popup] = {}
        items = [Item(spot.row, _called(spot), _facts(spot)) for spot in self._spots]
        super().__init__(self.stage, items, places.around, _HINT)

    def show_all(self) -> None:
        """Go back to the part of the world that is seen first."""
        self.stage.center, self.stage.zoom = self._view

    def _marks(self, places: Places) -> list[ipyleaflet.Layer]:
        if places.moved:
            return [
                self._number(n, spot, places.moved[n], places.colours[spot.kind])
                for n, spot in enumerate(self._spots)
            ]
        return [self._dots(places)] if self._spots else []

    def _number(self, n: int, spot: Spot, moved: tuple[float, float], colour: str) -> ipyleaflet.Marker:
        html, size, anchor = _numbered(n + 1, moved, colour)
        icon = ipyleaflet.DivIcon(html=html, icon_size=size, icon_anchor=anchor)
        look = {"icon": icon, "draggable": False, "alt": f"{n + 1}: {_called(spot)}"}
        # Leaflet's marks take the focus but no key: the list of names does.
        mark = ipyleaflet.Marker(location=(spot.lat, spot.lon), keyboard=False, **look)
        mark.on_click(lambda **_: self._select(n))
        return mark

    def _dots(self, places: Places) -> ipyleaflet.GeoJSON:
        features = [
            {"type": "Feature", "properties": {"number": n, "style": {"fillColor": places.colours[spot.kind]}},
             "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]}}
            for n, spot in enumerate(self._spots)
        ]  # fmt: skip
        look = {"radius": 5, "color": style.PAPER, "weight": 0.8, "fillOpacity": 0.8}
        dots = ipyleaflet.GeoJSON(
            data={"type": "FeatureCollection", "features": features},
            point_style=look,
            hover_style={"weight": 2},
        )
        dots.on_click(lambda **event: self._select(int(event["properties"]["number"])))
        return dots

    def _select(self, number: int) -> None:
        if self.chooser.value == number:
            self._mark(number)  # its popup may have been closed
        self.chooser.value = number

    def _mark(self, number: int | None) -> None:
        """Open the popup of a place and close the others; none is taken off the map, only closed."""
        for other, popup in self._popups.items():
            if other != number:
                popup.close_popup()
        if number in self._popups:
            self._popups[number].open_popup()
        elif number is not None:
            self._popups[number] = self._popup(number)
            self.stage.add(self._popups[number])

    def _popup(self, number: int) -> ipyleaflet.Popup:
        spot, said = self._spots[number], ipywidgets.HTML(described(self.items[number]))
        return ipyleaflet.Popup(location=(spot.lat, spot.lon), child=said, max_width=260)


def _view(window: Window) -> tuple[tuple[float, float], float]:
    """Return centre and zoom at which the part of the world in the still picture is seen."""
    if not isinstance(window.project, Regional):
        return (25.0, 0.0), 1.25
    lon, lat = window.centre()
    seen = max(window.km / _WIDE, window.height / window.scale / _HIGH)  # kilometres in a pixel
    zoom = np.log2(_EQUATOR_KM * np.cos(np.radians(lat)) / (_TILE * seen))
    return (round(lat, 4), round(lon, 4)), float(np.clip(np.floor(zoom * 4) / 4, 1, 12))


def _sea() -> ipyleaflet.Rectangle:
    return ipyleaflet.Rectangle(
        bounds=((-89.9, -540), (89.9, 540)), stroke=False, fill_color=SEA, fill_opacity=1.0
    )


def _land(places: Places) -> ipyleaflet.GeoJSON:
    features = [_country(country, places) for country in countries()]
    return ipyleaflet.GeoJSON(data={"type": "FeatureCollection", "features": features})


def _country(country: Country, places: Places) -> dict[str, Any]:
    seen = any(places.window.shape(ring) is not None for ring in country.rings)
    rings = [ring if seen else _coarse(ring) for ring in country.rings]
    look = {
        "fillColor": places.tints.get(country.iso2, LAND),
        "color": BORDER,
        "weight": 0.7,
        "fillOpacity": 1,
    }
    return {
        "type": "Feature", "properties": {"name": country.name, "style": look},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring.tolist()] for ring in rings if len(ring) > 3]},
    }  # fmt: skip


def _coarse(ring: Points) -> Points:
    """Drop corners that fall into the same small square as the one before."""
    squares = np.round(ring / _FAR)
    keep = np.append(True, (squares[1:] != squares[:-1]).any(axis=1))
    keep[-1] = True
    return np.asarray(ring[keep])


def _name(name: Name) -> ipyleaflet.Marker:
    halo = ",".join([f"0 0 2px {style.PAPER}"] * 4)
    shown = "".join(
        f'<div style="color:{colour};text-shadow:{halo}">{escape(text)}</div>'
        for text, colour in ((name.name, style.MUTED), (name.detail, style.INK)) if text
    )  # fmt: skip
    look = "width:160px;text-align:center;font-size:11px;line-height:1.15;pointer-events:none"
    icon = ipyleaflet.DivIcon(
        html=f'<div style="{look}">{shown}</div>', icon_size=(160, 14), icon_anchor=(80, 7)
    )
    return ipyleaflet.Marker(
        location=(name.lat, name.lon), icon=icon, draggable=False, keyboard=False, z_index_offset=-1000
    )


def _numbered(
    number: int, moved: tuple[float, float], colour: str
) -> tuple[str, tuple[int, int], tuple[int, int]]:
    """Return a numbered mark as HTML, its size, and where in it the true place is; a line leads there."""
    box = MARK + 4
    dx, dy = moved if np.hypot(*moved) > 3 else (0.0, 0.0)
    line = (
        f'<line x1="{-dx}" y1="{-dy}" x2="0" y2="0" stroke="{style.INK}" stroke-width="0.8"/>'
        f'<circle cx="{-dx}" cy="{-dy}" r="2.2" fill="{style.INK}"/>' if dx or dy else ""
    )  # fmt: skip
    look = f'text-anchor="middle" font-size="9.5" font-weight="bold" fill="{style.INK}"'
    frame = f'width="{box}" height="{box}" viewBox="{-box / 2} {-box / 2} {box} {box}"'
    html = (
        f'<svg {frame} style="overflow:visible;display:block">{line}'
        f'<circle r="{MARK / 2}" fill="{style.PAPER}" stroke="{colour}" stroke-width="2.4"/>'
        f'<text y="3.3" {look}>{number}</text></svg>'
    )
    return html, (round(box), round(box)), (round(box / 2 - dx), round(box / 2 - dy))


def _called(spot: Spot) -> str:
    return spot.caption or f"{spot.lat:.3f}, {spot.lon:.3f}"


def _facts(spot: Spot) -> Any:
    kind = (("kind", (spot.kind,)),) if spot.kind else ()
    return (*kind, ("latitude, longitude", (f"{spot.lat:.5f}, {spot.lon:.5f}",)), *spot.facts)
