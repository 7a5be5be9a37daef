-- Work that the service does by itself.

-- +goose Up

-- Periodic work that one node does at a time: whoever has moved lease_until into the
-- future. next_at is when it is due again; done_at is the last success.
CREATE TABLE jobs (
    name        TEXT PRIMARY KEY,
    lease       TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT NOT NULL DEFAULT 0,
    done_at     BIGINT NOT NULL DEFAULT 0
);

-- Its one row is written to see whether the database takes writes (/readyz).
CREATE TABLE probes (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
