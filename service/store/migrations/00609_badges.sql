-- Keys that sign what is shown elsewhere. Private ones are sealed under the service's
-- key. One that was retired still verifies.

-- +goose Up

-- Ed25519, for the codes of a meeting's confirmations. id stands in each code.
CREATE TABLE meeting_keys (
    id          TEXT PRIMARY KEY,         -- 8 hexadecimal digits
    meeting     TEXT   NOT NULL REFERENCES meetings (code),
    public_key  BYTEA  NOT NULL,
    private_key BYTEA  NOT NULL,
    made_at     BIGINT NOT NULL,
    retired_at  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX meeting_keys_meeting ON meeting_keys (meeting);

-- RSA, for tokens by which a platform lets participants in (RFC 7519). id is the key's
-- name in the set of keys (RFC 7517).
CREATE TABLE join_keys (
    id          TEXT PRIMARY KEY,
    public_key  BYTEA  NOT NULL,
    private_key BYTEA  NOT NULL,
    made_at     BIGINT NOT NULL,
    retired_at  BIGINT NOT NULL DEFAULT 0
);
