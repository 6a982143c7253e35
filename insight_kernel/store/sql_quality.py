"""What sources are worth, counted over what one reader may see: fixed text, values always bound.

`among` is a registered Arrow table of what exists for him. Links to copies are made here and not delivered: they are
not counted but by what they say. A row without a schema is about all of the source.
"""

QUALITY = """
WITH seen AS (
    SELECT r.owner, r.source, s.type, s.eid, s.record, s.grade, r.delivered
    FROM statement AS s JOIN record AS r ON r.record = s.record
    WHERE get_bit(CAST($bits AS BIT), s.label_id) = 1 AND s.type <> 'Similar' AND s.eid IN (SELECT eid FROM among)),
dated AS (SELECT DISTINCT owner, source, type, record, delivered FROM seen),
ages AS (
    SELECT owner, source, type, quantile_disc(delivered, 0.5) AS median, max(delivered) AS newest
    FROM dated GROUP BY GROUPING SETS ((owner, source, type), (owner, source))),
copies AS (
    SELECT DISTINCT r.owner, r.source, l.ref AS eid FROM link AS l JOIN record AS r ON r.record = l.record
    WHERE get_bit(CAST($bits AS BIT), l.label_id) = 1 AND l.type = 'Similar' AND l.prop = 'candidate'
      AND l.eid IN (SELECT eid FROM among))
SELECT s.owner, s.source, s.type, count(DISTINCT s.record) AS records, count(DISTINCT s.eid) AS entities,
       count(DISTINCT c.eid) AS copies, avg(CASE WHEN s.grade IS NULL THEN 1 ELSE 0 END) AS not_graded,
       any_value(a.median) AS median, any_value(a.newest) AS newest
FROM (SELECT * FROM seen UNION ALL SELECT * REPLACE (NULL AS type) FROM seen) AS s
JOIN ages AS a ON a.owner = s.owner AND a.source = s.source AND a.type IS NOT DISTINCT FROM s.type
LEFT JOIN copies AS c ON c.owner = s.owner AND c.source = s.source AND c.eid = s.eid
GROUP BY s.owner, s.source, s.type ORDER BY s.source, s.owner, s.type NULLS FIRST
"""
FILLED = """
SELECT r.owner, r.source, s.type, s.prop, count(DISTINCT s.eid)
FROM statement AS s JOIN record AS r ON r.record = s.record
WHERE get_bit(CAST($bits AS BIT), s.label_id) = 1 AND s.eid IN (SELECT eid FROM among)
  AND (s.ref IS NULL OR s.ref IN (SELECT eid FROM among))
GROUP BY r.owner, r.source, s.type, s.prop
"""
READ = """
SELECT DISTINCT label_id, record FROM statement
WHERE get_bit(CAST($bits AS BIT), label_id) = 1 AND eid IN (SELECT eid FROM among)
"""
