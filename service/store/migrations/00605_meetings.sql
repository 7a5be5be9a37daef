-- Meetings.

-- +goose Up

-- A meeting: its description as JSON (api.Meeting without what is counted), what its
-- managers alone know of it (meetings.Private), and the columns that lists are ordered
-- by. edition counts all changes of the description, and revision those of them that a
-- calendar shows (SEQUENCE of RFC 5545, 3.8.7.4). changed is the number of the last
-- change among the changes of all meetings, by which a cursor finds what is new; the
-- setting "meetings-changed" is the highest.
CREATE TABLE meetings (
    code     TEXT PRIMARY KEY,
    status   TEXT   NOT NULL,             -- draft, published, closed, cancelled
    document TEXT   NOT NULL,
    private  TEXT   NOT NULL,
    start_at BIGINT NOT NULL,
    end_at   BIGINT NOT NULL,
    edition  BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    changed  BIGINT NOT NULL
);
CREATE INDEX meetings_changed ON meetings (changed);

-- What every registration changes of its meeting: the places that are taken, how many
-- registrations stand on the waiting list, and version, which counts all changes,
-- without gaps. edition is the meeting's: whoever counts a registration says by which
-- description it was judged.
CREATE TABLE meeting_counts (
    meeting TEXT PRIMARY KEY REFERENCES meetings (code),
    edition BIGINT NOT NULL,
    taken   BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- The places that are taken of a choice that has its own. Whoever changes them holds
-- the meeting's counts.
CREATE TABLE choice_counts (
    meeting  TEXT   NOT NULL REFERENCES meetings (code),
    question TEXT   NOT NULL,
    choice   TEXT   NOT NULL,
    taken    BIGINT NOT NULL,
    PRIMARY KEY (meeting, question, choice)
);

-- Who manages a meeting, as long as the account has the role; all who have it, where
-- there is nobody.
CREATE TABLE meeting_managers (
    meeting    TEXT   NOT NULL REFERENCES meetings (code),
    account_id TEXT   NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    added_by   TEXT   NOT NULL,           -- account, or empty for the operator
    added_at   BIGINT NOT NULL,
    PRIMARY KEY (meeting, account_id)
);
CREATE INDEX meeting_managers_account ON meeting_managers (account_id);

-- E-mails to all whom a filter of a meeting's registrations chooses: they are queued a
-- part at a time, in the order of the numbers, up to reached by now.
CREATE TABLE meeting_notices (
    id      TEXT PRIMARY KEY,             -- UUIDv7
    meeting TEXT   NOT NULL REFERENCES meetings (code),
    kind    TEXT   NOT NULL,              -- cancelled, changed, mail
    filter  TEXT   NOT NULL,              -- JSON
    texts   TEXT   NOT NULL,              -- JSON: subject and text in each language
    by_whom TEXT   NOT NULL,              -- account
    made_at BIGINT NOT NULL,
    reached TEXT   NOT NULL DEFAULT '',
    total   BIGINT NOT NULL,              -- how many were chosen when it was made
    queued  BIGINT NOT NULL DEFAULT 0,
    done_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX meeting_notices_meeting ON meeting_notices (meeting, made_at);
CREATE INDEX meeting_notices_open ON meeting_notices (made_at) WHERE done_at = 0;
