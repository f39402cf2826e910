-- Requests of municipalities, and the projects that grow out of approved ones.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- A request is a draft of its municipality until the approver sends it. From then on it has
-- a reference, and its answers stand in typed columns for lists and sums.
create table requests (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'request' check (subject_kind = 'request'),
    service text not null check (service in ('project_support')),
    state text not null check (state in ('draft', 'with_approver', 'submitted', 'registered', 'information_requested',
        'in_review', 'board_decision', 'approved', 'declined', 'referred', 'withdrawn')),
    seq int not null,
    version int not null default 1,
    lang text not null check (lang ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'), -- that the answers are written in
    reference text unique check (reference <> ''),
    title text not null default '' check (length(title) <= 200),
    kind text not null default '' check (kind in ('', 'infrastructure', 'superstructure', 'service')),
    sector text not null default '',
    place text not null default '',
    lat double precision check (lat between -90 and 90),
    lon double precision check (lon between -180 and 180),
    beneficiaries bigint check (beneficiaries > 0),
    cost numeric(18, 2) check (cost >= 0),
    cost_currency text check (cost_currency ~ '^[A-Z]{3}$'),
    own numeric(18, 2) check (own >= 0),
    own_currency text check (own_currency ~ '^[A-Z]{3}$'),
    land text not null default '',
    permit text not null default '',
    country_id bigint not null references countries (id),
    officer_id bigint references users (id),
    urgent boolean not null default false, -- a mark of the staff's, beside the state
    created_by bigint not null references users (id),
    created_at timestamptz not null default now(),
    asked_at timestamptz, -- since when it waits for the approver
    reminded_at timestamptz,
    submitted_at timestamptz,
    closed_at timestamptz,
    open boolean not null generated always as (state in ('submitted', 'registered', 'information_requested',
        'in_review', 'board_decision')) stored, -- staff still work on it
    due_at timestamptz not null default 'infinity', -- of the step it is in; the lists' order
    decision_id bigint,
    decided text, -- outcome of that decision about this request
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    foreign key (decision_id, id, decided) references decision_items (decision_id, subject_id, outcome),
    check ((lat is null) = (lon is null)),
    check ((cost is null) = (cost_currency is null)),
    check ((own is null) = (own_currency is null)),
    check ((decision_id is null) = (decided is null)),
    check ((submitted_at is null) = (reference is null)),
    check (state not in ('draft', 'with_approver') or submitted_at is null),
    check (state in ('draft', 'with_approver', 'withdrawn') or submitted_at is not null),
    check ((closed_at is null) = (state not in ('approved', 'declined', 'referred', 'withdrawn'))),
    check (state <> 'approved' or decided is not distinct from 'approve'),
    check (state <> 'declined' or decided is not distinct from 'decline'),
    check (state <> 'referred' or decided is not distinct from 'refer')
);
create index requests_org on requests (org_id, id desc);
create index requests_created_by on requests (created_by);
-- What is open is worked through by its date; all that was ever sent is read newest first.
create index requests_open on requests (due_at, id) where open;
create index requests_open_state on requests (state, due_at, id) where open;
create index requests_open_officer on requests (officer_id, due_at, id) where open;
create index requests_open_nobody on requests (due_at, id) where open and officer_id is null;
create index requests_open_country on requests (country_id, due_at, id) where open;
create index requests_open_sector on requests (sector, due_at, id) where open;
create index requests_sent on requests (submitted_at desc, id desc) where submitted_at is not null;
create index requests_state on requests (state, submitted_at desc, id desc) where submitted_at is not null;
create index requests_officer on requests (officer_id, submitted_at desc, id desc) where submitted_at is not null;
create index requests_country on requests (country_id, submitted_at desc, id desc) where submitted_at is not null;
create index requests_closed on requests (closed_at desc) where closed_at is not null;
create index requests_decision on requests (decision_id) where decision_id is not null;

-- Views that staff keep: a name for a query of the list.
create table saved_views (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    list text not null check (list in ('requests')),
    user_id bigint not null references users (id),
    shared boolean not null, -- everybody of the staff sees it
    name text not null check (name <> '' and length(name) <= 60),
    query text not null check (length(query) <= 2000),
    created_at timestamptz not null default now(),
    unique (user_id, list, name)
);
create index saved_views_shared on saved_views (list) where shared;

-- What one act did to many requests, so that it can be undone for a while.
create table bulk_acts (
    id text primary key check (id ~ '^[a-z2-7]{26}$'),
    user_id bigint not null references users (id),
    label text not null default '', -- the officer's name
    items jsonb not null, -- [{id, version, officer}]: version after the act, officer before it
    refused text[], -- references of those that were left alone
    at timestamptz not null default now(),
    undone_at timestamptz
);
create index bulk_acts_user on bulk_acts (user_id);

-- Projects: what an approved request becomes. Its texts stand in translations and texts.
create table projects (
    id bigint primary key,
    org_id bigint not null, -- the municipality that leads it
    subject_kind text not null default 'project' check (subject_kind = 'project'),
    state text not null check (state in ('idea', 'concept_note', 'feasibility', 'appraisal', 'approved', 'procurement',
        'implementation', 'suspended', 'handover', 'closed', 'cancelled')),
    seq int not null,
    version int not null default 1,
    request_id bigint not null unique references requests (id),
    published boolean not null default true,
    kind text not null,
    sector text not null,
    place text not null default '',
    lat double precision check (lat between -90 and 90),
    lon double precision check (lon between -180 and 180),
    beneficiaries bigint,
    cost numeric(18, 2),
    cost_currency text,
    country_id bigint not null references countries (id),
    approved_on date not null,
    starts_on date,
    ends_on date,
    created_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check ((lat is null) = (lon is null)),
    check ((cost is null) = (cost_currency is null)),
    check (starts_on <= ends_on)
);
create index projects_org on projects (org_id);
create index projects_country on projects (country_id, approved_on desc, id desc);
create index projects_sector on projects (sector, approved_on desc, id desc);
create index projects_approved on projects (approved_on desc, id desc);

-- What a project wants to reach, and has reached; kinds of indicators are a closed set in code.
create table project_indicators (
    project_id bigint not null references projects (id) on delete cascade,
    indicator text not null check (indicator in ('people', 'households', 'jobs', 'road_km', 'pipe_km', 'green_m2', 'built_m2', 'trees', 'energy_mwh')),
    target numeric(14, 1) not null check (target > 0),
    reached numeric(14, 1) not null default 0 check (reached >= 0),
    primary key (project_id, indicator)
);

do $$
begin
    perform protect('requests', 'org_id = (select org())');
    perform protect('saved_views', 'false');
    perform protect('bulk_acts', 'false');
    perform protect('projects', 'published or org_id = (select org())', 'published', 'false');
    perform grant_to('member', 'select, insert, update', 'requests');
    perform grant_to('staff', 'select, insert, update', 'requests');
    perform grant_to('staff', 'select, insert, update, delete', 'saved_views');
    perform grant_to('staff', 'select, insert, update', 'bulk_acts');
    perform protect('project_indicators', 'exists (select from projects p where p.id = project_id)',
        'exists (select from projects p where p.id = project_id)', 'false');
    perform grant_to(kind, 'select', t) from unnest(array['visitor', 'member']) kind, unnest(array['projects', 'project_indicators']) t;
    perform grant_to('staff', 'select, insert, update, delete', 'project_indicators');
    perform grant_to('staff', 'select, insert, update', 'projects');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table project_indicators, projects, bulk_acts, saved_views, requests;
-- +goose StatementEnd
