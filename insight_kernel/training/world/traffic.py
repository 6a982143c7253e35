"""Vehicles and plate reads: who keeps what, two cars that travel together, a stolen one misread once."""

from dataclasses import dataclass
from random import Random

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.places import CITIES, near
from insight_kernel.training.world.reserved import plates, vin

_MODELS = (("Veloria", "Estate"), ("Brontec", "Van"), ("Ondine", "Coupe"), ("Harrier & Co", "Truck"))
_COLORS = ("grey", "white", "blue", "black", "red")
CAMERAS = 8
_READS = 38


@dataclass(frozen=True)
class Car:
    """One vehicle: id, plate and the country of the plate."""

    id: str
    plate: str
    country: str


class Cameras:
    """Cameras on the road from Hamburg to Cologne."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.reads = draft, 0

    def read(self, car: Car, camera: int, ago: int, second: int, *, plate: str | None = None) -> str:
        """Deliver one read and return its number; with ``plate`` it was misread and names no vehicle."""
        self.reads += 1
        number, share = self.draft.code(f"read:{self.reads}"), camera / (CAMERAS - 1)
        start, end = CITIES["Hamburg"], CITIES["Cologne"]
        self.draft.row(
            "de-plates",
            time=self.draft.moment(ago, second),
            read=number,
            plate=plate or car.plate,
            country=car.country,
            camera=f"CAM-{camera + 1}",
            latitude=f"{start.latitude + share * (end.latitude - start.latitude):.4f}",
            longitude=f"{start.longitude + share * (end.longitude - start.longitude):.4f}",
            vehicle="" if plate else car.id,
            confidence="0.71" if plate else "0.98",
        )
        return number


def deliver_traffic(cameras: Cameras, cast: Cast) -> dict[str, Car]:
    """Deliver vehicles, keepers and reads; return each keeper's car by his id."""
    keepers = [
        *cast.a[:3],
        *cast.b[:2],
        cast.broker,
        *(cast.around(side)[n] for side in "abc" for n in (1, 4, 7)),
    ]
    series = {"DE": plates("DE"), "FR": plates("FR")}
    cars = {}
    for number, keeper in enumerate(keepers):
        country = "FR" if keeper.side == "a" else "DE"
        cars[keeper.id] = keep_car(cameras.draft, keeper, number, country, next(series[country]))
    _journeys(cameras, [car for holder, car in cars.items() if holder not in (cast.a[0].id, cast.broker.id)])
    _convoy(cameras, cars[cast.a[0].id], cars[cast.broker.id])
    _stolen(cameras)
    return cars


def keep_car(draft: Draft, keeper: Actor, number: int, country: str, plate: str) -> Car:
    """Deliver a vehicle of the register and its keeper; with its number it gets its own look and id."""
    car = Car(draft.key(f"vehicle:{number}"), plate, country.lower())
    _vehicle(draft, "de-vehicles", car, number)
    ends = {"owner": keeper.id, "asset": car.id}
    draft.link("de-vehicles", "Ownership", ends, role="keeper", startDate=draft.day(450 + number % 2000))
    return car


def _vehicle(draft: Draft, source: str, car: Car, number: int, **more: str) -> None:
    make, model = _MODELS[number % len(_MODELS)]
    draft.add(
        source,
        "Vehicle",
        car.id,
        name=f"{make} {model}",
        make=make,
        model=model,
        type="car",
        color=_COLORS[number % len(_COLORS)],
        registrationNumber=car.plate,
        country=car.country,
        vin=vin(5000 + number),
        **more,
    )


def _journeys(cameras: Cameras, cars: list[Car]) -> None:
    """Read ordinary traffic: a car here, a car there, never two together twice."""
    rng = cameras.draft.rng("journeys")
    for number in range(_READS):
        ago, second = rng.randrange(15, 200), rng.randrange(0, 86400)
        cameras.read(cars[number % len(cars)], rng.randrange(CAMERAS), ago, second)


def _convoy(cameras: Cameras, first: Car, second: Car) -> None:
    """Let two cars pass the same four cameras within two minutes of each other on three days."""
    rng = cameras.draft.rng("convoy")
    for ago in (121, 78, 33):
        for camera in range(0, 8, 2):
            time = 79200 - 40 * ago + 2600 * (camera // 2) // 2
            cameras.read(first, camera, ago, time)
            cameras.read(second, camera, ago, time + _behind(rng))
    cameras.draft.plant(
        "convoy",
        [first.id, second.id],
        "Look for plates read by the same cameras within two minutes: these two, on three evenings.",
        seen_by="ana ben",
    )


def _behind(rng: Random) -> int:
    return rng.randrange(25, 110)


def _stolen(cameras: Cameras) -> None:
    """Report a car stolen in Greece and read it in Germany: once well, once with O read as 0 and I as 1."""
    car = Car(cameras.draft.key("vehicle:stolen"), "QIO-4107", "gr")
    report_stolen(cameras.draft, car, 90, 70)
    reads = [
        cameras.read(car, 1, 52, 30000),
        cameras.read(car, 4, 51, 31000, plate=car.plate.replace("IO", "10")),
    ]
    plant_stolen(cameras.draft, car, reads)


def report_stolen(draft: Draft, car: Car, look: int, ago: int) -> None:
    """Deliver a vehicle reported stolen in Thessaloniki so many days ago, and the theft."""
    source, stolen_on, handle = "gr-stolen-vehicles", draft.day(ago), f"offence:{car.id}"
    _vehicle(draft, source, car, look, keywords="stolen", summary=f"Reported stolen on {stolen_on}.")
    theft = draft.add(
        source,
        "Offence",
        draft.key(handle),
        name="Theft of a vehicle",
        offenceType="theft of vehicle",
        date=stolen_on,
        location="Thessaloniki",
        country="gr",
        **near(CITIES["Thessaloniki"], draft.rng(handle), 1),
    )
    draft.link(source, "OffenceParty", {"party": car.id, "offence": theft}, role="stolen")


def plant_stolen(draft: Draft, car: Car, reads: list[str]) -> None:
    """Note a stolen vehicle that was read on the road after its theft."""
    draft.plant(
        "stolen-vehicle",
        [car.id],
        f"Compare plate reads with stolen vehicles, allowing for misread signs: reads {' and '.join(reads)}.",
        seen_by="ana ben",
    )
