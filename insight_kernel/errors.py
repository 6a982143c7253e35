"""What can go wrong, said in one line: what was asked, what was wrong, what to do."""


class InsightError(Exception):
    """The root of every error INSIGHT raises on purpose; its text is safe to show.

    Examples
    --------
    >>> str(InsightError("load a.jsonl", "line 3 is not JSON", "Mend the line."))
    'Cannot load a.jsonl: line 3 is not JSON. Mend the line.'
    """

    def __init__(self, asked: str, wrong: str, remedy: str) -> None:
        super().__init__(asked, wrong, remedy)  # all arguments, so that it pickles
        self.asked, self.wrong, self.remedy = asked, wrong, remedy

    def __str__(self) -> str:
        return f"Cannot {self.asked}: {self.wrong}. {self.remedy}"


class BadInput(InsightError, ValueError):
    """What was given cannot be used: a file, a field, a parameter."""


class Refused(InsightError, PermissionError):
    """A rule, or the lack of information to apply one, refused the request."""


class NotAvailable(InsightError, LookupError):
    """Absent, hidden, deleted or expired: these are never told apart."""


class StartAgain(InsightError):
    """What the request rested on has changed since, or it was answered before: nothing was done."""


class Unavailable(InsightError, RuntimeError):
    """The service cannot answer now; nothing was done."""
