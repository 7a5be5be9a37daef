-- +goose Up
-- By whom and what an e-mail concerns: for the export and the deletion of
-- somebody's data.
CREATE INDEX mails_recipient ON mails (recipient);
CREATE INDEX mails_subject ON mails (subject);

-- +goose Down
DROP INDEX mails_subject;
DROP INDEX mails_recipient;
