-- The workbench: when something happened to a case last, acts on many of every kind, who is
-- away and who stands in, what a list shows to whom, and calendars of due dates.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table requests
    add column changed_at timestamptz not null default now(); -- a move, a message, a correction
create index requests_changed on requests (changed_at desc, id desc) where submitted_at is not null;
create index requests_open_changed on requests (changed_at desc, id desc) where open;

-- A view belongs to a person, to an office, or to everybody of the staff.
alter table saved_views
    add column office text collate "C" references offices (code),
    add constraint saved_views_one_audience check (not shared or office is null);
create index saved_views_office on saved_views (office) where office is not null;

alter table bulk_acts
    add column act text not null default 'assign' check (act in ('assign', 'office', 'urgent', 'due')),
    add column spared text[]; -- references of those that undoing left alone, because somebody had changed them

-- Which columns of the inbox a person chose, in their order.
create table inbox_columns (
    user_id bigint primary key references users (id),
    columns text[] not null check (cardinality(columns) between 1 and 20)
);

-- Who is away, from an instant to an instant, and who does the work meanwhile. Why somebody
-- is away is nobody's business, so there is no column for it.
create table absences (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    user_id bigint not null references users (id),
    deputy_id bigint not null references users (id),
    starts_at timestamptz not null,
    ends_at timestamptz not null, -- not within; moved to now when somebody is back early
    note text not null default '' check (length(note) <= 500), -- for the deputy
    created_by bigint not null references users (id),
    created_at timestamptz not null default now(),
    check (starts_at <= ends_at),
    check (user_id <> deputy_id)
);
create index absences_user on absences (user_id, ends_at);
create index absences_deputy on absences (deputy_id, ends_at);
create index absences_created_by on absences (created_by);
create index absences_ends on absences (ends_at);

-- Who does a person's work now: the deputy while they are away, the deputy's own while that
-- one is away too. Where deputies go round in a circle, the person.
create function deputy_now(person bigint) returns bigint
    language plpgsql stable as $$
declare
    at_ bigint := person;
    next_ bigint;
begin
    for hop in 1..5 loop
        select a.deputy_id into next_ from absences a join users u on u.id = a.deputy_id and u.active
            where a.user_id = at_ and a.ends_at > now() and a.starts_at <= now() order by a.starts_at, a.id limit 1;
        if next_ is null then
            return at_;
        end if;
        at_ := next_;
    end loop;
    return person;
end $$;

-- Whose work a person does now: their own, and that of those whom they stand in for.
create function stands_for(person bigint) returns bigint[]
    language sql stable as $$
    select array(select person union
        select a.user_id from absences a where a.ends_at > now() and a.starts_at <= now() and deputy_now(a.user_id) = person)
$$;

-- A calendar of due dates is read by its secret address; only its digest is stored.
create table calendar_feeds (
    user_id bigint primary key references users (id),
    digest bytea not null unique check (length(digest) = 32),
    made_at timestamptz not null default now(),
    read_at timestamptz
);

do $$
declare table_ text;
begin
    foreach table_ in array array['inbox_columns', 'absences', 'calendar_feeds'] loop
        perform protect(table_, 'false');
    end loop;
    perform grant_to('staff', 'select, insert, update', 'inbox_columns');
    perform grant_to('staff', 'select, insert, update (ends_at, starts_at)', 'absences');
    perform grant_to('staff', 'select, insert, update, delete', 'calendar_feeds');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table calendar_feeds, inbox_columns;
drop function stands_for(bigint), deputy_now(bigint);
drop table absences;
alter table bulk_acts drop column act, drop column spared;
alter table saved_views drop column office;
drop index requests_changed, requests_open_changed;
alter table requests drop column changed_at;
-- +goose StatementEnd
