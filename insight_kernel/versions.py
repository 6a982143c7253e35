"""Versions of libraries below which a flaw is published."""

from importlib.metadata import version

from packaging.version import Version

OLDEST = {"jupyterhub": "5.5.1", "jupyter-server": "2.20", "jupyterlab": "4.5.7", "nbconvert": "7.17.1"}
"""Library -> the version that closed a published flaw."""


def outdated() -> list[str]:
    """Return a sentence for each library that has a published flaw.

    Examples
    --------
    >>> outdated()
    []
    """
    return [
        f"{name} {version(name)} has a published flaw: install at least {oldest}"
        for name, oldest in OLDEST.items()
        if Version(version(name)) < Version(oldest)
    ]
