"""Companies of the background: most have an owner one step away, some two, and some chains end at nobody."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.background.names import combinations_of
from insight_kernel.training.world.cast import Actor
from insight_kernel.training.world.companies import Firm, deliver_director, deliver_firm
from insight_kernel.training.world.draft import Draft

_WHAT = (
    "Amber Basalt Candle Cobalt Copper Coral Dapple Ember Fennel Garnet Harrow Indigo Juniper Kelp Lantern Larch"
    " Marble Mistral Nettle Ochre Otter Pewter Pumice Quill Russet Saffron Sorrel Thistle Umber Verbena Willow Zephyr"
)
_OF_WHAT = (
    "Arch Basin Bollard Bridge Chapel Cistern Cove Dial Fathom Ferry Furrow Gable Gantry Girder Hollow Kiln Ledge"
    " Loom Mill Orchard Paddle Parapet Pier Prow Rudder Sluice Spindle Tiller Trellis Turret Weir Windlass"
)
_TRADE = (
    "Bakeries Carpets Clinics Cycles Dairies Dental Electrics Farms Fishing Freight Furniture Garages Glass Hotels"
    " Joinery Laundry Logistics Paints Pharmacy Plumbing Printing Roofing Seeds Shipping Textiles Timber Tools Travel"
)
_FORM = {"fr": "SARL", "gr": "SA"}
_FIRMS = {"a": 2, "b": 2, "c": 7}
_NUMBERED = 1_000  # numbers of companies start here, above those of the story


class Register:
    """Founds the companies of one town after the other."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.founded = draft, _NUMBERED
        words = [text.split() for text in (_WHAT, _OF_WHAT, _TRADE)]
        places = combinations_of(*map(len, words), rng=draft.rng("firms"))
        self.names = (" ".join(w[p] for w, p in zip(words, place, strict=True)) for place in places)

    def town(self, town: Town) -> list[Firm]:
        """Deliver a town's companies with directors and owners."""
        rng = self.draft.rng(f"firms/{town.number}")
        firms = []
        for side, count in _FIRMS.items():
            own = list(self._founded(side, town.people[side], count, rng))
            self._owned(own, town.people[side], rng)
            firms += own
        return firms

    def _founded(self, side: str, people: tuple[Actor, ...], count: int, rng: Random) -> Iterator[Firm]:
        for _ in range(count):
            country = "gr" if side == "b" else "fr" if side == "a" else rng.choice(("fr", "gr"))
            form = _FORM[country]
            firm = deliver_firm(self.draft, self.founded, (next(self.names), form, country, side))
            self.founded += 1
            deliver_director(self.draft, firm, rng.choice(people))
            yield firm

    def _owned(self, firms: list[Firm], people: tuple[Actor, ...], rng: Random) -> None:
        """Let people own the first company of a side and the next through it; three more own each other."""
        self._owns(rng.choice(people).id, firms[0], rng)
        self._owns(firms[0].id, firms[1], rng)
        for owner, firm in pairwise(firms[2:5]):
            self._owns(owner.id, firm, rng)
        for firm in firms[5:]:
            self._owns(rng.choice(people).id, firm, rng)

    def _owns(self, owner: str, firm: Firm, rng: Random) -> None:
        ends = {"owner": owner, "asset": firm.id}
        share, since = str(rng.randrange(25, 101)), self.draft.day(rng.randrange(400, 690))
        self.draft.link(firm.source, "Ownership", ends, percentage=share, startDate=since)
