"""The planted network: two cells, one broker between them, and the main subject at the head of the first."""

from itertools import pairwise

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.people import deliver_person

_TIES = "de-intelligence"
_MEETINGS = ("seen together", "shared a cell in prison", "travelled together", "co-signed a lease")
#: The main subject's nicknames: the lighthouse, in two scripts.
NICKNAMES = ("Le Phare", "الفنار")


def deliver_cells(draft: Draft, cast: Cast) -> None:
    """Tie the members of each cell to each other, the broker to both, and the crowd loosely to its side."""
    for cell in (cast.a, cast.b):
        _cell(draft, cell)
    for contact in (cast.a[0], cast.a[1], cast.b[0], cast.b[1]):
        tie(draft, cast.broker, contact, "middleman")
    for side, cell in (("a", cast.a), ("b", cast.b), ("c", ())):
        _crowd(draft, cast.around(side), cell)
    _subject(draft, cast.a[0])
    _plant(draft, cast)


def _cell(draft: Draft, cell: tuple[Actor, ...]) -> None:
    """Tie each member to the next and the one after: a ring in which nobody is the only way through."""
    ring = [*cell, *cell[:2]]
    pairs = [*pairwise(ring[:-1]), *zip(ring, ring[2:], strict=False)]
    for number, (one, other) in enumerate(pairs):
        tie(draft, one, other, _MEETINGS[number % len(_MEETINGS)])


def _crowd(draft: Draft, crowd: list[Actor], cell: tuple[Actor, ...]) -> None:
    """Tie a chain of acquaintances; every third knows somebody of the cell."""
    for one, other in pairwise(crowd):
        tie(draft, one, other, "acquaintance")
    for number, actor in enumerate(crowd[::3]):
        if cell:
            tie(draft, cell[(number + 2) % len(cell)], actor, "acquaintance")


def tie(draft: Draft, one: Actor, other: Actor, relationship: str) -> None:
    """Deliver that two persons know each other."""
    ends = {"person": one.id, "associate": other.id}
    since = draft.day(draft.rng(f"tie/{one.id}/{other.id}").randrange(60, 900))
    draft.link(_TIES, "Associate", ends, relationship=relationship, startDate=since)


def _subject(draft: Draft, subject: Actor) -> None:
    """Let France know the main subject as heard, day and month of birth swapped; and state his nicknames."""
    year, month, day = subject.born.split("-")
    swapped = f"{year}-{day}-{month}"
    heard = subject.name.variant
    deliver_person(
        draft,
        subject,
        "fr-nominal",
        name=heard,
        alias=NICKNAMES[0],
        birthDate=swapped,
        personStatus="suspect",
    )
    draft.add("ma-nominal", "Person", subject.id, alias=NICKNAMES[1], personStatus=subject.status)
    draft.plant(
        "contradiction",
        [subject.id],
        "Read the main subject's birth dates with their sources: day and month are swapped in France's file.",
        seen_by="ana ben",
    )
    draft.plant(
        "gap",
        [subject.id],
        "Ask what is missing on the main subject: no passport and no address is known.",
        seen_by="ana ben",
    )


def _plant(draft: Draft, cast: Cast) -> None:
    """Note the network, its only broker, and who is in which cell."""
    for name, cell in (("first", cast.a), ("second", cast.b)):
        draft.plant(
            "cell",
            [actor.id for actor in cell],
            f"Find communities among the associates: the {name} cell is tied closely inside.",
            seen_by="ana ben",
        )
    draft.plant(
        "broker",
        [cast.broker.id],
        "Rank the associates by betweenness: without this person no way leads from one cell to the other.",
        seen_by="ana ben",
    )
