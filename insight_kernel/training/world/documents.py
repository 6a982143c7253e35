"""Reports and mails of the world as the files in which they are delivered."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from insight_kernel.training.world.draft import Draft


class Written(NamedTuple):
    """What was written: title, language (ISO 639-3), day or moment (ISO 8601), text."""

    title: str
    language: str
    when: str
    text: str


def report_file(draft: Draft, source: str, name: str, written: Written) -> str:
    """Deliver a report as a text whose head is a form; return its id."""
    head = f"Title: {written.title}\nLanguage: {written.language}\nDate: {written.when}\n\n"
    return draft.document(source, "PlainText", name, f"{head}{written.text}".encode())


def mail_file(draft: Draft, number: str, name: str, written: Written, *, sender: str, to: str) -> str:
    """Deliver a mail; return its id."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=0))
    message["From"], message["To"], message["Subject"] = sender, to, written.title
    message["Date"] = format_datetime(datetime.fromisoformat(written.when).replace(tzinfo=UTC))
    message["Message-ID"] = f"<{number}@insight.example>"
    message.set_content(written.text, cte="8bit")
    message["Content-Language"] = written.language
    return draft.document("ipsg-mail", "Email", name, message.as_bytes())
