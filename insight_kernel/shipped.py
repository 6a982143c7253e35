"""Where what is no code is: in the installed package or in a checkout."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Return the folder `notebook_templates`, `hub_config` or `docs/reference` (of which one page is installed).

    Examples
    --------
    >>> (shipped("hub_config") / "organisation.yml").is_file()
    True
    """
    package = Path(__file__).parent
    installed = package / "_shipped" / name
    return installed if installed.is_dir() else package.parent / name
