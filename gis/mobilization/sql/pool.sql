-- Members in reserve who are free.
-- In: :during (tstzrange), :skip (compound ids whose members are not called).
-- Out: member, home (compound, else community), unit (-1: none), skills, hours; by member.
-- Reads only. Whoever stands on a live post in that time is left out; the exclusion constraint
-- holds the same against a transaction that commits in between.
SELECT m.member_id, COALESCE(m.home_compound_id, m.home_community_id),
       COALESCE(m.support_unit_id, -1), m.skills, m.hours_offered
FROM member m
WHERE m.is_reserve
  AND NOT (m.home_compound_id = ANY (CAST(:skip AS int8[])) AND m.home_compound_id IS NOT NULL)
  AND NOT EXISTS (
    SELECT FROM assignment a
    WHERE a.member_id = m.member_id AND a.during && CAST(:during AS tstzrange)
      AND a.state IN ('sent', 'acknowledged', 'on_post'))
ORDER BY m.member_id
