"""Which places of delivered files held what is gone: fixed text, values always bound.

A place is gone when every record that stands there has lost a value: the same bytes may be another owner's file too.
"""

GONE_PLACES = """
WITH lost AS (SELECT DISTINCT record FROM relabelled WHERE new IS NULL),
known AS (SELECT id, record, original, place FROM record UNION ALL SELECT id, record, original, place FROM tombstone),
stands AS (
    SELECT record, original, place FROM known UNION ALL
    SELECT k.record, a.original, a.place FROM again AS a JOIN known AS k ON k.id = a.id),
touched AS (SELECT DISTINCT s.original FROM stands AS s JOIN lost AS l ON l.record = s.record),
places AS (
    SELECT s.original, s.place, bool_and(l.record IS NOT NULL) AS gone
    FROM stands AS s JOIN touched AS t ON t.original = s.original LEFT JOIN lost AS l ON l.record = s.record
    GROUP BY s.original, s.place)
SELECT original, bool_and(gone), coalesce(list(place ORDER BY place) FILTER (gone), []) FROM places
GROUP BY original ORDER BY original
"""
