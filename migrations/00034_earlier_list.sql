-- Open cases that were kept in a list before the portal, with what the list says of them.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Who took the list over may be nobody: the portal itself, from the command line.
alter table requests
    alter column created_by drop not null,
    add column handed_over_at timestamptz, -- when its city was told that it can follow the case
    add constraint requests_handed_over check (handed_over_at is null or channel = 'list');

-- Two lists, or one list twice, make no second case of an earlier number.
create unique index requests_from_list on requests (lower(earlier_reference)) where channel = 'list';
drop index requests_earlier;
create index requests_earlier on requests (lower(earlier_reference)) where earlier_reference <> '';

-- What an earlier list says happened to a case, a day a line. Nobody changes it.
create table request_earlier (
    id bigint generated always as identity primary key,
    request_id bigint not null references requests (id) on delete cascade,
    happened_on date not null,
    words text not null check (words <> '' and length(words) <= 2000),
    audience text not null check (audience in ('staff', 'org')), -- org: its city reads it too
    at timestamptz not null default now()
);
create unique index request_earlier_once on request_earlier (request_id, happened_on, md5(words));

do $$
begin
    perform protect('request_earlier', 'audience = ''org'' and exists (select from requests r where r.id = request_id)', null, 'false');
    perform grant_to(kind, 'select', 'request_earlier') from unnest(array['member', 'staff']) kind;
    -- A privileged case is confided, and so is what the list says of it.
    alter policy staff_rows on request_earlier using (exists (select from requests r where r.id = request_id)) with check (false);
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table request_earlier;
drop index requests_from_list;
drop index requests_earlier;
create index requests_earlier on requests (earlier_reference) where earlier_reference <> '';
update requests set created_by = (select min(id) from users) where created_by is null;
alter table requests drop constraint requests_handed_over, drop column handed_over_at, alter column created_by set not null;
-- +goose StatementEnd
