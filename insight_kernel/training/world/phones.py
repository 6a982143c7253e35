"""Telephone numbers, who uses them, and calls: relays over the broker's two phones, a silent successor."""

from dataclasses import dataclass
from itertools import cycle
from random import Random

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.reserved import phones

_REGION = {
    "de": "de",
    "br": "us-west",
    "ke": "us-west",
    "jp": "us",
    "cn": "us",
    "gr": "de-hamburg",
    "ua": "de-hamburg",
}
_CALLS_PER_SIDE = {"a": 70, "b": 60, "c": 24}
_RELAYS = 14


@dataclass(frozen=True)
class Book:
    """The first number of everybody who has one, by person; and the broker's second."""

    first: dict[str, str]
    outer: str


class Exchange:
    """Hands out reserved numbers, delivers subscribers and notes calls in the order they are made."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.calls = draft, 0
        self.given: set[str] = set()
        self.free = {region: phones(region) for region in ("fr", "de", "de-hamburg", "us", "us-west")}

    def number(self, country: str) -> str:
        """Deliver a fresh number of a country's range and return it."""
        return self.open(next(self.free[_REGION.get(country, "fr")]))

    def open(self, number: str) -> str:
        """Deliver a number and return it."""
        self.draft.add(
            "northtel-subscribers",
            "PhoneNumber",
            self.key(number),
            name=number,
            number=number,
            carrier="Northtel",
        )
        self.given.add(number)
        return number

    def used_by(self, actor: Actor, number: str, role: str = "subscriber") -> str:
        """Deliver that a person uses a number."""
        ends = {"user": actor.id, "phone": self.key(number)}
        self.draft.link("northtel-subscribers", "PhoneUse", ends, role=role, startDate=self.draft.day(500))
        self.draft.add("northtel-subscribers", "Person", actor.id, name=actor.name.latin, phone=number)
        return number

    def call(self, caller: str, receiver: str, ago: int, second: int, seconds: int) -> None:
        """Deliver one call."""
        self.calls += 1
        self.draft.row(
            "northtel-calls",
            start=self.draft.moment(ago, second),
            call=self.draft.code(f"call:{self.calls}"),
            seconds=str(seconds),
            from_number=caller,
            to_number=receiver,
            from_key=self.key(caller),
            to_key=self.key(receiver),
        )

    def key(self, number: str) -> str:
        """Return the id of a number as delivered."""
        return self.draft.key(f"phone:{number}")


def deliver_phones(exchange: Exchange, cast: Cast) -> Book:
    """Deliver subscribers and calls; return who has which number."""
    owners = [*cast.a, *cast.b, *cast.households["a"][:3], *cast.crowd]
    numbers = {actor.id: exchange.used_by(actor, exchange.number(actor.country)) for actor in owners}
    for side in _CALLS_PER_SIDE:
        _small_talk(exchange, side, [numbers[actor.id] for actor in owners if actor.side == side])
    inner, outer = _relays(exchange, cast, numbers)
    _second_phone(exchange, cast)
    _successor(exchange, cast, numbers)
    return Book(numbers | {cast.broker.id: inner}, outer)


def _small_talk(exchange: Exchange, side: str, numbers: list[str]) -> None:
    """Make calls among the people of one side; the first few of the list call more than the others."""
    rng = exchange.draft.rng(f"calls/{side}")
    for _ in range(_CALLS_PER_SIDE[side]):
        caller = numbers[int(len(numbers) * rng.random() ** 2)]
        receiver = rng.choice([number for number in numbers if number != caller])
        exchange.call(caller, receiver, rng.randrange(20, 400), waking(rng), rng.randrange(15, 900))


def waking(rng: Random) -> int:
    """Return a second of the day between seven and eleven."""
    return rng.randrange(7 * 3600, 23 * 3600)


def _relays(exchange: Exchange, cast: Cast, numbers: dict[str, str]) -> tuple[str, str]:
    """Let each call from the first cell be passed on to the second within minutes, over another phone."""
    inner, outer = (exchange.used_by(cast.broker, exchange.number("de")) for _ in range(2))
    rng = exchange.draft.rng("relays")
    for _ in range(_RELAYS):
        ago, second = rng.randrange(20, 300), waking(rng)
        exchange.call(numbers[cast.a[rng.randrange(2)].id], inner, ago, second, rng.randrange(40, 120))
        passed_on = second + rng.randrange(180, 600)
        exchange.call(outer, numbers[cast.b[rng.randrange(2)].id], ago, passed_on, rng.randrange(30, 90))
    exchange.draft.plant(
        "relay",
        [cast.broker.id, exchange.key(inner), exchange.key(outer)],
        "Sort the calls of this user's two phones by time: a call in on one is followed by a call"
        " out on the other within ten minutes.",
        seen_by="ana ben",
    )
    return inner, outer


def _second_phone(exchange: Exchange, cast: Cast) -> None:
    """Give the main subject a prepaid number too."""
    exchange.used_by(cast.a[0], exchange.number("fr"), role="prepaid")


def _successor(exchange: Exchange, cast: Cast, numbers: dict[str, str]) -> None:
    """Let one phone fall silent and one nobody subscribed to call the same people from the next day on."""
    draft, old, new = exchange.draft, numbers[cast.b[3].id], exchange.number("gr")
    friends = [numbers[actor.id] for actor in (cast.b[0], cast.b[1], cast.b[2], *cast.around("b")[:2])]
    for phone, days in ((old, range(19, 14, -1)), (new, range(13, 3, -1))):
        for ago, friend in zip(days, cycle(friends), strict=False):
            exchange.call(phone, friend, ago, 61200 + 60 * ago, 75)
    draft.plant(
        "successor-phone",
        [exchange.key(old), exchange.key(new)],
        "Compare whom phones call: one falls silent two weeks ago, another calls the same five from then on.",
        seen_by="ana ben",
    )
