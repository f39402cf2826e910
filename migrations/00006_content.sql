-- What the union writes: texts in several languages, events, bulletins with their articles,
-- and the site's own pages. See docs/architecture.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Translations: how far each language of a record is. There is no state: a row without a
-- live version is a draft, version > live_version is a draft beside what is live, and what
-- is not in this table is missing. source_version says which version of the source a
-- translation follows; it is outdated where the source has changed its meaning since.
create table translations (
    subject_id bigint not null,
    org_id bigint not null,
    kind text not null check (kind in ('event', 'issue', 'article', 'page', 'project')),
    lang text collate "C" not null check (lang ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    source boolean not null, -- the language that the record was written in
    slug text collate "C" not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 90),
    version int not null check (version >= 1), -- of the newest text
    source_version int not null check (source_version >= 1),
    meaning_version int not null check (meaning_version between 1 and version), -- the last that changed the meaning
    live_version int check (live_version between 1 and version), -- what readers see
    live_at timestamptz, -- when this language was first published
    publish_at timestamptz, -- when due_version shall go live
    due_version int check (due_version between 1 and version),
    primary key (subject_id, lang),
    unique (kind, slug, lang),
    foreign key (subject_id, kind, org_id) references subjects (id, kind, org_id),
    check (not source or source_version = version),
    check ((publish_at is null) = (due_version is null)),
    check (live_version is null or live_at is not null)
);
create unique index translations_one_source on translations (subject_id) where source;
create index translations_due on translations (publish_at) where publish_at is not null;
create index translations_org on translations (org_id, kind);

-- Texts: every version of every language, insert-only.
create table texts (
    subject_id bigint not null,
    lang text collate "C" not null,
    version int not null check (version >= 1),
    title text not null check (title <> '' and length(title) <= 200),
    summary text not null default '' check (length(summary) <= 600),
    body text not null default '' check (length(body) <= 60000), -- Markdown
    image_alt text not null default '' check (length(image_alt) <= 300), -- what the cover shows
    words int not null default 0 check (words >= 0), -- of the body
    small boolean not null default false, -- a fix that keeps the meaning
    actor_id bigint references users (id), -- null: the system
    at timestamptz not null default now(),
    primary key (subject_id, lang, version),
    foreign key (subject_id, lang) references translations (subject_id, lang) deferrable initially deferred
);
create index texts_actor on texts (actor_id);
alter table translations
    add foreign key (subject_id, lang, version) references texts (subject_id, lang, version) deferrable initially deferred,
    add foreign key (subject_id, lang, live_version) references texts (subject_id, lang, version) deferrable initially deferred,
    add foreign key (subject_id, lang, due_version) references texts (subject_id, lang, version) deferrable initially deferred;

-- Kinds of events are data that staff add to.
create table event_kinds (
    id bigint generated always as identity primary key,
    code text collate "C" not null unique check (code ~ '^[a-z][a-z0-9-]{0,30}$'), -- in URLs
    position int not null default 0,
    listed boolean not null default true, -- offered for new events
    version int not null default 1
);
create table event_kind_texts (
    kind_id bigint not null references event_kinds (id) on delete cascade,
    lang text not null check (lang in ('tr', 'en', 'ru')),
    title text not null check (title <> '' and length(title) <= 80),
    primary key (kind_id, lang)
);

-- Events. What will happen at a place keeps the clock of that place; the instants follow
-- from it, and are computed again when a country changes its zone and the row is touched.
create table events (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'event' check (subject_kind = 'event'),
    kind_id bigint not null references event_kinds (id),
    state text not null check (state in ('proposed', 'approved', 'published', 'held', 'cancelled')),
    seq int not null,
    published_at timestamptz not null default 'infinity', -- when the public first saw it; infinity: it does not
    mode text not null check (mode in ('in_person', 'online', 'hybrid')),
    country_id bigint references countries (id),
    city_id bigint references municipalities (id), -- where it is a place of the register
    city text not null default '' check (length(city) <= 120), -- where it is not
    venue text not null default '' check (length(venue) <= 200),
    online_url text not null default '' check (online_url ~ '^(https://[^\s<>"]+)?$' and length(online_url) <= 480),
    zone text not null check (zone <> ''),
    all_day boolean not null default false,
    starts_local timestamp not null,
    ends_local timestamp not null,
    starts_at timestamptz not null generated always as (starts_local at time zone zone) stored,
    ends_at timestamptz not null generated always as (ends_local at time zone zone) stored,
    organiser text not null default '' check (length(organiser) <= 200),
    spoken text[] not null default '{}', -- languages spoken there, BCP 47
    moved_from timestamptz, -- when it was to begin before it was moved, once the public knew
    version int not null default 1,
    updated_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check (starts_local < ends_local and ends_local < starts_local + interval '400 days'),
    check (starts_local between timestamp '2000-01-01' and timestamp '2200-01-01'),
    check ((mode = 'online') = (country_id is null)),
    check (mode <> 'online' or (city_id is null and city = '' and venue = '')),
    check (published_at = 'infinity' or state in ('published', 'held', 'cancelled')),
    check (mode = 'online' or city_id is not null or city <> ''),
    check (city_id is null or city = '')
);
create index events_moves on events (id, seq, state);
create index events_city on events (city_id, starts_at, id);
create index events_time on events (starts_at, id) where published_at < 'infinity';
create index events_country on events (country_id, starts_at, id);
create index events_kind on events (kind_id, starts_at, id);
create index events_span on events using gist (tstzrange(starts_at, ends_at)) where published_at < 'infinity';
create index events_desk on events (starts_at desc, id desc);

-- Bulletins: an issue and its articles. published_at is when the first language went live,
-- infinity before; lists order by it.
create table issues (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'issue' check (subject_kind = 'issue'),
    number int not null unique check (number > 0),
    issued_on date not null, -- the day that the issue carries
    published_at timestamptz not null default 'infinity',
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index issues_list on issues (issued_on desc, id desc);
create table articles (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'article' check (subject_kind = 'article'),
    issue_id bigint not null references issues (id),
    position int not null check (position > 0), -- within the issue
    published_at timestamptz not null default 'infinity',
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index articles_issue on articles (issue_id, position, id);
create index articles_latest on articles (published_at desc, id desc);
create table article_contributors (
    article_id bigint not null references articles (id) on delete cascade,
    position int not null,
    role text not null check (role in ('text', 'photo', 'translation', 'editing')),
    name text not null check (name <> '' and length(name) <= 200),
    primary key (article_id, position)
);

-- The site's own pages. Their addresses are the same in every language.
create table site_pages (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'page' check (subject_kind = 'page'),
    code text collate "C" not null unique check (code in ('about', 'statute', 'organs', 'contact', 'press', 'privacy', 'accessibility')),
    version int not null default 1,
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);

do $$
declare
    live text := 'live_version is not null';
    live_text text := 'exists (select from translations t where t.subject_id = texts.subject_id and t.lang = texts.lang and t.live_version = texts.version)';
begin
    perform protect('translations', live, live, 'false');
    perform protect('texts', live_text, live_text, 'false');
    perform protect(t, 'published_at < ''infinity''', 'published_at < ''infinity''', 'false') from unnest(array['events', 'articles']) t;
    perform protect(t, 'true', 'true', 'false') from unnest(array['event_kinds', 'event_kind_texts', 'site_pages', 'issues']) t; -- an issue's number and day are no secret
    perform protect('article_contributors', 'exists (select from articles a where a.id = article_id)',
        'exists (select from articles a where a.id = article_id)', 'false');
    perform grant_to(kind, 'select', t) from unnest(array['visitor', 'member', 'staff']) kind,
        unnest(array['translations', 'texts', 'event_kinds', 'event_kind_texts', 'events', 'issues', 'articles', 'article_contributors', 'site_pages']) t;
    perform grant_to('staff', 'insert, update', t) from unnest(array['translations', 'event_kinds', 'event_kind_texts', 'events', 'issues', 'articles']) t;
    perform grant_to('staff', 'insert', 'texts');
    perform grant_to('staff', 'insert, delete', 'article_contributors');
    perform grant_to('staff', 'update', 'site_pages');
end $$;

insert into event_kinds (code, position) values
    ('training', 1), ('forum', 2), ('webinar', 3), ('seminar', 4), ('study-visit', 5),
    ('festival', 6), ('sports', 7), ('exhibition', 8), ('assembly', 9);
insert into event_kind_texts (kind_id, lang, title)
select k.id, v.lang, v.title from event_kinds k join (values
    ('training', 'tr', 'Eğitim'), ('training', 'en', 'Training'), ('training', 'ru', 'Обучение'),
    ('forum', 'tr', 'Forum'), ('forum', 'en', 'Forum'), ('forum', 'ru', 'Форум'),
    ('webinar', 'tr', 'Web semineri'), ('webinar', 'en', 'Webinar'), ('webinar', 'ru', 'Вебинар'),
    ('seminar', 'tr', 'Seminer'), ('seminar', 'en', 'Seminar'), ('seminar', 'ru', 'Семинар'),
    ('study-visit', 'tr', 'Çalışma ziyareti'), ('study-visit', 'en', 'Study visit'), ('study-visit', 'ru', 'Ознакомительный визит'),
    ('festival', 'tr', 'Şenlik'), ('festival', 'en', 'Festival'), ('festival', 'ru', 'Фестиваль'),
    ('sports', 'tr', 'Spor'), ('sports', 'en', 'Sports'), ('sports', 'ru', 'Спорт'),
    ('exhibition', 'tr', 'Sergi'), ('exhibition', 'en', 'Exhibition'), ('exhibition', 'ru', 'Выставка'),
    ('assembly', 'tr', 'Kurul toplantısı'), ('assembly', 'en', 'Assembly'), ('assembly', 'ru', 'Заседание')
) v (code, lang, title) on v.code = k.code;

-- The pages exist from the start; their texts are written in the portal.
with s as (
    insert into subjects (kind, org_id, public_id)
    select 'page', union_id(), rpad('page' || code, 26, 'a') -- public pages: nothing to hide in the id
    from unnest(array['about', 'statute', 'organs', 'contact', 'press', 'privacy', 'accessibility']) code
    returning id, org_id, public_id
)
insert into site_pages (id, org_id, code) select id, org_id, rtrim(substr(public_id, 5), 'a') from s;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table site_pages, article_contributors, articles, issues, events, event_kind_texts, event_kinds cascade;
drop table texts, translations cascade;
-- +goose StatementEnd
