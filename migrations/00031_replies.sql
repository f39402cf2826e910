-- Templates of what the desk writes to cities.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

create table reply_templates (
    id bigint primary key,
    org_id bigint not null, -- the union
    subject_kind text not null default 'reply_template' check (subject_kind = 'reply_template'),
    office text collate "C" references offices (code), -- null: for every office
    title text not null check (title <> '' and length(title) <= 120), -- for staff
    texts jsonb not null default '{}' check (jsonb_typeof(texts) = 'object'), -- by language
    version int not null default 1,
    retired_at timestamptz,
    created_by bigint references users (id), -- null: came with the portal
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id)
);
create index reply_templates_title on reply_templates (title collate "tr-x-icu", id);
create index reply_templates_office on reply_templates (office) where office is not null;
create index reply_templates_created_by on reply_templates (created_by) where created_by is not null;

do $$
begin
    perform protect('reply_templates', 'false');
    perform grant_to('staff', 'select, insert, update', 'reply_templates');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop table reply_templates;
delete from subjects where kind = 'reply_template';
-- +goose StatementEnd
