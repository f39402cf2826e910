-- Opinions: their text in versions, the signed paper, what is hidden before others may read
-- it, and the precedents that everybody reads.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- The text of an opinion while it is written. A version never changes.
create table opinion_texts (
    request_id bigint not null references requests (id),
    version int not null check (version >= 1),
    lang text not null,
    title text not null check (title <> '' and length(title) <= 300),
    body text not null check (body <> '' and length(body) <= 60000),
    actor_id bigint not null references users (id),
    at timestamptz not null default now(),
    primary key (request_id, version)
);
create index opinion_texts_actor on opinion_texts (actor_id);

-- Precedents: what the public reads of opinions. Nothing in this table leads to a case.
create table precedents (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'precedent' check (subject_kind = 'precedent'),
    slug text collate "C" not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,119}$'),
    reference text collate "C" not null unique, -- of the opinion: OPN-2026-00042
    lang text not null,
    title text not null check (title <> '' and length(title) <= 300),
    question text not null check (question <> '' and length(question) <= 2000),
    body text not null check (body <> '' and length(body) <= 60000),
    topic text collate "C" not null check (topic in ('planning', 'finance', 'staff', 'procurement', 'property', 'environment', 'governance', 'services', 'other')),
    laws text[] not null default '{}' check (cardinality(laws) <= 20),
    law_keys text[] collate "C" not null default '{}', -- the same, folded
    country_id bigint references countries (id), -- whose law it speaks of; null: of no one country
    given_on date not null,
    state text not null default 'in_force' check (state in ('in_force', 'superseded', 'withdrawn')),
    successor_id bigint references precedents (id),
    note text not null default '' check (length(note) <= 1000), -- why it holds no longer
    changed_on date, -- since when
    version int not null default 1,
    published_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    check ((state = 'superseded') = (successor_id is not null)),
    check ((state = 'in_force') = (changed_on is null)),
    check (successor_id <> id)
);
create index precedents_given on precedents (given_on desc, id desc);
create index precedents_topic on precedents (topic, given_on desc, id desc);
create index precedents_country on precedents (country_id, given_on desc, id desc);
create index precedents_successor on precedents (successor_id) where successor_id is not null;
create index precedents_laws on precedents using gin (law_keys);

-- The signed opinion, as it went on paper. It never changes; sent_at and precedent_id say what
-- became of it.
create table opinion_papers (
    request_id bigint primary key,
    org_id bigint not null, -- who asked
    year int not null,
    number int not null,
    version int not null, -- of the text
    lang text not null,
    title text not null,
    body text not null,
    case_reference text not null,
    sender text not null,
    addressee text not null,
    signers text[] not null check (cardinality(signers) >= 2),
    issued_on date not null,
    issued_at timestamptz not null default now(),
    sent_at timestamptz,
    precedent_id bigint unique references precedents (id),
    unique (year, number),
    foreign key (request_id, org_id) references subjects (id, org_id),
    foreign key (request_id, version) references opinion_texts (request_id, version)
);
create index opinion_papers_org on opinion_papers (org_id);
create index opinion_papers_version on opinion_papers (request_id, version);

-- What staff hide of a signed opinion, and what they say of it to the public.
create table redactions (
    request_id bigint primary key references opinion_papers (request_id),
    version int not null default 1,
    title text not null default '' check (length(title) <= 300),
    question text not null default '' check (length(question) <= 2000),
    topic text not null default '',
    laws text[] not null default '{}',
    country_id bigint references countries (id),
    hidden jsonb not null default '[]', -- [{"text": "…", "word": "…"}]
    actor_id bigint not null references users (id),
    saved_at timestamptz not null default now()
);
create index redactions_actor on redactions (actor_id);
create index redactions_country on redactions (country_id) where country_id is not null;

do $$
begin
    perform protect('opinion_texts', 'false');
    perform protect('redactions', 'false');
    perform protect('precedents', 'true', 'true', 'false');
    perform protect('opinion_papers', 'org_id = (select org()) and sent_at is not null', null, 'false');
    perform grant_to(kind, 'select', 'precedents') from unnest(array['visitor', 'member']) kind;
    perform grant_to('member', 'select', 'opinion_papers');
    perform grant_to('staff', 'select, insert', 'opinion_texts');
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['precedents', 'redactions']) t;
    perform grant_to('staff', 'select, insert', 'opinion_papers');
    execute format('grant update (sent_at, precedent_id) on opinion_papers to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table redactions, opinion_papers, precedents, opinion_texts;
-- +goose StatementEnd
