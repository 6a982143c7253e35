"""Fills the world around the story, town by town; each town is about as large as the story itself."""

from collections.abc import Callable
from dataclasses import dataclass

from insight_kernel.training.world.background.firms import Register
from insight_kernel.training.world.background.folk import Folk
from insight_kernel.training.world.background.homes import deliver_homes
from insight_kernel.training.world.background.letters import deliver_letters
from insight_kernel.training.world.background.money import Trade
from insight_kernel.training.world.background.offences import deliver_offences
from insight_kernel.training.world.background.phones import Talk
from insight_kernel.training.world.background.roads import Roads
from insight_kernel.training.world.background.ties import deliver_ties
from insight_kernel.training.world.cast import Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.money import Bank
from insight_kernel.training.world.notices import Office
from insight_kernel.training.world.phones import Book, Exchange
from insight_kernel.training.world.traffic import Cameras

LARGEST = 1000
"""Towns the reserved telephone numbers suffice for."""


@dataclass(frozen=True)
class Story:
    """What the background must know of the story: its people, their phones and plates, and who numbers what."""

    cast: Cast
    exchange: Exchange
    bank: Bank
    cameras: Cameras
    office: Office
    book: Book
    plates: frozenset[str]


def fill(draft: Draft, story: Story, step: Callable[[], object]) -> None:
    """Deliver as many towns as the world's size asks for beyond the story."""
    folk, register, trade = Folk(draft, story.cast), Register(draft), Trade(story.bank)
    roads = Roads(story.cameras, set(story.plates))
    talk = Talk(story.exchange, _known(story))
    for number in range(1, draft.size):
        town = folk.town(number)
        deliver_homes(draft, folk, town)
        deliver_ties(draft, story.cast, town)
        trade.town(town, register.town(town))
        phones = talk.town(town)
        roads.town(town)
        deliver_offences(draft, town)
        deliver_letters(story.office, town, phones)
        step()


def _known(story: Story) -> dict[str, list[str]]:
    """Return the numbers of the story's crowd, whom people of the background may call."""
    return {side: [story.book.first[actor.id] for actor in story.cast.around(side)] for side in "abc"}
