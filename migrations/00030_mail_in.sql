-- Letters that answer a case by e-mail, and the files that belong to a message. See
-- docs/mail-in.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- A letter as it was taken in. The whole of it lies in the store until it is forgotten.
create table received_mails (
    id bigint primary key,
    org_id bigint not null, -- the union
    subject_kind text not null default 'received_mail' check (subject_kind = 'received_mail'),
    message_id text not null check (message_id <> '' and length(message_id) <= 1000), -- without brackets; a digest where it has none
    from_address text not null default '' check (length(from_address) <= 320), -- folded
    from_name text not null default '' check (length(from_name) <= 200),
    title text not null default '' check (length(title) <= 300), -- its subject
    body text not null default '' check (length(body) <= 20000), -- what is new in it
    files int not null default 0 check (files >= 0),
    size bigint not null check (size >= 0), -- in bytes
    sha256 text references blobs (sha256), -- of the whole; null: forgotten
    state text not null default 'new' check (state in ('new', 'held', 'added', 'dropped')),
    reason text not null default '', -- why it is held, or was dropped: the end of a message key
    record_id bigint references subjects (id), -- what it names, or was added to
    user_id bigint references users (id), -- whose address it came from
    at timestamptz not null default now(),
    handled_by bigint references users (id), -- null: the portal itself
    handled_at timestamptz,
    unique (message_id, from_address),
    check (state <> 'added' or record_id is not null),
    check ((state = 'new') = (handled_at is null)),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index received_mails_state on received_mails (state, id desc);
create index received_mails_old on received_mails (handled_at) where state = 'dropped' and sha256 is not null;
create index received_mails_sha256 on received_mails (sha256) where sha256 is not null;
create index received_mails_record on received_mails (record_id) where record_id is not null;
create index received_mails_user on received_mails (user_id) where user_id is not null;
create index received_mails_handled_by on received_mails (handled_by) where handled_by is not null;

-- How far a mailbox has been read: messages up to uid, as long as its numbering is valid.
create table mailbox_marks (
    mailbox text primary key,
    validity bigint not null,
    uid bigint not null
);

-- sender names who wrote a letter that staff added, where it was nobody with an account.
alter table messages
    add column mail_id bigint references received_mails (id),
    add column sender text not null default '' check (length(sender) <= 540),
    add constraint messages_sender check (sender = '' or mail_id is not null),
    add constraint messages_mail unique (mail_id);

-- The files that came with a message. A reader of the message reads them, as far as each
-- file's own audience goes.
create table message_files (
    document_id bigint primary key references documents (id) on delete cascade,
    message_id bigint not null references messages (id)
);
create index message_files_message on message_files (message_id);

alter table mail_inbox add column reply_to text not null default '';

-- kept_from reports a record that the staff member who acts does not see.
create function kept_from(record bigint) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from requests r where r.id = record and r.privileged and not confided(r.id, r.office, r.officer_id)) $$;

do $$
begin
    perform protect('received_mails', 'false');
    -- A letter about a privileged case is for those who see the case.
    alter policy staff_rows on received_mails using (record_id is null or not kept_from(record_id)) with check (true);
    perform protect('mailbox_marks', 'false');
    perform protect('message_files', 'exists (select from message_orgs o where o.message_id = message_files.message_id and o.org_id = (select org()))');
    perform grant_to('staff', 'select', 'received_mails');
    perform grant_to('engine', 'select, update', 'received_mails');
    perform grant_to('member', 'select', 'message_files');
    perform grant_to('staff', 'select', 'message_files');
    perform grant_to('engine', 'select, insert', 'message_files');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
alter table mail_inbox drop column reply_to;
drop table message_files;
alter table messages drop column mail_id, drop column sender;
drop table mailbox_marks, received_mails;
drop function kept_from(bigint);
delete from subjects where kind = 'received_mail';
-- +goose StatementEnd
