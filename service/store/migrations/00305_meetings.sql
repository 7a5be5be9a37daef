-- Meetings and registrations.

-- +goose Up

-- A meeting: its description as JSON (api.Meeting without what is counted) and the
-- columns that lists are ordered by. edition counts the changes of the description.
CREATE TABLE meetings (
    code     TEXT PRIMARY KEY,
    document TEXT   NOT NULL,
    platform TEXT   NOT NULL,             -- address for remote participants, or empty
    start_at BIGINT NOT NULL,
    end_at   BIGINT NOT NULL,
    edition  BIGINT NOT NULL
);
-- What every registration changes of its meeting: the places that are taken, and
-- version, which counts all changes, without gaps. edition is the meeting's: whoever
-- counts a registration says by which description it was judged.
CREATE TABLE meeting_counts (
    meeting TEXT PRIMARY KEY REFERENCES meetings (code),
    edition BIGINT NOT NULL,
    taken   BIGINT NOT NULL,
    version BIGINT NOT NULL
);

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
CREATE INDEX registrations_account ON registrations (account_id, meeting);
CREATE INDEX registrations_line ON registrations (meeting, state, place_in_line);
CREATE INDEX registrations_meeting ON registrations (meeting, place_in_line);

-- Those that wait for a decision.
CREATE INDEX registrations_undecided ON registrations (created_at, place_in_line, number)
    WHERE state IN ('waiting-focal-point', 'waiting-secretariat');

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
