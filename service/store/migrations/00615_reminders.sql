-- +goose Up

-- When somebody who is appointed for an organization was told last that registrations
-- wait: not more often than daily, also where the appointment ended in between.
CREATE TABLE delegation_reminders (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    told_at    BIGINT NOT NULL
);
