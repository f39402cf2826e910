-- Letters to addresses that belong to no account: an applicant's, an office's mailbox.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table notifications
    alter column user_id drop not null,
    add column name text not null default '' check (length(name) <= 200),
    add column email text check (email ~ '^[^@\s<>",;]+@[^@\s<>",;]+$' and length(email) <= 254),
    add column lang text check (lang in ('tr', 'en', 'ru')),
    add column zone text,
    add constraint notifications_to check (num_nulls(user_id, email) = 1),
    add constraint notifications_address check (num_nulls(email, lang, zone) in (0, 3)),
    add constraint notifications_address_once unique (event_id, email);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
delete from notifications where user_id is null;
alter table notifications drop column name, drop column email, drop column lang, drop column zone, alter column user_id set not null;
-- +goose StatementEnd
