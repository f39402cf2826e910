-- What a municipality says of itself, and what it proposes to change of its official facts.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table municipalities
    add column name_latin text not null default '' check (length(name_latin) <= 200), -- official; empty: the name is in Latin letters, or nobody said
    add column seat text not null default '' check (length(seat) <= 300); -- where the municipality has its office

-- A field that a municipality named is one that it is strong in, one that it looks for help
-- in, both, or only one that it is interested in.
alter table municipality_fields
    add column strength boolean not null default false,
    add column need boolean not null default false;

-- When a municipality last said that all is right, when it was last asked, and what it says
-- of its digital maturity: the level by question (internal/profiles/maturity.go).
create table profiles (
    org_id bigint primary key references municipalities (id),
    confirmed_at timestamptz,
    confirmed_by bigint references users (id),
    asked_at timestamptz,
    maturity jsonb not null default '{}' check (jsonb_typeof(maturity) = 'object'),
    maturity_at timestamptz
);
create index profiles_confirmed_by on profiles (confirmed_by) where confirmed_by is not null;

-- One row for each part of a profile that was edited: its version, and who was the last.
create table profile_parts (
    org_id bigint not null references municipalities (id),
    part text not null check (part in ('facts', 'sectors', 'website', 'maturity')),
    version int not null default 1,
    edited_by bigint references users (id),
    edited_at timestamptz not null,
    primary key (org_id, part)
);
create index profile_parts_edited_by on profile_parts (edited_by) where edited_by is not null;

-- A municipality's wish to change official facts, until staff have answered each.
create table fact_proposals (
    id bigint primary key,
    org_id bigint not null references municipalities (id),
    subject_kind text not null default 'fact_proposal' check (subject_kind = 'fact_proposal'),
    state text not null check (state in ('waiting', 'answered', 'withdrawn')),
    seq int not null,
    why text not null check (length(why) <= 1000),
    source text not null check (source <> '' and length(source) <= 300), -- where the new facts can be looked up
    proposed_by bigint references users (id),
    proposed_at timestamptz not null,
    answered_by bigint references users (id),
    answered_at timestamptz,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check ((answered_at is null) = (state = 'waiting'))
);
create index fact_proposals_org on fact_proposals (org_id, id desc);
create index fact_proposals_waiting on fact_proposals (id) where state = 'waiting';
create index fact_proposals_proposed_by on fact_proposals (proposed_by) where proposed_by is not null;
create index fact_proposals_answered_by on fact_proposals (answered_by) where answered_by is not null;

-- Each fact of a proposal: what the register said on that day, what the municipality says.
create table fact_changes (
    proposal_id bigint not null references fact_proposals (id) on delete cascade,
    org_id bigint not null references municipalities (id),
    fact text not null check (fact in ('name', 'latin', 'english', 'population', 'area', 'head', 'seat', 'province')),
    old jsonb not null check (jsonb_typeof(old) = 'object'),
    value jsonb not null check (jsonb_typeof(value) = 'object'),
    outcome text not null default '' check (outcome in ('', 'accepted', 'refused', 'withdrawn')), -- empty: waits
    reason text not null default '' check (length(reason) <= 1000),
    primary key (proposal_id, fact),
    check (outcome <> 'refused' or reason <> '')
);
create index fact_changes_org on fact_changes (org_id);
create unique index fact_changes_waiting on fact_changes (org_id, fact) where outcome = ''; -- a fact waits once

-- Texts of municipalities beside those of the union's content.
alter table translations
    drop constraint translations_kind_check,
    add constraint translations_kind_check check (kind in ('event', 'issue', 'article', 'page', 'project', 'municipality'));

do $$
declare
    member text := role_name('member');
    rule record;
begin
    perform protect(t, 'org_id = (select org())') from unnest(array['profiles', 'profile_parts', 'fact_proposals', 'fact_changes']) t;
    perform grant_to('member', 'select, insert, update', t) from unnest(array['profiles', 'profile_parts', 'fact_proposals', 'fact_changes']) t;
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['profiles', 'profile_parts', 'fact_proposals', 'fact_changes']) t;
    perform grant_to('engine', 'select', t) from unnest(array['profiles', 'fact_proposals', 'fact_changes']) t;

    -- Everybody reads these; a municipality writes its own rows, never an official name.
    for rule in select * from (values
        ('municipality_fields', 'municipality_id = (select org())'),
        ('municipality_names', 'municipality_id = (select org()) and kind <> ''official'''),
        ('sister_cities', '(select org()) in (a_id, b_id)'),
        ('municipalities', 'id = (select org())')) x (table_, own) loop
        execute format('drop policy member_rows on %I', rule.table_);
        execute format('create policy member_rows on %I for select to %I using (true)', rule.table_, member);
        execute format('create policy member_own on %I to %I using (%s) with check (%s)', rule.table_, member, rule.own, rule.own);
    end loop;
    execute format('create policy member_own on translations to %I using (kind = ''municipality'' and org_id = (select org()))', member);
    execute format('create policy member_own on texts to %I using (exists (select from translations t
        where t.subject_id = texts.subject_id and t.lang = texts.lang and t.kind = ''municipality'' and t.org_id = (select org())))', member);
    perform grant_to('member', 'insert, update, delete', 'municipality_fields');
    perform grant_to('member', 'insert, delete', t) from unnest(array['municipality_names', 'sister_cities']) t;
    perform grant_to('member', 'update (website, version)', 'municipalities');
    perform grant_to('member', 'insert, update', 'translations');
    perform grant_to('member', 'insert', 'texts');
    perform grant_to('staff', 'update (name_latin, seat)', 'municipalities');
    perform grant_to('staff', 'update', 'municipality_fields');
    -- The head of a municipality is an official fact: it is proposed.
    execute format('revoke insert, update on heads from %I', member);
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
declare t text;
begin
    execute format('revoke insert, update, delete on municipality_fields, municipality_names, sister_cities from %I', role_name('member'));
    execute format('revoke update on municipalities from %I', role_name('member'));
    execute format('revoke insert, update on translations, texts from %I', role_name('member'));
    foreach t in array array['municipality_fields', 'municipality_names', 'sister_cities', 'municipalities', 'translations', 'texts'] loop
        execute format('drop policy member_own on %I', t);
    end loop;
    perform grant_to('member', 'insert, update', 'heads');
end $$;
drop table fact_changes, fact_proposals, profile_parts, profiles;
alter table municipality_fields drop column strength, drop column need;
alter table municipalities drop column name_latin, drop column seat;
-- +goose StatementEnd
