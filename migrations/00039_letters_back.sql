-- A letter that staff put into a case is taken back for a while: its message goes, the letter
-- waits again. See docs/mail-in.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';
do $$
begin
    perform grant_to('engine', 'delete', 'messages');
    perform grant_to('engine', 'delete', 'message_orgs');
    perform grant_to('engine', 'delete', 'message_files');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
begin
    execute format('revoke delete on messages, message_orgs, message_files from %I', role_name('engine'));
end $$;
-- +goose StatementEnd
