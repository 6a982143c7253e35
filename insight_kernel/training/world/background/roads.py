"""Cars of the background: single reads, trips along the road, commuters at the same camera every morning, thefts."""

from collections.abc import Iterator
from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.background.numbers import free_plates
from insight_kernel.training.world.cast import Actor
from insight_kernel.training.world.traffic import (
    CAMERAS,
    Cameras,
    Car,
    keep_car,
    plant_stolen,
    report_stolen,
)

_KEEPERS = {"a": 4, "b": 4, "c": 8}
_READS, _TRIPS, _MORNINGS = 36, 5, 4
_CONFUSED = str.maketrans("IO", "10")
_BETWEEN = 1_300  # seconds from one camera to the next
_NUMBERED = 1_000  # looks of stolen cars lie above those of the register


class Roads:
    """Delivers the cars and reads of one town after the other."""

    def __init__(self, cameras: Cameras, taken: set[str]) -> None:
        self.cameras, self.cars = cameras, 100
        rng = cameras.draft.rng("plates")
        self.plates: dict[str, Iterator[str]] = {
            country: free_plates(country, rng, taken | {"QIO-4107"}) for country in ("FR", "DE", "GR")
        }

    def town(self, town: Town) -> None:
        """Deliver a town's cars and half a year of reads."""
        rng = self.cameras.draft.rng(f"roads/{town.number}")
        keepers = [actor for side, count in _KEEPERS.items() for actor in town.people[side][:count]]
        cars = [self._car(keeper, rng) for keeper in keepers]
        for _ in range(_READS):
            car = cars[int(len(cars) * rng.random() ** 2)]
            self.cameras.read(car, rng.randrange(CAMERAS), rng.randrange(15, 200), rng.randrange(86_400))
        for _ in range(_TRIPS):
            self._trip(rng.choice(cars), rng)
        self._commuters(cars[0], cars[1], rng)
        self._stolen(town.number, rng)

    def _car(self, keeper: Actor, rng: Random) -> Car:
        self.cars += 1
        country = "FR" if keeper.side == "a" or (keeper.country == "fr" and rng.random() < 0.7) else "DE"
        return keep_car(self.cameras.draft, keeper, self.cars, country, next(self.plates[country]))

    def _trip(self, car: Car, rng: Random) -> None:
        """Let a car pass a few cameras in a row."""
        first, ago, second = rng.randrange(CAMERAS - 3), rng.randrange(15, 200), rng.randrange(75_000)
        for camera in range(first, rng.randrange(first + 2, CAMERAS)):
            self.cameras.read(car, camera, ago, second)
            second += rng.randrange(_BETWEEN - 200, _BETWEEN + 400)

    def _commuters(self, one: Car, other: Car, rng: Random) -> None:
        """Let two cars pass one camera a minute apart on several mornings: colleagues, not a convoy."""
        camera, start = rng.randrange(CAMERAS), rng.randrange(24_000, 30_000)
        for ago in rng.sample(range(15, 200), _MORNINGS):
            second = start + rng.randrange(-600, 600)
            self.cameras.read(one, camera, ago, second)
            self.cameras.read(other, camera, ago, second + rng.randrange(20, 100))

    def _stolen(self, number: int, rng: Random) -> None:
        """Report a stolen car; most are read again, some with misread signs, some never."""
        draft = self.cameras.draft
        car = Car(draft.key(f"vehicle:stolen-{number}"), next(self.plates["GR"]), "gr")
        ago = rng.randrange(40, 300)
        report_stolen(draft, car, _NUMBERED * _NUMBERED + number, ago)
        misread = (None, car.plate.translate(_CONFUSED))
        reads = [
            self.cameras.read(
                car,
                rng.randrange(CAMERAS),
                rng.randrange(15, ago),
                rng.randrange(86_400),
                plate=rng.choice(misread),
            )
            for _ in range(rng.randrange(3))
        ]
        if reads:
            plant_stolen(draft, car, reads)
