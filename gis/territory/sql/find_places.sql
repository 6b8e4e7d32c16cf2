-- Units of today that one of these words may mean: by name, alias, or code.
-- In: words (text[], the last part of each path), whole (text[], the texts as written).
-- Out: word (what matched), territory_id. Reads under the actor's policies. No locks.
SELECT t.name AS word, t.territory_id FROM territory t
WHERE t.name = ANY(:words) AND t.valid_to IS NULL
UNION
SELECT a.alias, t.territory_id FROM territory_alias a JOIN territory t USING (territory_id)
WHERE a.alias = ANY(:words) AND t.valid_to IS NULL
UNION
SELECT c.code, t.territory_id FROM territory t
CROSS JOIN LATERAL (VALUES (t.code), (t.local_code)) AS c (code)
WHERE c.code = ANY(:whole) AND t.valid_to IS NULL
