"""Thinks the world up and writes it: the one function others call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from insight_kernel.errors import BadInput
from insight_kernel.files import UNFINISHED
from insight_kernel.training.world.background import LARGEST, Story, fill
from insight_kernel.training.world.cast import cast_world
from insight_kernel.training.world.cells import deliver_cells
from insight_kernel.training.world.companies import deliver_companies
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.files import write_sources, write_truth
from insight_kernel.training.world.incidents import deliver_incidents
from insight_kernel.training.world.money import Bank, deliver_money
from insight_kernel.training.world.notices import Office, deliver_notices
from insight_kernel.training.world.people import deliver_people
from insight_kernel.training.world.phones import Exchange, deliver_phones
from insight_kernel.training.world.texts import deliver_texts, words_of
from insight_kernel.training.world.traffic import Cameras, deliver_traffic
from insight_kernel.training.world.traps import deliver_traps


@dataclass(frozen=True)
class World:
    """What was written.

    Attributes
    ----------
    sources
        One folder per source, each with ``profile.yml``, in the order of their names.
    subject, subject_name
        The id, as delivered, of the person whose profile makes the best first report, and one of his names.
    truth
        The file that says what was planted; never to be loaded.
    counts
        Entities by schema, over all sources.
    """

    sources: tuple[Path, ...]
    subject: str
    subject_name: str
    truth: Path
    counts: Mapping[str, int]


def write_world(
    folder: Path, *, today: date, seed: int = 1, size: int = 1, step: Callable[[], object] = lambda: None
) -> World:
    """Write the invented world below ``folder``: ``sources/NAME/`` as delivered, ``truth/world.json`` beside.

    Nobody and nothing in it is real but the cities; telephone numbers, mail and internet addresses are of
    ranges kept free for such use. Equal ``today``, ``seed`` and ``size`` give equal bytes.

    Parameters
    ----------
    folder
        Made if absent; files of an earlier world in it are overwritten.
    today
        The day the world is seen from: all dates count back from it, and one source expired the day before.
    seed
        Another seed gives other people, numbers and ids with the same story.
    size
        So many times the people, calls, payments, reads, offences and notices around the same story; traps
        such as namesakes and doubles grow with them. Memory grows little: lines wait on disk.
    step
        Called ``size`` times while the world comes about, to show how far it is.

    Raises
    ------
    BadInput
        When the size is below 1, or so large that reserved telephone numbers would run out.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     world = write_world(Path(folder), today=date(2025, 6, 1))
    >>> world.counts["Notice"], len(world.sources)
    (11, 44)
    """
    check_size(size)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=UNFINISHED, dir=folder) as spools:
        draft = Draft(today, seed, Path(spools), size)
        story = _tell(draft)
        step()
        draft.story = False
        fill(draft, story, step)
        subject, truth = story.cast.a[0], folder / "truth" / "world.json"
        write_truth(draft, truth, subject.id)
        sources, counts = write_sources(draft, folder / "sources"), dict(sorted(draft.counts.items()))
        return World(sources, subject.id, subject.name.latin, truth, counts)


def check_size(size: int) -> None:
    """Refuse a size no world has.

    Examples
    --------
    >>> check_size(1)
    """
    if not 1 <= size <= LARGEST:
        remedy = f"Choose a size from 1 to {LARGEST}: beyond it reserved telephone numbers run out."
        raise BadInput(f"write a world of size {size}", "there is no such size", remedy)


def _tell(draft: Draft) -> Story:
    """Let every source deliver its part of the story."""
    cast = cast_world(draft)
    deliver_people(draft, cast)
    deliver_cells(draft, cast)
    firms = deliver_companies(draft, cast)
    exchange, bank, cameras, office = Exchange(draft), Bank(draft), Cameras(draft), Office(draft)
    book = deliver_phones(exchange, cast)
    accounts = deliver_money(bank, cast, firms)
    cars = deliver_traffic(cameras, cast)
    deliver_notices(office, cast, firms)
    deliver_incidents(draft, cast)
    deliver_texts(draft, words_of(cast, book, cars, firms, accounts), cast.a[0].id)
    deliver_traps(draft, cast)
    plates = frozenset(car.plate for car in cars.values())
    return Story(cast, exchange, bank, cameras, office, book, plates)
