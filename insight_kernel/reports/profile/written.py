"""What only people write, kept apart from the facts: notes that two of them stand for, nothing of the template."""

from collections.abc import Iterable

from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.reports.blocks import Block, paragraph, table
from insight_kernel.reports.profile import words
from insight_kernel.reports.profile.material import Note, Seen

RECOMMENDATIONS = "recommendations"
"""The section that a recommendation is written for."""

_MADE = "Written by colleagues; author and reviewer state that it rests on the records it cites."
_COLUMNS = ("Note", "By", "Reviewed by", "Grade", "Written")
_PROTECTED = "Not shown of a protected person."


def notes(seen: Seen) -> Block:
    """Return what colleagues noted of the subject as a fact."""
    facts = (note for note in seen.notes if not note.assessment and not _recommends(note))
    return _shown("Notes", facts, seen, "None written.")


def assessment(seen: Seen) -> Block:
    """Return what colleagues judge of the subject."""
    judged = (note for note in seen.notes if note.assessment and not _recommends(note))
    return _shown(
        "Assessment", judged, seen, "None written; colleagues add theirs, apart from the facts above."
    )


def recommendations(seen: Seen) -> Block:
    """Return what colleagues recommend."""
    return _shown(
        "Recommendations", filter(_recommends, seen.notes), seen, "None written; they follow from an assessment."
    )  # fmt: skip


def _recommends(note: Note) -> bool:
    return note.section.lower() == RECOMMENDATIONS


def _shown(title: str, found: Iterable[Note], seen: Seen, empty: str) -> Block:
    rows = [(n.text, n.author, n.reviewer, words.graded(n.grade or NOT_GRADED), n.made[:10]) for n in found]
    if not rows:
        return paragraph(empty, kind="empty")
    if seen.subject.protected:
        return paragraph(_PROTECTED, kind="empty")
    return table(title, _COLUMNS, rows, made=_MADE)
