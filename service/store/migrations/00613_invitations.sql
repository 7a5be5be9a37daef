-- +goose Up

-- A sign-up that staff has begun for somebody: who did, why, and the roles that are
-- meant for the account, with a space between them. It has no password, and nobody has
-- accepted the terms for it, until the person does by the link or the code in the e-mail,
-- which are those of a recovery.
CREATE TABLE invitations (
    sign_up    TEXT PRIMARY KEY REFERENCES sign_ups (id) ON DELETE CASCADE,
    invited_by TEXT NOT NULL,
    roles      TEXT NOT NULL,
    reason     TEXT NOT NULL
);
