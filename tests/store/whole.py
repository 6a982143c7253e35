"""What must hold of the tables among themselves, whatever was done to a store."""

from insight_kernel.store.opened import Store

SAME = {
    "lookup repeats the values": (
        "SELECT prop, value, eid, type, record, label_id FROM lookup",
        "SELECT prop, value, eid, type, record, label_id FROM statement WHERE value IS NOT NULL",
    ),
    "backlink repeats the references": (
        "SELECT ref, eid, prop, type, record, label_id FROM backlink",
        "SELECT ref, eid, prop, type, record, label_id FROM statement WHERE ref IS NOT NULL",
    ),
    "link holds the references too": (
        "SELECT ref, eid, prop, type, record, label_id FROM link WHERE ref IS NOT NULL",
        "SELECT ref, eid, prop, type, record, label_id FROM statement WHERE ref IS NOT NULL",
    ),
    "literal has the first record of each entity and label": (
        "SELECT eid, min(type), min(record), label_id FROM literal GROUP BY eid, label_id",
        """SELECT eid, min(type), min(record), label_id FROM statement
        WHERE node AND value IS NOT NULL AND origin = 'source' GROUP BY eid, label_id""",
    ),
    "basis has the records of each property, type and label": (
        "SELECT prop, type, label_id, list_sort(flatten(list(records))) FROM basis GROUP BY ALL",
        "SELECT prop, type, label_id, list_sort(list(record)) FROM lookup GROUP BY ALL",
    ),
    "held has each record's labels once": (
        "SELECT record, label_id FROM held",
        """SELECT record, label_id FROM statement UNION SELECT record, label_id FROM link
        UNION SELECT record, label_id FROM record""",
    ),
    "every name is a value": (
        "SELECT DISTINCT value, eid, type, record, label_id FROM name",
        """SELECT DISTINCT value, eid, type, record, label_id FROM lookup
        WHERE (value, eid) IN (SELECT (value, eid) FROM name)""",
    ),
    "every record has statements, and none is a tombstone": (
        "SELECT record FROM record",
        "SELECT DISTINCT record FROM statement EXCEPT SELECT record FROM tombstone",
    ),
    "every number given is a record or a tombstone": (
        "SELECT count(*) FROM (SELECT record FROM record UNION SELECT record FROM tombstone)",
        "SELECT records FROM state",
    ),
}


def check_whole(store: Store) -> None:
    """Every table says the same as the statements."""
    with store._database.snapshot() as snapshot:
        for what, (one, other) in SAME.items():
            assert sorted(map(str, snapshot.rows(one))) == sorted(map(str, snapshot.rows(other))), what


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """Return what stands in the tables."""
    with store._database.snapshot() as snapshot:
        return snapshot.rows(query)
