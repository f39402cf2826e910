-- Who consented to what: staff who write to people ask this, and see nothing more of it.

-- +goose Up
-- +goose StatementBegin
create function consented(user_id_ bigint, purpose_ text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select given from consents where user_id = user_id_ and purpose = purpose_ order by id desc limit 1), false)
$$;
revoke execute on function consented from public;
do $$
begin
    execute format('grant execute on function consented to %I', role_name('staff'));
end $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop function consented;
-- +goose StatementEnd
