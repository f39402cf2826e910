-- The register of members is read by name.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';
create index organisations_name on organisations (name collate "und-x-icu", id);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop index organisations_name;
-- +goose StatementEnd
