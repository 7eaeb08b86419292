-- Effects that have taken credentials out of use are asked for with every event that is newer than the last answer. What earlier versions have
-- shut is not known: they did not say so of their effects.

-- +goose Up
alter table effect add column shuts text not null default '';
create index effect_shuts on effect (shuts, began_at);

-- +goose Down
drop index effect_shuts;
alter table effect drop column shuts;
