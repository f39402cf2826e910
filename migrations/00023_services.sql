-- Services as data: the offices of the union, what can be asked for, the versions that each
-- request is handled by, and the life of a case beyond the decision.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Offices of the union. Their names stand in each language; who belongs to one, and from
-- when to when, is kept like roles.
create table offices (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'office' check (subject_kind = 'office'),
    code text collate "C" not null unique check (code ~ '^[a-z][a-z0-9_-]{1,39}$'),
    position int not null,
    names jsonb not null check (names ?& array['tr', 'en', 'ru']),
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create table staff_offices (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id),
    office text collate "C" not null references offices (code),
    starts_at timestamptz not null default now(),
    ends_at timestamptz not null default 'infinity',
    check (starts_at <= ends_at)
);
create unique index staff_offices_open on staff_offices (user_id, office) where ends_at = 'infinity';
create index staff_offices_user on staff_offices (user_id);
create index staff_offices_office on staff_offices (office, user_id);

with x (code, position, names) as (values
    ('projects', 10, '{"tr": "Proje Birimi", "en": "Projects", "ru": "Отдел проектов"}'::jsonb),
    ('legal', 20, '{"tr": "Hukuk Birimi", "en": "Legal", "ru": "Юридический отдел"}'),
    ('finance', 30, '{"tr": "Mali İşler Birimi", "en": "Finance", "ru": "Финансовый отдел"}'),
    ('urban', 40, '{"tr": "Şehircilik Birimi", "en": "Urban affairs", "ru": "Отдел городского развития"}'),
    ('digital', 50, '{"tr": "Dijital Hizmetler Birimi", "en": "Digital services", "ru": "Отдел цифровых услуг"}'),
    ('social', 60, '{"tr": "Sosyal Hizmetler Birimi", "en": "Social affairs", "ru": "Отдел социальных вопросов"}'),
    ('training', 70, '{"tr": "Eğitim Birimi", "en": "Training", "ru": "Отдел обучения"}'),
    ('international', 80, '{"tr": "Dış İlişkiler Birimi", "en": "International relations", "ru": "Отдел международных связей"}')
), s as (
    insert into subjects (kind, org_id, public_id)
    select 'office', union_id(), rpad('office' || translate((position / 10)::text, '0189', 'abcd'), 26, 'a') from x returning id, org_id, public_id
)
insert into offices (id, org_id, code, position, names)
select s.id, s.org_id, x.code, x.position, x.names
from x join s on s.public_id = rpad('office' || translate((x.position / 10)::text, '0189', 'abcd'), 26, 'a');

-- Services. A version never changes; live is the one that new requests begin under.
create table services (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'service' check (subject_kind = 'service'),
    code text collate "C" not null unique check (code ~ '^[a-z][a-z0-9_]{1,59}$'), -- what requests name; never changes
    slug text collate "C" not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
    position int not null,
    state text not null default 'draft' check (state in ('draft', 'published', 'closed')),
    until date, -- of a closed one: when it opens again; null: not known
    live int, -- null: none is in force
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    check (state <> 'published' or live is not null),
    check (state = 'closed' or until is null)
);
create table service_versions (
    service text collate "C" not null references services (code),
    version int not null check (version >= 1),
    definition jsonb not null,
    digest text not null check (digest <> ''),
    shipped boolean not null, -- it came with the portal, not from staff
    note text not null default '' check (length(note) <= 500), -- why, in the words of who published it
    actor_id bigint references users (id),
    published_at timestamptz not null default now(),
    primary key (service, version)
);
create index service_versions_actor on service_versions (actor_id) where actor_id is not null;
alter table services add constraint services_live foreign key (code, live) references service_versions (service, version);

-- The version that staff are writing; base is the one that they began from.
create table service_drafts (
    service text collate "C" primary key references services (code),
    base int not null,
    definition jsonb not null,
    version int not null default 1,
    actor_id bigint not null references users (id),
    saved_at timestamptz not null default now(),
    foreign key (service, base) references service_versions (service, version)
);
create index service_drafts_actor on service_drafts (actor_id);

-- What requests for project support were handled by until now, as version 1 of the service.
with s as (
    insert into subjects (kind, org_id, public_id) values ('service', union_id(), rpad('serviceprojectsupport', 26, 'a')) returning id, org_id
)
insert into services (id, org_id, code, slug, position, state) select id, org_id, 'project_support', 'project-support', 10, 'draft' from s;
insert into service_versions (service, version, shipped, digest, definition) values ('project_support', 1, true, 'before-services', $json$
{"title": {"tr": "Proje desteği", "en": "Project support", "ru": "Поддержка проекта"}, "office": "projects", "form": "project_support",
 "asks": ["full", "associate", "observer"],
 "bind": {"title": "title", "description": "description", "kind": "kind", "sector": "sector", "place": "place", "beneficiaries": "beneficiaries",
          "cost": "cost", "own": "own", "land": "land", "permit": "permit"},
 "steps": [{"state": "draft"}, {"state": "with_approver"}, {"state": "submitted", "days": 2}, {"state": "registered", "days": 4},
           {"state": "information_requested", "days": 10}, {"state": "in_review", "days": 11}, {"state": "board_decision", "days": 22},
           {"state": "approved"}, {"state": "declined"}, {"state": "referred"}, {"state": "withdrawn"}],
 "moves": [
   {"name": "start", "may": "requests.edit_draft"},
   {"name": "ask_approver", "from": ["draft"], "may": "requests.edit_draft", "tell": ["approver"]},
   {"name": "recall", "from": ["with_approver"], "may": "requests.edit_draft"},
   {"name": "return", "from": ["with_approver"], "may": "requests.approve", "needs": ["workflow.need_reason"], "tell": ["editor"]},
   {"name": "submit", "from": ["draft", "with_approver"], "may": "requests.approve", "tell": ["office"]},
   {"name": "register", "from": ["submitted"], "may": "requests.handle", "tell": ["city"]},
   {"name": "request_information", "from": ["registered", "in_review"], "may": "requests.handle", "tell": ["city"]},
   {"name": "answer", "from": ["information_requested"], "may": "requests.edit_draft", "tell": ["officer"]},
   {"name": "go_on", "from": ["information_requested"], "may": "requests.handle", "tell": ["city"]},
   {"name": "review", "from": ["registered"], "may": "requests.handle", "tell": ["city"]},
   {"name": "to_board", "from": ["in_review"], "may": "requests.handle", "tell": ["city", "board"]},
   {"name": "back_to_review", "from": ["board_decision"], "may": "requests.handle", "needs": ["workflow.need_reason"], "tell": ["city"]},
   {"name": "approve", "from": ["board_decision"], "may": "requests.decide", "needs": ["workflow.need_decision"], "tell": ["city"]},
   {"name": "decline", "from": ["board_decision"], "may": "requests.decide", "needs": ["workflow.need_decision", "workflow.need_reason"], "tell": ["city"]},
   {"name": "refer", "from": ["board_decision"], "may": "requests.decide", "needs": ["workflow.need_decision", "workflow.need_reason"], "tell": ["city"]},
   {"name": "withdraw", "from": ["draft", "with_approver", "submitted", "registered", "information_requested", "in_review", "board_decision"],
    "may": "requests.edit_draft", "tell": ["city", "officer"]}]}
$json$);
update services set live = 1, state = 'published' where code = 'project_support';

-- Days on which a country does not work, or works although it is a weekend.
create table holidays (
    id bigint generated always as identity primary key,
    country text collate "C" not null check (country ~ '^[A-Z]{2}$'), -- as countries.code
    day date not null check (day between '1990-01-01' and '2200-01-01'),
    works boolean not null default false, -- a day of the weekend that is worked
    names jsonb not null check (names ?& array['tr', 'en', 'ru']),
    unique (country, day)
);
-- Years that the portal has filled in once; from then on they are the staff's.
create table holiday_years (
    country text collate "C" not null,
    year int not null,
    primary key (country, year)
);

-- A duty lies with a person, with those who hold a role, with an office, or with an organisation.
alter table tasks rename column office to role;
alter table tasks rename constraint tasks_office_check to tasks_role_check;
alter index tasks_office rename to tasks_role;
alter table tasks add column office text collate "C" references offices (code);
do $$
declare name_ text;
begin
    for name_ in select conname from pg_constraint where conrelid = 'tasks'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%num_nonnulls%' loop
        execute format('alter table tasks drop constraint %I', name_);
    end loop;
end $$;
alter table tasks add constraint tasks_one_owner check (num_nonnulls(user_id, role, office, org_id) = 1);
create index tasks_office on tasks (office, due_at) where state = 'open';
create index tasks_office_ever on tasks (office) where office is not null;

-- A request is pinned to the version that it began under. open was computed from a list of
-- states; what is an end is the service's to say now, so it follows from closed_at. A column
-- that stops being generated keeps its values without a rewrite; the trigger keeps it true.
alter table requests alter column open drop expression if exists;
do $$
declare name_ text;
begin
    for name_ in select conname from pg_constraint where conrelid = 'requests'::regclass and contype = 'c'
        and (pg_get_constraintdef(oid) ~ '\mstate\M' or pg_get_constraintdef(oid) ~ '\mservice\M') loop
        execute format('alter table requests drop constraint %I', name_);
    end loop;
end $$;
alter table requests
    add column service_version int not null default 1,
    add column office text collate "C" not null default 'projects' references offices (code), -- in charge of the step
    add column advisor text collate "C" references offices (code), -- that is asked for its opinion
    add column left_days int check (left_days >= 0), -- of the review, while the clock stands still
    add column back_due_at timestamptz, -- of the review, while another office is asked
    add column alarm smallint not null default 0 check (alarm between 0 and 3), -- of its date: told before, on the day, after it
    add constraint requests_state_check check (state in ('draft', 'with_approver', 'submitted', 'registered', 'information_requested',
        'in_review', 'co_opinion', 'board_decision', 'approved', 'declined', 'referred', 'in_delivery', 'delivered', 'to_sign', 'signed',
        'sent', 'anonymised', 'published', 'closed', 'withdrawn')),
    add constraint requests_pinned foreign key (service, service_version) references service_versions (service, version),
    add constraint requests_private check (state not in ('draft', 'with_approver') or submitted_at is null),
    add constraint requests_sent_or_not check (state in ('draft', 'with_approver', 'withdrawn') or submitted_at is not null),
    add constraint requests_ended check (state not in ('closed', 'withdrawn') or closed_at is not null),
    add constraint requests_under_way check (closed_at is null or state in ('approved', 'declined', 'referred', 'delivered', 'sent', 'anonymised',
        'published', 'closed', 'withdrawn')),
    add constraint requests_approved check (state <> 'approved' or decided is not distinct from 'approve'),
    add constraint requests_declined check (state <> 'declined' or coalesce(decided, 'decline') = 'decline'),
    add constraint requests_referred check (state <> 'referred' or coalesce(decided, 'refer') = 'refer'),
    add constraint requests_advised check ((state = 'co_opinion') = (advisor is not null));
create or replace function requests_open() returns trigger
    language plpgsql as $$
begin
    new.open := new.submitted_at is not null and new.closed_at is null;
    return new;
end $$;
create or replace trigger requests_open before insert or update on requests for each row execute function requests_open();
create index requests_service on requests (service, service_version);
create index requests_office on requests (office);
create index requests_advisor on requests (advisor) where advisor is not null;
create index requests_open_service on requests (service, due_at, id) where open;
create index requests_open_office on requests (office, due_at, id) where open;
create index requests_service_sent on requests (service, submitted_at desc, id desc) where submitted_at is not null;
create index requests_office_sent on requests (office, submitted_at desc, id desc) where submitted_at is not null;
create index requests_service_closed on requests (service, closed_at desc) where closed_at is not null;
create index requests_alarms on requests (due_at, id) where open and alarm < 3;

update requests set alarm = 3 where open and due_at < now(); -- nobody is told anew of what is late already

-- What staff ticked off of a step's checklist.
create table request_checks (
    request_id bigint not null references requests (id),
    item text collate "C" not null check (item ~ '^[a-z][a-z0-9_]{0,39}$'),
    user_id bigint not null references users (id),
    at timestamptz not null default now(),
    primary key (request_id, item)
);
create index request_checks_user on request_checks (user_id);

-- Opinions that one office asks of another about a case; the city sees nothing of them.
create table co_opinions (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    request_id bigint not null references requests (id),
    office text collate "C" not null references offices (code),
    question text not null check (question <> '' and length(question) <= 20000),
    asked_by bigint not null references users (id),
    asked_at timestamptz not null default now(),
    due_at timestamptz not null,
    answer text not null default '' check (length(answer) <= 20000),
    answered_by bigint references users (id),
    answered_at timestamptz,
    check ((answered_at is null) = (answer = '')),
    check ((answered_at is null) = (answered_by is null))
);
create index co_opinions_request on co_opinions (request_id, id);
create unique index co_opinions_open on co_opinions (request_id) where answered_at is null;
create index co_opinions_office on co_opinions (office);
create index co_opinions_asked_by on co_opinions (asked_by);
create index co_opinions_answered_by on co_opinions (answered_by) where answered_by is not null;

-- Who signed, in which round; a round is the step that the case entered by this move.
create table request_signatures (
    request_id bigint not null references requests (id),
    seq int not null,
    user_id bigint not null references users (id),
    at timestamptz not null default now(),
    primary key (request_id, seq, user_id)
);
create index request_signatures_user on request_signatures (user_id);

-- What the city says of what it got.
create table request_feedback (
    request_id bigint primary key,
    org_id bigint not null,
    stars smallint not null check (stars between 1 and 5),
    words text not null default '' check (length(words) <= 4000),
    user_id bigint not null references users (id),
    at timestamptz not null default now(),
    foreign key (request_id, org_id) references subjects (id, org_id)
);
create index request_feedback_org on request_feedback (org_id);
create index request_feedback_user on request_feedback (user_id);

do $$
declare table_ text;
begin
    perform protect('offices', 'true', 'true', 'false');
    perform protect('services', 'state <> ''draft''', 'state <> ''draft''', 'false');
    perform protect('service_versions', 'service in (select code from services)', 'service in (select code from services)', 'false');
    perform protect('holidays', 'true', null, 'false');
    perform protect('request_feedback', 'org_id = (select org())');
    foreach table_ in array array['staff_offices', 'service_drafts', 'holiday_years', 'request_checks', 'co_opinions', 'request_signatures'] loop
        perform protect(table_, 'false');
    end loop;
    perform grant_to(kind, 'select', t) from unnest(array['visitor', 'member']) kind, unnest(array['offices', 'services', 'service_versions']) t;
    perform grant_to('member', 'select', 'holidays');
    perform grant_to('member', 'select, insert', 'request_feedback');
    perform grant_to('staff', 'select', 'request_feedback');
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['offices', 'services', 'service_drafts', 'co_opinions']) t;
    perform grant_to('staff', 'select, insert', t) from unnest(array['service_versions', 'request_signatures', 'staff_offices', 'holiday_years']) t;
    perform grant_to('staff', 'select, insert, update, delete', 'holidays');
    perform grant_to('staff', 'select, insert, delete', 'request_checks');
    perform grant_to('staff', 'delete', 'service_drafts');
    execute format('grant update (ends_at) on staff_offices to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
-- Requests in states that only this version knows cannot go back; the trigger stays, and keeps open true.
drop table request_feedback, request_signatures, co_opinions, request_checks, holiday_years, holidays;
alter table requests drop column service_version, drop column office, drop column advisor, drop column left_days, drop column back_due_at, drop column alarm,
    drop constraint requests_state_check, drop constraint requests_private, drop constraint requests_sent_or_not, drop constraint requests_ended,
    drop constraint requests_under_way, drop constraint requests_approved, drop constraint requests_declined, drop constraint requests_referred;
alter table requests add constraint requests_state_check check (state in ('draft', 'with_approver', 'submitted', 'registered', 'information_requested',
    'in_review', 'board_decision', 'approved', 'declined', 'referred', 'withdrawn'));
alter table tasks drop constraint tasks_one_owner;
delete from tasks where office is not null;
drop index tasks_office;
alter table tasks drop column office;
alter table tasks rename column role to office;
alter table tasks rename constraint tasks_role_check to tasks_office_check;
alter index tasks_role rename to tasks_office;
alter table tasks add check (num_nonnulls(user_id, office, org_id) = 1);
drop table service_drafts;
alter table services drop constraint services_live;
drop table service_versions, services, staff_offices, offices;
-- +goose StatementEnd
