-- +goose NO TRANSACTION
-- +goose Up

-- What an entry of the audit log says that was typed, or is a name: a list in JSON as
-- audit.details, erased with the account, or empty.
ALTER TABLE reasons ADD COLUMN details TEXT NOT NULL DEFAULT '';
