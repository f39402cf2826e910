-- Every way in: requests that came on paper, by telephone, by mail or from the old list; and
-- what became of each letter.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- How a request came. One that its city filed in the portal has no more to say about it.
alter table requests
    add column channel text not null default 'portal' check (channel in ('portal', 'paper', 'telephone', 'email', 'list')),
    add column came_on date,
    add column asked_by text not null default '' check (length(asked_by) <= 200), -- who signed or called
    add column earlier_reference text not null default '' check (length(earlier_reference) <= 100), -- its number before the portal
    add constraint requests_came check ((channel = 'portal') = (came_on is null));
create index requests_channel on requests (channel, submitted_at desc, id desc) where channel <> 'portal' and submitted_at is not null;
create index requests_open_channel on requests (channel, due_at, id) where channel <> 'portal' and open;
create index requests_earlier on requests (earlier_reference) where earlier_reference <> '';

-- A letter that a mail server never will take, and what it said.
alter table notifications drop constraint notifications_state_check;
alter table notifications
    add constraint notifications_state_check check (state in ('waiting', 'held', 'sent', 'dropped', 'refused')),
    add column refusal text not null default '' check (length(refusal) <= 300),
    add constraint notifications_refused check ((state = 'refused') = (refusal <> ''));

do $$
declare table_ text;
begin
    -- Staff read whom a letter was for and what became of it, not what it said.
    perform grant_to('staff', 'select (id, name, subject_id, key, at)', 'notify_events');
    perform grant_to('staff', 'select (id, event_id, user_id, name, email, state, sent_at, held_until, refusal)', 'notifications');
    foreach table_ in array array['notify_events', 'notifications'] loop
        execute format('create policy staff_rows on %I for select to %I using (true)', table_, role_name('staff'));
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
declare table_ text;
begin
    foreach table_ in array array['notify_events', 'notifications'] loop
        execute format('drop policy staff_rows on %I', table_);
        execute format('revoke select on %I from %I', table_, role_name('staff'));
    end loop;
end $$;
update notifications set state = 'dropped', refusal = '' where state = 'refused';
alter table notifications drop constraint notifications_refused, drop column refusal, drop constraint notifications_state_check;
alter table notifications add constraint notifications_state_check check (state in ('waiting', 'held', 'sent', 'dropped'));
alter table requests drop constraint requests_came, drop column channel, drop column came_on, drop column asked_by, drop column earlier_reference;
-- +goose StatementEnd
