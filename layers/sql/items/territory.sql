-- Outlines of counties, streets and communities. One branch a level, so that each uses the index
-- of its level and the others fall away when :shown is planned.
-- In: :on. Out: one row a unit: id, place, status (the level), name, drawn (3857), shape and label
-- (4326), facts. Reads only. Units above the actor's scope come with their outline, as the tree
-- lets them be read.
{branches}
