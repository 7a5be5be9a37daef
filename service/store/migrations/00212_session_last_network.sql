-- From where a session was used last, at used_at; as first_network.

-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE sessions ADD COLUMN last_network TEXT NOT NULL DEFAULT '';
