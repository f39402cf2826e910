-- Dues that were owed before the portal kept them: taken over, not assessed under any rules.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table dues_assessments alter column rules_id drop not null;
alter table dues_assessments add column source text not null default 'assessed' check (source in ('assessed', 'taken_over'));
alter table dues_assessments add constraint dues_assessments_rules check ((source = 'assessed') = (rules_id is not null));

drop trigger dues_assessments_frozen on dues_assessments;
create trigger dues_assessments_frozen before update of org_id, year, reference, rules_id, amount, currency, base_amount, base_currency,
    inputs, explanation, due_on, issued_at, source on dues_assessments for each row execute function dues_frozen();
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
delete from dues_assessments where source = 'taken_over';
drop trigger dues_assessments_frozen on dues_assessments;
alter table dues_assessments drop constraint dues_assessments_rules, drop column source, alter column rules_id set not null;
create trigger dues_assessments_frozen before update of org_id, year, reference, rules_id, amount, currency, base_amount, base_currency,
    inputs, explanation, due_on, issued_at on dues_assessments for each row execute function dues_frozen();
-- +goose StatementEnd
