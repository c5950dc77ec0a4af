-- +goose Up
-- 1: all pieces of the file have come. What is not whole after a day goes.
ALTER TABLE message_file ADD COLUMN done BIGINT NOT NULL DEFAULT 1;
