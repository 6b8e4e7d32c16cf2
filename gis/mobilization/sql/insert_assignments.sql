-- Writes the assignments of an activation, by member so that two writers meet in one order.
-- In: arrays in step. Out: a row for each assignment really written.
-- Races: whoever is already on a live post in that time is skipped by the exclusion constraint.
INSERT INTO assignment (activation_id, post_id, compound_id, member_id, during, tier, travel_s,
                        reason)
SELECT :id, g.post_id, g.compound_id, g.member_id, tstzrange(g.starts_at, g.ends_at), g.tier,
       g.travel_s, g.reason
FROM unnest(
  CAST(:post_id AS int8[]), CAST(:compound_id AS int8[]), CAST(:member_id AS int8[]),
  CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]), CAST(:tier AS text[]),
  CAST(:travel_s AS int8[]), CAST(:reason AS text[]))
  AS g (post_id, compound_id, member_id, starts_at, ends_at, tier, travel_s, reason)
ORDER BY g.member_id
ON CONFLICT DO NOTHING
RETURNING assignment_id
