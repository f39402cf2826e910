-- Every way in: requests that came on paper, by telephone, by mail or from the old list; mail
-- that answers a case; the texts that staff answer with; and what became of each letter.

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

-- Mail that came in. What belongs to a case beyond doubt is a message already; the rest waits
-- for somebody of the staff. raw is the mail as it came, until that is settled.
create table received_mails (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    message_key text not null unique check (message_key <> '' and length(message_key) <= 300), -- its Message-ID, or its digest
    source text not null check (source in ('imap', 'file')),
    request_id bigint references requests (id),
    from_address text not null default '' check (length(from_address) <= 254),
    from_name text not null default '' check (length(from_name) <= 200),
    subject text not null default '' check (length(subject) <= 300),
    body text not null default '' check (length(body) <= 20000),
    files int not null default 0,
    state text not null check (state in ('taken', 'waiting', 'accepted', 'refused')),
    doubt text not null default '' check (doubt in ('', 'stranger', 'unproven', 'no_case', 'closed', 'empty', 'files')), -- why it waits or waited
    message_id bigint references messages (id),
    brought_by bigint references users (id), -- who brought it as a file
    settled_by bigint references users (id),
    settled_at timestamptz,
    came_at timestamptz not null default now(),
    raw bytea,
    check ((state = 'waiting') = (raw is not null)),
    check ((state in ('accepted', 'refused')) = (settled_at is not null)),
    check ((state in ('taken', 'accepted')) = (message_id is not null))
);
create index received_mails_waiting on received_mails (came_at, id) where state = 'waiting';
create index received_mails_request on received_mails (request_id) where request_id is not null;
create index received_mails_message on received_mails (message_id) where message_id is not null;
create index received_mails_brought_by on received_mails (brought_by) where brought_by is not null;
create index received_mails_settled_by on received_mails (settled_by) where settled_by is not null;

-- Texts that staff answer with. They are the staff's own: cities see what was sent, not these.
create table reply_templates (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'reply_template' check (subject_kind = 'reply_template'),
    name text not null check (name <> '' and length(name) <= 100),
    service text collate "C" references services (code), -- null: for every service
    texts jsonb not null, -- {"tr": "…", "en": "…", "ru": "…"}
    version int not null default 1,
    retired_at timestamptz,
    actor_id bigint not null references users (id),
    saved_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create unique index reply_templates_name on reply_templates (name) where retired_at is null;
create index reply_templates_actor on reply_templates (actor_id);
create index reply_templates_service on reply_templates (service) where service is not null;

-- A letter that a mail server never will take, and what it said.
alter table notifications drop constraint notifications_state_check;
alter table notifications
    add constraint notifications_state_check check (state in ('waiting', 'held', 'sent', 'dropped', 'refused')),
    add column refusal text not null default '' check (length(refusal) <= 300),
    add constraint notifications_refused check ((state = 'refused') = (refusal <> ''));

do $$
declare table_ text;
begin
    foreach table_ in array array['received_mails', 'reply_templates'] loop
        perform protect(table_, 'false');
        perform grant_to('staff', 'select, insert, update', table_);
    end loop;
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
drop table reply_templates, received_mails;
alter table requests drop constraint requests_came, drop column channel, drop column came_on, drop column asked_by, drop column earlier_reference;
-- +goose StatementEnd
