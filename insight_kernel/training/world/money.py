"""Bank accounts and payments: daily life, one round trip, and sums kept just under a reporting limit."""

from dataclasses import dataclass
from decimal import Decimal

from insight_kernel.training.world.cast import Actor, Cast
from insight_kernel.training.world.companies import Firm
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.reserved import iban

_PAYMENTS_PER_SIDE = {"a": 74, "b": 64, "c": 34}
_BANK_COUNTRIES = ("GB", "IE", "LV", "RO")
_PURPOSES = ("rent", "groceries", "wages", "repair", "invoice", "gift", "school fees")
_FEE = Decimal("0.02")


@dataclass(frozen=True)
class Account:
    """One account: its own id, its holder's id, its number and its holder's side."""

    id: str
    holder: str
    iban: str
    side: str


class Bank:
    """Opens accounts and delivers payments."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.opened, self.booked = draft, 0, 0

    def account(self, holder: Actor | Firm) -> Account:
        """Open an account and deliver it, its holder as the bank knows him, and the tie between them."""
        self.opened += 1
        number = iban(_BANK_COUNTRIES[self.opened % len(_BANK_COUNTRIES)], 7000 + 13 * self.opened)
        key = self.draft.key(f"account:{self.opened}")
        opened = self.draft.day(420 + 5 * self.opened % 5000)
        source = "acmebank-accounts"
        self.draft.add(
            source,
            "BankAccount",
            key,
            name=number,
            iban=number,
            bankName="Acme Bank",
            currency="EUR",
            openingDate=opened,
        )
        schema, name = ("Company", holder.name) if isinstance(holder, Firm) else ("Person", holder.name.latin)
        self.draft.add(source, schema, holder.id, name=name, country=holder.country)
        self.draft.link(
            source, "Ownership", {"owner": holder.id, "asset": key}, role="account holder", startDate=opened
        )
        return Account(key, holder.id, number, holder.side)

    def pay(self, payer: Account, payee: Account, ago: int, amount: Decimal, purpose: str) -> str:
        """Book a payment and return its transaction number."""
        self.booked += 1
        number = self.draft.code(f"transaction:{self.booked}")
        self.draft.row(
            "acmebank-payments",
            booked=self.draft.day(ago),
            transaction=number,
            payer=payer.holder,
            payer_account=payer.id,
            payer_iban=payer.iban,
            payee=payee.holder,
            payee_account=payee.id,
            payee_iban=payee.iban,
            amount=str(amount),
            currency="EUR",
            purpose=purpose,
        )
        return number


def deliver_money(bank: Bank, cast: Cast, firms: tuple[Firm, ...]) -> dict[str, Account]:
    """Deliver accounts and payments; return each holder's account by his id."""
    holders: list[Actor | Firm] = [
        *firms,
        *cast.a[:4],
        *cast.b[:4],
        cast.broker,
        *(cast.around(side)[n] for side in "abc" for n in range(5)),
    ]
    accounts = {holder.id: bank.account(holder) for holder in holders}
    for side in _PAYMENTS_PER_SIDE:
        _daily_life(bank, side, [account for account in accounts.values() if account.side == side])
    _round_trip(bank, [accounts[firm.id] for firm in firms[:3]])
    _under_the_limit(bank, cast, accounts, firms)
    _broker(bank, cast, accounts)
    return accounts


def _daily_life(bank: Bank, side: str, accounts: list[Account]) -> None:
    """Book small sums between the accounts of one side over a year."""
    rng = bank.draft.rng(f"money/{side}")
    for _ in range(_PAYMENTS_PER_SIDE[side]):
        payer, payee = rng.sample(accounts, 2)
        amount = Decimal(f"{20 * 150 ** rng.random():.2f}")
        bank.pay(payer, payee, rng.randrange(10, 380), amount, rng.choice(_PURPOSES))


def _round_trip(bank: Bank, circle: list[Account]) -> None:
    """Send a sum round three companies within a week; each keeps two percent and pays on an invoice."""
    amount, booked = Decimal("48500.00"), []
    for step, payer in enumerate(circle):
        payee = circle[(step + 1) % len(circle)]
        booked.append(bank.pay(payer, payee, 95 - 2 * step, amount, f"invoice {2201 + step}"))
        amount = (amount * (1 - _FEE)).quantize(Decimal("0.01"))
    bank.draft.plant(
        "round-trip",
        [account.holder for account in circle],
        f"Look for payments in a circle within ten days, each a little smaller: {', '.join(booked)}.",
        seen_by="ana ben",
    )


def _under_the_limit(bank: Bank, cast: Cast, accounts: dict[str, Account], firms: tuple[Firm, ...]) -> None:
    """Let four people bring a company of the second cell eight sums just under 10,000 within four days."""
    target = accounts[firms[6].id]
    payers = [accounts[actor.id] for actor in cast.around("b")[:4]]
    for number in range(8):
        bank.pay(payers[number % 4], target, 60 - number // 2, Decimal(9900 - 85 * number), "loan")
    bank.draft.plant(
        "under-the-limit",
        [target.holder, *(payer.holder for payer in payers)],
        "Group payments by beneficiary and week: eight just under 10,000 reach one company in four days.",
        seen_by="ana ben",
    )


def _broker(bank: Bank, cast: Cast, accounts: dict[str, Account]) -> None:
    """Let the broker be paid by the first cell and pay the second."""
    broker = accounts[cast.broker.id]
    for ago in (250, 190, 130):
        bank.pay(accounts[cast.a[0].id], broker, ago, Decimal(6400), "consulting")
        bank.pay(broker, accounts[cast.b[0].id], ago - 2, Decimal(5100), "consulting")
