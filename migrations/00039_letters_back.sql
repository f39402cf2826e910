-- A letter that staff put into a case is taken back for a while: its message stays among
-- staff, the city no longer reads it, and the letter can be added once more. See docs/mail-in.md.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';
alter table messages drop constraint messages_mail;
create index messages_mail on messages (mail_id) where mail_id is not null;
do $$
begin
    perform grant_to('engine', 'delete', 'message_orgs');
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
do $$
begin
    execute format('revoke delete on message_orgs from %I', role_name('engine'));
end $$;
drop index messages_mail;
update messages m set mail_id = null, sender = '' where mail_id is not null and exists (select from messages x where x.mail_id = m.mail_id and x.id > m.id);
alter table messages add constraint messages_mail unique (mail_id);
-- +goose StatementEnd
