-- How many items of a layer fall into each category, within the scope.
-- In: what {items} asks for. Out: status, n, and how many of them have no place to be drawn at.
-- Reads only.
SELECT i.status, count(*) AS n, count(*) FILTER (WHERE i.shape IS NULL) AS unplaced
FROM ({items}) i GROUP BY i.status
