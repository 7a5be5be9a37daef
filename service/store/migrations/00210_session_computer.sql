-- The name of the computer on which a session began, as the program told it; empty
-- where it told none.

-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE sessions ADD COLUMN computer TEXT NOT NULL DEFAULT '';
