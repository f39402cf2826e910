-- Writing to members: mailings, who got them, who wants no more of them, official letters.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- A mailing's texts are written in the editor of all texts; they are sent, never published.
alter table translations
    drop constraint translations_kind_check,
    add constraint translations_kind_check check (kind in ('event', 'issue', 'article', 'page', 'project', 'municipality', 'mailing'));

create table mailings (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'mailing' check (subject_kind = 'mailing'),
    kind text not null check (kind in ('official', 'news')),
    state text not null default 'draft' check (state in ('draft', 'sending', 'paused', 'sent', 'cancelled')),
    version int not null default 1,
    filter jsonb not null default '{}' check (jsonb_typeof(filter) = 'object'), -- of the register of members
    offices text[] not null default '{}', -- mailboxes
    roles text[] not null default '{}', -- holders of mandates
    actor_id bigint references users (id),
    created_at timestamptz not null default now(),
    sent_by bigint references users (id),
    started_at timestamptz, -- since when the recipients stand fast
    finished_at timestamptz,
    lease_until timestamptz not null default '-infinity', -- one worker sends a mailing at a time
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    check (cardinality(offices) + cardinality(roles) > 0),
    check (case when state = 'draft' then started_at is null when state = 'cancelled' then true else started_at is not null end),
    check ((finished_at is null) = (state in ('draft', 'sending', 'paused')))
);
create index mailings_newest on mailings (created_at desc, id desc);
create index mailings_sending on mailings (id) where state = 'sending';
create index mailings_actor on mailings (actor_id) where actor_id is not null;
create index mailings_sent_by on mailings (sent_by) where sent_by is not null;

-- Who a mailing goes to, as it stood when it was sent off: one row an address. A row is
-- claimed before its letter leaves, so that a crash leaves it 'unsure' and nobody gets two.
create table mailing_recipients (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'), -- in links and in the Message-ID
    mailing_id bigint not null references mailings (id),
    org_id bigint not null references organisations (id), -- for which it is written to
    user_id bigint references users (id), -- null: a mailbox
    email text not null,
    email_key text not null, -- folded: an address gets one letter
    name text not null default '',
    city text not null,
    wanted text not null, -- the language it asked for
    lang text not null, -- the language it gets
    state text not null default 'waiting' check (state in ('waiting', 'claimed', 'sent', 'refused', 'unsure', 'unsubscribed', 'invalid', 'cancelled')),
    reason text not null default '' check (length(reason) <= 500), -- what the server said
    tries int not null default 0,
    next_at timestamptz not null default now(), -- not before
    claimed_at timestamptz,
    sent_at timestamptz,
    unique (mailing_id, email_key),
    check ((state = 'sent') = (sent_at is not null)),
    check (state <> 'claimed' or claimed_at is not null)
);
create index mailing_recipients_list on mailing_recipients (mailing_id, id);
create index mailing_recipients_state on mailing_recipients (mailing_id, state, id);
create index mailing_recipients_waiting on mailing_recipients (mailing_id, next_at, id) where state = 'waiting';
create index mailing_recipients_claimed on mailing_recipients (claimed_at) where claimed_at is not null;
create index mailing_recipients_org on mailing_recipients (org_id, id desc);
create index mailing_recipients_user on mailing_recipients (user_id) where user_id is not null;

-- Addresses that want no news. Official mailings reach them all the same.
create table mailing_optouts (
    email_key text primary key,
    recipient_id bigint not null references mailing_recipients (id),
    at timestamptz not null default now()
);
create index mailing_optouts_recipient on mailing_optouts (recipient_id);

-- The key that signs links to unsubscribe. Only the owner reads it.
create table mailing_secret (
    one boolean primary key default true check (one),
    key bytea not null check (length(key) >= 32)
);
insert into mailing_secret (key) select decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');

-- Official letters. Once issued they never change: a correction is a letter that names the
-- one it corrects. What happens to them afterwards, their serving, is rows of its own.
create table letters (
    id bigint primary key,
    org_id bigint not null, -- whom it is written to
    subject_kind text not null default 'letter' check (subject_kind = 'letter'),
    kind text not null check (kind in ('general', 'membership_begins', 'refusal', 'suspension', 'expulsion', 'resignation', 'dues_assessment', 'dues_reminder')),
    year int not null check (year between 1990 and 2200),
    number int not null check (number > 0),
    lang text not null check (lang in ('tr', 'en', 'ru')),
    issued_on date not null,
    office text not null check (office in ('secretary_general', 'president', 'deputy_secretary_general', 'finance_office')), -- that signs
    signatory text not null default '' check (length(signatory) <= 200),
    sender text not null check (sender <> ''), -- the union's name, as it was called
    addressee text not null check (addressee <> ''),
    title text not null check (title <> '' and length(title) <= 300),
    paragraphs jsonb not null check (jsonb_typeof(paragraphs) = 'array'),
    rows jsonb not null default '[]' check (jsonb_typeof(rows) = 'array'), -- of a table, its head first
    decision_id bigint references decisions (id),
    decision_no text not null default '' check (length(decision_no) <= 40), -- as the letter says it
    corrects_id bigint references letters (id),
    actor_id bigint references users (id),
    issued_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    unique (year, number),
    unique (id, org_id),
    check ((decision_id is null) = (decision_no = '')),
    constraint letters_decided check (decision_id is not null or kind not in ('membership_begins', 'refusal', 'suspension', 'expulsion'))
);
create index letters_newest on letters (issued_on desc, id desc);
create index letters_org on letters (org_id, id desc);
create index letters_decision on letters (decision_id) where decision_id is not null;
create index letters_corrects on letters (corrects_id) where corrects_id is not null;
create index letters_actor on letters (actor_id) where actor_id is not null;
create function letter_frozen() returns trigger language plpgsql as $$
begin
    raise exception 'an issued letter does not change';
end $$;
create trigger letters_frozen before update or delete on letters for each row execute function letter_frozen();

-- How a letter reached its addressee, as staff record it afterwards; insert-only. KEP and
-- UETS are the registered e-mail and the electronic notification of Türkiye.
create table letter_servings (
    id bigint generated always as identity primary key,
    letter_id bigint not null,
    org_id bigint not null,
    way text not null check (way in ('email', 'post', 'hand', 'kep', 'uets')),
    number text not null default '' check (length(number) <= 80), -- of the delivery
    served_at timestamptz not null,
    note text not null default '' check (length(note) <= 400),
    actor_id bigint references users (id),
    recorded_at timestamptz not null default now(),
    foreign key (letter_id, org_id) references letters (id, org_id),
    constraint letter_servings_numbered check (number <> '' or way not in ('kep', 'uets'))
);
create index letter_servings_letter on letter_servings (letter_id, served_at);
create index letter_servings_org on letter_servings (org_id);
create index letter_servings_actor on letter_servings (actor_id) where actor_id is not null;

do $$
declare table_ text;
begin
    foreach table_ in array array['mailings', 'mailing_recipients', 'mailing_optouts'] loop
        perform protect(table_, 'false');
        perform grant_to('staff', 'select', table_);
    end loop;
    perform grant_to('staff', 'insert, update', t) from unnest(array['mailings', 'mailing_recipients']) t;
    alter table mailing_secret enable row level security; -- no policy: the owner alone
    foreach table_ in array array['letters', 'letter_servings'] loop
        perform protect(table_, 'org_id = (select org())', null, 'false');
        perform grant_to('member', 'select', table_);
        perform grant_to('staff', 'select, insert', table_);
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table letter_servings, letters, mailing_secret, mailing_optouts, mailing_recipients, mailings;
drop function letter_frozen;
delete from translations where kind = 'mailing';
alter table translations drop constraint translations_kind_check,
    add constraint translations_kind_check check (kind in ('event', 'issue', 'article', 'page', 'project', 'municipality'));
-- +goose StatementEnd
