"""Cleaning a home: notebooks lose their outputs, and what is neither notebook nor code goes.

`python -m insight_kernel.leaving.home` cleans the current folder and prints how many files changed.
"""

import sys
from pathlib import Path

from insight_kernel.files import replace_file

_CODE = ".py"


def clean_home(home: Path) -> int:
    """Remove outputs from notebooks and every file that is neither notebook nor code; return how many files changed.

    Links are removed, not followed; a notebook that cannot be read goes like data.

    Examples
    --------
    >>> import tempfile
    >>> home = Path(tempfile.mkdtemp())
    >>> _ = (home / "persons.csv").write_text("a"), (home / "tools.py").write_text("b = 1")
    >>> clean_home(home), [path.name for path in home.iterdir()]
    (1, ['tools.py'])
    """
    changed = 0
    for path in [p for p in home.rglob("*") if p.is_symlink() or p.is_file()]:
        if path.is_symlink() or not _cleaned(path):
            path.unlink()
            changed += 1
        else:
            changed += path.suffix == ".ipynb"
    return changed


def _cleaned(path: Path) -> bool:
    """Clean a file in its place; return whether it may stay."""
    if path.suffix != ".ipynb":
        return path.suffix == _CODE
    import nbformat  # what it checks notebooks with takes a gateway's start a second, and few starts clean a home

    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:  # whatever it is, it is no notebook
        return False
    for cell in notebook.cells:
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    replace_file(path, nbformat.writes(notebook).encode())  # type: ignore[no-untyped-call]
    return True


if __name__ == "__main__":
    sys.stdout.write(str(clean_home(Path.cwd())))
