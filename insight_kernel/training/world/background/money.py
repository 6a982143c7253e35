"""Payments of the background: wages, purchases, gifts and invoices, none of which comes back soon.

Money runs from companies to people as wages, which are larger than anything people pay on; among people and among
companies only from the earlier account to the later. So nothing returns to its sender step by step - but for slow
circles over many months, which are trade and no round trip.
"""

from decimal import Decimal
from itertools import pairwise
from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.companies import Firm
from insight_kernel.training.world.money import Account, Bank

_PEOPLE = {"a": 5, "b": 5, "c": 12}
_PAYMENTS = {"a": 35, "b": 35, "c": 110}
_KINDS = ("wages", "purchase", "purchase", "purchase", "gift", "invoice")
_BOUGHT = ("groceries", "rent", "repair", "school fees", "fuel", "furniture", "dentist")
_LIMIT = (Decimal(9_000), Decimal(10_000))


class Trade:
    """Opens accounts and books the payments of one town after the other."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.shops: dict[str, list[Account]] = {"a": [], "b": [], "c": []}

    def town(self, town: Town, firms: list[Firm]) -> None:
        """Deliver a town's accounts and a year of payments."""
        rng = self.bank.draft.rng(f"money/{town.number}")
        for side, people in town.people.items():
            own = [self.bank.account(firm) for firm in firms if firm.side == side]
            clients = [self.bank.account(actor) for actor in people[-_PEOPLE[side] :]]
            self.shops[side] += own
            for _ in range(_PAYMENTS[side]):
                self._payment(rng.choice(_KINDS), side, own, clients, rng)
            self._near_the_limit(own, rng)
        self._slow_circle(own, rng)

    def _payment(
        self, kind: str, side: str, firms: list[Account], people: list[Account], rng: Random
    ) -> None:
        ago = rng.randrange(10, 380)
        if kind == "wages":
            self.bank.pay(rng.choice(firms), rng.choice(people), ago, _sum(rng, 1_800, 4_200), "wages")
        elif kind == "purchase":
            shop = self.shops[side][int(len(self.shops[side]) * rng.random() ** 2.5)]
            self.bank.pay(rng.choice(people), shop, ago, _sum(rng, 8, 1_500), rng.choice(_BOUGHT))
        else:
            payer, payee = _in_order(people if kind == "gift" else firms, rng)
            amount = _sum(rng, 20, 600) if kind == "gift" else _invoiced(rng)
            self.bank.pay(payer, payee, ago, amount, kind)

    def _near_the_limit(self, firms: list[Account], rng: Random) -> None:
        """Let each company once pay the next a sum just under 10,000: alone, that means nothing."""
        for payer, payee in pairwise(firms):
            self.bank.pay(payer, payee, rng.randrange(10, 380), _sum(rng, 9_000, 9_990), "invoice")

    def _slow_circle(self, firms: list[Account], rng: Random) -> None:
        """Let three companies pay each other in turn, months apart and different sums."""
        one, other, third = firms[:3]
        for payer, payee, ago, least, most in (
            (one, other, 340, 5_000, 8_000),
            (other, third, 220, 2_000, 4_000),
            (third, one, 100, 100, 200),
        ):
            self.bank.pay(payer, payee, ago, _sum(rng, least, most), "invoice")


def _in_order(accounts: list[Account], rng: Random) -> tuple[Account, Account]:
    first, second = sorted(rng.sample(range(len(accounts)), 2))
    return accounts[first], accounts[second]


def _sum(rng: Random, least: int, most: int) -> Decimal:
    """Return a sum between two, small ones more often than large."""
    return Decimal(f"{least * (most / least) ** rng.random():.2f}")


def _invoiced(rng: Random) -> Decimal:
    """Return the sum of an invoice, at least 300, never just under the limit."""
    amount = _sum(rng, 300, 60_000)
    return amount + 1_000 if _LIMIT[0] <= amount < _LIMIT[1] else amount
