-- The items of a live layer that were written at or after a cursor.
-- In: :after, and what {items} asks for. Out: id, s, facts. Reads only; the cursor for the next
-- question is read before this statement (gis.base.changes).
SELECT i.id, i.status AS s, i.facts FROM ({items}) i WHERE i.touched >= :after ORDER BY i.id
