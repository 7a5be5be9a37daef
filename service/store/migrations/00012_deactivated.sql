-- +goose Up
-- Accounts that staff has deactivated: nobody logs in to them, whatever the
-- password, until staff activates them again.
CREATE TABLE deactivated (
    account_id TEXT   NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    since      BIGINT NOT NULL
);

-- +goose Down
DROP TABLE deactivated;
