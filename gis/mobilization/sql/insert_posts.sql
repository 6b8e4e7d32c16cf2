-- Writes the posts of an activation.
-- In: arrays in step, one element a post. Out: post_id and the array row (from 0) it stands for.
-- Rows are found again by their natural key, which is unique within the activation.
WITH given AS (
  SELECT * FROM unnest(
    CAST(:compound_id AS int8[]), CAST(:kind AS text[]), CAST(:name AS text[]),
    CAST(:shift_no AS int8[]), CAST(:needed AS int8[]), CAST(:skills AS int8[]),
    CAST(:priority AS int8[]), CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]),
    CAST(:reason AS text[]))
  WITH ORDINALITY AS g (compound_id, kind, name, shift_no, needed, skills, priority,
                        starts_at, ends_at, reason, row_no)
),
made AS (
  INSERT INTO post (activation_id, compound_id, kind, name, shift_no, during, needed, skills,
                    priority, shortfall_reason)
  SELECT :id, compound_id, kind, name, shift_no, tstzrange(starts_at, ends_at), needed, skills,
         priority, reason
  FROM given ORDER BY row_no
  RETURNING post_id, compound_id, kind, shift_no
)
SELECT m.post_id, g.row_no - 1 FROM made m JOIN given g USING (compound_id, kind, shift_no)
