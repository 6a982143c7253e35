"""Every statement that copies a store into a new file: which rows, in which order; `rows` is a registered Arrow stream.

What is kept once for many rows is put together here: one delivery may have left several rows where one is enough.
"""

COPIES = (
    ("SELECT * FROM label ORDER BY label_id", "INSERT INTO label SELECT * FROM rows"),
    ("SELECT * FROM source ORDER BY owner, name", "INSERT INTO source SELECT * FROM rows"),
    ("SELECT * FROM record ORDER BY record", "INSERT INTO record SELECT * FROM rows"),
    ("SELECT * FROM statement ORDER BY type, eid, prop", "INSERT INTO statement SELECT * FROM rows"),
    ("SELECT * FROM lookup ORDER BY prop, value, eid", "INSERT INTO lookup SELECT * FROM rows"),
    (
        """SELECT prop, type, label_id, list(record) FROM lookup
        GROUP BY prop, type, label_id ORDER BY prop, type, label_id""",
        "INSERT INTO basis SELECT * FROM rows",
    ),
    (
        "SELECT eid, min(type), min(record), label_id FROM literal GROUP BY eid, label_id ORDER BY eid, label_id",
        "INSERT INTO literal SELECT * FROM rows",
    ),
    ("SELECT * FROM link ORDER BY eid", "INSERT INTO link SELECT * FROM rows"),
    ("SELECT * FROM backlink ORDER BY ref", "INSERT INTO backlink SELECT * FROM rows"),
    ("SELECT * FROM name ORDER BY token", "INSERT INTO name SELECT * FROM rows"),
    ("SELECT * FROM held ORDER BY record, label_id", "INSERT INTO held SELECT * FROM rows"),
    ("SELECT * FROM relabelled ORDER BY act, record, old", "INSERT INTO relabelled SELECT * FROM rows"),
    ("SELECT * FROM tombstone ORDER BY record", "INSERT INTO tombstone SELECT * FROM rows"),
    ("SELECT * FROM again ORDER BY original, id, place", "INSERT INTO again SELECT * FROM rows"),
    ("SELECT * FROM change ORDER BY n, record", "INSERT INTO change SELECT * FROM rows"),
)
SIZES = """
SELECT (SELECT count(*) FROM label), (SELECT count(*) FROM source), (SELECT count(*) FROM record),
       (SELECT count(*) FROM statement), (SELECT count(*) FROM lookup),
       (SELECT count(*) FROM (SELECT DISTINCT prop, type, label_id FROM basis)),
       (SELECT count(*) FROM (SELECT DISTINCT eid, label_id FROM literal)),
       (SELECT count(*) FROM link), (SELECT count(*) FROM backlink), (SELECT count(*) FROM name),
       (SELECT count(*) FROM held), (SELECT count(*) FROM relabelled), (SELECT count(*) FROM tombstone),
       (SELECT count(*) FROM again), (SELECT count(*) FROM change)
"""
SET_STATE = """
UPDATE state SET change = $change, records = $records, acts = $acts, unclean = false,
    sorted = (SELECT count(*) FROM statement)
"""
EVERY_TABLE = "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name"
