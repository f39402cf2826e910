-- How fast each person wants to be told of what: at once, or gathered once a day or a week.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- A topic without a row is told at once.
create table notification_choices (
    user_id bigint not null references users (id) on delete cascade,
    topic text not null check (topic ~ '^[a-z_]{1,40}$'), -- the area that an event's name begins with
    pace text not null check (pace in ('now', 'daily', 'weekly')),
    primary key (user_id, topic)
);

-- One gathered letter; its Message-ID is the same on every try.
create table notify_digests (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id) on delete cascade,
    message_id text not null unique,
    made_at timestamptz not null default now()
);
create index notify_digests_user on notify_digests (user_id);

alter table notifications drop constraint notifications_state_check;
alter table notifications
    add constraint notifications_state_check check (state in ('waiting', 'held', 'sent', 'dropped')),
    add column held_until timestamptz,
    add column digest_id bigint references notify_digests (id),
    add constraint notifications_held check (state <> 'held' or held_until is not null and user_id is not null);
create index notifications_held on notifications (held_until, id) where state = 'held' and digest_id is null;
create index notifications_digest on notifications (digest_id) where digest_id is not null;

do $$
declare table_ text;
begin
    foreach table_ in array array['notification_choices', 'notify_digests'] loop
        execute format('alter table %I enable row level security', table_); -- no policy: the owner alone
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
update notifications set state = 'waiting' where state = 'held';
alter table notifications drop constraint notifications_held, drop constraint notifications_state_check, drop column digest_id, drop column held_until;
alter table notifications add constraint notifications_state_check check (state in ('waiting', 'sent', 'dropped'));
drop table notify_digests, notification_choices;
-- +goose StatementEnd
