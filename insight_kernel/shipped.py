"""Where the templates and the hub's configuration are: in the installed package or in a checkout."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Return the folder `notebook_templates` or `hub_config`.

    Examples
    --------
    >>> (shipped("hub_config") / "organisation.yml").is_file()
    True
    """
    package = Path(__file__).parent
    installed = package / "_shipped" / name
    return installed if installed.is_dir() else package.parent / name
