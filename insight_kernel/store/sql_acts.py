"""Every statement by which an act of an owner changes what the store holds: fixed text, values always bound.

`chosen`, `moved`, `touched` and `gone` are temporary tables of one transaction; `mapping`, `expired` and `among` are
registered Arrow tables. Where a step stands `AS MATERIALIZED`, joining in another order would multiply rows.
"""

SET_ACT = "UPDATE state SET acts = $act"
SET_CHANGED = """
UPDATE state SET change = $change, acts = $act, sorted = $sorted, unclean = unclean OR $unclean
"""

# -- giving statements other labels --------------------------------------------------------------------------------
CHOSEN = """
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT record, CASE WHEN $each THEN source || '/' || id ELSE source END AS part FROM record
WHERE owner = $owner AND (source = $source OR id IN (SELECT unnest(CAST($ids AS VARCHAR[]))))
"""
CARRIED = """
SELECT DISTINCT c.part, h.label_id FROM chosen AS c JOIN held AS h ON h.record = c.record ORDER BY ALL
"""
CARRIED_NOW = """
SELECT DISTINCT h.label_id FROM record AS r JOIN held AS h ON h.record = r.record
WHERE r.owner = $owner AND (r.source = $source OR r.id IN (SELECT unnest(CAST($ids AS VARCHAR[])))) ORDER BY 1
"""
MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
WITH carried AS MATERIALIZED (
    SELECT h.record, h.label_id, c.part FROM chosen AS c JOIN held AS h ON h.record = c.record)
SELECT c.record, m.old, m.new FROM carried AS c JOIN mapping AS m ON m.part = c.part AND m.old = c.label_id
"""
COUNT_MOVED = "SELECT count(*), count(DISTINCT record) FROM moved"
MOVE_STATEMENTS = """
UPDATE statement SET label_id = m.new FROM moved AS m WHERE statement.record = m.record AND label_id = m.old
"""
MOVE = (
    "UPDATE lookup SET label_id = m.new FROM moved AS m WHERE lookup.record = m.record AND label_id = m.old",
    "UPDATE link SET label_id = m.new FROM moved AS m WHERE link.record = m.record AND label_id = m.old",
    "UPDATE backlink SET label_id = m.new FROM moved AS m WHERE backlink.record = m.record AND label_id = m.old",
    "UPDATE name SET label_id = m.new FROM moved AS m WHERE name.record = m.record AND label_id = m.old",
    "UPDATE record SET label_id = m.new FROM moved AS m WHERE record.record = m.record AND label_id = m.old",
    "DELETE FROM held USING moved AS m WHERE held.record = m.record AND label_id = m.old",
    "INSERT INTO held SELECT record, new FROM moved EXCEPT SELECT record, label_id FROM held",
)
TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT eid FROM statement WHERE record IN (SELECT record FROM moved)
"""
CLEAR_REBUILT = """
DELETE FROM literal WHERE eid IN (SELECT eid FROM touched);
DELETE FROM basis WHERE label_id IN (SELECT old FROM moved UNION SELECT new FROM moved)
"""
REBUILD = (
    """INSERT INTO literal SELECT eid, min(type), min(record), label_id FROM statement
    WHERE eid IN (SELECT eid FROM touched) AND node AND value IS NOT NULL AND origin = 'source'
    GROUP BY eid, label_id ORDER BY eid""",
    """INSERT INTO basis SELECT prop, type, label_id, list(record) FROM lookup
    WHERE label_id IN (SELECT old FROM moved UNION SELECT new FROM moved)
    GROUP BY prop, type, label_id ORDER BY prop, type, label_id""",
)
REBUILD_SIZES = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT eid, label_id FROM statement
        WHERE eid IN (SELECT eid FROM touched) AND node AND value IS NOT NULL AND origin = 'source')),
       (SELECT count(*) FROM (SELECT DISTINCT prop, type, label_id FROM lookup
        WHERE label_id IN (SELECT old FROM moved UNION SELECT new FROM moved)))
"""
REBUILT_SIZES = "SELECT (SELECT count(*) FROM literal), (SELECT count(*) FROM basis)"
REMEMBER_MOVED = "INSERT INTO relabelled SELECT $act, record, old, new FROM moved ORDER BY record, old"
CHANGE_MOVED = "INSERT INTO change SELECT DISTINCT $change, record, 'label' FROM moved ORDER BY record"
DROP_MOVED = "DROP TABLE IF EXISTS chosen; DROP TABLE IF EXISTS moved; DROP TABLE IF EXISTS touched"

# -- removing what has expired -------------------------------------------------------------------------------------
GONE = """
CREATE OR REPLACE TEMP TABLE gone AS
SELECT record, label_id FROM held WHERE label_id IN (SELECT label_id FROM expired)
"""
COUNT_GONE = "SELECT count(*) FROM gone"
PURGE_STATEMENTS = "DELETE FROM statement WHERE label_id IN (SELECT label_id FROM expired)"
PURGE = (
    "DELETE FROM lookup WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM literal WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM link WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM backlink WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM name WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM basis WHERE label_id IN (SELECT label_id FROM expired)",
    "DELETE FROM held WHERE label_id IN (SELECT label_id FROM expired)",
)
BURY = """
INSERT INTO tombstone
SELECT id, record, owner, source, original, place, CAST($day AS DATE), $act FROM record
WHERE record IN (SELECT record FROM gone) AND record NOT IN (SELECT record FROM statement) ORDER BY record
"""
PURGE_DEAD = (
    "DELETE FROM record WHERE record IN (SELECT record FROM tombstone WHERE act = $act)",
    "DELETE FROM link WHERE record IN (SELECT record FROM tombstone WHERE act = $act)",
    "DELETE FROM held WHERE record IN (SELECT record FROM tombstone WHERE act = $act)",
)
ORIGINALS_OF_DEAD = "SELECT DISTINCT original FROM tombstone WHERE act = $act ORDER BY original"
REMEMBER_GONE = (
    "INSERT INTO relabelled SELECT $act, record, label_id, NULL FROM gone ORDER BY record, label_id"
)
CHANGE_GONE = "INSERT INTO change SELECT DISTINCT $change, record, 'purge' FROM gone ORDER BY record"
DROP_GONE = "DROP TABLE IF EXISTS gone"

# -- what became of the records of a join --------------------------------------------------------------------------
CURRENT = "SELECT DISTINCT a.part, h.label_id FROM held AS h JOIN among AS a ON a.record = h.record"
MOVES = """
SELECT DISTINCT a.part, m.act, m.old, m.new FROM relabelled AS m JOIN among AS a ON a.record = m.record
WHERE m.act > a.since ORDER BY ALL
"""
BURIED = "SELECT DISTINCT a.part FROM tombstone AS t JOIN among AS a ON a.record = t.record"
HOLDINGS = """
SELECT r.owner, r.source, h.label_id, count(DISTINCT r.record) FROM held AS h JOIN record AS r ON r.record = h.record
WHERE h.label_id IN (SELECT unnest(CAST($labels AS INTEGER[]))) GROUP BY ALL ORDER BY ALL
"""
OF_RECORDS = """
SELECT r.record, h.label_id FROM record AS r JOIN held AS h ON h.record = r.record
WHERE r.id IN (SELECT unnest(CAST($ids AS VARCHAR[])))
"""
RECORDS = """
SELECT r.id, r.owner, r.source, list(DISTINCT h.label_id) FROM record AS r JOIN held AS h ON h.record = r.record
WHERE r.record IN (SELECT unnest(CAST($numbers AS UINTEGER[]))) GROUP BY ALL ORDER BY ALL
"""
FILLED = """
SELECT s.prop, count(DISTINCT s.eid) FROM statement AS s JOIN record AS r ON r.record = s.record
WHERE r.owner = $owner AND r.source = $source AND s.type = $type AND (s.value IS NOT NULL OR s.ref IS NOT NULL)
GROUP BY s.prop
"""
THINGS = """
SELECT count(DISTINCT s.eid) FROM statement AS s JOIN record AS r ON r.record = s.record
WHERE r.owner = $owner AND r.source = $source AND s.type = $type
"""
