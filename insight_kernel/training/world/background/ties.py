"""Who knows whom in the background: many know few, a few know many, and nowhere four know each other closely.

Everybody is tied to at most three people who were there before (preferential attachment, Barabási and Albert 1999), so
that no subgraph has a core of order four: the story's cells stay the only ones.
"""

from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.cells import tie
from insight_kernel.training.world.draft import Draft

_LARGEST_CIRCLE = 25


def deliver_ties(draft: Draft, cast: Cast, town: Town) -> None:
    """Deliver a town's acquaintances; those of sides ``a`` and ``b`` know one person of the cell's circle."""
    rng = draft.rng(f"ties/{town.number}")
    for side, cell in (("a", cast.a), ("b", cast.b)):
        people = town.people[side]
        tie(draft, cell[town.number % len(cell)], people[0], "acquaintance")
        _circle(draft, people, rng)
    rest = list(town.people["c"])
    while rest:
        size = min(_LARGEST_CIRCLE, int(3 * rng.paretovariate(1.3)))
        _circle(draft, tuple(rest[:size]), rng)
        del rest[:size]


def _circle(draft: Draft, people: tuple[Actor, ...], rng: Random) -> None:
    """Tie each to one or two who came before; whoever knows many gets to know more."""
    known: list[int] = [0]
    for place in range(1, len(people)):
        chosen = {rng.choice(known) for _ in range(1 if rng.random() < 0.7 else 2)}
        for other in sorted(chosen):
            tie(draft, people[other], people[place], "acquaintance")
        known += [place, *chosen]
