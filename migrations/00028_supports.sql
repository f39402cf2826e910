-- Supports that were granted, duties in the staff's own words, links between records, and
-- who brought which version of a file.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- What was granted on a request. Money is granted by a board: the decision must approve this
-- very request.
create table supports (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'support' check (subject_kind = 'support'),
    request_id bigint not null references requests (id),
    kind text not null check (kind in ('financial', 'technical', 'administrative')),
    title text not null check (title <> '' and length(title) <= 200),
    amount numeric(18, 2) check (amount > 0),
    currency text check (currency ~ '^[A-Z]{3}$'),
    decision_id bigint,
    outcome text generated always as (case when decision_id is not null then 'approve' end) stored,
    granted_on date not null check (granted_on between '1990-01-01' and '2200-01-01'),
    note text not null default '' check (length(note) <= 4000),
    version int not null default 1,
    created_by bigint not null references users (id),
    created_at timestamptz not null default now(),
    check ((amount is null) = (currency is null)),
    constraint supports_decided check (kind <> 'financial' or (decision_id is not null and amount is not null)),
    constraint supports_decision foreign key (decision_id, request_id, outcome) references decision_items (decision_id, subject_id, outcome),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index supports_org on supports (org_id, granted_on desc, id desc);
create index supports_granted on supports (granted_on desc, id desc);
create index supports_kind on supports (kind, granted_on desc, id desc);
create index supports_request on supports (request_id);
create index supports_decision on supports (decision_id, request_id) where decision_id is not null;
create index supports_created_by on supports (created_by);

-- Instalments are in the support's currency.
create table support_instalments (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    support_id bigint not null references supports (id),
    org_id bigint not null references organisations (id),
    due_on date not null check (due_on between '1990-01-01' and '2200-01-01'),
    amount numeric(18, 2) not null check (amount > 0),
    paid_on date check (paid_on between '1990-01-01' and '2200-01-01')
);
create index support_instalments_support on support_instalments (support_id, due_on);
create index support_instalments_org on support_instalments (org_id);
create index support_instalments_unpaid on support_instalments (due_on, support_id) where paid_on is null;

-- Reports that the organisation owes. told: 1 a week ahead, 2 on the day after it, 3 two weeks late.
create table support_reports (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    support_id bigint not null references supports (id),
    org_id bigint not null references organisations (id),
    due_on date not null check (due_on between '1990-01-01' and '2200-01-01'),
    received_on date check (received_on between '1990-01-01' and '2200-01-01'),
    told smallint not null default 0 check (told between 0 and 3)
);
create index support_reports_support on support_reports (support_id, due_on);
create index support_reports_org on support_reports (org_id);
create index support_reports_due on support_reports (due_on, id) where received_on is null;

-- A duty that staff write down has words and an identifier of its own.
alter table tasks
    add column public_id text unique check (public_id ~ '^[a-z2-7]{26}$'),
    add column words text not null default '' check (length(words) <= 300),
    add column created_by bigint references users (id),
    add column closed_by bigint references users (id),
    add constraint tasks_own_words check ((words = '') = (public_id is null));
create index tasks_created_by on tasks (created_by) where created_by is not null;
create index tasks_closed_by on tasks (closed_by) where closed_by is not null;

-- Two records that belong together, said once for both.
create table subject_links (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    a_id bigint not null references subjects (id),
    b_id bigint not null references subjects (id),
    actor_id bigint not null references users (id),
    at timestamptz not null default now(),
    unique (a_id, b_id),
    check (a_id < b_id)
);
create index subject_links_b on subject_links (b_id);
create index subject_links_actor on subject_links (actor_id);

-- Null: the first version, which the document itself names the writer of; or the system.
alter table document_versions add column actor_id bigint references users (id);
create index document_versions_actor on document_versions (actor_id) where actor_id is not null;

do $$
begin
    perform protect(t, 'org_id = (select org())', null, 'false') from unnest(array['supports', 'support_instalments', 'support_reports']) t;
    perform protect('subject_links', 'false');
    perform grant_to('member', 'select', t) from unnest(array['supports', 'support_instalments', 'support_reports']) t;
    perform grant_to('staff', 'select, insert, update', 'supports');
    perform grant_to('staff', 'select, insert, update, delete', t) from unnest(array['support_instalments', 'support_reports']) t;
    perform grant_to('staff', 'select, insert, delete', 'subject_links');
    -- That a mail went out is a part of what happened to a record; what it said is not read here.
    execute format('create policy happened_staff on notify_events for select to %I using (true)', role_name('staff'));
    execute format('create policy happened_staff on notifications for select to %I using (true)', role_name('staff'));
    execute format('create policy happened_member on notify_events for select to %I using (subject_id in (select s.id from subjects s where s.org_id = (select org())))', role_name('member'));
    execute format('create policy happened_member on notifications for select to %I using (user_id in (select m.user_id from mandates m where m.org_id = (select org())) and event_id in (select e.id from notify_events e))', role_name('member'));
    execute format('grant select (id, name, subject_id, at) on notify_events to %I, %I', role_name('staff'), role_name('member'));
    execute format('grant select (id, event_id, user_id, state) on notifications to %I, %I', role_name('staff'), role_name('member'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
begin
    execute format('revoke select (id, name, subject_id, at) on notify_events from %I, %I', role_name('staff'), role_name('member'));
    execute format('revoke select (id, event_id, user_id, state) on notifications from %I, %I', role_name('staff'), role_name('member'));
end $$;
drop policy happened_staff on notify_events;
drop policy happened_staff on notifications;
drop policy happened_member on notify_events;
drop policy happened_member on notifications;
alter table document_versions drop column actor_id;
drop table subject_links;
alter table tasks drop constraint tasks_own_words, drop column public_id, drop column words, drop column created_by, drop column closed_by;
drop table support_reports, support_instalments, supports;
-- +goose StatementEnd
