"""One DuckDB file, opened so that nothing of the outside is reachable, and cut back to what was committed.

DuckDB 1.5 notes a commit of many rows in its log as references to blocks that lie in the file already. A process that
is killed while it writes them leaves a log without the commit's end. DuckDB reads such a log at the next start, stops
where it ends, and keeps the blocks it has met: rows that nobody committed are read, and soon are in the file for good
(github.com/duckdb/duckdb/pull/25931). Its first write cuts the log back to the last whole commit. So a file that has a
log is opened twice: once for that write alone, with nothing put into the file, and then to be served.
"""

from contextlib import closing
from pathlib import Path

import duckdb

_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "immediate_transaction_mode": "true",  # a snapshot is of the moment it begins, not of its first question
}
_CUT = """
PRAGMA disable_checkpoint_on_shutdown;
SET wal_autocheckpoint = '1TB';
BEGIN TRANSACTION;
CREATE TABLE cut (nothing INTEGER);
DROP TABLE cut;
COMMIT;
"""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a database file, or make it."""
    return duckdb.connect(str(path), config=_CLOSED)  # type: ignore[arg-type]


def forget_uncommitted(path: Path) -> None:
    """Cut the log of a file that nobody has open back to its last commit."""
    if any(path.parent.glob(f"{path.name}.wal*")):
        with closing(connect(path)) as connection:
            connection.execute(_CUT)
