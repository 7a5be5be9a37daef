-- How people get in: sign-ups, recoveries, codes and links, sessions, limits.

-- +goose Up

-- A sign-up for an address that has an account is kept like any other; its code and
-- link are e-mailed to nobody. password_mac is an HMAC of the password under
-- the service's key: log-in compares it, so that "not active yet" costs no second
-- password hash, which would tell whether the address has an account. profile
-- (JSON), search, password and password_mac are emptied when the sign-up ends.
CREATE TABLE sign_ups (
    id           TEXT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    flow_hash    BYTEA  NOT NULL UNIQUE,
    fingerprint  BYTEA  NOT NULL,
    email_key    TEXT   NOT NULL,
    username_key TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    profile      TEXT   NOT NULL,
    search       TEXT   NOT NULL,
    password     TEXT   NOT NULL,
    password_mac BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX sign_ups_email ON sign_ups (email_key);
CREATE INDEX sign_ups_username ON sign_ups (username_key);
CREATE INDEX sign_ups_expires ON sign_ups (expires_at);

-- "Forgot password?" under way. identifier is an HMAC of what was typed,
-- normalized. sign_up: there is no account yet, but one waits to be activated. about
-- is whom it is about: the account, the sign-up, or, where there is neither, the
-- identifier; sent_at is when its last e-mail was sent, or would have been. machine is
-- the program that asked, as it says. known: it was begun on a known device of the account, which is
-- device: answers to the secret question count for that one, and end with it.
-- reset_address: its e-mail goes to that one, and not to the account's own.
CREATE TABLE recoveries (
    id            TEXT PRIMARY KEY,
    flow_hash     BYTEA  NOT NULL UNIQUE,
    fingerprint   BYTEA  NOT NULL,
    identifier    BYTEA  NOT NULL,
    about         BYTEA  NOT NULL,
    account_id    TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    sign_up       TEXT REFERENCES sign_ups (id) ON DELETE CASCADE,
    machine       TEXT   NOT NULL,
    known         BIGINT NOT NULL,
    device        BYTEA,
    reset_address TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    sent_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX recoveries_account ON recoveries (account_id);
CREATE INDEX recoveries_sign_up ON recoveries (sign_up);
-- Those that have sent something, which are few for every name, are found without a
-- look at those that strangers have begun for it, which can be many.
CREATE INDEX recoveries_sent ON recoveries (about, sent_at);
CREATE INDEX recoveries_expires ON recoveries (expires_at);

-- One-time codes and links (package proof): each row is what one e-mail holds. It
-- belongs to a sign-up, a recovery, a change of e-mail or a reset address, and goes
-- with it. code_mac is an HMAC under the service's key; NULL: the e-mail has no code,
-- or a newer one has taken its place. tries are those of the code. expires_at is when
-- the link ends, and everything with it.
CREATE TABLE proofs (
    id            TEXT PRIMARY KEY,
    sign_up       TEXT REFERENCES sign_ups (id) ON DELETE CASCADE,
    recovery      TEXT REFERENCES recoveries (id) ON DELETE CASCADE,
    email_change  TEXT REFERENCES email_changes (id) ON DELETE CASCADE,
    reset_address TEXT REFERENCES reset_addresses (account_id) ON DELETE CASCADE,
    code_mac      BYTEA,
    code_until    BIGINT NOT NULL,        -- 0 where there never was one
    tries         BIGINT NOT NULL,
    link_hash     BYTEA UNIQUE,
    expires_at    BIGINT NOT NULL
);
CREATE INDEX proofs_sign_up ON proofs (sign_up);
CREATE INDEX proofs_recovery ON proofs (recovery);
CREATE INDEX proofs_email_change ON proofs (email_change);
CREATE INDEX proofs_reset_address ON proofs (reset_address);
CREATE INDEX proofs_expires ON proofs (expires_at);

-- A session. Its tokens stand nowhere: they are MACs under a key that is derived
-- from the service's key and seed. generation is that of the newest refresh token
-- that was presented, at rotated_at; 0 before the first. A fresh proof
-- (api.Reauthenticate) counts until proved_until. device is the known device on
-- which it began: proofs within the session count for it, and not together with
-- what strangers try elsewhere. first_network is from where it began, and last_network
-- from where it was used at used_at: the operator's name of the network, or the address,
-- shortened (package session); empty where it is not known.
CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    account_id    TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    machine       TEXT   NOT NULL,
    computer      TEXT   NOT NULL,        -- its name, as the program told it; or empty
    first_network TEXT   NOT NULL,
    last_network  TEXT   NOT NULL,
    keep          BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    proved_until  BIGINT NOT NULL DEFAULT 0,
    device        BYTEA,
    seed          BYTEA  NOT NULL,
    generation    BIGINT NOT NULL,
    rotated_at    BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE devices (
    hash       BYTEA PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    machine    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX devices_account ON devices (account_id);

-- Counters of tries (package throttle). name is an HMAC: no address or username
-- stands here. What is in flight is under way: with failures it stays within
-- allowed. Slots are of the lease that runs (in_flight) or of the one before, and
-- forgotten after that. A name that failed is not tried before wait_until.
CREATE TABLE limits (
    name             BYTEA PRIMARY KEY,
    allowed          BIGINT NOT NULL,
    failures         BIGINT NOT NULL,
    in_flight        BIGINT NOT NULL,
    in_flight_before BIGINT NOT NULL,
    lease            BIGINT NOT NULL,
    ends_at          BIGINT NOT NULL,
    wait_until       BIGINT NOT NULL
);
CREATE INDEX limits_ends ON limits (ends_at);

-- Owners who are to be told that a name of theirs was deactivated for security.
-- For names that do not exist nobody is the owner: the same is written for all.
CREATE TABLE lock_notices (
    id         TEXT PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    at         BIGINT NOT NULL
);
CREATE INDEX lock_notices_account ON lock_notices (account_id);
