"""Thinks the world up and writes it: the one function others call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from insight_kernel.training.world.cast import cast_world
from insight_kernel.training.world.cells import deliver_cells
from insight_kernel.training.world.companies import deliver_companies
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.files import counts, write_sources, write_truth
from insight_kernel.training.world.incidents import deliver_incidents
from insight_kernel.training.world.money import deliver_money
from insight_kernel.training.world.notices import deliver_notices
from insight_kernel.training.world.people import deliver_people
from insight_kernel.training.world.phones import deliver_phones
from insight_kernel.training.world.texts import deliver_texts, words_of
from insight_kernel.training.world.traffic import deliver_traffic
from insight_kernel.training.world.traps import deliver_traps


@dataclass(frozen=True)
class World:
    """What was written.

    Attributes
    ----------
    sources
        One folder per source, each with ``profile.yml``, in the order of their names.
    subject
        The id, as delivered, of the person whose profile makes the best first report.
    truth
        The file that says what was planted; never to be loaded.
    counts
        Entities by schema, over all sources.
    """

    sources: tuple[Path, ...]
    subject: str
    truth: Path
    counts: Mapping[str, int]


def write_world(folder: Path, *, today: date, seed: int = 1) -> World:
    """Write the invented world below ``folder``: ``sources/NAME/`` as delivered, ``truth/world.json`` beside.

    Nobody and nothing in it is real but the cities; telephone numbers, mail and internet addresses are of
    ranges kept free for such use. Equal ``today`` and ``seed`` give equal bytes.

    Parameters
    ----------
    folder
        Made if absent; files of an earlier world in it are overwritten.
    today
        The day the world is seen from: all dates count back from it, and one source expired the day before.
    seed
        Another seed gives other people, numbers and ids with the same story.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     world = write_world(Path(folder), today=date(2025, 6, 1))
    >>> world.counts["Notice"], len(world.sources)
    (11, 44)
    """
    draft = Draft(today, seed)
    subject = _tell(draft)
    truth = folder / "truth" / "world.json"
    write_truth(draft, truth, subject)
    return World(write_sources(draft, folder / "sources"), subject, truth, counts(draft))


def _tell(draft: Draft) -> str:
    """Let every source deliver its part and return the id of the main subject."""
    cast = cast_world(draft)
    deliver_people(draft, cast)
    deliver_cells(draft, cast)
    firms = deliver_companies(draft, cast)
    book = deliver_phones(draft, cast)
    accounts = deliver_money(draft, cast, firms)
    cars = deliver_traffic(draft, cast)
    deliver_notices(draft, cast, firms)
    deliver_incidents(draft, cast)
    deliver_texts(draft, words_of(cast, book, cars, firms, accounts), cast.a[0].id)
    deliver_traps(draft, cast)
    return cast.a[0].id
