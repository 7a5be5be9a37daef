-- +goose Up

-- Meetings whose managers are to be told which registrations were changed since: all of
-- some minutes in one e-mail. The first change writes the row, and the e-mail takes it away.
CREATE TABLE meeting_changes (
    meeting TEXT PRIMARY KEY REFERENCES meetings (code),
    since   BIGINT NOT NULL,              -- the first change
    version BIGINT NOT NULL,              -- of the meeting before it
    due_at  BIGINT NOT NULL
);
CREATE INDEX meeting_changes_due ON meeting_changes (due_at);
