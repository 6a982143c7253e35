"""Sections only people write: a template leaves them empty by construction, apart from the facts."""

from insight_kernel.reports.blocks import Block, paragraph


def assessment() -> Block:
    """Return the empty assessment."""
    return paragraph("None written; colleagues add theirs, apart from the facts above.", kind="empty")


def recommendations() -> Block:
    """Return the empty recommendations."""
    return paragraph("None written; they follow from an assessment.", kind="empty")
