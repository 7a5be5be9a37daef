-- Meetings and registrations.

-- +goose Up

-- A meeting: its description as JSON (api.Meeting without what is counted here)
-- and the columns that rules are judged by. turn is written first by whatever
-- changes a meeting or its registrations, so that such changes stand in line;
-- version counts the changes, without gaps.
CREATE TABLE meetings (
    code     TEXT PRIMARY KEY,
    document TEXT   NOT NULL,
    platform TEXT   NOT NULL,             -- address for remote participants, or empty
    start_at BIGINT NOT NULL,
    end_at   BIGINT NOT NULL,
    taken    BIGINT NOT NULL DEFAULT 0,
    version  BIGINT NOT NULL DEFAULT 1,
    turn     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX meetings_end ON meetings (end_at, start_at, code);

-- A registration. account_id is empty for people whom staff entered without an
-- account, and once the account was erased. place_in_line is the meeting's version
-- at registration: the order of the waiting list.
CREATE TABLE registrations (
    number        TEXT PRIMARY KEY,
    meeting       TEXT   NOT NULL REFERENCES meetings (code),
    account_id    TEXT   NOT NULL,
    operation     TEXT   NOT NULL,        -- id of the operation that made it
    state         TEXT   NOT NULL,
    participation TEXT   NOT NULL,
    person        TEXT   NOT NULL,
    badge_name    TEXT   NOT NULL,
    job_title     TEXT   NOT NULL,
    organization  TEXT   NOT NULL,
    country       TEXT   NOT NULL,
    answers       TEXT   NOT NULL,        -- JSON: api.Answers
    companions    TEXT   NOT NULL,        -- JSON: list of api.Companion
    place_in_line BIGINT NOT NULL,
    version       BIGINT NOT NULL,        -- the meeting's, at the last change
    created_at    BIGINT NOT NULL
);
-- One live registration for each person and meeting.
CREATE UNIQUE INDEX registrations_live ON registrations (meeting, account_id)
    WHERE account_id <> '' AND state <> 'refused' AND state <> 'withdrawn';
CREATE INDEX registrations_account ON registrations (account_id, created_at);
CREATE INDEX registrations_line ON registrations (meeting, state, place_in_line);
CREATE INDEX registrations_meeting ON registrations (meeting, place_in_line);

CREATE TABLE registration_events (
    registration TEXT   NOT NULL REFERENCES registrations (number),
    position     BIGINT NOT NULL,         -- from 1
    at           BIGINT NOT NULL,
    what         TEXT   NOT NULL,
    by_whom      TEXT   NOT NULL,         -- person, focal-point, secretariat, service
    actor        TEXT   NOT NULL,         -- account that did it, or empty
    reason       TEXT   NOT NULL,
    PRIMARY KEY (registration, position)
);
