-- From where a session began: the operator's name of the network, or its address,
-- shortened (package session); empty where it is not known.

-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE sessions ADD COLUMN first_network TEXT NOT NULL DEFAULT '';
