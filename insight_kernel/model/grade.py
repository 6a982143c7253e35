"""Grades: how good a source and its information are, always named with their scale.

Letters and digits swap meaning between scales, so a grade is never written without its scale's name.
"""

from dataclasses import dataclass

from insight_kernel.errors import BadInput

SCALES = {
    "4x4": ("ABCX", "1234"),
    "5x5x5": ("ABCDE", "12345"),
    "3x5x2": ("123", "ABCDE"),
    "admiralty": ("ABCDEF", "123456"),
}
NOT_GRADED = "not graded"


@dataclass(frozen=True)
class Grade:
    """A source grade and an information grade on one scale.

    Examples
    --------
    >>> str(read_grade({"scale": "4x4", "source": "B", "information": "2"}))
    '4x4 B2'
    """

    scale: str
    source: str
    information: str

    def __str__(self) -> str:
        return f"{self.scale} {self.source}{self.information}"


def read_grade(raw: object) -> Grade | None:
    """Read `{scale, source, information}`; None stays None ("not graded"); anything else is refused."""
    if raw is None:
        return None
    if isinstance(raw, dict) and set(raw) == {"scale", "source", "information"}:
        grade = Grade(*(str(raw[name]) for name in ("scale", "source", "information")))
        sources, information = SCALES.get(grade.scale, ("", ""))
        if grade.source and grade.source in sources and grade.information and grade.information in information:
            return grade
    known = ", ".join(f"{name} ({s[0]}-{s[-1]} / {i[0]}-{i[-1]})" for name, (s, i) in SCALES.items())
    raise BadInput("use the grade", "scale, source or information is not known", f"Known scales: {known}.")
