-- Circulars: one text to many organisations, numbered, and who has read it.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

create table circulars (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'circular' check (subject_kind = 'circular'),
    kind text not null check (kind in ('legal', 'financial', 'technical', 'administrative')),
    state text not null default 'draft' check (state in ('draft', 'review', 'approved', 'issued', 'withdrawn')),
    version int not null default 1,
    text_version int not null default 1, -- of its texts
    due_on date check (due_on between '1990-01-01' and '2200-01-01'), -- to be read, or answered, by then
    answers boolean not null default false, -- an answer is wanted
    public boolean not null default false, -- everybody may read it
    refs text not null default '' check (length(refs) <= 4000), -- what it rests on, one a line
    audience jsonb not null default '{}' check (jsonb_typeof(audience) = 'object'), -- read by staff alone
    year int check (year between 1990 and 2200),
    number int check (number between 1 and 99999),
    issued_on date,
    issued_at timestamptz,
    total int, -- organisations that it went to
    sender jsonb not null default '{}', -- the union's name, as it was called
    replaces_id bigint references circulars (id),
    replaces_no text not null default '',
    replaced_id bigint references circulars (id),
    replaced_no text not null default '',
    withdrawn_at timestamptz,
    withdrawn_why text not null default '' check (length(withdrawn_why) <= 1000),
    created_by bigint not null references users (id),
    created_at timestamptz not null default now(),
    edited_by bigint not null references users (id),
    approved_by bigint references users (id),
    issued_by bigint references users (id),
    withdrawn_by bigint references users (id),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    unique (year, number),
    check ((state in ('issued', 'withdrawn')) = (num_nulls(year, number, issued_on, issued_at, total) = 0)),
    check (num_nulls(year, number, issued_on, issued_at, total) in (0, 5)),
    check ((state = 'withdrawn') = (withdrawn_at is not null and withdrawn_why <> '')),
    check ((replaces_id is null) = (replaces_no = '')),
    check ((replaced_id is null) = (replaced_no = '')),
    constraint circulars_second_person check (state in ('draft', 'review') or approved_by is not null and approved_by <> edited_by)
);
create index circulars_issued on circulars (year desc, number desc) where state in ('issued', 'withdrawn');
create index circulars_public on circulars (year desc, number desc) where public and state in ('issued', 'withdrawn');
create index circulars_unfinished on circulars (id desc) where state in ('draft', 'review', 'approved');
create index circulars_replaces on circulars (replaces_id) where replaces_id is not null;
create index circulars_replaced on circulars (replaced_id) where replaced_id is not null;
create index circulars_created_by on circulars (created_by);
create index circulars_edited_by on circulars (edited_by);
create index circulars_approved_by on circulars (approved_by) where approved_by is not null;
create index circulars_issued_by on circulars (issued_by) where issued_by is not null;
create index circulars_withdrawn_by on circulars (withdrawn_by) where withdrawn_by is not null;

create function circular_frozen() returns trigger language plpgsql as $$
begin
    raise exception 'an issued circular does not change';
end $$;
create trigger circulars_frozen before update on circulars for each row
    when (old.year is not null and (old.kind, old.text_version, old.due_on, old.answers, old.public, old.refs, old.audience, old.year, old.number, old.issued_on, old.total, old.sender, old.replaces_id)
        is distinct from (new.kind, new.text_version, new.due_on, new.answers, new.public, new.refs, new.audience, new.year, new.number, new.issued_on, new.total, new.sender, new.replaces_id))
    execute function circular_frozen();

-- The text in its languages; a version never changes.
create table circular_texts (
    circular_id bigint not null references circulars (id),
    version int not null check (version >= 1),
    lang text not null check (lang in ('tr', 'en', 'ru')),
    title text not null check (title <> '' and length(title) <= 300),
    body text not null check (body <> '' and length(body) <= 40000),
    todo text not null default '' check (length(todo) <= 2000), -- what the reader is to do
    actor_id bigint not null references users (id),
    at timestamptz not null default now(),
    primary key (circular_id, version, lang)
);
create index circular_texts_actor on circular_texts (actor_id);

-- A circular as one organisation got it: a record of its own, so that whoever acts for it
-- finds it, is told of it and signs for it. stage: 0 nobody opened it, 1 somebody did, 2 it
-- was confirmed.
create table circular_copies (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'circular_copy' check (subject_kind = 'circular_copy'),
    circular_id bigint not null references circulars (id),
    seq bigint not null, -- year and number, as lists are ordered
    name text not null check (name <> ''), -- of the organisation, when it was issued
    country_id bigint references countries (id),
    open boolean not null default true, -- waits to be confirmed
    opened_at timestamptz,
    confirmed_at timestamptz,
    confirmed_by bigint references users (id),
    answer text not null default '' check (length(answer) <= 2000),
    answered_by bigint references users (id),
    answered_at timestamptz,
    told_at timestamptz,
    reminded_at timestamptz,
    stage smallint not null generated always as (case when confirmed_at is not null then 2 when opened_at is not null then 1 else 0 end) stored,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    unique (circular_id, org_id),
    unique (id, org_id),
    check ((confirmed_at is null) = (confirmed_by is null)),
    check (num_nulls(answered_at, answered_by) in (0, 2) and (answered_at is null) = (answer = '')),
    check (not (open and confirmed_at is not null))
);
create index circular_copies_own on circular_copies (org_id, open, seq);
create index circular_copies_stage on circular_copies (circular_id, stage, name collate "und-x-icu", id);
create index circular_copies_name on circular_copies (circular_id, name collate "und-x-icu", id);
create index circular_copies_country on circular_copies (country_id, circular_id, stage);
create index circular_copies_untold on circular_copies (circular_id, id) where told_at is null;
create index circular_copies_open on circular_copies (circular_id, id) where open;
create index circular_copies_confirmed_by on circular_copies (confirmed_by) where confirmed_by is not null;
create index circular_copies_answered_by on circular_copies (answered_by) where answered_by is not null;
create trigger circular_copies_confirmed before update on circular_copies for each row
    when (old.confirmed_at is not null and (new.confirmed_at, new.confirmed_by) is distinct from (old.confirmed_at, old.confirmed_by))
    execute function circular_frozen();

-- Who of an organisation opened it, and who confirmed it.
create table circular_receipts (
    copy_id bigint not null,
    org_id bigint not null,
    user_id bigint not null references users (id),
    opened_at timestamptz not null,
    confirmed_at timestamptz,
    primary key (copy_id, user_id),
    foreign key (copy_id, org_id) references circular_copies (id, org_id)
);
create index circular_receipts_user on circular_receipts (user_id);
create index circular_receipts_org on circular_receipts (org_id);

-- Rounds of reminders; a job goes through the copies that wait.
create table circular_reminders (
    id bigint generated always as identity primary key,
    circular_id bigint not null references circulars (id),
    actor_id bigint not null references users (id),
    at timestamptz not null,
    total int not null check (total > 0), -- organisations to remind
    done int not null default 0,
    finished_at timestamptz
);
create index circular_reminders_circular on circular_reminders (circular_id, id desc);
create index circular_reminders_actor on circular_reminders (actor_id);

do $$
begin
    perform protect('circulars', $p$state in ('issued', 'withdrawn') and (public or id = any (array(select circular_id from circular_copies where org_id = (select org()))))$p$,
        $p$public and state in ('issued', 'withdrawn')$p$, 'false');
    perform protect('circular_texts', $p$exists (select from circulars c where c.id = circular_texts.circular_id and c.text_version = circular_texts.version)$p$,
        $p$exists (select from circulars c where c.id = circular_texts.circular_id and c.text_version = circular_texts.version)$p$, 'false');
    perform protect(t, 'org_id = (select org())') from unnest(array['circular_copies', 'circular_receipts']) t;
    perform protect('circular_reminders', 'false');
    perform grant_to(kind, 'select (id, org_id, subject_kind, kind, state, version, text_version, due_on, answers, public, refs, year, number, issued_on, issued_at, sender, replaces_id, replaces_no, replaced_id, replaced_no, withdrawn_at, withdrawn_why)', 'circulars')
        from unnest(array['visitor', 'member']) kind;
    perform grant_to(kind, 'select (circular_id, version, lang, title, body, todo)', 'circular_texts') from unnest(array['visitor', 'member']) kind;
    perform grant_to('member', 'select', t) from unnest(array['circular_copies', 'circular_receipts']) t;
    perform grant_to('member', 'update (open, opened_at, confirmed_at, confirmed_by, answer, answered_by, answered_at)', 'circular_copies');
    perform grant_to('member', 'insert, update (confirmed_at)', 'circular_receipts');
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['circulars', 'circular_copies', 'circular_reminders']) t;
    perform grant_to('staff', 'select, insert', 'circular_texts');
    perform grant_to('staff', 'select', 'circular_receipts');
    -- What is attached to a circular, everybody whom it went to may read.
    execute format('create policy circular_files on documents for select to %I using (audience = ''org'' and subject_id = any (array(select circular_id from circular_copies where org_id = (select org()))))', role_name('member'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop policy circular_files on documents;
drop table circular_reminders, circular_receipts, circular_copies, circular_texts, circulars;
drop function circular_frozen;
-- +goose StatementEnd
