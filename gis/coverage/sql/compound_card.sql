-- The card of one compound.
-- In: :id, a territory of level compound. Out: at most one row; lists as JSON arrays.
-- Reads only. Open projects are the newest eight; facilities those within the compound.
SELECT t.territory_id, t.name, ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat,
       {class} AS compound_class, t.households, t.gates, t.area_m2, t.is_synthetic,
       (SELECT count(*) FROM building g WHERE g.compound_id = t.territory_id) AS buildings,
       b.name AS branch,
       (SELECT k.state FROM owners_committee k WHERE k.compound_id = t.territory_id)
         AS committee_state,
       (SELECT k.term_due_on FROM owners_committee k WHERE k.compound_id = t.territory_id)
         AS committee_term_due_on,
       pf.name AS firm, pf.has_party_body AS firm_has_party_body,
       (SELECT u.name FROM pledge p JOIN support_unit u USING (support_unit_id)
        WHERE p.compound_id = t.territory_id AND p.role = 'A') AS unit_a,
       (SELECT u.name FROM pledge p JOIN support_unit u USING (support_unit_id)
        WHERE p.compound_id = t.territory_id AND p.role = 'B') AS unit_b,
       COALESCE((SELECT array_agg(w.name ORDER BY w.name)
                 FROM territory m JOIN work_group_community x ON x.community_id = m.territory_id
                 JOIN work_group w USING (work_group_id)
                 WHERE m.level = 'community' AND m.lo <= t.lo AND m.hi > t.lo), '{}')
         AS work_groups,
       (SELECT count(*) FROM member m WHERE m.home_compound_id = t.territory_id AND m.is_reserve)
         AS reserve,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                   'territory_id', a.territory_id, 'level', a.level, 'name', a.name,
                   'code', COALESCE(a.code, a.local_code)) ORDER BY a.lo, a.hi DESC)
                 FROM territory a
                 WHERE a.lo <= t.lo AND a.hi >= t.hi AND a.territory_id <> t.territory_id), '[]')
         AS chain,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                   'territory_id', g.territory_id, 'name', g.name,
                   'household_share', round(s.household_share::numeric, 3))
                   ORDER BY s.area_share DESC)
                 FROM compound_grid s JOIN territory g ON g.territory_id = s.grid_id
                 WHERE s.compound_id = t.territory_id), '[]') AS grids,
       COALESCE((SELECT jsonb_agg(j.p) FROM (
                   SELECT jsonb_build_object('project_id', p.project_id, 'title', p.title,
                            'state', p.state, 'due_on', p.due_on) AS p
                   FROM project p WHERE p.territory_id = t.territory_id
                     AND p.state NOT IN ('closed_out', 'cancelled', 'merged')
                   ORDER BY p.requested_on DESC, p.project_id LIMIT 8) j), '[]')
         AS open_projects,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('name', y.name, 'kind', y.kind)
                                  ORDER BY y.name)
                 FROM facility y WHERE y.place >= t.lo AND y.place < t.hi), '[]') AS facilities
FROM territory t
{joins}
LEFT JOIN property_firm pf ON pf.property_firm_id = f.property_firm_id
WHERE t.territory_id = :id AND t.level = 'compound'
