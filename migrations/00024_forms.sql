-- Forms that staff build in the browser, answers that move to a newer version, answers that
-- the portal fills in, and drafts that the union's staff may help with.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- A version comes with the portal, or from the desk; what the desk published is not replaced
-- by what comes with the portal.
alter table form_versions
    add column origin text not null default 'portal' check (origin in ('portal', 'desk')),
    add column published_by bigint references users (id),
    add column note text not null default '' check (length(note) <= 1000),
    add check (origin = 'desk' or published_by is null);
create index form_versions_published_by on form_versions (published_by) where published_by is not null;

-- The next version of a form, as staff have it so far. version grows with each change.
create table form_drafts (
    form text primary key check (form ~ '^[a-z0-9_]{1,80}$'),
    definition jsonb not null,
    base int not null default 0 check (base >= 0), -- the published version that it began with; 0: none
    version int not null default 1,
    created_by bigint references users (id),
    changed_by bigint references users (id),
    changed_at timestamptz not null default now()
);
create index form_drafts_created_by on form_drafts (created_by) where created_by is not null;
create index form_drafts_changed_by on form_drafts (changed_by) where changed_by is not null;

alter table submissions
    add column filled text[] not null default '{}', -- answers that the portal filled in and nobody has gone through
    add column aside jsonb not null default '{}';   -- answers that the newer version has no place for, with their questions
create index submissions_org_submitted on submissions (org_id, submitted_at desc) where submitted_at is not null;

-- A city lets the union's staff write in one draft of its own, until a day. One consent at a
-- time; it ends by itself, by the city, or when the draft is sent.
create table form_helps (
    id bigint generated always as identity primary key,
    subject_id bigint not null,
    org_id bigint not null,
    given_by bigint not null references users (id),
    given_at timestamptz not null default now(),
    until timestamptz not null,
    ended_by bigint references users (id), -- null with ended_at: sent
    ended_at timestamptz,
    foreign key (subject_id, org_id) references subjects (id, org_id),
    check (until > given_at),
    check (ended_by is null or ended_at is not null)
);
create unique index form_helps_open on form_helps (subject_id) where ended_at is null;
create index form_helps_subject on form_helps (subject_id, org_id);
create index form_helps_until on form_helps (until, id) where ended_at is null;
create index form_helps_given_by on form_helps (given_by);
create index form_helps_ended_by on form_helps (ended_by) where ended_by is not null;

do $$
declare table_ text;
begin
    perform protect('form_drafts', 'false');
    perform protect('form_helps', 'org_id = (select org())');
    perform grant_to('staff', 'select, insert, update, delete', 'form_drafts');
    perform grant_to('staff', 'insert', 'form_versions');
    perform grant_to('member', 'select, insert, update (ended_by, ended_at, until)', 'form_helps');
    perform grant_to('staff', 'select, update (ended_by, ended_at)', 'form_helps');
    foreach table_ in array array['member', 'staff'] loop
        perform grant_to(table_, 'update (filled, aside)', 'submissions');
    end loop;
    -- Staff publish what is theirs; versions of the portal come with the portal.
    execute format('create policy desk_publishes on form_versions as restrictive for insert to %I with check (origin = ''desk'')', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop policy desk_publishes on form_versions;
drop table form_helps, form_drafts;
alter table submissions drop column filled, drop column aside;
alter table form_versions drop column origin, drop column published_by, drop column note;
do $$
begin
    execute format('revoke insert on form_versions from %I', role_name('staff'));
end $$;
-- +goose StatementEnd
