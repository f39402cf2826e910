-- Organs of the union: who sits in them, their meetings, what they decide, and the delegates
-- of an assembly.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

create extension if not exists btree_gist;

-- Organs and committees. What the statute names is here from the start; committees are added.
create table organs (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'organ' check (subject_kind = 'organ'),
    code text collate "C" not null unique check (code ~ '^[a-z][a-z0-9_]{1,59}$'), -- what decisions name; never changes
    slug text collate "C" not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
    sort text not null check (sort in ('assembly', 'board', 'committee', 'office')),
    position int not null,
    quorum text not null default 'more_than_half' check (quorum in ('more_than_half', 'two_thirds', 'one_third')),
    seats int check (seats between 1 and 500), -- as the statute says; null: it does not
    listed boolean not null default true, -- on the public page
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index organs_order on organs (position, id);
create table organ_texts (
    organ_id bigint not null references organs (id) on delete cascade,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    name text not null check (name <> '' and length(name) <= 160),
    about text not null default '' check (length(about) <= 2000),
    primary key (organ_id, lang)
);

with x (code, slug, sort, position) as (values
    ('general_assembly', 'general-assembly', 'assembly', 10), ('administrative_board', 'administrative-board', 'board', 20),
    ('executive_board', 'executive-board', 'board', 30), ('supervisory_board', 'supervisory-board', 'board', 40),
    ('high_advisory_board', 'high-advisory-board', 'board', 50), ('secretary_general', 'secretary-general', 'office', 60)
), s as (
    insert into subjects (kind, org_id, public_id)
    select 'organ', union_id(), rpad('organ' || position / 10 + 1, 26, 'a') from x
    returning id, org_id, public_id
)
insert into organs (id, org_id, code, slug, sort, position)
select s.id, s.org_id, x.code, x.slug, x.sort, x.position from x join s on s.public_id = rpad('organ' || x.position / 10 + 1, 26, 'a');
insert into organ_texts (organ_id, lang, name, about)
select o.id, t.lang, t.name, t.about from organs o join (values
    ('general_assembly', 'tr', 'Genel Kurul', 'Birliğin en yüksek karar organı. Üye belediyelerin başkanları ve delegelerinden oluşur.'),
    ('general_assembly', 'en', 'General Assembly', 'The union’s highest body: the mayors and delegates of all member municipalities.'),
    ('general_assembly', 'ru', 'Генеральная ассамблея', 'Высший орган союза: главы и делегаты всех муниципалитетов-членов.'),
    ('administrative_board', 'tr', 'Yönetim Kurulu', 'Genel Kurul toplantıları arasında birliği yönetir, üyelik başvurularını karara bağlar.'),
    ('administrative_board', 'en', 'Administrative Board', 'Governs the union between assemblies and decides on applications for membership.'),
    ('administrative_board', 'ru', 'Правление', 'Руководит союзом между ассамблеями и решает вопросы приёма в члены.'),
    ('executive_board', 'tr', 'Yürütme Kurulu', 'Alınan kararları uygular, talepleri ve destekleri değerlendirir.'),
    ('executive_board', 'en', 'Executive Board', 'Carries out what was decided, and considers requests and support.'),
    ('executive_board', 'ru', 'Исполнительный совет', 'Выполняет принятые решения, рассматривает запросы и поддержку.'),
    ('supervisory_board', 'tr', 'Denetim Kurulu', 'Birliğin hesaplarını ve işlemlerini denetler, Genel Kurula rapor verir.'),
    ('supervisory_board', 'en', 'Supervisory Board', 'Examines the union’s accounts and acts, and reports to the assembly.'),
    ('supervisory_board', 'ru', 'Наблюдательный совет', 'Проверяет счета и действия союза и отчитывается перед ассамблеей.'),
    ('high_advisory_board', 'tr', 'Yüksek Danışma Kurulu', 'Birliğin uzun vadeli hedefleri üzerine görüş bildirir.'),
    ('high_advisory_board', 'en', 'High Advisory Board', 'Advises on the union’s long-term aims.'),
    ('high_advisory_board', 'ru', 'Высший консультативный совет', 'Даёт рекомендации о долгосрочных целях союза.'),
    ('secretary_general', 'tr', 'Genel Sekreter', 'Birliğin idaresini yürütür.'),
    ('secretary_general', 'en', 'Secretary General', 'Runs the union’s administration.'),
    ('secretary_general', 'ru', 'Генеральный секретарь', 'Руководит администрацией союза.')
) t (code, lang, name, about) using (code);

-- Who sits in an organ, from when to when. A term that has passed stays.
create table organ_members (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    organ text collate "C" not null references organs (code),
    office text not null check (office in ('chair', 'deputy_chair', 'secretary', 'member', 'alternate')),
    name text not null check (name <> '' and length(name) <= 200),
    municipality_id bigint references municipalities (id), -- null: of no municipality
    affiliation text not null default '' check (length(affiliation) <= 200), -- where it is none of the register
    starts_on date not null,
    ends_on date, -- the last day; null: until somebody follows
    decision_id bigint references decisions (id), -- that elected or appointed
    version int not null default 1,
    check (starts_on <= ends_on),
    check (municipality_id is null or affiliation = ''),
    constraint organ_members_one_chair exclude using gist (organ with =, daterange(starts_on, ends_on, '[]') with &&) where (office = 'chair'),
    unique (id, organ)
);
create index organ_members_organ on organ_members (organ, starts_on desc, id desc);
create index organ_members_municipality on organ_members (municipality_id) where municipality_id is not null;
create index organ_members_decision on organ_members (decision_id) where decision_id is not null;

-- Meetings. The quorum is counted when a meeting is held, and stays as it was counted.
create table meetings (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'meeting' check (subject_kind = 'meeting'),
    organ text collate "C" not null references organs (code),
    state text not null check (state in ('planned', 'held', 'cancelled')),
    seq int not null,
    version int not null default 1,
    number text not null check (number <> '' and length(number) <= 20),
    year int not null generated always as (extract(year from starts_local)::int) stored,
    session text not null default 'ordinary' check (session in ('ordinary', 'extraordinary')),
    mode text not null check (mode in ('in_person', 'online', 'hybrid')),
    place text not null default '' check (length(place) <= 300),
    online_url text not null default '' check (online_url ~ '^(https://[^\s<>"]+)?$' and length(online_url) <= 480),
    zone text not null check (zone <> ''),
    starts_local timestamp not null check (starts_local between timestamp '1990-01-01' and timestamp '2200-01-01'),
    starts_at timestamptz not null generated always as (starts_local at time zone zone) stored,
    quorum text check (quorum in ('more_than_half', 'two_thirds', 'one_third')), -- the rule that was counted by
    entitled int check (entitled >= 0), -- how many could come
    present int check (present between 0 and entitled),
    needed int check (needed >= 1),
    decides boolean generated always as (state = 'held' and present >= needed) stored,
    updated_at timestamptz not null default now(),
    unique (organ, year, number),
    unique (id, organ, decides),
    unique (id, organ),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check (num_nulls(quorum, entitled, present, needed) = case when state = 'held' then 0 else 4 end),
    check (mode <> 'in_person' or online_url = ''),
    check (mode <> 'online' or place = '')
);
create index meetings_moves on meetings (id, seq, state);
create index meetings_organ on meetings (organ, starts_at desc, id desc);
create index meetings_time on meetings (starts_at desc, id desc);

create table agenda_items (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    meeting_id bigint not null references meetings (id),
    position int not null check (position > 0),
    title text not null check (title <> '' and length(title) <= 300),
    note text not null default '' check (length(note) <= 4000),
    unique (meeting_id, position) deferrable initially deferred,
    unique (id, meeting_id)
);

create table attendance (
    meeting_id bigint not null,
    member_id bigint not null,
    organ text collate "C" not null,
    presence text not null check (presence in ('present', 'excused', 'absent')),
    primary key (meeting_id, member_id),
    foreign key (meeting_id, organ) references meetings (id, organ),
    foreign key (member_id, organ) references organ_members (id, organ)
);
create index attendance_member on attendance (member_id, organ);

-- Decisions are of any organ, and say where they were taken. One of a meeting exists only
-- where the meeting was held with its quorum.
alter table decisions
    drop constraint decisions_organ_check,
    add constraint decisions_organ foreign key (organ) references organs (code),
    add column title text not null default '' check (length(title) <= 300),
    add column lang text not null default 'tr' check (lang in ('tr', 'en', 'ru')), -- that it is written in
    add column meeting_id bigint,
    add column agenda_item_id bigint,
    add column supersedes_id bigint references decisions (id),
    add column in_quorum boolean generated always as (case when meeting_id is not null then true end) stored,
    add constraint decisions_meeting foreign key (meeting_id, organ, in_quorum) references meetings (id, organ, decides),
    add constraint decisions_agenda foreign key (agenda_item_id, meeting_id) references agenda_items (id, meeting_id),
    add constraint decisions_item_of_meeting check (agenda_item_id is null or meeting_id is not null),
    add constraint decisions_not_itself check (supersedes_id <> id),
    add constraint decisions_shown unique (id, organ, decided_on);
create index decisions_meeting on decisions (meeting_id) where meeting_id is not null;
create index decisions_agenda_item on decisions (agenda_item_id) where agenda_item_id is not null;
create unique index decisions_supersedes on decisions (supersedes_id) where supersedes_id is not null;
create index decisions_newest on decisions (decided_on desc, id desc);
create index decisions_newest_of on decisions (organ, decided_on desc, id desc);

-- Decisions that the public reads; a row that is taken away hides one again.
create table decision_publications (
    decision_id bigint primary key,
    organ text collate "C" not null,
    decided_on date not null,
    published_at timestamptz not null default now(),
    actor_id bigint references users (id),
    foreign key (decision_id, organ, decided_on) references decisions (id, organ, decided_on)
);
create index decision_publications_newest on decision_publications (decided_on desc, decision_id desc);
create index decision_publications_organ on decision_publications (organ, decided_on desc, decision_id desc);
create index decision_publications_actor on decision_publications (actor_id) where actor_id is not null;

-- Seats in the General Assembly by kind of member and class of population: each day on which
-- a rule begins has its whole set of rows, and the newest that has begun holds. The head of
-- a municipality takes one of its seats.
create table seat_rules (
    starts_on date not null,
    kind text not null check (kind in ('full', 'national_association', 'regional_association', 'international_organization',
        'associate', 'observer', 'honorary', 'partner')),
    population_from bigint not null check (population_from >= 0),
    seats int not null check (seats between 0 and 100),
    primary key (starts_on, kind, population_from)
);
insert into seat_rules values
    ('2000-01-01', 'full', 0, 1), ('2000-01-01', 'full', 20000, 2), ('2000-01-01', 'full', 100000, 3),
    ('2000-01-01', 'full', 500000, 4), ('2000-01-01', 'full', 1000000, 5),
    ('2000-01-01', 'national_association', 0, 2), ('2000-01-01', 'regional_association', 0, 1),
    ('2000-01-01', 'international_organization', 0, 1);

-- The list of credentials of an assembly, as it was drawn up: each member with its seats, and
-- each person who may take one.
create table assembly_members (
    meeting_id bigint not null references meetings (id),
    org_id bigint not null references organisations (id),
    position int not null, -- in the list: by the names of the union's language
    kind text not null,
    population bigint, -- null: not known
    seats int not null check (seats >= 0), -- by the rule
    named int not null check (named >= 0), -- the head and the delegates
    votes int not null check (votes = least(seats, named)),
    missing int not null generated always as (greatest(seats - named, 0)) stored,
    extra int not null generated always as (greatest(named - seats, 0)) stored,
    keys text not null, -- folded names, to search in
    primary key (meeting_id, org_id)
);
create index assembly_members_order on assembly_members (meeting_id, position);
create index assembly_members_org on assembly_members (org_id);
create table assembly_lists (
    meeting_id bigint primary key references meetings (id),
    rule_on date not null, -- the day that the rule began
    drawn_at timestamptz not null,
    actor_id bigint references users (id)
);
create index assembly_lists_actor on assembly_lists (actor_id) where actor_id is not null;
create table credentials (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    meeting_id bigint not null,
    org_id bigint not null,
    person text collate "C" not null check (person ~ '^(head|delegate):[0-9]+$'), -- the row that the name is of
    rank text not null check (rank in ('head', 'delegate', 'alternate')),
    position int not null,
    name text not null check (name <> '' and length(name) <= 200),
    expired boolean not null default false, -- the term is over on the day of the assembly
    arrived_at timestamptz,
    arrived_by bigint references users (id),
    unique (meeting_id, person),
    foreign key (meeting_id, org_id) references assembly_members (meeting_id, org_id) on delete cascade,
    check (arrived_by is null or arrived_at is not null)
);
create index credentials_member on credentials (meeting_id, org_id, position);
create index credentials_arrived_by on credentials (arrived_by) where arrived_by is not null;

do $$
declare table_ text;
begin
    perform protect('organs', 'listed', 'listed', 'false');
    perform protect('organ_texts', 'organ_id in (select id from organs)', 'organ_id in (select id from organs)', 'false');
    perform protect('organ_members', 'organ in (select code from organs)', 'organ in (select code from organs)', 'false');
    perform protect('meetings', 'state = ''held''', 'state = ''held''', 'false');
    perform protect('decision_publications', 'true', 'true', 'false');
    perform protect('seat_rules', 'true', null, 'false');
    foreach table_ in array array['agenda_items', 'attendance', 'assembly_lists', 'assembly_members', 'credentials'] loop
        perform protect(table_, 'false');
    end loop;
    execute format('create policy visitor_rows on decisions for select to %I using (exists (select from decision_publications p where p.decision_id = id))', role_name('visitor'));
    execute format('create policy published_rows on decisions for select to %I using (exists (select from decision_publications p where p.decision_id = id))', role_name('member'));

    foreach table_ in array array['organs', 'organ_texts', 'organ_members', 'decision_publications', 'decisions'] loop
        perform grant_to('visitor', 'select', table_);
        perform grant_to('member', 'select', table_);
    end loop;
    perform grant_to('member', 'select', 'seat_rules');
    execute format('grant select (id, organ, state, number, year, session, zone, starts_local, starts_at) on meetings to %I, %I', role_name('visitor'), role_name('member'));
    perform grant_to('staff', 'select, insert, update', t) from unnest(array['organs', 'organ_texts', 'meetings', 'assembly_lists']) t;
    perform grant_to('staff', 'select, insert, update, delete', t)
        from unnest(array['organ_members', 'agenda_items', 'attendance', 'assembly_members', 'credentials']) t;
    perform grant_to('staff', 'select, insert, delete', 'decision_publications');
    perform grant_to('staff', 'select, insert', 'seat_rules');
    perform grant_to('engine', 'select', t) from unnest(array['organs', 'organ_texts', 'meetings']) t;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop policy visitor_rows on decisions;
drop policy published_rows on decisions;
drop table credentials, assembly_lists, assembly_members, seat_rules, decision_publications;
alter table decisions drop constraint decisions_meeting, drop constraint decisions_agenda, drop constraint decisions_organ, drop constraint decisions_shown,
    drop column in_quorum, drop column supersedes_id, drop column agenda_item_id, drop column meeting_id, drop column lang, drop column title;
drop table attendance, agenda_items, meetings, organ_members, organ_texts, organs;
-- +goose StatementEnd
