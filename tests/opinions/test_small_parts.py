"""x"""


def test_x() -> None:
    """x"""
