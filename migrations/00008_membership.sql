-- Membership as dated facts, applications, who a municipality's people are.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Votes of a decision, as the minutes count them; null where nobody counted.
alter table decisions
    add column votes_for int check (votes_for >= 0),
    add column votes_against int check (votes_against >= 0),
    add column votes_abstained int check (votes_abstained >= 0),
    add constraint decisions_votes check (num_nulls(votes_for, votes_against, votes_abstained) in (0, 3));

-- What happened to an organisation's membership, and from which day: insert-only. Standing
-- and kind are computed from these rows and never typed. source says where the fact comes
-- from: 'decision' (recorded here) or 'register' (taken over from the union's earlier
-- register, which names no decision). A day that the register does not know is -infinity.
create table membership_facts (
    id bigint generated always as identity primary key,
    org_id bigint not null references organisations (id),
    fact text not null check (fact in ('admitted', 'readmitted', 'kind_changed', 'suspended', 'resumed', 'resigned', 'expelled')),
    kind text check (kind in ('full', 'national_association', 'regional_association', 'international_organization',
        'associate', 'observer', 'honorary', 'partner')),
    effective_on date not null,
    notice_on date, -- the day on which a resignation reached the union
    reason text not null default '' check (length(reason) <= 4000),
    decision_id bigint references decisions (id),
    source text not null default 'decision' check (source in ('decision', 'register')),
    actor_id bigint references users (id), -- null: the system
    recorded_at timestamptz not null default now(),
    check ((kind is not null) = (fact in ('admitted', 'readmitted', 'kind_changed'))),
    check ((notice_on is not null) <= (fact = 'resigned')),
    check (notice_on <= effective_on),
    check (effective_on > '-infinity' or source = 'register'),
    -- A state that needs a decision does not exist without one; notice is the member's own act.
    constraint membership_facts_decided check (decision_id is not null or source = 'register' or fact = 'resigned' and notice_on is not null)
);
create index membership_facts_org on membership_facts (org_id, effective_on, id);
create index membership_facts_effective on membership_facts (effective_on);
create index membership_facts_decision on membership_facts (decision_id) where decision_id is not null;
create index membership_facts_actor on membership_facts (actor_id) where actor_id is not null;

-- What the facts say of each organisation today: written by count_membership alone.
create table memberships (
    org_id bigint primary key references organisations (id),
    kind text not null,
    standing text not null check (standing in ('active', 'suspended', 'resigned', 'expelled')),
    joined_on date not null, -- of the membership that runs, or ran last; -infinity: not known
    standing_on date not null, -- since when it stands as it does
    next_on date -- the day of the next fact that is recorded already
);
create index memberships_standing on memberships (standing, kind);
create index memberships_next on memberships (next_on) where next_on is not null;

-- count_membership computes an organisation's membership as of a day, and tells the
-- register of municipalities. A reference place without facts stays one.
create function count_membership(org_id_ bigint, today date) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare standing_ text; kind_ text; joined_ date; standing_on_ date; f record;
begin
    perform 1 from organisations where id = org_id_ for update;
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
revoke execute on function count_membership from public;

-- Members that the register held before: the day that they joined is not known.
insert into membership_facts (org_id, fact, kind, effective_on, source)
select id, 'admitted', 'full', '-infinity', 'register' from municipalities where standing <> 'reference';
insert into membership_facts (org_id, fact, effective_on, source)
select id, standing, figures_at, 'register' from municipalities where standing in ('suspended', 'resigned', 'expelled');
insert into memberships
select id, 'full', standing, '-infinity', case when standing = 'active' then '-infinity' else figures_at end, null
from municipalities where standing <> 'reference';

-- Facts that assessments and seats count by.
alter table municipalities
    add column area_km2 numeric(12, 2) check (area_km2 > 0),
    add column budget numeric(18, 2) check (budget >= 0), -- of a year
    add column budget_currency text check (budget_currency ~ '^[A-Z]{3}$'),
    add column budget_year int check (budget_year between 1990 and 2200),
    add constraint municipalities_budget check (num_nulls(budget, budget_currency, budget_year) in (0, 3));
alter table countries
    add column income_group text check (income_group in ('low', 'lower_middle', 'upper_middle', 'high')); -- as the World Bank classes it

-- Whom to write to: offices before people.
create table contacts (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    org_id bigint not null references organisations (id),
    office text not null check (office in ('general', 'mayor', 'international', 'finance', 'projects', 'press', 'culture', 'legal')),
    name text not null default '' check (length(name) <= 200), -- empty: the office's own mailbox
    email text not null check (email ~ '^[^@\s<>",;]+@[^@\s<>",;]+$' and length(email) <= 254),
    phone text not null default '' check (phone ~ '^(\+?[0-9 ()./-]{3,40})?$'),
    lang text not null default 'en' check (lang in ('tr', 'en', 'ru')), -- to write in
    listed boolean not null default false, -- on the public page
    version int not null default 1,
    unique (org_id, office, email),
    check (not listed or name = '')
);

-- Heads of municipalities by their terms.
create table heads (
    id bigint generated always as identity primary key,
    org_id bigint not null references organisations (id),
    name text not null check (name <> '' and length(name) <= 200),
    starts_on date not null,
    ends_on date, -- of the term, as the law or the last election says; null: not known
    left_on date, -- when it ended in fact
    check (starts_on <= ends_on),
    check (starts_on <= left_on)
);
create index heads_org on heads (org_id, starts_on desc);
create unique index heads_current on heads (org_id) where left_on is null;

-- Delegates and alternates whom a council named to the General Assembly. The head of the
-- municipality is one by office and has no row here.
create table delegates (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    org_id bigint not null references organisations (id),
    name text not null check (name <> '' and length(name) <= 200),
    email text not null default '' check (email ~ '^([^@\s<>",;]+@[^@\s<>",;]+)?$' and length(email) <= 254),
    rank text not null check (rank in ('delegate', 'alternate')),
    position int not null default 1, -- order among those of a rank
    resolution text not null default '' check (length(resolution) <= 60), -- number of the council's resolution
    starts_on date not null,
    ends_on date, -- null: until the next local election
    version int not null default 1,
    check (starts_on <= ends_on)
);
create index delegates_org on delegates (org_id, rank, position);

-- Mandates: more roles, for areas, ended by somebody for a reason.
alter table mandates
    drop constraint mandates_role_check,
    add constraint mandates_role_check check (role in ('member_editor', 'member_approver', 'member_finance', 'member_delegate', 'member_consultant')),
    add column areas text[] not null default '{}', -- empty: every area
    add column given_by bigint references users (id),
    add column ended_by bigint references users (id),
    add column end_reason text not null default '' check (length(end_reason) <= 400);
create index mandates_given_by on mandates (given_by) where given_by is not null;
create index mandates_ended_by on mandates (ended_by) where ended_by is not null;
create index mandates_ends on mandates (ends_at) where ends_at < 'infinity';

-- Who applies has no account and no record yet: each application has an organisation of its
-- own, which owns the draft and its files and is nobody else's.
alter table organisations
    drop constraint organisations_kind_check,
    add constraint organisations_kind_check check (kind in ('union', 'municipality', 'association', 'government', 'institution', 'partner', 'applicant'));

create table applications (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'application' check (subject_kind = 'application'),
    state text not null check (state in ('draft', 'submitted', 'incomplete', 'executive_board', 'administrative_board', 'admitted', 'declined', 'withdrawn')),
    seq int not null,
    version int not null default 1,
    lang text not null check (lang in ('tr', 'en', 'ru')), -- to write to the applicant in
    email text not null check (email ~ '^[^@\s<>",;]+@[^@\s<>",;]+$' and length(email) <= 254), -- where the link goes
    reference text unique check (reference <> ''),
    membership text not null default 'full' check (membership in ('full', 'national_association', 'regional_association',
        'international_organization', 'associate', 'observer', 'honorary', 'partner')),
    name text not null default '' check (length(name) <= 200),
    country_id bigint references countries (id),
    population bigint check (population > 0),
    officer_id bigint references users (id),
    place_id bigint references organisations (id), -- who became the member, or is the one it turned out to be
    executive_id bigint references decisions (id),
    decision_id bigint references decisions (id), -- of the Administrative Board
    created_at timestamptz not null default now(),
    submitted_at timestamptz,
    closed_at timestamptz,
    due_at timestamptz not null default 'infinity',
    open boolean not null generated always as (state in ('submitted', 'incomplete', 'executive_board', 'administrative_board')) stored,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check ((submitted_at is null) = (reference is null)),
    check ((closed_at is null) = (state not in ('admitted', 'declined', 'withdrawn'))),
    check (state in ('draft', 'withdrawn') or submitted_at is not null),
    check (state <> 'administrative_board' or executive_id is not null),
    check (state <> 'admitted' or place_id is not null and executive_id is not null and decision_id is not null),
    check (state <> 'declined' or executive_id is not null)
);
create index applications_org on applications (org_id);
create index applications_open on applications (due_at, id) where open;
create index applications_sent on applications (submitted_at desc, id desc) where submitted_at is not null;
create index applications_drafts on applications (created_at) where state = 'draft';
create index applications_country on applications (country_id);
create index applications_officer on applications (officer_id) where officer_id is not null;
create index applications_place on applications (place_id) where place_id is not null;
create index applications_executive on applications (executive_id) where executive_id is not null;
create index applications_decision on applications (decision_id) where decision_id is not null;

-- The secret of the mailed link, as its hash. Only the function below reads it.
create table application_links (
    token_hash text primary key,
    application_id bigint not null references applications (id) on delete cascade,
    expires_at timestamptz not null
);
create index application_links_application on application_links (application_id);

-- Whom a link lets in: the application and the organisation that owns it; no row when the
-- link is unknown or has run out.
create function open_application(token_hash_ text, at_ timestamptz) returns table (application_id bigint, public_id text, org_id bigint, lang text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select a.id, s.public_id, a.org_id, a.lang from application_links l
    join applications a on a.id = l.application_id join subjects s on s.id = a.id
    where l.token_hash = token_hash_ and l.expires_at > at_ $$;
revoke execute on function open_application from public;

do $$
declare table_ text;
begin
    perform protect('membership_facts', 'org_id = (select org())', null, 'false');
    perform protect('memberships', 'true', 'true', 'false');
    perform protect('contacts', 'org_id = (select org())', 'listed');
    perform protect('heads', 'true', 'true', 'org_id = (select org())');
    perform protect('delegates', 'org_id = (select org())');
    perform protect('applications', 'org_id = (select org())');
    alter table application_links enable row level security; -- only the owner

    perform grant_to('visitor', 'select', t) from unnest(array['memberships', 'contacts', 'heads']) t;
    perform grant_to('member', 'select', t) from unnest(array['membership_facts', 'memberships']) t;
    perform grant_to('member', 'select, insert, update, delete', t) from unnest(array['contacts', 'delegates']) t;
    perform grant_to('member', 'select, insert, update', t) from unnest(array['heads', 'applications']) t;
    perform grant_to('staff', 'select, insert', 'membership_facts');
    perform grant_to('staff', 'select', 'memberships');
    perform grant_to('staff', 'select, insert, update, delete', t) from unnest(array['contacts', 'delegates']) t;
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['heads', 'applications']) t;
    perform grant_to('engine', 'select', t) from unnest(array['memberships', 'contacts', 'heads', 'delegates', 'applications']) t;
    execute format('grant execute on function count_membership to %I', role_name('staff'));
    execute format('grant execute on function open_application to %I', role_name('visitor'));

    -- Standing is computed: staff may no longer write the column.
    execute format('revoke update on municipalities from %I', role_name('staff'));
    execute format('grant update (source_id, slug, name, successor_id, country_id, region_id, district, lat, lon, population, population_year,
        zone, website, note, figures_at, version, area_km2, budget, budget_currency, budget_year) on municipalities to %I', role_name('staff'));
    -- An approver gives and ends mandates of the own municipality.
    perform grant_to('member', 'insert, update', 'mandates');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop function open_application, count_membership;
drop table application_links, applications, delegates, heads, contacts, memberships, membership_facts;
alter table countries drop column income_group;
alter table municipalities drop column area_km2, drop column budget, drop column budget_currency, drop column budget_year;
alter table mandates drop column areas, drop column given_by, drop column ended_by, drop column end_reason;
alter table decisions drop column votes_for, drop column votes_against, drop column votes_abstained;
-- +goose StatementEnd
