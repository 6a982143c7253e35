"""Notices, diffusions, warrants and sanctions on the subject, and whether they count."""

from insight_kernel.reports.blocks import Block, Cell, chip, paragraph, table, together
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Seen, Thing

LEAD = "A hit is a lead: verify with the source before acting. Both sides are told of a positive result."


def notices(seen: Seen) -> Block:
    """Return notices, diffusions and warrants with whether each counts today, then sanctions."""
    alerts = seen.linked("Alert", "Warrant")
    sanctions = seen.linked("Sanction")
    none = paragraph("No notice, diffusion or warrant on the subject among what is visible.", kind="empty")
    parts = [paragraph(LEAD, kind="lead"), _alerts(seen, alerts) if alerts else none]
    return together(*parts, *([_sanctions(sanctions)] if sanctions else []))


def counts(alert: Thing, seen: Seen) -> tuple[bool, str]:
    """Tell whether an alert counts today, and why.

    A pending, refused, withdrawn or expired one does not; neither does one whose status is not known to be
    published. A warrant has no such status and counts until it ends.
    """
    if alert.end and alert.end < seen.day.isoformat()[: len(alert.end)]:
        return False, f"ended {alert.end}"
    if not alert.schema.is_a("Alert"):
        return True, "in force as far as recorded"
    state = " and ".join(alert.values("status")) or "status not stated"
    return state == "published", state


def _alerts(seen: Seen, alerts: list[Thing]) -> Block:
    rows: list[list[Cell]] = [_alert(alert, seen) for alert in alerts]
    columns = ("Kind", "Number", "Issued by", "From", "Until", "Counts", "Text", "Source (owner)", "Grade")
    made = "Alerts and warrants whose subject this is; pending or refused ones do not count."
    return table("Notices and warrants", columns, rows, made=made)


def _alert(alert: Thing, seen: Seen) -> list[Cell]:
    does, why = counts(alert, seen)
    verdict = together(chip("counts" if does else "does not count", "yes" if does else "no"), paragraph(why))
    issuer = ", ".join(
        [*map(words.country, alert.values("issuingCountry")), *alert.values("authority", "issuingCourt")]
    )
    text = "; ".join(
        alert.values(
            "reason", "lossPlace", "charges", "summary", "requestedAction", "modusOperandi", "description"
        )
    )
    return [_kind(alert), alert.caption, issuer, alert.start, alert.end, verdict, text,
            words.sources(alert.said), words.grades(alert.said)]  # fmt: skip


def _kind(alert: Thing) -> str:
    colour = alert.first("noticeType")
    if colour:
        return f"{colour.capitalize()} notice: {words.COLOURS[colour]}"
    return alert.schema.label


def _sanctions(sanctions: list[Thing]) -> Block:
    rows: list[list[Cell]] = [
        ["; ".join(map(words.country, s.values("country"))), "; ".join(s.values("authority")),
         "; ".join(s.values("program", "programId")), s.first("listingDate") or s.start, s.end,
         words.sources(s.said), words.grades(s.said)] for s in sanctions
    ]  # fmt: skip
    rows.sort(key=lambda row: tuple(map(str, row[:4])))
    columns = ("Country", "Authority", "Programme", "Since", "Until", "Source (owner)", "Grade")
    return table("Sanctions and listings", columns, rows, made="Listings of the subject, as delivered.")
