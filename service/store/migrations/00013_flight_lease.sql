-- +goose Up
-- Until when the slots in flight of a counter are taken to be in use: those of a
-- process that was killed come back after it.
ALTER TABLE limits ADD COLUMN flight_until BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE limits DROP COLUMN flight_until;
