-- Dues: rules by year, rates, assessments, payments, bank files, waivers.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- One unit of base is worth rate units of quote, on a day, as a source says.
create table exchange_rates (
    id bigint generated always as identity primary key,
    base text not null check (base ~ '^[A-Z]{3}$'),
    quote text not null check (quote ~ '^[A-Z]{3}$'),
    on_date date not null,
    rate numeric(20, 10) not null check (rate > 0),
    source text not null check (source <> '' and length(source) <= 200),
    actor_id bigint references users (id), -- null: the system
    recorded_at timestamptz not null default now(),
    unique (base, quote, on_date),
    check (base <> quote)
);
create index exchange_rates_actor on exchange_rates (actor_id) where actor_id is not null;

-- A year's set of rules, and its versions: insert-only, so that an assessment's own version
-- stays what it was.
create table dues_years (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'dues_rules' check (subject_kind = 'dues_rules'),
    year int not null unique check (year between 1990 and 2200),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create table dues_rules (
    id bigint generated always as identity primary key,
    year_id bigint not null references dues_years (id),
    version int not null check (version >= 1),
    currency text not null check (currency ~ '^[A-Z]{3}$'), -- that the lines count in
    due_on date not null,
    rates_on date not null, -- the day whose exchange rates hold
    lines jsonb not null check (jsonb_typeof(lines) = 'array'),
    note text not null default '' check (length(note) <= 1000),
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    unique (year_id, version)
);
create index dues_rules_actor on dues_rules (actor_id) where actor_id is not null;

-- What a member owes for a year. Everything but what was paid and waived is frozen.
create table dues_assessments (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'assessment' check (subject_kind = 'assessment'),
    year int not null check (year between 1990 and 2200),
    reference text not null unique check (reference <> ''),
    rules_id bigint not null references dues_rules (id),
    amount numeric(18, 2) not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    base_amount numeric(18, 2) not null check (base_amount > 0), -- in the currency of the rules
    base_currency text not null check (base_currency ~ '^[A-Z]{3}$'),
    inputs jsonb not null, -- the member's facts that counted
    explanation jsonb not null check (jsonb_typeof(explanation) = 'array'), -- parts, worded by who shows them
    due_on date not null,
    actor_id bigint references users (id),
    issued_at timestamptz not null default now(),
    paid numeric(18, 2) not null default 0 check (paid >= 0),
    waived numeric(18, 2) not null default 0 check (waived >= 0),
    open numeric(18, 2) not null generated always as (amount - paid - waived) stored,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    unique (year, org_id),
    unique (id, org_id),
    constraint dues_assessments_covered check (paid + waived <= amount)
);
create index dues_assessments_org on dues_assessments (org_id, year desc);
create index dues_assessments_due on dues_assessments (due_on, id) where open > 0;
create index dues_assessments_rules on dues_assessments (rules_id);
create index dues_assessments_actor on dues_assessments (actor_id) where actor_id is not null;

create function dues_frozen() returns trigger language plpgsql as $$
begin
    raise exception 'an issued assessment does not change';
end $$;
create trigger dues_assessments_frozen before update of org_id, year, reference, rules_id, amount, currency, base_amount, base_currency,
    inputs, explanation, due_on, issued_at on dues_assessments for each row execute function dues_frozen();

-- A run issues a year's assessments in batches; killed anywhere, it goes on where it was.
create table dues_runs (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    rules_id bigint not null references dues_rules (id),
    year_id bigint not null references dues_years (id),
    state text not null default 'running' check (state in ('running', 'done')),
    total int not null default 0,
    done int not null default 0,
    issued int not null default 0,
    after_org bigint not null default 0, -- members up to this one are done
    actor_id bigint references users (id),
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    check ((state = 'done') = (finished_at is not null))
);
create unique index dues_runs_one on dues_runs (year_id) where state = 'running';
create index dues_runs_year on dues_runs (year_id, id desc);
create index dues_runs_rules on dues_runs (rules_id);
create index dues_runs_actor on dues_runs (actor_id) where actor_id is not null;

-- Bank files, and each line that brought money. A line's hash is what makes it that line,
-- so that two files that overlap credit it once.
create table dues_bank_files (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'bank_file' check (subject_kind = 'bank_file'),
    name text not null check (name <> '' and length(name) <= 200),
    lines int not null, -- that brought money
    known int not null, -- of them, in an earlier file already
    outgoing int not null, -- that took money, and were left out
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index dues_bank_files_actor on dues_bank_files (actor_id) where actor_id is not null;
create table dues_bank_lines (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    file_id bigint not null references dues_bank_files (id),
    row_no int not null,
    hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
    booked_on date not null,
    amount numeric(18, 2) not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    payer text not null default '' check (length(payer) <= 500),
    purpose text not null default '' check (length(purpose) <= 2000),
    state text not null default 'open' check (state in ('open', 'matched', 'aside')),
    why text not null default '' check (why in ('', 'no_reference', 'unknown_reference', 'other_currency', 'too_much', 'nothing_open', 'reversed')),
    used numeric(18, 2) not null default 0 check (used between 0 and amount),
    aside_reason text not null default '' check (length(aside_reason) <= 400),
    check ((state = 'matched') = (used = amount)),
    check ((state = 'aside') = (aside_reason <> ''))
);
create index dues_bank_lines_file on dues_bank_lines (file_id, row_no);
create index dues_bank_lines_open on dues_bank_lines (booked_on, id) where state = 'open';

-- Money that came in, insert-only; what was recorded by mistake is taken back by a row of
-- its own. amount is what is credited; received, what came where it came in another currency.
create table dues_payments (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    assessment_id bigint not null,
    org_id bigint not null,
    amount numeric(18, 2) not null check (amount <> 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    received numeric(18, 2) not null check (received <> 0),
    received_currency text not null check (received_currency ~ '^[A-Z]{3}$'),
    rate numeric(20, 10), -- one unit of received_currency in currency
    rate_on date,
    paid_on date not null,
    method text not null check (method in ('transfer', 'cash', 'card', 'offset')),
    note text not null default '' check (length(note) <= 400),
    receipt text unique check (receipt <> ''),
    line_id bigint references dues_bank_lines (id),
    reverses_id bigint unique references dues_payments (id),
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    foreign key (assessment_id, org_id) references dues_assessments (id, org_id),
    check ((amount > 0) = (received > 0)),
    check ((amount < 0) = (reverses_id is not null)),
    check ((receipt is null) = (amount < 0)),
    check ((rate is null) = (currency = received_currency)),
    check ((rate is null) = (rate_on is null)),
    check (rate is not null or amount = received)
);
create index dues_payments_assessment on dues_payments (assessment_id, id);
create index dues_payments_org on dues_payments (org_id, id desc);
create index dues_payments_line on dues_payments (line_id) where line_id is not null;
create index dues_payments_actor on dues_payments (actor_id) where actor_id is not null;

-- What an organ let a member off; nothing is waived without its decision.
create table dues_waivers (
    id bigint generated always as identity primary key,
    assessment_id bigint not null,
    org_id bigint not null,
    amount numeric(18, 2) not null check (amount > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    decision_id bigint not null, -- which speaks of this assessment
    reason text not null default '' check (length(reason) <= 1000),
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    foreign key (assessment_id, org_id) references dues_assessments (id, org_id),
    foreign key (decision_id, assessment_id) references decision_items (decision_id, subject_id)
);
create index dues_waivers_assessment on dues_waivers (assessment_id, id);
create index dues_waivers_org on dues_waivers (org_id);
create index dues_waivers_decision on dues_waivers (decision_id, assessment_id);
create index dues_waivers_actor on dues_waivers (actor_id) where actor_id is not null;

-- When a member was last reminded of what is late.
create table dues_reminders (
    id bigint generated always as identity primary key,
    org_id bigint not null references organisations (id),
    actor_id bigint references users (id),
    sent_at timestamptz not null default now()
);
create index dues_reminders_org on dues_reminders (org_id, sent_at desc);
create index dues_reminders_actor on dues_reminders (actor_id) where actor_id is not null;

do $$
declare table_ text;
begin
    foreach table_ in array array['exchange_rates', 'dues_years', 'dues_rules', 'dues_runs', 'dues_bank_files', 'dues_bank_lines', 'dues_reminders'] loop
        perform protect(table_, 'false');
    end loop;
    foreach table_ in array array['dues_assessments', 'dues_payments', 'dues_waivers'] loop
        perform protect(table_, 'org_id = (select org())', null, 'false');
        perform grant_to('member', 'select', table_);
    end loop;
    foreach table_ in array array['exchange_rates', 'dues_years', 'dues_rules', 'dues_runs', 'dues_bank_files', 'dues_bank_lines', 'dues_assessments',
        'dues_payments', 'dues_waivers', 'dues_reminders'] loop
        perform grant_to('staff', 'select, insert', table_);
    end loop;
    execute format('grant update (paid, waived) on dues_assessments to %I', role_name('staff'));
    execute format('grant update (state, why, used, aside_reason) on dues_bank_lines to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table dues_reminders, dues_waivers, dues_payments, dues_bank_lines, dues_bank_files, dues_runs, dues_assessments, dues_rules, dues_years, exchange_rates;
drop function dues_frozen;
-- +goose StatementEnd
