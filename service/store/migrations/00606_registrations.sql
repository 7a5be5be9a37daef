-- Registrations, and what belongs to them. What is personal in these tables is erased
-- with the account.

-- +goose Up

-- A registration. account_id is empty for people whom others registered without an
-- account, and once the account was erased; e-mails go to the account then, or else to
-- email in language. organization_id and membership are the person's at registration:
-- who decides, and what numbers count. place_in_line is the meeting's version at
-- registration: the order of the waiting list. places are how many it takes in a state
-- that takes any. code_version tells the newest signed code of a registration from those
-- before. sort_key, which begins with the family name, and organization_key are the places
-- in a manager's list, compared byte by byte.
CREATE TABLE registrations (
    number          TEXT PRIMARY KEY,
    meeting         TEXT   NOT NULL REFERENCES meetings (code),
    account_id      TEXT   NOT NULL,
    operation       TEXT   NOT NULL,      -- id of the operation that made it
    registered_by   TEXT   NOT NULL,      -- account that registered somebody else, or empty
    state           TEXT   NOT NULL,
    participation   TEXT   NOT NULL,
    first_name      TEXT   NOT NULL,
    family_name     TEXT   NOT NULL,
    email           TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    badge_name      TEXT   NOT NULL,
    job_title       TEXT   NOT NULL,
    organization_id TEXT   NOT NULL,
    organization    TEXT   NOT NULL,
    membership      TEXT   NOT NULL,
    country         TEXT   NOT NULL,
    answers         TEXT   NOT NULL,      -- JSON: api.Answers
    companions      TEXT   NOT NULL,      -- JSON: list of api.Companion
    consents        TEXT   NOT NULL,      -- JSON: list of the ids of what was agreed to
    listed          BIGINT NOT NULL,      -- agrees to stand in the list of participants
    visa            TEXT   NOT NULL,      -- empty, asked, waiting, answered, refused
    places          BIGINT NOT NULL,
    offer_until     BIGINT NOT NULL,      -- until when a place is kept that was offered
    code_version    BIGINT NOT NULL,
    place_in_line   BIGINT NOT NULL,
    version         BIGINT NOT NULL,      -- the meeting's, at the last change
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    sort_key         BYTEA NOT NULL,
    organization_key BYTEA NOT NULL
);
-- One live registration for each person and meeting.
CREATE UNIQUE INDEX registrations_live ON registrations (meeting, account_id)
    WHERE account_id <> '' AND state <> 'refused' AND state <> 'withdrawn';
CREATE INDEX registrations_account ON registrations (account_id, meeting);
CREATE INDEX registrations_line ON registrations (meeting, state, place_in_line);
CREATE INDEX registrations_meeting ON registrations (meeting, place_in_line);
CREATE INDEX registrations_sorted ON registrations (meeting, sort_key, number);
CREATE INDEX registrations_by_organization ON registrations (meeting, organization_key, sort_key, number);
CREATE INDEX registrations_by_country ON registrations (meeting, country, sort_key, number);
CREATE INDEX registrations_version ON registrations (meeting, version);
CREATE INDEX registrations_organization ON registrations (organization_id, meeting) WHERE organization_id <> '';
CREATE INDEX registrations_by ON registrations (registered_by) WHERE registered_by <> '';

-- Those that wait for a decision, and places that were offered.
CREATE INDEX registrations_undecided ON registrations (created_at, place_in_line, number)
    WHERE state IN ('waiting-focal-point', 'waiting-secretariat');
CREATE INDEX registrations_offers ON registrations (offer_until) WHERE state = 'offered';

-- The words by whose beginnings a meeting's managers find a registration, as
-- account_words. Whoever registers waits for none: they are written afterwards, by a job
-- or by the first search.
CREATE TABLE registration_words (
    meeting  TEXT  NOT NULL,
    word     BYTEA NOT NULL,
    sort_key BYTEA NOT NULL,
    number   TEXT  NOT NULL REFERENCES registrations (number),
    PRIMARY KEY (meeting, word, sort_key, number)
);
CREATE INDEX registration_words_number ON registration_words (number);

-- Up to which version of a meeting its registrations have their words.
CREATE TABLE registration_search (
    meeting TEXT PRIMARY KEY REFERENCES meetings (code),
    version BIGINT NOT NULL
);

-- Its history. changed says what a person changed: JSON, or empty.
CREATE TABLE registration_events (
    registration TEXT   NOT NULL REFERENCES registrations (number),
    position     BIGINT NOT NULL,         -- from 1
    at           BIGINT NOT NULL,
    what         TEXT   NOT NULL,
    by_whom      TEXT   NOT NULL,         -- person, focal-point, secretariat, service
    actor        TEXT   NOT NULL,         -- account that did it, or empty
    reason       TEXT   NOT NULL,
    changed      TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (registration, position)
);
CREATE INDEX registration_events_actor ON registration_events (actor) WHERE actor <> '';

-- Files and photos that answer a question, sealed under the service's key. They come
-- before the registration that names them, whose number they get then.
CREATE TABLE registration_files (
    id           TEXT PRIMARY KEY,        -- UUIDv7, made by the program
    account_id   TEXT   NOT NULL,         -- who sent it
    meeting      TEXT   NOT NULL REFERENCES meetings (code),
    question     TEXT   NOT NULL,
    registration TEXT   NOT NULL DEFAULT '',
    name         TEXT   NOT NULL,
    media        TEXT   NOT NULL,         -- by what it is, not by its name
    size         BIGINT NOT NULL,
    hash         BYTEA  NOT NULL,         -- MAC under the service's key: the same file again
    content      BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX registration_files_account ON registration_files (account_id);
CREATE INDEX registration_files_registration ON registration_files (registration) WHERE registration <> '';
CREATE INDEX registration_files_unused ON registration_files (created_at) WHERE registration = '';

-- Invitations to a meeting, each to an address. The link in the e-mail has the token.
CREATE TABLE meeting_invitations (
    id              TEXT PRIMARY KEY,
    meeting         TEXT   NOT NULL REFERENCES meetings (code),
    name            TEXT   NOT NULL,
    email           TEXT   NOT NULL,
    email_key       TEXT   NOT NULL,
    language        TEXT   NOT NULL,      -- of the e-mail
    link_hash       BYTEA  UNIQUE,        -- NULL once it was taken back
    passes_window   BIGINT NOT NULL,      -- also while registration is closed
    passes_approval BIGINT NOT NULL,      -- confirmed without a decision
    invited_by      TEXT   NOT NULL,      -- account
    invited_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    registration    TEXT   NOT NULL DEFAULT '',
    UNIQUE (meeting, email_key)
);
CREATE INDEX meeting_invitations_address ON meeting_invitations (email_key);
CREATE INDEX meeting_invitations_registration ON meeting_invitations (registration) WHERE registration <> '';

-- Who was there, in which session (from 1).
CREATE TABLE attendances (
    meeting      TEXT   NOT NULL REFERENCES meetings (code),
    session      BIGINT NOT NULL,
    registration TEXT   NOT NULL REFERENCES registrations (number),
    at           BIGINT NOT NULL,
    PRIMARY KEY (meeting, session, registration)
);
CREATE INDEX attendances_registration ON attendances (registration);
