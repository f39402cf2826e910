-- Accounts: sessions, single-use links, throttles, keys of repeated posts. All of them are
-- read and written by the sign-in functions as the owner; serving roles never see them.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- What staff see in the list of users, and what a search folds to.
alter table users
    add column name_key text not null default '', -- folded name, for the staff's search
    add column password_at timestamptz, -- when the password was set; null: never
    add constraint users_password_at check (password_at is null or password_hash <> ''),
    add constraint users_email_key check (email_key ~ '^[^A-Z\s]+$');
create index users_created on users (created_at desc, id desc);

-- One row a signed-in browser. The cookie's token is stored as its hash only; handle is
-- what the list of sessions names it by.
create table sessions (
    id bigint generated always as identity primary key,
    handle text not null unique check (handle ~ '^[a-z2-7]{26}$'),
    token_hash text not null unique,
    user_id bigint not null references users (id) on delete cascade,
    agent text not null default '' check (length(agent) <= 400),
    address inet,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(), -- moved at most once a minute
    expires_at timestamptz not null, -- absolute: moved by nothing
    check (created_at < expires_at)
);
create index sessions_user on sessions (user_id);
create index sessions_expires on sessions (expires_at);

-- A link that was mailed: to set a new password, or to accept an invitation. It works once.
create table access_links (
    id bigint generated always as identity primary key,
    purpose text not null check (purpose in ('reset', 'invitation')),
    user_id bigint not null references users (id) on delete cascade,
    created_by bigint references users (id), -- null: the person asked for it
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    check (created_at < expires_at)
);
create index access_links_user on access_links (user_id);
create index access_links_created_by on access_links (created_by);

-- The tokens of a link: one for every time its mail was made, so that a repeated delivery
-- never kills the link in the mail that arrived first.
create table access_tokens (
    token_hash text primary key,
    link_id bigint not null references access_links (id) on delete cascade
);
create index access_tokens_link on access_tokens (link_id);

-- A leaky bucket a key: tat is when the bucket would be empty again.
create table throttles (
    key text primary key,
    tat timestamptz not null
);
create index throttles_tat on throttles (tat);

-- A form that creates something carries a key; the second post with it gets the answer of
-- the first. location is empty while the first is still at work.
create table post_keys (
    user_id bigint not null references users (id) on delete cascade,
    key text not null check (key ~ '^[a-z2-7]{26}$'),
    path text not null,
    location text not null default '',
    started_at timestamptz not null default now(),
    primary key (user_id, key)
);
create index post_keys_started on post_keys (started_at);

-- An administrator who switches an account off ends its sessions without reading them.
create function end_sessions(user_id_ bigint) returns void
    language sql security definer set search_path = public, pg_temp as
    $$ delete from sessions where user_id = user_id_ $$;
revoke execute on function end_sessions from public;

do $$
declare table_ text;
begin
    foreach table_ in array array['sessions', 'access_links', 'access_tokens', 'throttles', 'post_keys'] loop
        execute format('alter table %I enable row level security', table_); -- no policy: the owner alone
    end loop;
    -- Staff invite: they open links, whose tokens they never see.
    execute format('create policy staff_rows on access_links to %I using (true) with check (true)', role_name('staff'));
    perform grant_to('staff', 'select, insert, update', 'access_links');
    execute format('grant execute on function end_sessions to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop function end_sessions;
drop table post_keys, throttles, access_tokens, access_links, sessions;
alter table users drop column name_key, drop column password_at, drop constraint users_email_key;
-- +goose StatementEnd
