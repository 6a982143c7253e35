"""Telephones of the background: a few people are called by everybody, most by a handful; some phones are nobody's."""

from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.background.numbers import Numbers
from insight_kernel.training.world.cast import Actor
from insight_kernel.training.world.phones import Exchange, waking

_CALLS = {"a": 45, "b": 45, "c": 130}
_SECOND, _NOBODYS = 2, 2
_WITHIN = 0.7  # share of calls to people of the same town


class Talk:
    """Delivers the numbers and calls of one town after the other."""

    def __init__(self, exchange: Exchange, known: dict[str, list[str]]) -> None:
        self.exchange, self.known = exchange, known
        self.numbers = Numbers(exchange.draft.rng("numbers"), set(exchange.given))

    def town(self, town: Town) -> dict[str, str]:
        """Deliver a town's telephones and calls; return the first number of each person who has one."""
        rng = self.exchange.draft.rng(f"calls/{town.number}")
        first: dict[str, str] = {}
        for side, people in town.people.items():
            own = [self._number(actor) for actor in people]
            first |= {actor.id: number for actor, number in zip(people, own, strict=True)}
            if side == "c":
                own += [self._number(actor, "prepaid") for actor in rng.sample(people, _SECOND)]
                own += [self.exchange.open(self.numbers.next("fr")) for _ in range(_NOBODYS)]
            self._calls(side, own, rng)
            self.known[side] += own
        return first

    def _number(self, actor: Actor, role: str = "subscriber") -> str:
        return self.exchange.used_by(actor, self.exchange.open(self.numbers.next(actor.country)), role)

    def _calls(self, side: str, own: list[str], rng: Random) -> None:
        """Make a year of calls; callers and people called are drawn with a heavy tail."""
        order = rng.sample(own, len(own))
        for _ in range(_CALLS[side]):
            caller = _drawn(order, rng)
            callees = order if rng.random() < _WITHIN or not self.known[side] else self.known[side]
            callee = _drawn(callees, rng)
            if callee != caller:
                seconds = min(7_200, int(rng.lognormvariate(4.4, 1.1)) + 3)
                self.exchange.call(caller, callee, rng.randrange(5, 400), waking(rng), seconds)


def _drawn(numbers: list[str], rng: Random) -> str:
    """Return one of them, the first ones much more often."""
    return numbers[int(len(numbers) * rng.random() ** 3.5)]
