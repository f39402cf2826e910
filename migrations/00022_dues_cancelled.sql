-- What was assessed in error is cancelled: it stays, and owes nothing; the year can be
-- assessed again. Members are told of what was issued.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table dues_assessments
    add column cancelled_at timestamptz,
    add column cancelled_by bigint references users (id),
    add column cancel_reason text not null default '' check (length(cancel_reason) <= 400),
    add column told_at timestamptz; -- when its member was written to
-- Nobody is written to about what was issued before there were such letters.
update dues_assessments set told_at = issued_at;

drop index dues_assessments_due;
alter table dues_assessments drop column open;
alter table dues_assessments
    add column open numeric(18, 2) not null generated always as (case when cancelled_at is null then amount - paid - waived else 0 end) stored,
    add constraint dues_assessments_cancelled check (
        (cancelled_at is null) = (cancel_reason = '') and (cancelled_at is not null or cancelled_by is null)
        and (cancelled_at is null or paid + waived = 0)); -- money is taken back first
create index dues_assessments_due on dues_assessments (due_on, id) where open > 0;
create index dues_assessments_cancelled_by on dues_assessments (cancelled_by) where cancelled_by is not null;
create index dues_assessments_untold on dues_assessments (year, id) where told_at is null;

-- A member has one assessment of a year that stands, and any number of cancelled ones.
alter table dues_assessments drop constraint dues_assessments_year_org_id_key;
create unique index dues_assessments_stands on dues_assessments (year, org_id) where cancelled_at is null;

create function dues_cancelled_once() returns trigger language plpgsql as $$
begin
    raise exception 'a cancelled assessment stays cancelled';
end $$;
create trigger dues_assessments_cancelled before update of cancelled_at, cancelled_by, cancel_reason on dues_assessments
    for each row when (old.cancelled_at is not null) execute function dues_cancelled_once();

do $$
begin
    execute format('grant update (cancelled_at, cancelled_by, cancel_reason, told_at) on dues_assessments to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
delete from dues_assessments where cancelled_at is not null;
drop trigger dues_assessments_cancelled on dues_assessments;
drop function dues_cancelled_once;
drop index dues_assessments_stands, dues_assessments_due, dues_assessments_untold;
alter table dues_assessments add constraint dues_assessments_year_org_id_key unique (year, org_id);
alter table dues_assessments drop constraint dues_assessments_cancelled, drop column open;
alter table dues_assessments drop column cancelled_at, drop column cancelled_by, drop column cancel_reason, drop column told_at,
    add column open numeric(18, 2) not null generated always as (amount - paid - waived) stored;
create index dues_assessments_due on dues_assessments (due_on, id) where open > 0;
-- +goose StatementEnd
