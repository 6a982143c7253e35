"""What an outside auditor is given: the files of the log, and a verifier that needs nothing of INSIGHT."""

import re
import shutil
from itertools import islice
from pathlib import Path

from insight_kernel.audit.checkpoint import FILE
from insight_kernel.audit.keys import PUBLIC
from insight_kernel.audit.verify import LOG
from insight_kernel.audit.witnessing import RECEIVED
from insight_kernel.errors import BadInput
from insight_kernel.files import replace_file
from insight_kernel.shipped import shipped

_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_README = """\
An audit log of INSIGHT, for an auditor outside.

{log}            the entries, up to number {entries}
{keys}           the public keys that sign checkpoints
{checkpoints}    the checkpoints
{received}       what witnesses countersigned, where there are any; ask each witness for its own file as well
audit-log.md         what stands in them, and how it is checked
verify.py            the verifier of that page: python verify.py . [WITNESS_FILE ...]

What people wrote in their own words is sealed, requests are hashed with a key: neither is readable here.
Accounts of staff stand in clear.
"""


def export_to(out: Path, audit: Path, entries: int) -> None:
    """Write a new folder with the first entries of a log and all that vouches for them.

    Raises
    ------
    BadInput
        When there is something already.
    """
    if out.exists() and any(out.iterdir()):
        raise BadInput(f"export to {out}", "there is something already", "Name a new folder.")
    out.mkdir(parents=True, exist_ok=True)
    with (audit / LOG).open("rb") as lines, (out / LOG).open("wb") as kept:
        kept.writelines(islice(lines, entries))
    for name in (PUBLIC, FILE, RECEIVED):
        if (audit / name).exists():
            shutil.copyfile(audit / name, out / name)
    page = (shipped("docs/reference") / "audit-log.md").read_text("utf-8")
    readme = _README.format(log=LOG, entries=entries, keys=PUBLIC, checkpoints=FILE, received=RECEIVED)
    code = "".join(_CODE.findall(page))
    for name, text in {"audit-log.md": page, "verify.py": code, "README.txt": readme}.items():
        replace_file(out / name, text.encode(), mode=0o644)
