-- Imports: tables that staff bring, what was in the place of each row before, duplicates
-- of municipalities and their merging.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

create table imports (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'import' check (subject_kind = 'import'),
    kind text not null check (kind ~ '^[a-z_]{1,40}$'), -- of the records; see internal/imports
    state text not null check (state in ('unmatched', 'checking', 'ready', 'storing', 'stored', 'undoing', 'undone')),
    file text not null check (length(file) <= 200), -- its name; empty: pasted
    header jsonb not null,
    columns text[] not null, -- what each column of the header holds; '' for one that is left out
    defaults jsonb not null default '{}', -- what holds for every row without a value of its own
    notes jsonb not null default '[]', -- remarks of the reader
    total int not null check (total >= 0),
    new_rows int not null default 0,
    changed_rows int not null default 0,
    same_rows int not null default 0,
    error_rows int not null default 0,
    done int not null default 0, -- rows that the running job is through with
    failure text not null default '', -- key of the message why the last job ended without a result
    version int not null default 1,
    actor_id bigint references users (id), -- null: the command line
    created_at timestamptz not null default now(),
    stored_at timestamptz,
    undone_at timestamptz,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    check ((stored_at is not null) = (state in ('stored', 'undoing', 'undone'))),
    check ((undone_at is not null) = (state = 'undone'))
);
create index imports_org on imports (org_id);
create index imports_actor on imports (actor_id) where actor_id is not null;
create index imports_newest on imports (created_at desc, id desc);

-- Every row as it was read, what it came to, and what stood in its place before.
create table import_rows (
    import_id bigint not null references imports (id) on delete cascade,
    row int not null, -- as a spreadsheet numbers it
    cells jsonb not null,
    state text not null default 'waiting' check (state in ('waiting', 'new', 'changed', 'same', 'error')),
    title text not null default '',
    faults jsonb not null default '[]',
    changes jsonb not null default '[]', -- field, before, after
    target_id bigint, -- the record's id in the table of its kind
    primary key (import_id, row)
);
create index import_rows_state on import_rows (import_id, state, row);

-- A municipality that turned out to be another one keeps its row and its history and
-- points at the one that goes on.
alter table municipalities
    add column merged_into bigint references municipalities (id) check (merged_into <> id);
create index municipalities_merged on municipalities (merged_into) where merged_into is not null;

-- Two rows of the register that may be one place, found by their names within a region.
create table duplicate_candidates (
    a_id bigint not null references municipalities (id) on delete cascade,
    b_id bigint not null references municipalities (id) on delete cascade,
    metres int not null, -- between them
    state text not null default 'open' check (state in ('open', 'different', 'merged')),
    found_at timestamptz not null default now(),
    primary key (a_id, b_id),
    check (a_id < b_id)
);
create index duplicate_candidates_b on duplicate_candidates (b_id);
create index duplicate_candidates_open on duplicate_candidates (a_id, b_id) where state = 'open';

-- A merge with what it moved, so that it can be taken back.
create table merges (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    kept_id bigint not null references municipalities (id),
    gone_id bigint not null references municipalities (id),
    moved jsonb not null, -- table → what was moved, added or ended there
    actor_id bigint references users (id),
    at timestamptz not null default now(),
    undone_at timestamptz,
    check (kept_id <> gone_id)
);
create index merges_kept on merges (kept_id);
create index merges_gone on merges (gone_id);
create index merges_actor on merges (actor_id) where actor_id is not null;
create index merges_newest on merges (at desc, id desc);

-- As in 00008; a municipality that was merged into another one has no standing of its own.
create or replace function count_membership(org_id_ bigint, today date) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare standing_ text; kind_ text; joined_ date; standing_on_ date; f record;
begin
    perform 1 from organisations where id = org_id_ for update;
    if exists (select from municipalities where id = org_id_ and merged_into is not null) then
        delete from memberships where org_id = org_id_;
        update municipalities set standing = 'reference', successor_id = null, version = version + 1
        where id = org_id_ and standing <> 'reference';
        update organisations set active = false where id = org_id_ and active;
        return;
    end if;
    for f in select * from membership_facts where org_id = org_id_ and effective_on <= today order by effective_on, id loop
        if f.fact in ('admitted', 'readmitted') then
            joined_ := f.effective_on;
        end if;
        kind_ := coalesce(f.kind, kind_);
        if f.fact <> 'kind_changed' then
            standing_ := case f.fact when 'suspended' then 'suspended' when 'resigned' then 'resigned' when 'expelled' then 'expelled' else 'active' end;
            standing_on_ := f.effective_on;
        end if;
    end loop;
    if standing_ is null then
        return;
    end if;
    insert into memberships values (org_id_, kind_, standing_, coalesce(joined_, standing_on_), standing_on_,
        (select min(effective_on) from membership_facts where org_id = org_id_ and effective_on > today))
    on conflict (org_id) do update set kind = excluded.kind, standing = excluded.standing, joined_on = excluded.joined_on,
        standing_on = excluded.standing_on, next_on = excluded.next_on;
    update municipalities m set standing = standing_,
        successor_id = case when standing_ in ('resigned', 'expelled') then m.successor_id end, version = m.version + 1
    where m.id = org_id_ and m.standing <> standing_;
    update organisations set active = standing_ in ('active', 'suspended')
    where id = org_id_ and active <> (standing_ in ('active', 'suspended'));
end $$;

do $$
declare t text;
begin
    foreach t in array array['imports', 'import_rows', 'duplicate_candidates', 'merges'] loop
        perform protect(t, 'false'); -- staff's alone
        perform grant_to('staff', 'select, insert, update, delete', t);
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table merges, duplicate_candidates, import_rows, imports;
alter table municipalities drop column merged_into;
-- +goose StatementEnd
