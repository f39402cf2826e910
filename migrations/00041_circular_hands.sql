-- Who had a hand in a circular cannot approve it: whoever wrote its text, attached its files
-- or chose its recipients, not only who did so last.

-- +goose Up
alter table circulars add column hands bigint[] not null default '{}'; -- users
update circulars c set hands = array(
    select distinct x.id from (select c.created_by union select c.edited_by union select t.actor_id from circular_texts t where t.circular_id = c.id) x (id) order by x.id);
-- What waits to be issued and was approved by one of them has to be approved again; what went
-- out stays as it is.
update circulars set state = 'draft', approved_by = null, version = version + 1 where state = 'approved' and approved_by = any (hands);
update circulars set hands = array_remove(hands, approved_by) where approved_by is not null;
alter table circulars add constraint circulars_other_hands check (approved_by is null or approved_by <> all (hands));

-- +goose Down
alter table circulars drop column hands;
