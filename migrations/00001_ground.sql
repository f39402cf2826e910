-- The ground that every record stands on: database roles, organisations as tenants,
-- subjects, people, mandates, audit. See docs/architecture.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Database roles belong to the whole server, so their names carry the database's name and
-- are stored: a cloned database keeps those of its template.
create table database_roles (
    kind text primary key check (kind in ('visitor', 'member', 'staff', 'engine')),
    name text not null
);

do $$
declare kind_ text; name_ text;
begin
    foreach kind_ in array array['visitor', 'member', 'staff', 'engine'] loop
        name_ := left(current_database(), 50) || '_' || kind_;
        if not exists (select from pg_roles where rolname = name_) then
            execute format('create role %I nologin', name_);
        end if;
        execute format('grant %I to current_user', name_);
        insert into database_roles values (kind_, name_);
    end loop;
end $$;

create function role_name(kind text) returns text
    language sql stable as 'select name from database_roles r where r.kind = $1';

do $$
declare name_ text;
begin
    for name_ in select name from database_roles loop
        execute format('grant usage on schema public to %I', name_);
        execute format('grant select on database_roles to %I', name_);
    end loop;
    -- No serving role is a member of the engines' role: it would inherit its privileges and
    -- its policies. A transaction may still switch to it, because the connection's login,
    -- which is the owner, is a member of all four.
end $$;

-- org() is the organisation that a member's transaction acts for; null for everyone else.
create function org() returns bigint
    language sql stable as $$ select nullif(current_setting('portal.org_id', true), '')::bigint $$;

-- grant_to gives the database role of a kind some privileges on a table:
-- grant_to('member', 'select, insert', 'requests').
create function grant_to(kind text, privileges text, table_ text) returns void
    language plpgsql as $$
begin
    execute format('grant %s on table %I to %I', privileges, table_, role_name(kind));
end $$;

-- protect switches row-level security on and lets members see and write the rows for which
-- policy holds ('org_id = (select org())'). Staff and engines pass; visitors pass only
-- where visitor_policy says so. member_writes narrows what members may store, where it
-- differs from what they may see. A test lists the tables that were never protected.
create function protect(table_ text, policy text, visitor_policy text default null, member_writes text default null)
    returns void
    language plpgsql as $$
begin
    execute format('alter table %I enable row level security', table_);
    execute format('create policy member_rows on %I to %I using (%s) with check (%s)',
        table_, role_name('member'), policy, coalesce(member_writes, policy));
    execute format('create policy staff_rows on %I to %I using (true) with check (true)', table_, role_name('staff'));
    execute format('create policy engine_rows on %I to %I using (true) with check (true)', table_, role_name('engine'));
    if visitor_policy is not null then
        execute format('create policy visitor_rows on %I for select to %I using (%s)',
            table_, role_name('visitor'), visitor_policy);
    end if;
end $$;

-- Subjects: every record's id, whatever its kind. Capabilities point here.
create table subjects (
    id bigint generated always as identity primary key,
    kind text not null,
    org_id bigint not null,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    created_at timestamptz not null default now(),
    unique (id, org_id),
    unique (id, kind, org_id)
);
create index subjects_org on subjects (org_id, kind);

-- Organisations: municipalities, associations, government bodies, and the union itself.
create table organisations (
    id bigint primary key,
    kind text not null check (kind in ('union', 'municipality', 'association', 'government', 'institution', 'partner')),
    subject_kind text not null default 'organisation' check (subject_kind in ('organisation', 'municipality')),
    name text not null check (name <> ''),
    lang text not null default 'tr',
    zone text not null default 'Europe/Istanbul',
    active boolean not null default true,
    version int not null default 1,
    foreign key (id, subject_kind, id) references subjects (id, kind, org_id)
);
create unique index organisations_one_union on organisations (kind) where kind = 'union';
alter table subjects add constraint subjects_org foreign key (org_id) references organisations (id);

-- The union's id, which public records carry.
create function union_id() returns bigint
    language sql stable as $$ select id from organisations where kind = 'union' $$;

-- Records of several organisations name every party here, the owner too.
create table subject_parties (
    subject_id bigint not null,
    owner_id bigint not null,
    org_id bigint not null references organisations (id),
    role text not null,
    primary key (subject_id, org_id, role),
    foreign key (subject_id, owner_id) references subjects (id, org_id) on delete cascade
);
create index subject_parties_org on subject_parties (org_id, subject_id);

-- People. A user is a subject of the union: one person may act for several organisations.
create table users (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'user' check (subject_kind = 'user'),
    email text not null check (email <> '' and length(email) <= 254),
    email_key text not null unique, -- ASCII-folded, for signing in
    name text not null check (name <> '' and length(name) <= 200),
    lang text not null default 'tr',
    zone text not null default 'Europe/Istanbul',
    password_hash text not null default '', -- empty: invited, no password yet
    active boolean not null default true,
    single_keys boolean not null default true, -- single-key shortcuts (WCAG 2.1.4)
    theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
    version int not null default 1,
    created_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);

-- Staff roles, each with a start and an end.
create table staff_roles (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id),
    role text not null check (role in ('desk_officer', 'department_head', 'finance', 'board_secretary', 'administrator', 'auditor')),
    starts_at timestamptz not null default now(),
    ends_at timestamptz not null default 'infinity',
    check (starts_at <= ends_at)
);
create unique index staff_roles_open on staff_roles (user_id, role) where ends_at = 'infinity';
create index staff_roles_user on staff_roles (user_id);

-- Mandates: a person acts for an organisation from a day to a day.
create table mandates (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id),
    org_id bigint not null references organisations (id),
    role text not null check (role in ('member_editor', 'member_approver')),
    starts_at timestamptz not null default now(),
    ends_at timestamptz not null default 'infinity',
    version int not null default 1,
    check (starts_at <= ends_at),
    unique (id, org_id)
);
create unique index mandates_open on mandates (user_id, org_id, role) where ends_at = 'infinity';
create index mandates_user on mandates (user_id);
create index mandates_org on mandates (org_id);

-- Audit: what happened to a record, by whom and for whom. Insert-only for serving roles.
create table audit_entries (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    subject_id bigint not null references subjects (id),
    action text not null check (action <> ''),
    actor_id bigint references users (id), -- null: the system
    mandate_id bigint,
    org_id bigint not null references organisations (id), -- for whom the actor acted
    request_id text not null default '',
    payload jsonb, -- what changed; can be erased without breaking the seal
    salt bytea not null default decode(replace(gen_random_uuid()::text, '-', ''), 'hex'),
    payload_digest bytea, -- of the salted payload, which may be erased later
    digest bytea, -- chains this entry to the one sealed before it
    seal bigint unique, -- its place in the chain, in the order of sealing
    sealed_at timestamptz,
    xid xid8 not null default pg_current_xact_id(),
    foreign key (mandate_id, org_id) references mandates (id, org_id),
    check (num_nulls(payload_digest, digest, seal, sealed_at) in (0, 4))
);
create index audit_entries_subject on audit_entries (subject_id, id desc);
create index audit_entries_actor on audit_entries (actor_id, id desc);
create index audit_entries_org on audit_entries (org_id, id desc);
create index audit_entries_mandate on audit_entries (mandate_id) where mandate_id is not null;
create index audit_entries_unsealed on audit_entries (id) where sealed_at is null;

-- Reference numbers: a series a kind and a year in the union's zone; no gaps, because the
-- number is taken in the transaction that needs it.
create table reference_series (
    prefix text not null,
    year int not null,
    last int not null,
    primary key (prefix, year)
);
create function next_reference(prefix_ text, year_ int) returns int
    language sql security definer set search_path = public, pg_temp as $$
    insert into reference_series values (prefix_, year_, 1)
    on conflict (prefix, year) do update set last = reference_series.last + 1
    returning last $$;
revoke execute on function next_reference from public;

-- Settings that staff edit; the rest comes from the environment.
create table settings (
    key text primary key,
    value jsonb not null,
    version int not null default 1,
    updated_at timestamptz not null default now()
);

do $$
begin
    -- subjects, organisations: ids and names only; everyone may refer to them.
    perform protect('subjects', 'true', 'true', 'org_id = (select org())');
    perform protect('organisations', 'true', 'true');
    -- A party may read that it is one; only the owner adds parties.
    perform protect('subject_parties', 'org_id = (select org()) or owner_id = (select org())', null,
        'owner_id = (select org())');
    perform protect('users', 'id in (select user_id from mandates where org_id = (select org())) or id in (select user_id from staff_roles)');
    perform protect('staff_roles', 'true');
    perform protect('mandates', 'org_id = (select org())');
    perform protect('audit_entries', 'org_id = (select org())');
    perform protect('settings', 'true', 'true');
    perform grant_to('visitor', 'select', 'subjects');
    perform grant_to('visitor', 'select', 'organisations');
    perform grant_to('visitor', 'select', 'settings');
    perform grant_to('member', 'select, insert', 'subjects');
    perform grant_to('member', 'select', 'organisations');
    perform grant_to('member', 'select, insert', 'subject_parties');
    perform grant_to('member', 'select (id, org_id, email, name, lang, zone, active)', 'users');
    perform grant_to('member', 'select', 'staff_roles');
    perform grant_to('member', 'select', 'mandates');
    perform grant_to('member', 'insert', 'audit_entries');
    perform grant_to('member', 'select', 'settings');
    perform grant_to('staff', 'select, insert', 'subjects');
    perform grant_to('staff', 'select, insert, update', 'organisations');
    perform grant_to('staff', 'select, insert, delete', 'subject_parties');
    perform grant_to('staff', 'select, insert, update', 'users');
    perform grant_to('staff', 'select, insert, update', 'staff_roles');
    perform grant_to('staff', 'select, insert, update', 'mandates');
    perform grant_to('staff', 'select, insert', 'audit_entries');
    perform grant_to('staff', 'select, insert, update', 'settings');
    perform grant_to('engine', 'select', 'subjects');
    perform grant_to('engine', 'select', 'organisations');
    perform grant_to('engine', 'select', 'users');
    perform grant_to('engine', 'select', 'mandates');
    perform grant_to('engine', 'select', 'staff_roles');
    perform grant_to('engine', 'select', 'subject_parties');
    execute format('grant execute on function next_reference to %I, %I', role_name('member'), role_name('staff'));
end $$;

-- The union is the first organisation: its subject and its row refer to each other, and
-- both checks run at the end of the one statement.
with s as (
    insert into subjects (kind, org_id, public_id)
    values ('organisation', 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaa')
    returning id
)
insert into organisations (id, kind, name) select id, 'union', 'Birlik' from s;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table settings, reference_series, audit_entries, mandates, staff_roles, users, subject_parties cascade;
drop table organisations, subjects cascade;
drop function next_reference, union_id, protect, grant_to, org, role_name;
drop table database_roles;
-- +goose StatementEnd
