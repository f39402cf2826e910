-- Files of records, the uploads that they come from, and the forms that people answer.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- What the store holds, once a content. The row is touched before its bytes are written;
-- the sweep takes rows that nothing points at only a day after their last touch, and holds
-- the row while it removes the bytes.
create table blobs (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint not null check (size > 0),
    touched_at timestamptz not null default now()
);
create index blobs_touched on blobs (touched_at);

-- Pictures made from a picture: smaller, and without the place where it was taken.
create table blob_images (
    original text not null references blobs (sha256) on delete cascade,
    purpose text not null check (purpose in ('web', 'thumb')),
    sha256 text not null references blobs (sha256),
    mime text not null check (mime in ('image/jpeg', 'image/png')),
    width int not null check (width > 0),
    height int not null check (height > 0),
    primary key (original, purpose)
);
create index blob_images_sha256 on blob_images (sha256);

-- Uploads on their way, bound to one person acting for one organisation. They end as a
-- document, or they expire. document_id is null again when that document was removed.
create table uploads (
    id text primary key check (id ~ '^[a-z2-7]{26}$'),
    user_id bigint references users (id), -- null: the system
    org_id bigint not null references organisations (id), -- acted for
    name text not null check (name <> '' and length(name) <= 200),
    size bigint not null check (size >= 0),
    received bigint not null default 0,
    state text not null default 'open' check (state in ('open', 'ready', 'refused', 'used')),
    problem text not null default '', -- message key of why it was refused
    sha256 text references blobs (sha256),
    mime text not null default '',
    scanned boolean not null default false, -- a virus scanner looked at it and found nothing
    document_id bigint, -- what it became
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    check (received between 0 and size),
    check ((state = 'refused') = (problem <> '')),
    check ((state in ('ready', 'used')) = (sha256 is not null)),
    check ((state in ('ready', 'used')) = (mime <> ''))
);
create index uploads_user on uploads (user_id, org_id);
create index uploads_org on uploads (org_id);
create index uploads_sha256 on uploads (sha256);
create index uploads_expires on uploads (expires_at);

-- The pieces of an upload in the order of their offsets; no two writers store one offset.
create table upload_pieces (
    upload_id text not null references uploads (id) on delete cascade,
    start bigint not null check (start >= 0),
    size bigint not null check (size > 0),
    place text not null unique, -- where the store keeps the piece
    primary key (upload_id, start)
);

-- Documents: files of exactly one record.
create table documents (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    subject_id bigint not null,
    org_id bigint not null,
    sort text not null check (sort ~ '^[a-z][a-z0-9_.]*$'), -- what it is for: "feasibility", "photo"
    audience text not null check (audience in ('org', 'staff', 'public')),
    actor_id bigint references users (id), -- null: the system
    created_at timestamptz not null default now(),
    retain_until timestamptz not null default '-infinity',
    legal_hold boolean not null default false,
    foreign key (subject_id, org_id) references subjects (id, org_id)
);
create index documents_subject on documents (subject_id, sort, id);
create index documents_org on documents (org_id);
create index documents_actor on documents (actor_id);
alter table uploads add constraint uploads_document foreign key (document_id) references documents (id) on delete set null;
create index uploads_document on uploads (document_id) where document_id is not null;

-- The contents of a document, newest last.
create table document_versions (
    document_id bigint not null references documents (id) on delete cascade,
    n int not null check (n >= 1),
    sha256 text not null references blobs (sha256),
    name text not null check (name <> '' and length(name) <= 200),
    mime text not null,
    size bigint not null check (size > 0),
    scanned boolean not null,
    at timestamptz not null default now(),
    primary key (document_id, n)
);
create index document_versions_sha256 on document_versions (sha256);

-- Published questions. A version never changes; texts stand in every language of its day.
create table form_versions (
    form text not null check (form <> ''),
    version int not null check (version >= 1),
    definition jsonb not null,
    digest text not null, -- of the whole definition, so that the same is not published twice
    published_at timestamptz not null default now(),
    primary key (form, version)
);

-- Answers of one record to one form. version grows with each save; field_versions says at
-- which version each answer last changed. What was submitted never changes again;
-- reopening copies to n + 1.
create table submissions (
    id bigint generated always as identity primary key,
    subject_id bigint not null,
    org_id bigint not null,
    part text not null check (part <> ''),
    n int not null check (n >= 1),
    form text not null,
    form_version int not null,
    data jsonb not null default '{}',
    field_versions jsonb not null default '{}',
    seen text[] not null default '{}', -- keys of the pages that were saved at least once
    version int not null default 1,
    created_at timestamptz not null default now(),
    saved_at timestamptz, -- null: nothing was saved yet
    submitted_at timestamptz,
    digest text,
    unique (subject_id, part, n),
    foreign key (subject_id, org_id) references subjects (id, org_id),
    foreign key (form, form_version) references form_versions (form, version),
    check ((submitted_at is null) = (digest is null))
);
create unique index submissions_open on submissions (subject_id, part) where submitted_at is null;
create index submissions_org on submissions (org_id);
create index submissions_form on submissions (form, form_version);

-- Who changed which answer in which version: a digest of the answer, so that a writer who
-- started from an older version is told apart from one who never touched the field.
create table submission_edits (
    submission_id bigint not null references submissions (id) on delete cascade,
    field text not null,
    version int not null,
    digest text not null,
    actor_id bigint references users (id),
    at timestamptz not null default now(),
    primary key (submission_id, field, version)
);
create index submission_edits_actor on submission_edits (actor_id);

-- Records and files that answers point at.
create table submission_refs (
    submission_id bigint not null references submissions (id) on delete cascade,
    field text not null,
    position int not null check (position >= 1),
    subject_id bigint references subjects (id),
    document_id bigint references documents (id),
    primary key (submission_id, field, position),
    check (num_nonnulls(subject_id, document_id) = 1)
);
create index submission_refs_subject on submission_refs (subject_id) where subject_id is not null;
create index submission_refs_document on submission_refs (document_id) where document_id is not null;

-- Posts that met an expired session, until their writer has signed in again. The browser
-- holds the token, we its hash; the first who signs in with it becomes the only reader.
create table kept_posts (
    token_hash text primary key,
    path text not null check (length(path) <= 500),
    body jsonb not null,
    user_id bigint references users (id) on delete cascade,
    expires_at timestamptz not null
);
create index kept_posts_user on kept_posts (user_id);
create index kept_posts_expires on kept_posts (expires_at);

do $$
declare table_ text;
begin
    perform protect('documents', $p$audience <> 'staff' and org_id = (select org()) or audience = 'public'$p$,
        $p$audience = 'public'$p$);
    perform protect('document_versions', 'exists (select from documents d where d.id = document_id)',
        'exists (select from documents d where d.id = document_id)');
    perform protect('blob_images', 'true', 'true');
    perform protect('form_versions', 'true');
    perform protect('submissions', 'org_id = (select org())');
    perform protect('submission_edits', 'exists (select from submissions s where s.id = submission_id)');
    perform protect('submission_refs', 'exists (select from submissions s where s.id = submission_id)');
    foreach table_ in array array['blobs', 'uploads', 'upload_pieces'] loop
        execute format('alter table %I enable row level security', table_);
        execute format('create policy engine_rows on %I to %I using (true) with check (true)', table_, role_name('engine'));
        perform grant_to('engine', 'select, insert, update, delete', table_);
    end loop;
    alter table kept_posts enable row level security; -- only the owner reads and writes them

    -- Whoever it is: what was submitted stays as it was.
    create policy submitted_stays on submissions as restrictive for update
        using (submitted_at is null) with check (true);
    create policy submitted_refs_stay on submission_refs as restrictive for delete
        using (exists (select from submissions s where s.id = submission_id and s.submitted_at is null));
    create policy submitted_refs_end on submission_refs as restrictive for insert
        with check (exists (select from submissions s where s.id = submission_id and s.submitted_at is null));

    foreach table_ in array array['documents', 'document_versions', 'blob_images'] loop
        perform grant_to('visitor', 'select', table_);
        perform grant_to('member', 'select', table_);
        perform grant_to('staff', 'select', table_);
        perform grant_to('engine', 'select, insert, delete', table_);
    end loop;
    perform grant_to('engine', 'update (audience)', 'documents');
    foreach table_ in array array['submissions', 'submission_edits', 'submission_refs'] loop
        perform grant_to('member', 'select, insert', table_);
        perform grant_to('staff', 'select, insert', table_);
    end loop;
    foreach table_ in array array['member', 'staff'] loop
        perform grant_to(table_, 'select', 'form_versions');
        perform grant_to(table_, 'update (form_version, data, field_versions, seen, version, saved_at, submitted_at, digest)', 'submissions');
        perform grant_to(table_, 'delete', 'submission_refs');
        perform grant_to(table_, 'delete', 'submission_edits');
    end loop;
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table kept_posts, submission_refs, submission_edits, submissions, form_versions;
drop table document_versions, documents, upload_pieces, uploads, blob_images, blobs;
-- +goose StatementEnd
