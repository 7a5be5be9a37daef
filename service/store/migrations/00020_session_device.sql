-- +goose Up
-- The known device on which a session began: proofs within the session count
-- for it, and not together with what strangers try elsewhere.
ALTER TABLE sessions ADD COLUMN device BYTEA;

-- +goose Down
ALTER TABLE sessions DROP COLUMN device;
