-- The last mile of membership: who never asked for news is told apart from who left it,
-- members that are no municipality have a public page, and two consents that nothing reads
-- are closed.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

alter table mailing_recipients drop constraint mailing_recipients_state_check;
alter table mailing_recipients add constraint mailing_recipients_state_check
    check (state in ('waiting', 'claimed', 'sent', 'refused', 'unsure', 'unsubscribed', 'unasked', 'invalid', 'cancelled')) not valid;

-- Whether a person ever chose about a purpose: staff who write to people ask this, and see
-- nothing more of it.
create function consent_asked(user_id_ bigint, purpose_ text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from consents where user_id = user_id_ and purpose = purpose_)
$$;
revoke execute on function consent_asked from public;
do $$
begin
    execute format('grant execute on function consent_asked to %I', role_name('staff'));
end $$;

-- Where an organisation that is no municipality has its seat; null: in none of the union's
-- countries, or nobody said.
alter table organisations add column country_id bigint references countries (id);
create index organisations_country on organisations (country_id) where country_id is not null;
update organisations o set country_id = a.country_id from applications a
    where a.place_id = o.id and o.subject_kind = 'organisation' and a.state = 'admitted' and a.country_id is not null;

-- Members of today are found by everybody, and lead to their public page.
update search_documents d set scope = 'public', path = replace(d.path, '/desk/members/', '/members/')
    from memberships m where m.org_id = d.subject_id and m.standing in ('active', 'suspended') and d.kind = 'organisation' and d.scope = 'staff';
update search_words w set scope = 'public'
    from memberships m where m.org_id = w.subject_id and m.standing in ('active', 'suspended') and w.kind = 'organisation' and w.scope = 'staff';

-- The notice that came with the program says no more what nobody is asked; a union that
-- published one of its own speaks for itself.
insert into privacy_notices (number, texts, changes)
select n.number + 1, jsonb_build_object(
        'tr', replace(n.texts ->> 'tr', 'Bülten, adınızın açıkça gösterilmesi ve etkinlik fotoğrafları için ayrı ayrı rıza isteriz. Hiçbiri üyelik için şart değildir. Hesabınızdaki *Verilerim* sayfasından verir, aynı yerden aynı kolaylıkla geri alırsınız.',
            'Yalnız bülten için rıza isteriz; üyelik için şart değildir. Hesabınızdaki *Verilerim* sayfasından verir, aynı yerden aynı kolaylıkla geri alırsınız.'),
        'en', replace(n.texts ->> 'en', 'The newsletter, showing your name in public, and photographs at events each have a consent of their own. None is a condition of membership. You give them on *My account → My data* and withdraw them in the same place, just as easily.',
            'Only the newsletter depends on your consent. It is no condition of membership. You give it on *My account → My data* and withdraw it in the same place, just as easily.'),
        'ru', replace(n.texts ->> 'ru', 'На рассылку новостей, показ вашего имени и фотографии на мероприятиях нужны отдельные согласия. Ни одно не является условием членства. Вы даёте их на странице *Моя учётная запись → Персональные данные* и там же так же легко отзываете.',
            'Согласие нужно только на рассылку новостей. Оно не является условием членства. Вы даёте его на странице *Моя учётная запись → Персональные данные* и там же так же легко отзываете.')),
    jsonb_build_object(
        'tr', 'Adın gösterilmesi ve fotoğraflar için artık rıza istenmez: portal ikisini de yapmıyor.',
        'en', 'Consent to showing names and to photographs is asked no more: the portal does neither.',
        'ru', 'Согласие на показ имени и на фотографии больше не спрашивается: портал не делает ни того, ни другого.')
from privacy_notices n
where n.number = (select max(number) from privacy_notices) and n.actor_id is null
    and n.texts ->> 'en' like '%showing your name in public, and photographs at events%';

-- Nothing ever read these two; who gave them is not left with a word that holds nothing.
insert into consents (user_id, purpose, given, notice)
select c.user_id, c.purpose, false, (select max(number) from privacy_notices)
from (select distinct on (user_id, purpose) user_id, purpose, given from consents where purpose in ('contact', 'photos')
    order by user_id, purpose, id desc) c
where c.given;
-- +goose StatementEnd

-- +goose StatementBegin
alter table mailing_recipients validate constraint mailing_recipients_state_check;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
update search_words w set scope = 'staff' where w.kind = 'organisation' and w.scope = 'public';
update search_documents d set scope = 'staff', path = replace(d.path, '/members/', '/desk/members/') where d.kind = 'organisation' and d.scope = 'public';
alter table organisations drop column country_id;
drop function consent_asked;
update mailing_recipients set state = 'unsubscribed' where state = 'unasked';
alter table mailing_recipients drop constraint mailing_recipients_state_check;
alter table mailing_recipients add constraint mailing_recipients_state_check
    check (state in ('waiting', 'claimed', 'sent', 'refused', 'unsure', 'unsubscribed', 'invalid', 'cancelled'));
-- +goose StatementEnd
