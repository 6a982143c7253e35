"""Every statement the store sends to DuckDB: fixed text, values always bound.

Labels are filtered in one form everywhere, `ALLOWED`: one look-up per row in a string made by `policy.allowed`.
It costs about as much as comparing a number, so where few rows of many are asked for by id, they are found first
(`AS MATERIALIZED` keeps the order) and only their labels are looked up. `$sieve` tells by a remainder which rows can
be meant, so that the scan leaves the wide columns of the others alone: a join would read them all.
"""

ALLOWED = "get_bit(CAST($bits AS BIT), label_id) = 1"
"""The label condition as it stands in every reading statement."""

# `basis` repeats of `lookup` what the join of a whole grouping needs: the records, in one list per label.
# `held`: which labels a record and its statements carry now. `relabelled`: which they carried before; `new` is NULL
# where the value is gone. `again`: where an item stands that had been delivered before.
CREATE = """
CREATE TABLE label (
    label_id INTEGER PRIMARY KEY, body VARCHAR NOT NULL, scope VARCHAR NOT NULL, UNIQUE (body, scope));
CREATE TABLE source (
    name VARCHAR NOT NULL, owner VARCHAR NOT NULL, title VARCHAR NOT NULL, profile VARCHAR NOT NULL,
    label_id INTEGER NOT NULL, PRIMARY KEY (owner, name));
CREATE TABLE record (
    record UINTEGER NOT NULL, id VARCHAR NOT NULL, source VARCHAR NOT NULL, owner VARCHAR NOT NULL,
    original VARCHAR NOT NULL, place VARCHAR NOT NULL, delivered DATE NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE statement (
    type VARCHAR NOT NULL, eid UBIGINT NOT NULL, prop VARCHAR NOT NULL, value VARCHAR, ref UBIGINT,
    lang VARCHAR, original VARCHAR, record UINTEGER NOT NULL, label_id INTEGER NOT NULL,
    grade VARCHAR, origin VARCHAR NOT NULL, node BOOLEAN NOT NULL);
CREATE TABLE lookup (
    prop VARCHAR NOT NULL, value VARCHAR NOT NULL, eid UBIGINT NOT NULL, type VARCHAR NOT NULL,
    record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE basis (
    prop VARCHAR NOT NULL, type VARCHAR NOT NULL, label_id INTEGER NOT NULL, records UINTEGER[] NOT NULL);
CREATE TABLE literal (eid UBIGINT NOT NULL, type VARCHAR NOT NULL, record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE link (
    eid UBIGINT NOT NULL, prop VARCHAR NOT NULL, role TINYINT, ref UBIGINT, type VARCHAR NOT NULL,
    record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE backlink (
    ref UBIGINT NOT NULL, eid UBIGINT NOT NULL, prop VARCHAR NOT NULL, role TINYINT, type VARCHAR NOT NULL,
    record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE name (
    token VARCHAR NOT NULL, value VARCHAR NOT NULL, tokens UTINYINT NOT NULL, eid UBIGINT NOT NULL,
    type VARCHAR NOT NULL, record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE held (record UINTEGER NOT NULL, label_id INTEGER NOT NULL);
CREATE TABLE relabelled (act UBIGINT NOT NULL, record UINTEGER NOT NULL, old INTEGER NOT NULL, new INTEGER);
CREATE TABLE tombstone (
    id VARCHAR NOT NULL, record UINTEGER NOT NULL, owner VARCHAR NOT NULL, source VARCHAR NOT NULL,
    original VARCHAR NOT NULL, place VARCHAR NOT NULL, day DATE NOT NULL, act UBIGINT NOT NULL);
CREATE TABLE again (id VARCHAR NOT NULL, original VARCHAR NOT NULL, place VARCHAR NOT NULL);
CREATE TABLE change (n UINTEGER NOT NULL, record UINTEGER NOT NULL, kind VARCHAR NOT NULL);
CREATE TABLE state (
    change UINTEGER NOT NULL, records UINTEGER NOT NULL, sorted UBIGINT NOT NULL, acts UBIGINT NOT NULL,
    unclean BOOLEAN NOT NULL);
INSERT INTO state VALUES (0, 0, 0, 0, false);
"""

TABLES = "SELECT count(*) FROM duckdb_tables() WHERE NOT temporary"
STATE = "SELECT change, records, sorted, (SELECT count(*) FROM label) AS labels, acts, unclean FROM state"
LABELS = "SELECT body, scope FROM label ORDER BY label_id"
ADD_LABEL = "INSERT INTO label VALUES ($label_id, $body, $scope)"
SOURCES = "SELECT name, owner, title, profile, label_id FROM source ORDER BY name, owner"
OWN_SOURCES = """
SELECT name, title, (SELECT count(*) FROM record AS r WHERE r.owner = s.owner AND r.source = s.name)
FROM source AS s WHERE owner = $owner ORDER BY name
"""
SOURCE = "SELECT title, profile, label_id FROM source WHERE owner = $owner AND name = $name"
PUT_SOURCE = """
INSERT OR REPLACE INTO source VALUES ($name, $owner, $title, $profile, $label_id)
"""

# -- writing: `staged_record` and `staged` are registered Arrow tables -------------------------------------------
NEW_RECORDS = """
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT rec, $base + row_number() OVER (ORDER BY rec) AS record, id, place, label_id
FROM (SELECT id, min(rec) AS rec, arg_min(place, rec) AS place, arg_min(label_id, rec) AS label_id
      FROM staged_record GROUP BY id)
WHERE id NOT IN (SELECT id FROM record) AND id NOT IN (SELECT id FROM tombstone)
"""
FRESH_IDS = """
SELECT DISTINCT id FROM among EXCEPT (SELECT id FROM record UNION ALL SELECT id FROM tombstone)
"""
TEXTS = """
SELECT s.eid, s.label_id, s.value FROM statement AS s JOIN record AS r ON r.record = s.record
WHERE r.owner = $owner AND r.source = $source AND s.prop = 'bodyText' AND s.value IS NOT NULL ORDER BY s.record
"""
COPIES = """
SELECT l.eid, l.label_id FROM lookup AS l JOIN record AS r ON r.record = l.record
WHERE l.prop = 'contentHash' AND l.value = $value AND r.owner = $owner AND r.source = $source ORDER BY l.record
"""
COUNT_FRESH = "SELECT count(*) FROM fresh"
ADD_RECORDS = """
INSERT INTO record SELECT record, id, $source, $owner, $original, place, CAST($day AS DATE), label_id
FROM fresh ORDER BY record
"""
ADD_AGAIN = """
INSERT INTO again
SELECT id, $original, place FROM staged_record WHERE rec NOT IN (SELECT rec FROM fresh)
EXCEPT (
    SELECT id, original, place FROM record WHERE original = $original UNION ALL
    SELECT id, original, place FROM tombstone WHERE original = $original UNION ALL
    SELECT id, original, place FROM again WHERE original = $original)
"""
ADD_HELD = """
INSERT INTO held SELECT DISTINCT record, label_id FROM (
    SELECT record, label_id FROM statement WHERE record > $base UNION ALL
    SELECT record, label_id FROM link WHERE record > $base UNION ALL
    SELECT record, label_id FROM record WHERE record > $base)
ORDER BY record, label_id
"""
ADD_CHANGES = "INSERT INTO change SELECT $change, record, 'add' FROM fresh ORDER BY record"
BATCH = """
CREATE OR REPLACE TEMP TABLE batch AS
SELECT s.* EXCLUDE (rec), f.record FROM staged AS s JOIN fresh AS f ON s.rec = f.rec
"""
FILL = (
    """INSERT INTO statement SELECT type, eid, prop, value, ref, lang, original, record, label_id, grade, origin,
        node
    FROM batch WHERE value IS NOT NULL OR ref IS NOT NULL ORDER BY type, eid, prop""",
    """INSERT INTO lookup SELECT prop, value, eid, type, record, label_id
    FROM batch WHERE value IS NOT NULL ORDER BY prop, value, eid""",
    """INSERT INTO literal SELECT eid, min(type), min(record), label_id
    FROM batch WHERE node AND value IS NOT NULL AND origin = 'source' GROUP BY eid, label_id ORDER BY eid""",
    """INSERT INTO link SELECT eid, prop, role, ref, type, record, label_id
    FROM batch WHERE value IS NULL ORDER BY eid""",
    """INSERT INTO backlink SELECT ref, eid, prop, role, type, record, label_id
    FROM batch WHERE ref IS NOT NULL ORDER BY ref""",
    """INSERT INTO name SELECT unnest(tokens), value, len(tokens), eid, type, record, label_id
    FROM batch WHERE tokens IS NOT NULL ORDER BY 1""",
    """INSERT INTO basis SELECT prop, type, label_id, list(record)
    FROM batch WHERE value IS NOT NULL GROUP BY prop, type, label_id ORDER BY prop, type, label_id""",
)
BATCH_SIZES = """
SELECT count(*) FILTER (WHERE value IS NOT NULL OR ref IS NOT NULL), count(value),
       count(*) FILTER (WHERE node AND value IS NOT NULL AND origin = 'source'), count(*) - count(value),
       count(ref), count(*) FILTER (WHERE len(tokens) > 0), count(value)
FROM batch
"""
TABLE_SIZES = """
SELECT (SELECT count(*) FROM statement), (SELECT count(*) FROM lookup), (SELECT count(*) FROM literal),
       (SELECT count(*) FROM link), (SELECT count(*) FROM backlink), (SELECT count(*) FROM name),
       (SELECT count(*) FROM basis)
"""
RECORD_SIZES = (
    "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM change), (SELECT count(*) FROM held)"
)
SET_STATE = "UPDATE state SET change = $change, records = $records"
DROP_TEMP = "DROP TABLE IF EXISTS batch; DROP TABLE IF EXISTS fresh"
COUNT_STATEMENTS = "SELECT count(*) FROM statement"
# -- reading: `among` is a registered Arrow table of entity numbers ------------------------------------------------
VISIBLE_NODES = """
SELECT DISTINCT eid FROM literal WHERE get_bit(CAST($bits AS BIT), label_id) = 1 ORDER BY eid
"""
VISIBLE_LINKS = """
WITH node AS (SELECT DISTINCT eid FROM literal WHERE get_bit(CAST($bits AS BIT), label_id) = 1),
     ends AS (SELECT eid, role, ref FROM link WHERE role IS NOT NULL AND get_bit(CAST($bits AS BIT), label_id) = 1)
SELECT e.eid FROM ends AS e LEFT JOIN node AS n ON e.ref = n.eid
GROUP BY e.eid
HAVING count(DISTINCT e.role) = 2 AND bool_and(e.ref IS NULL OR n.eid IS NOT NULL)
ORDER BY e.eid
"""
OF_TYPE = """
SELECT DISTINCT eid FROM statement
WHERE type IN (SELECT unnest($types)) AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid
"""
OF_TYPE_PAGE = """
SELECT eid FROM statement
WHERE type IN (SELECT unnest($types)) AND get_bit(CAST($bits AS BIT), label_id) = 1 AND eid >= CAST($first AS UBIGINT)
ORDER BY eid LIMIT $rows
"""
BY_VALUE = """
SELECT DISTINCT eid FROM lookup
WHERE prop = $prop AND value IN (SELECT unnest($values)) AND type IN (SELECT unnest($types))
  AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid
"""
BY_VALUE_PAGE = """
SELECT eid FROM lookup
WHERE prop = $prop AND value IN (SELECT unnest($values)) AND type IN (SELECT unnest($types))
  AND get_bit(CAST($bits AS BIT), label_id) = 1 AND eid >= CAST($first AS UBIGINT)
ORDER BY eid LIMIT $rows
"""
BY_REF = """
SELECT DISTINCT eid FROM backlink
WHERE prop = $prop AND ref IN (SELECT unnest(CAST($refs AS UBIGINT[]))) AND type IN (SELECT unnest($types))
  AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid
"""
STATEMENTS = """
WITH named AS MATERIALIZED (
    SELECT eid, type, prop, value, ref, lang, original, record, label_id, grade, origin FROM statement
    WHERE get_bit(CAST($sieve AS BIT), CAST(eid % CAST($remainders AS UBIGINT) AS INTEGER)) = 1
      AND eid IN (SELECT unnest(CAST($eids AS UBIGINT[]))))
SELECT * FROM named WHERE get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid, prop, value, ref, original, record
"""
STATEMENTS_OF_ONE = """
SELECT eid, type, prop, value, ref, lang, original, record, label_id, grade, origin FROM statement
WHERE eid = CAST($eid AS UBIGINT) AND get_bit(CAST($bits AS BIT), label_id) = 1
"""
PROVENANCE = """
SELECT record, id, source, owner, delivered FROM record WHERE record IN (SELECT unnest(CAST($records AS UINTEGER[])))
"""
PROVENANCE_OF_ONE = """
SELECT record, id, source, owner, delivered FROM record WHERE record = CAST($record AS UINTEGER)
"""
WITNESSES = """
SELECT eid, label_id, record FROM literal
WHERE eid IN (SELECT unnest(CAST($eids AS UBIGINT[]))) AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid, label_id
"""
LINKS_AT = """
SELECT DISTINCT eid FROM backlink
WHERE ref IN (SELECT unnest(CAST($eids AS UBIGINT[]))) AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid
"""
LINKS_OF = """
SELECT eid, prop, role, ref, type, record, label_id FROM link
WHERE eid IN (SELECT unnest(CAST($eids AS UBIGINT[]))) AND ref IS NOT NULL
  AND get_bit(CAST($bits AS BIT), label_id) = 1
ORDER BY eid, role, ref, prop, label_id, record
"""
GROUP_BY_VALUE = """
SELECT value, count(DISTINCT eid) AS n FROM lookup
WHERE prop = $prop AND type IN (SELECT unnest($types)) AND get_bit(CAST($bits AS BIT), label_id) = 1
GROUP BY value ORDER BY n DESC, value LIMIT $limit
"""
GROUP_BY_VALUE_AMONG = """
SELECT value, count(DISTINCT eid) AS n FROM lookup
WHERE prop = $prop AND type IN (SELECT unnest($types)) AND get_bit(CAST($bits AS BIT), label_id) = 1
  AND eid IN (SELECT eid FROM among)
GROUP BY value ORDER BY n DESC, value LIMIT $limit
"""
GROUP_BY_JOIN = """
SELECT label_id, records FROM basis
WHERE prop = $prop AND type IN (SELECT unnest($types)) AND get_bit(CAST($bits AS BIT), label_id) = 1
"""
JOIN_OF = """
WITH named AS MATERIALIZED (
    SELECT label_id, record FROM statement
    WHERE get_bit(CAST($sieve AS BIT), CAST(eid % CAST($remainders AS UBIGINT) AS INTEGER)) = 1
      AND eid IN (SELECT eid FROM among) AND type IN (SELECT unnest($types)))
SELECT label_id, record FROM named WHERE get_bit(CAST($bits AS BIT), label_id) = 1
"""
SEARCH_NAMES = """
WITH asked AS (SELECT DISTINCT unnest($asked) AS q),
hit AS (
    SELECT eid, value, tokens, q, max(jaro_winkler_similarity(token, q)) AS s
    FROM name JOIN asked ON jaro_winkler_similarity(token, q) >= 0.87
    WHERE get_bit(CAST($bits AS BIT), label_id) = 1 AND type IN (SELECT unnest($types))
    GROUP BY eid, value, tokens, q),
scored AS (
    SELECT eid, value, round(2 * sum(CAST(s AS DECIMAL(9, 6))) / (tokens + len(list_distinct($asked))), 3) AS score
    FROM hit GROUP BY eid, value, tokens)
SELECT eid, CAST(least(max(score), 1) AS DOUBLE) AS score, arg_max(value, (score, value)) AS value FROM scored
WHERE score >= 0.5 GROUP BY eid ORDER BY score DESC, eid
"""
SEARCH_EXACT = """
SELECT eid, min(prop) AS prop, min(value) AS value FROM lookup
WHERE value IN (SELECT unnest($values)) AND prop IN (SELECT unnest($props)) AND type IN (SELECT unnest($types))
  AND get_bit(CAST($bits AS BIT), label_id) = 1
GROUP BY eid ORDER BY eid
"""
SOURCE_SIZES = """
SELECT source, owner, count(DISTINCT record) AS records, max(delivered) AS delivered
FROM record WHERE get_bit(CAST($bits AS BIT), label_id) = 1 GROUP BY source, owner ORDER BY source, owner
"""
SOURCE_LABELS = """
SELECT label_id, min(record) FROM record WHERE get_bit(CAST($bits AS BIT), label_id) = 1
GROUP BY source, owner, label_id ORDER BY label_id
"""
LABEL_USE = """
SELECT s.prop, r.source, r.owner, s.label_id, count(*) FROM statement AS s JOIN record AS r ON s.record = r.record
WHERE s.eid = CAST($eid AS UBIGINT) GROUP BY ALL ORDER BY ALL
"""
