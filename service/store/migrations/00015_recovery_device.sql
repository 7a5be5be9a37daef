-- +goose Up
-- The known device on which a recovery was begun (recoveries.known = 1): its
-- answers to the secret question count for it, and end with it.
ALTER TABLE recoveries ADD COLUMN device BYTEA;

-- +goose Down
ALTER TABLE recoveries DROP COLUMN device;
