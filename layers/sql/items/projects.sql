-- Projects of both ledgers by group of states; overdue goes before the state.
-- In: :on, the date "overdue" is measured on. Out: one row a project: id, place, status, name,
-- shape and label (4326, null when it has no location), facts. Reads only.
SELECT p.project_id AS id, p.place, {status} AS status, p.title AS name,
       p.location AS shape, p.location AS label,
       jsonb_build_array(jsonb_build_array('应完成', p.due_on)) AS facts
FROM project p
