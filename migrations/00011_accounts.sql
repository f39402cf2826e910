-- Accounts: second factors, passkeys, sign-on by the union's own identity provider, the
-- history of sign-ins. The sign-in functions read and write all of it as the owner.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- When somebody last proved who they are in this session, and whether a second factor was
-- among the proofs. A session that is older than these columns has proved nothing.
alter table sessions
    add column method text not null default 'password' check (method in ('password', 'link', 'passkey', 'sign_on', 'invitation')),
    add column proved_at timestamptz not null default '-infinity',
    add column factor boolean not null default false;

alter table access_links drop constraint access_links_purpose_check;
alter table access_links add constraint access_links_purpose_check check (purpose in ('reset', 'invitation', 'sign_in'));

-- The secret of an authenticator app, sealed where the portal has a key. last_step is the
-- last 30 seconds whose code was used: no code counts twice.
create table totp_secrets (
    user_id bigint primary key references users (id) on delete cascade,
    secret text not null,
    created_at timestamptz not null default now(),
    confirmed_at timestamptz, -- null: the app has not shown a right code yet
    last_step bigint not null default 0
);

-- Codes for the day on which the device is lost. A code is found by its first letters; the
-- rest is stored as a password is.
create table recovery_codes (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id) on delete cascade,
    selector text not null check (selector ~ '^[a-z2-7]{4}$'),
    code_hash text not null,
    created_at timestamptz not null default now(),
    used_at timestamptz,
    unique (user_id, selector)
);

create table passkeys (
    id bigint generated always as identity primary key,
    handle text not null unique check (handle ~ '^[a-z2-7]{26}$'), -- names it in URLs
    user_id bigint not null references users (id) on delete cascade,
    credential_id bytea not null unique,
    credential jsonb not null,
    name text not null check (name <> '' and length(name) <= 100),
    created_at timestamptz not null default now(),
    used_at timestamptz
);
create index passkeys_user on passkeys (user_id, id);

-- Whom the union's identity provider knows by which name; never made without an account.
create table sign_on_identities (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id) on delete cascade,
    issuer text not null check (issuer <> '' and length(issuer) <= 500),
    subject text not null check (subject <> '' and length(subject) <= 255),
    linked_at timestamptz not null default now(),
    unique (issuer, subject),
    unique (user_id, issuer)
);

-- What is under way between two requests of one browser: a sign-in that waits for its second
-- factor, the challenge of a passkey, the state of a sign-on.
create table ceremonies (
    token_hash text primary key,
    kind text not null check (kind in ('second', 'passkey', 'enrol', 'prove', 'sign_on')),
    user_id bigint references users (id) on delete cascade,
    body jsonb not null,
    tries int not null default 0,
    expires_at timestamptz not null
);
create index ceremonies_user on ceremonies (user_id) where user_id is not null;
create index ceremonies_expires on ceremonies (expires_at);

-- Every attempt to sign in. The network is kept, not the address; user_id is null where the
-- typed address has no account.
create table sign_ins (
    id bigint generated always as identity primary key,
    user_id bigint references users (id) on delete cascade,
    at timestamptz not null default now(),
    method text not null check (method in ('password', 'link', 'passkey', 'sign_on', 'invitation')),
    outcome text not null check (outcome in ('in', 'refused', 'second_refused')),
    code_used boolean not null default false, -- a recovery code was the second factor
    agent text not null default '' check (length(agent) <= 400),
    network text not null default ''
);
create index sign_ins_user on sign_ins (user_id, id desc);
create index sign_ins_at on sign_ins (at);

-- Whether a person has a second factor: staff see that, and nothing more of it.
create function has_factor(user_id_ bigint) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from totp_secrets where user_id = user_id_ and confirmed_at is not null)
        or exists (select from passkeys where user_id = user_id_)
$$;
revoke execute on function has_factor from public;

-- An administrator takes a lost device away without seeing anything of it.
create function drop_factors(user_id_ bigint) returns void
    language sql security definer set search_path = public, pg_temp as $$
    delete from totp_secrets where user_id = user_id_;
    delete from recovery_codes where user_id = user_id_;
    delete from passkeys where user_id = user_id_;
    delete from ceremonies where user_id = user_id_;
$$;
revoke execute on function drop_factors from public;

do $$
declare table_ text;
begin
    foreach table_ in array array['totp_secrets', 'recovery_codes', 'passkeys', 'sign_on_identities', 'ceremonies', 'sign_ins'] loop
        execute format('alter table %I enable row level security', table_); -- no policy: the owner alone
    end loop;
    execute format('grant execute on function has_factor, drop_factors to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop function drop_factors;
drop function has_factor;
drop table sign_ins, ceremonies, sign_on_identities, passkeys, recovery_codes, totp_secrets;
delete from access_links where purpose = 'sign_in';
alter table access_links drop constraint access_links_purpose_check;
alter table access_links add constraint access_links_purpose_check check (purpose in ('reset', 'invitation'));
alter table sessions drop column method, drop column proved_at, drop column factor;
-- +goose StatementEnd
