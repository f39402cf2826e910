-- The engines that carry every record: moves between states, tasks, messages, decisions,
-- notifications and mail.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Moves: no state without the move that led there, no gap, no two moves from one state.
create table moves (
    subject_id bigint not null references subjects (id),
    seq int not null check (seq >= 1),
    prev int generated always as (case when seq > 1 then seq - 1 end) stored,
    from_state text,
    to_state text not null,
    move text not null,
    reason text not null default '' check (length(reason) <= 4000),
    actor_id bigint references users (id), -- null: the system
    mandate_id bigint references mandates (id),
    org_id bigint not null references organisations (id), -- for whom the actor acted
    at timestamptz not null default now(),
    primary key (subject_id, seq),
    unique (subject_id, seq, to_state),
    foreign key (subject_id, prev, from_state) references moves (subject_id, seq, to_state),
    check ((from_state is null) = (seq = 1))
);
create index moves_actor on moves (actor_id);
create index moves_org on moves (org_id);
create index moves_mandate on moves (mandate_id) where mandate_id is not null;

-- Tasks: one duty, one owner, one date.
create table tasks (
    id bigint generated always as identity primary key,
    subject_id bigint not null references subjects (id),
    key text not null check (key <> ''),
    user_id bigint references users (id),
    office text check (office in ('desk_officer', 'department_head', 'finance', 'board_secretary', 'administrator')),
    org_id bigint references organisations (id),
    org_role text not null default '',
    args jsonb not null default '{}',
    due_at timestamptz not null default 'infinity',
    state text not null default 'open' check (state in ('open', 'done', 'dropped')),
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    check (num_nonnulls(user_id, office, org_id) = 1),
    check ((state = 'open') = (closed_at is null))
);
create unique index tasks_open on tasks (subject_id, key) where state = 'open';
create index tasks_user on tasks (user_id, due_at) where state = 'open';
create index tasks_office on tasks (office, due_at) where state = 'open';
create index tasks_org on tasks (org_id, due_at) where state = 'open';
-- What a person, an organisation or a record ever had to do, done or not.
create index tasks_subject on tasks (subject_id);
create index tasks_user_ever on tasks (user_id) where user_id is not null;
create index tasks_org_ever on tasks (org_id) where org_id is not null;

-- Messages: who said what to whom. Readers are rows; a note has none.
create table messages (
    id bigint generated always as identity primary key,
    subject_id bigint not null references subjects (id),
    side text not null check (side in ('in', 'out', 'note')),
    body text not null check (body <> '' and length(body) <= 20000),
    lang text not null default '',
    actor_id bigint references users (id),
    mandate_id bigint references mandates (id),
    org_id bigint not null references organisations (id), -- for whom the writer wrote
    at timestamptz not null default now(),
    unique (id, side)
);
create index messages_subject on messages (subject_id, id);
create index messages_actor on messages (actor_id);
create index messages_org on messages (org_id);
create index messages_mandate on messages (mandate_id) where mandate_id is not null;
create table message_orgs (
    message_id bigint not null,
    side text not null check (side <> 'note'),
    org_id bigint not null references organisations (id),
    read_at timestamptz,
    primary key (message_id, org_id),
    foreign key (message_id, side) references messages (id, side)
);
create index message_orgs_org on message_orgs (org_id, message_id);

-- Decisions: what organs decided; insert-only. A decision is a subject of the union.
create table decisions (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'decision' check (subject_kind = 'decision'),
    organ text not null check (organ in ('executive_board', 'administrative_board', 'general_assembly', 'secretary_general')),
    number text not null check (number <> '' and length(number) <= 40),
    year int not null check (year between 1990 and 2200),
    decided_on date not null,
    text text not null default '',
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    unique (organ, year, number),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create table decision_items (
    decision_id bigint not null references decisions (id),
    subject_id bigint not null references subjects (id),
    outcome text not null check (outcome in ('approve', 'decline', 'refer')),
    reason text not null default '' check (length(reason) <= 4000),
    amount numeric(18, 2),
    currency text check (currency ~ '^[A-Z]{3}$'),
    primary key (decision_id, subject_id),
    unique (decision_id, subject_id, outcome),
    check ((amount is null) = (currency is null)),
    check (outcome = 'approve' or reason <> '')
);
create index decisions_actor on decisions (actor_id);
create index decision_items_subject on decision_items (subject_id);

-- Notify: event → recipients → channel.
create table notify_events (
    id bigint generated always as identity primary key,
    name text not null,
    subject_id bigint not null references subjects (id),
    args jsonb not null default '{}',
    key text not null unique,
    actor_id bigint references users (id),
    at timestamptz not null default now()
);
create index notify_events_subject on notify_events (subject_id);
create index notify_events_actor on notify_events (actor_id) where actor_id is not null;
create table notifications (
    id bigint generated always as identity primary key,
    event_id bigint not null references notify_events (id),
    user_id bigint not null references users (id),
    message_id text not null unique, -- of the mail, the same on every try
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'dropped')),
    sent_at timestamptz,
    read_at timestamptz,
    unique (event_id, user_id),
    check ((state = 'sent') = (sent_at is not null))
);
create index notifications_user on notifications (user_id, id desc);

-- The development inbox: mail of a portal that has no SMTP server.
create table mail_inbox (
    id bigint generated always as identity primary key,
    message_id text not null unique,
    at timestamptz not null default now(),
    to_address text not null,
    subject text not null,
    lang text not null default '',
    text_body text not null,
    html_body text not null
);

do $$
declare table_ text;
begin
    perform protect('moves', 'subject_id in (select id from subjects where org_id = (select org()))');
    perform protect('tasks', 'org_id = (select org())');
    perform protect('messages', 'exists (select from message_orgs o where o.message_id = id and o.org_id = (select org()))');
    perform protect('message_orgs', 'org_id = (select org())');
    perform protect('decisions', 'exists (select from decision_items i where i.decision_id = id)');
    perform protect('decision_items', 'subject_id in (select s.id from subjects s where s.org_id = (select org()))');
    foreach table_ in array array['notify_events', 'notifications', 'mail_inbox'] loop
        execute format('alter table %I enable row level security', table_);
        execute format('create policy engine_rows on %I to %I using (true) with check (true)', table_, role_name('engine'));
    end loop;
    foreach table_ in array array['moves', 'messages', 'message_orgs', 'decisions', 'decision_items', 'tasks'] loop
        perform grant_to('member', 'select', table_);
        perform grant_to('staff', 'select', table_);
        perform grant_to('engine', 'select, insert', table_);
    end loop;
    perform grant_to('engine', 'update', 'tasks');
    perform grant_to('engine', 'update', 'message_orgs');
    perform grant_to('engine', 'select, insert', 'notify_events');
    perform grant_to('engine', 'select, insert', 'subjects');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table mail_inbox, notifications, notify_events, decision_items, decisions, message_orgs, messages, tasks, moves;
-- +goose StatementEnd
