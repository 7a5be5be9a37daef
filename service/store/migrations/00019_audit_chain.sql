-- +goose Up
-- mac is made when an entry is written, so that what somebody puts into the
-- database past the service is never taken into the chain; seal is made when it
-- is chained. audit_head is the end of the chain, authenticated: without it,
-- nobody would miss the newest entries. Its one row comes with the first entry.
ALTER TABLE audit ADD COLUMN mac BYTEA;
CREATE INDEX audit_unsealed ON audit (at, id) WHERE position = 0;
CREATE INDEX audit_actor ON audit (actor);
CREATE TABLE audit_head (
    id       BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    seal     BYTEA  NOT NULL,
    mac      BYTEA  NOT NULL
);

-- Network addresses are erased by their own time.
ALTER TABLE audit_origins ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_origins_at ON audit_origins (at);

-- +goose Down
DROP INDEX audit_origins_at;
ALTER TABLE audit_origins DROP COLUMN at;
DROP TABLE audit_head;
DROP INDEX audit_actor;
DROP INDEX audit_unsealed;
ALTER TABLE audit DROP COLUMN mac;
