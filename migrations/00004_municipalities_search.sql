-- Search, countries, the fields of the mandate, municipalities. See docs/architecture.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

create extension if not exists pg_trgm;

-- What a search may show: one row a subject, scope and interface language. The scope says
-- who may find it: 'public', 'staff', or 'org:7' for one organisation. Texts that are
-- compared are folded (internal/fold) and stand in search_words.
create table search_documents (
    scope text collate "C" not null check (scope in ('public', 'staff') or scope = 'org:' || org_id),
    subject_id bigint not null references subjects (id) on delete cascade,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    kind text not null,
    org_id bigint not null references organisations (id),
    title text not null check (title <> ''),
    names text[] not null default '{}', -- other names it is found by
    excerpt text not null default '', -- what the list shows below the title
    reference text not null default '', -- REQ-2026-00042, gn:749780
    path text not null check (path like '/%'),
    primary key (scope, subject_id, lang)
) partition by range (scope);
create table search_documents_org partition of search_documents for values from ('org:') to ('org;');
create table search_documents_public partition of search_documents for values from ('public') to ('public!');
create table search_documents_staff partition of search_documents for values from ('staff') to ('staff!');
create index search_documents_subject on search_documents (subject_id);
create index search_documents_owner on search_documents (org_id);

-- The words by which a subject is found, all languages together, folded. class: 0 a whole
-- title, 1 another whole name, 2 a word of the title, 3 a word of another name, 4 a word of
-- the body. standing: smaller comes first (the weight, negated). Comparisons are plain
-- = and < in collation C: they are leakproof, so that the policies below keep the index.
create table search_words (
    scope text collate "C" not null,
    kind text collate "C" not null,
    word text collate "C" not null check (word <> '' and length(word) <= 120),
    class smallint not null check (class between 0 and 4),
    standing int not null,
    subject_id bigint not null references subjects (id) on delete cascade,
    primary key (scope, kind, word, class, standing, subject_id)
) partition by range (scope);
create table search_words_org partition of search_words for values from ('org:') to ('org;');
create table search_words_public partition of search_words for values from ('public') to ('public!');
create table search_words_staff partition of search_words for values from ('staff') to ('staff!');
create index search_words_subject on search_words (subject_id, word, scope);
create index search_words_names on search_words (scope, kind, standing, word, class, subject_id) where class <= 1;

-- Every word of the public side once, to mend a typing error with. It links to nothing, so
-- that everyone may read it; words of private records never enter.
create table search_dictionary (
    word text collate "C" primary key
);
create index search_dictionary_alike on search_dictionary using gin (word gin_trgm_ops);

-- Countries and territories, a list that the union edits.
create table countries (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'country' check (subject_kind = 'country'),
    code text collate "C" not null unique check (code ~ '^[A-Z][A-Z0-9-]{1,11}$'), -- in URLs and files
    iso text collate "C" unique check (iso ~ '^[A-Z]{2}$'), -- ISO 3166-1; null for a territory without one
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    calling_code text not null default '' check (calling_code ~ '^(\+[0-9 ]{1,12})?$'),
    zone text not null default 'UTC', -- of the capital
    note text not null default '' check (length(note) <= 500), -- for staff
    listed boolean not null default true, -- offered in forms and filters
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create table country_names (
    country_id bigint not null references countries (id) on delete cascade,
    lang text not null check (lang ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    name text not null check (name <> '' and length(name) <= 120),
    primary key (country_id, lang)
);

-- Provinces, states and other first divisions of a country.
create table regions (
    id bigint generated always as identity primary key,
    country_id bigint not null references countries (id),
    slug text collate "C" not null unique check (slug ~ '^[a-z0-9-]+$'),
    name text not null check (name <> '' and length(name) <= 200),
    unique (id, country_id)
);
create index regions_country on regions (country_id);

-- The fields of activity of the union's mandate, and their clauses.
create table fields (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'field' check (subject_kind = 'field'),
    code text collate "C" not null unique check (code ~ '^[a-z][a-z0-9-]{0,30}$'),
    position int not null,
    of_interest boolean not null default true, -- members may name it; the closing clause is none
    listed boolean not null default true,
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create table field_texts (
    field_id bigint not null references fields (id) on delete cascade,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    title text not null check (title <> '' and length(title) <= 120),
    summary text not null check (length(summary) <= 600),
    primary key (field_id, lang)
);
create table clauses (
    id bigint generated always as identity primary key,
    field_id bigint not null references fields (id),
    number int not null unique check (number > 0), -- as the statute counts
    listed boolean not null default true,
    version int not null default 1
);
create index clauses_field on clauses (field_id, number);
create table clause_texts (
    clause_id bigint not null references clauses (id) on delete cascade,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    text text not null check (text <> '' and length(text) <= 1000),
    primary key (clause_id, lang)
);

-- What the portal knows of an organisation that is a municipality. standing says whether
-- it is a member: 'reference' rows are places that are listed and were never members.
create table municipalities (
    id bigint primary key references organisations (id),
    org_id bigint not null check (org_id = id),
    subject_kind text not null default 'municipality' check (subject_kind = 'municipality'),
    source_id text collate "C" not null unique check (source_id <> ''),
    slug text collate "C" not null unique check (slug ~ '^[a-z0-9-]+$'),
    name text not null check (name <> '' and length(name) <= 200), -- in the place's own spelling
    standing text not null check (standing in ('active', 'suspended', 'resigned', 'expelled', 'reference')),
    successor_id bigint references municipalities (id), -- which took a former member's place
    country_id bigint not null references countries (id),
    region_id bigint not null,
    district text not null default '',
    lat double precision not null check (lat between -90 and 90),
    lon double precision not null check (lon between -180 and 180),
    population bigint check (population > 0),
    population_year int check (population_year between 1900 and 2200),
    band smallint not null generated always as (case
        when population is null then 0 when population < 20000 then 1 when population < 100000 then 2
        when population < 500000 then 3 when population < 1000000 then 4 else 5 end) stored,
    zone text not null,
    website text not null default '' check (website ~ '^(https?://[^\s<>"]+)?$' and length(website) <= 300),
    note text not null default '' check (note in ('', 'crimea', 'kosovo', 'north_cyprus', 'xinjiang')), -- a remark on the territory
    figures_at date not null, -- the day that the basic facts are of
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (region_id, country_id) references regions (id, country_id),
    unique (id, standing, country_id, region_id, band),
    check ((population is null) = (population_year is null)),
    check (successor_id is null or standing in ('resigned', 'expelled'))
);
create index municipalities_country on municipalities (country_id);
create index municipalities_population on municipalities (population desc nulls last, id); -- a map shows the largest first
create index municipalities_region on municipalities (region_id, country_id);
create index municipalities_successor on municipalities (successor_id);

-- Every name of a municipality, in the languages and scripts of the region.
create table municipality_names (
    municipality_id bigint not null references municipalities (id) on delete cascade,
    name text not null check (name <> '' and length(name) <= 200),
    lang text not null default 'und', -- BCP 47
    script text not null check (script ~ '^[A-Z][a-z]{3}$'), -- ISO 15924
    kind text not null check (kind in ('official', 'alternate', 'historical', 'exonym')),
    primary key (municipality_id, name)
);

-- The title that each interface language lists a municipality by, filled from the fallback,
-- with what lists filter by: each page of a list is one look into one of these indexes.
-- The indexes are per language because each language orders by its own collation; every
-- municipality is in all of them.
create table municipality_titles (
    municipality_id bigint not null,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    title text not null check (title <> ''),
    standing text not null,
    country_id bigint not null,
    region_id bigint not null,
    band smallint not null,
    primary key (municipality_id, lang),
    foreign key (municipality_id, standing, country_id, region_id, band)
        references municipalities (id, standing, country_id, region_id, band) on update cascade on delete cascade
);
create index municipality_titles_tr on municipality_titles (title collate "tr-x-icu", municipality_id) where lang = 'tr' and standing = 'active';
create index municipality_titles_en on municipality_titles (title collate "en-x-icu", municipality_id) where lang = 'en' and standing = 'active';
create index municipality_titles_ru on municipality_titles (title collate "ru-x-icu", municipality_id) where lang = 'ru' and standing = 'active';
create index municipality_titles_country_tr on municipality_titles (country_id, title collate "tr-x-icu", municipality_id) where lang = 'tr' and standing = 'active';
create index municipality_titles_country_en on municipality_titles (country_id, title collate "en-x-icu", municipality_id) where lang = 'en' and standing = 'active';
create index municipality_titles_country_ru on municipality_titles (country_id, title collate "ru-x-icu", municipality_id) where lang = 'ru' and standing = 'active';

-- The fields that a municipality wants to work in with others.
create table municipality_fields (
    municipality_id bigint not null references municipalities (id) on delete cascade,
    field_id bigint not null references fields (id),
    primary key (municipality_id, field_id)
);
create index municipality_fields_field on municipality_fields (field_id, municipality_id);

-- Sister cities, each tie once.
create table sister_cities (
    a_id bigint not null references municipalities (id),
    b_id bigint not null references municipalities (id),
    since int check (since between 1900 and 2200), -- the year; null where it is not known
    note text not null default '' check (length(note) <= 300),
    primary key (a_id, b_id),
    check (a_id < b_id)
);
create index sister_cities_b on sister_cities (b_id);

do $$
declare part text;
begin
    perform protect('search_documents', 'scope = any (array[''public'', ''org:'' || (select org())])', 'scope = ''public''', 'false');
    perform protect('search_words', 'scope = any (array[''public'', ''org:'' || (select org())])', 'scope = ''public''', 'false');
    -- Nobody is granted the partitions themselves; protecting them keeps it so by policy too.
    foreach part in array array['org', 'public', 'staff'] loop
        execute format('alter table search_documents_%s enable row level security', part);
        execute format('alter table search_words_%s enable row level security', part);
    end loop;
    perform protect('search_dictionary', 'true', 'true', 'false');
    perform grant_to(kind, 'select', t) from unnest(array['visitor', 'member', 'staff']) kind,
        unnest(array['search_documents', 'search_words', 'search_dictionary']) t;
    perform grant_to('engine', 'select, insert, delete', t) from unnest(array['search_documents', 'search_words']) t;
    perform grant_to('engine', 'select, insert', 'search_dictionary');

    perform protect(t, 'true', 'true', 'false') from unnest(array['countries', 'country_names', 'regions', 'fields', 'field_texts',
        'clauses', 'clause_texts', 'municipalities', 'municipality_names', 'municipality_titles', 'municipality_fields', 'sister_cities']) t;
    perform grant_to(kind, 'select', t) from unnest(array['visitor', 'member', 'staff']) kind,
        unnest(array['countries', 'country_names', 'regions', 'fields', 'field_texts', 'clauses', 'clause_texts',
            'municipalities', 'municipality_names', 'municipality_titles', 'municipality_fields', 'sister_cities']) t;
    perform grant_to('staff', 'insert, update', t) from unnest(array['countries', 'country_names', 'regions', 'fields', 'field_texts',
        'clauses', 'clause_texts', 'municipalities', 'municipality_titles']) t;
    perform grant_to('staff', 'insert, delete', t) from unnest(array['municipality_fields', 'sister_cities']) t;
    perform grant_to('staff', 'insert, update, delete', 'municipality_names');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table sister_cities, municipality_fields, municipality_titles, municipality_names, municipalities, clause_texts, clauses, field_texts, fields,
    regions, country_names, countries, search_dictionary, search_words, search_documents;
-- +goose StatementEnd
