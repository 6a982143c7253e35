"""Police reports and mails about the network: names and numbers in running text, tied by reading only."""

from insight_kernel.training.world.cast import Cast
from insight_kernel.training.world.companies import Firm
from insight_kernel.training.world.documents import Written, mail_file, report_file
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.money import Account
from insight_kernel.training.world.phones import Book
from insight_kernel.training.world.reserved import address
from insight_kernel.training.world.traffic import Car
from insight_kernel.training.world.wording import MAILS, REPORTS, Mail, Report


def deliver_texts(draft: Draft, words: dict[str, str], subject: str) -> None:
    """Deliver reports and mails, their braces filled from ``words``."""
    documents = [_report(draft, number, report, words) for number, report in enumerate(REPORTS)]
    for number, mail in enumerate(MAILS):
        documents.append(_mail(draft, number, mail, words))
    draft.plant(
        "mentions",
        [subject, documents[0], documents[3]],
        "Look in the texts for the main subject's names, telephone and plate: he is named in two scripts.",
        seen_by="ana ben",
    )


def words_of(
    cast: Cast, book: Book, cars: dict[str, Car], firms: tuple[Firm, ...], accounts: dict[str, Account]
) -> dict[str, str]:
    """Return what the texts call persons and things: names by role, telephone, plate and account numbers."""
    brother = cast.households["a"][1]
    people = {"head": cast.a[0], "brother": brother, "broker": cast.broker, "second": cast.b[0]}
    words = {role: actor.name.latin for role, actor in people.items()}
    words |= {f"{role}_native": actor.name.native for role, actor in people.items()}
    for role in ("head", "broker"):
        words |= {f"{role}_phone": book.first[people[role].id], f"{role}_plate": cars[people[role].id].plate}
    return words | {
        "broker_outer": book.outer,
        "firm": firms[0].name,
        "firm_iban": accounts[firms[0].id].iban,
        "other_firm": firms[6].name,
        "address": address(41),
    }


def _report(draft: Draft, number: int, report: Report, words: dict[str, str]) -> str:
    """Deliver one report as a text file and return its id."""
    body = report.text.format_map(words)
    name = f"report-{number + 1:02d}.txt"
    return report_file(
        draft, report.source, name, Written(report.title, report.language, draft.day(report.ago), body)
    )


def _mail(draft: Draft, number: int, mail: Mail, words: dict[str, str]) -> str:
    """Deliver one mail and return its id."""
    written = Written(
        mail.subject, mail.language, draft.moment(mail.ago, 32400 + 60 * number), mail.text.format_map(words)
    )
    return mail_file(
        draft, str(number + 1), f"mail-{number + 1:02d}.eml", written, sender=mail.sender, to=mail.to
    )
