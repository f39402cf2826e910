-- The union's casework in figures: what came in, what is open and since when, how long the
-- steps take, what was decided, what the cities say of it. See docs/figures.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- What became of a request, and what its city said: kept beside the state, which goes on.
alter table requests
    add column outcome text collate "C" check (outcome in ('approved', 'declined', 'referred')),
    add column outcome_on date, -- in the union's zone
    add column stars smallint check (stars between 1 and 5),
    add column rated_on date,
    add constraint requests_outcome_day check ((outcome is null) = (outcome_on is null)),
    add constraint requests_rated_day check ((stars is null) = (rated_on is null));

-- The steps that requests have left, from one move to the next.
create table request_steps (
    request_id bigint not null references requests (id) on delete cascade,
    seq int not null check (seq >= 1), -- of the move that the step began with
    state text not null,
    service text collate "C" not null,
    office text collate "C" not null, -- in charge while it lasted
    left_on date not null, -- in the union's zone
    days int not null check (days >= 0), -- whole ones, rounded
    primary key (request_id, seq)
);

-- Counters. Nobody waits for another to count: each change adds its own rows to the news, and
-- a job folds them into the tallies. Together they are always exact.
create table request_tallies (
    measure text collate "C" not null check (measure in ('received', 'open', 'outcome', 'rated', 'step')),
    day date not null, -- of open: when it came; else the first day of the month
    service text collate "C" not null,
    office text collate "C" not null,
    key text collate "C" not null, -- of open and step: the state; of outcome: which
    value int not null, -- of rated: stars; of step: days
    n bigint not null,
    primary key (measure, day, service, office, key, value)
);
create table request_tally_news (
    id bigint generated always as identity primary key,
    measure text collate "C" not null,
    day date not null,
    service text collate "C" not null,
    office text collate "C" not null,
    key text collate "C" not null,
    value int not null,
    n bigint not null
);

-- union_day is the day of a moment where the union is.
create function union_zone() returns text
    language sql stable as $$ select zone from organisations where kind = 'union' $$;
create function union_day(moment timestamptz) returns date
    language sql stable as $$ select (moment at time zone union_zone())::date $$;

-- tallied is what one request counts for.
create function tallied(state_ text, open_ boolean, submitted timestamptz, outcome_ text, outcome_day date, stars_ int, rated_day date, zone text)
    returns table (measure text, day date, key text, value int)
    language sql stable as $$
    select 'received', date_trunc('month', submitted at time zone zone)::date, '', 0 where submitted is not null
    union all select 'open', (submitted at time zone zone)::date, state_, 0 where open_
    union all select 'outcome', date_trunc('month', outcome_day)::date, outcome_, 0 where outcome_ is not null
    union all select 'rated', date_trunc('month', rated_day)::date, '', stars_ where stars_ is not null
$$;

-- A request that is approved, or begun without being asked of the board, is granted.
create function requests_outcome() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare became text := case
    when new.decided = 'approve' or new.state = 'approved' then 'approved'
    when new.state in ('declined', 'referred') then new.state
    when new.outcome is null and new.state in ('in_delivery', 'delivered', 'sent') then 'approved' end;
begin
    if became is not null and became is distinct from new.outcome then
        new.outcome := became;
        new.outcome_on := coalesce((select union_day(m.at) from moves m where m.subject_id = new.id and m.seq = new.seq), union_day(now()));
    end if;
    return new;
end $$;

-- steps_left is what a request has left between two of its moves; its own drafting is its city's.
create function steps_left(request bigint, after int, upto int) returns table (seq int, state text, left_on date, days int)
    language sql stable as $$
    select b.seq, b.to_state, union_day(e.at), greatest(0, round(extract(epoch from e.at - b.at) / 86400))::int
    from moves b join moves e on e.subject_id = b.subject_id and e.seq = b.seq + 1
    where b.subject_id = request and b.seq >= after and e.seq <= upto and b.to_state not in ('draft', 'with_approver')
$$;

create function tally_new_requests() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare zone_ text := union_zone();
begin
    insert into request_tally_news (measure, day, service, office, key, value, n)
    select t.measure, t.day, x.service, x.office, t.key, t.value, count(*)
    from new_rows x cross join lateral tallied(x.state, x.open, x.submitted_at, x.outcome, x.outcome_on, x.stars, x.rated_on, zone_) t
    group by 1, 2, 3, 4, 5, 6;
    with steps as ( -- of requests that come with their history
        insert into request_steps (request_id, seq, state, service, office, left_on, days)
        select n.id, l.seq, l.state, n.service, n.office, l.left_on, l.days
        from new_rows n cross join lateral steps_left(n.id, 1, n.seq) l where n.seq > 1 and n.submitted_at is not null
        returning *
    )
    insert into request_tally_news (measure, day, service, office, key, value, n)
    select 'step', date_trunc('month', left_on)::date, service, office, state, days, count(*) from steps group by 2, 3, 4, 5, 6;
    return null;
end $$;

create function tally_gone_requests() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare zone_ text := union_zone();
begin
    insert into request_tally_news (measure, day, service, office, key, value, n)
    select t.measure, t.day, x.service, x.office, t.key, t.value, -count(*)
    from old_rows x cross join lateral tallied(x.state, x.open, x.submitted_at, x.outcome, x.outcome_on, x.stars, x.rated_on, zone_) t
    group by 1, 2, 3, 4, 5, 6;
    return null;
end $$;

create function tally_changed_requests() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare zone_ text := union_zone();
begin
    insert into request_tally_news (measure, day, service, office, key, value, n)
    select t.measure, t.day, x.service, x.office, t.key, t.value, sum(x.sign)
    from (select -1 as sign, service, office, state, open, submitted_at, outcome, outcome_on, stars, rated_on from old_rows
        union all select 1, service, office, state, open, submitted_at, outcome, outcome_on, stars, rated_on from new_rows) x
        cross join lateral tallied(x.state, x.open, x.submitted_at, x.outcome, x.outcome_on, x.stars, x.rated_on, zone_) t
    group by 1, 2, 3, 4, 5, 6 having sum(x.sign) <> 0;
    with steps as (
        insert into request_steps (request_id, seq, state, service, office, left_on, days)
        select o.id, l.seq, l.state, o.service, o.office, l.left_on, l.days
        from old_rows o join new_rows n on n.id = o.id and n.seq > o.seq cross join lateral steps_left(o.id, o.seq, n.seq) l
        on conflict do nothing returning *
    )
    insert into request_tally_news (measure, day, service, office, key, value, n)
    select 'step', date_trunc('month', left_on)::date, service, office, state, days, count(*) from steps group by 2, 3, 4, 5, 6;
    return null;
end $$;

create function request_rated() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update requests set stars = new.stars, rated_on = union_day(new.at) where id = new.request_id;
    return null;
end $$;

-- fold_tallies moves the news into the tallies.
create function fold_tallies() returns void
    language sql security definer set search_path = public, pg_temp as $$
    with gone as (delete from request_tally_news returning *)
    insert into request_tallies (measure, day, service, office, key, value, n)
    select measure, day, service, office, key, value, sum(n) from gone group by 1, 2, 3, 4, 5, 6
    on conflict (measure, day, service, office, key, value) do update set n = request_tallies.n + excluded.n;
    delete from request_tallies where n = 0;
$$;

-- tally_all counts everything anew; nothing is written to requests meanwhile.
create function tally_all() returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare zone_ text := union_zone();
begin
    lock table requests in share row exclusive mode;
    truncate request_tally_news, request_tallies;
    insert into request_tallies (measure, day, service, office, key, value, n)
    select t.measure, t.day, r.service, r.office, t.key, t.value, count(*)
    from requests r cross join lateral tallied(r.state, r.open, r.submitted_at, r.outcome, r.outcome_on, r.stars, r.rated_on, zone_) t
    group by 1, 2, 3, 4, 5, 6;
    insert into request_tallies (measure, day, service, office, key, value, n)
    select 'step', date_trunc('month', left_on)::date, service, office, state, days, count(*) from request_steps group by 2, 3, 4, 5, 6;
end $$;

revoke execute on function fold_tallies, tally_all, steps_left from public;

-- What is there already.
insert into request_steps (request_id, seq, state, service, office, left_on, days)
select r.id, l.seq, l.state, r.service, r.office, l.left_on, l.days from requests r cross join lateral steps_left(r.id, 1, r.seq) l
where r.submitted_at is not null;
update requests r set outcome = m.outcome, outcome_on = union_day(m.at)
from (select distinct on (subject_id) subject_id, at,
        case when to_state in ('declined', 'referred') then to_state else 'approved' end as outcome
    from moves where to_state in ('approved', 'declined', 'referred', 'in_delivery', 'delivered', 'sent') order by subject_id, seq) m
where m.subject_id = r.id and r.submitted_at is not null;
update requests r set stars = f.stars, rated_on = union_day(f.at) from request_feedback f where f.request_id = r.id;
select tally_all();

create trigger requests_outcome before insert or update on requests for each row execute function requests_outcome();
create trigger requests_tally_new after insert on requests referencing new table as new_rows
    for each statement execute function tally_new_requests();
create trigger requests_tally_gone after delete on requests referencing old table as old_rows
    for each statement execute function tally_gone_requests();
create trigger requests_tally_changed after update on requests referencing old table as old_rows new table as new_rows
    for each statement execute function tally_changed_requests();
create trigger request_rated after insert on request_feedback for each row execute function request_rated();

create index requests_sent_outcome on requests (outcome, submitted_at desc, id desc) where outcome is not null and submitted_at is not null;
create index requests_sent_stars on requests (stars, submitted_at desc, id desc) where stars is not null and submitted_at is not null;

do $$
declare table_ text;
begin
    foreach table_ in array array['request_steps', 'request_tallies', 'request_tally_news'] loop
        perform protect(table_, 'false');
        perform grant_to('staff', 'select', table_);
    end loop;
    -- What a city has not sent is its own: staff read the answers only while it lets them help.
    execute format('create policy staff_reads_what_was_sent on submissions as restrictive for select to %I using (
        submitted_at is not null
        or not exists (select from requests r where r.id = subject_id and r.submitted_at is null)
        or exists (select from form_helps h where h.subject_id = submissions.subject_id and h.ended_at is null and h.until > now()))', role_name('staff'));
    foreach table_ in array array['submission_edits', 'submission_refs'] loop
        execute format('create policy staff_reads_what_was_sent on %I as restrictive for select to %I using (
            exists (select from submissions s where s.id = submission_id))', table_, role_name('staff'));
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop policy staff_reads_what_was_sent on submission_edits;
drop policy staff_reads_what_was_sent on submission_refs;
drop policy staff_reads_what_was_sent on submissions;
drop trigger request_rated on request_feedback;
drop trigger requests_tally_changed on requests;
drop trigger requests_tally_gone on requests;
drop trigger requests_tally_new on requests;
drop trigger requests_outcome on requests;
drop function request_rated(), tally_changed_requests(), tally_gone_requests(), tally_new_requests(), requests_outcome(),
    fold_tallies(), tally_all(), steps_left(bigint, int, int), tallied(text, boolean, timestamptz, text, date, int, date, text), union_day(timestamptz), union_zone();
drop table request_tally_news, request_tallies, request_steps;
alter table requests drop column outcome, drop column outcome_on, drop column stars, drop column rated_on;
-- +goose StatementEnd
