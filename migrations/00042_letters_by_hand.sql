-- A letter that somebody brought as a file says of itself whatever the file says: no server of
-- ours vouches for it, and people look at it.

-- +goose Up
alter table received_mails add column by_hand boolean not null default false;

-- +goose Down
alter table received_mails drop column by_hand;
