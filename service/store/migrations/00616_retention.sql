-- What people answered is erased after a meeting.

-- +goose Up

-- When something of a meeting's registrations is to be erased next, and how far that is:
-- up to which place in line, and from how many registrations by now.
CREATE TABLE meeting_retention (
    meeting TEXT PRIMARY KEY REFERENCES meetings (code),
    due_at  BIGINT NOT NULL,
    reached BIGINT NOT NULL DEFAULT 0,
    erased  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX meeting_retention_due ON meeting_retention (due_at);
