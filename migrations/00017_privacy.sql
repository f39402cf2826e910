-- Personal data: the versions of the privacy notice and who has read which, consents,
-- exports of one's own data, requests to be forgotten.

-- +goose Up
-- +goose StatementBegin
set local lock_timeout = '5s';

-- Each version in every language of the interface; never changed, because consents name
-- the version that was read. {union}, {email} and {address} stand for the settings.
create table privacy_notices (
    number int primary key check (number >= 1),
    texts jsonb not null check (jsonb_typeof(texts) = 'object'), -- language → Markdown
    changes jsonb not null check (jsonb_typeof(changes) = 'object'), -- language → what is new in it
    actor_id bigint references users (id), -- null: came with the program
    published_at timestamptz not null default now()
);
create index privacy_notices_actor on privacy_notices (actor_id) where actor_id is not null;

create table privacy_readings (
    user_id bigint not null references users (id),
    notice int not null references privacy_notices (number),
    read_at timestamptz not null default now(),
    primary key (user_id, notice)
);
create index privacy_readings_notice on privacy_readings (notice);

-- The last row of a person and purpose is what holds.
create table consents (
    id bigint generated always as identity primary key,
    user_id bigint not null references users (id),
    purpose text not null check (purpose ~ '^[a-z_]{1,40}$'), -- see internal/privacy
    given boolean not null,
    notice int not null references privacy_notices (number), -- in force when they chose
    at timestamptz not null default now()
);
create index consents_user on consents (user_id, purpose, id desc);
create index consents_notice on consents (notice);

create function privacy_unchanged() returns trigger language plpgsql as $$
begin
    raise exception 'notices, readings and consents are only ever added';
end $$;
create trigger privacy_notices_unchanged before update or delete on privacy_notices for each statement execute function privacy_unchanged();
create trigger privacy_readings_unchanged before update or delete on privacy_readings for each statement execute function privacy_unchanged();
create trigger consents_unchanged before update or delete on consents for each statement execute function privacy_unchanged();

-- One archive of a person's data. The file lies in the store under its public id.
create table data_exports (
    id bigint generated always as identity primary key,
    public_id text not null unique check (public_id ~ '^[a-z2-7]{26}$'),
    user_id bigint not null references users (id),
    state text not null default 'making' check (state in ('making', 'ready', 'failed', 'expired')),
    total int not null default 0,
    done int not null default 0,
    size bigint not null default 0,
    asked_at timestamptz not null,
    ready_at timestamptz,
    expires_at timestamptz,
    fetched_at timestamptz, -- last download
    check ((ready_at is null) = (expires_at is null)),
    check (state not in ('ready', 'expired') or ready_at is not null)
);
create unique index data_exports_making on data_exports (user_id) where state = 'making';
create index data_exports_user on data_exports (user_id, id desc);
create index data_exports_expires on data_exports (expires_at) where state = 'ready';

-- A request to be forgotten is a record of the union: its file stays when the person's data go.
create table erasures (
    id bigint primary key,
    org_id bigint not null,
    subject_kind text not null default 'erasure' check (subject_kind = 'erasure'),
    user_id bigint not null references users (id),
    state text not null check (state in ('open', 'withdrawn', 'refused', 'done')),
    seq int not null,
    reason text not null default '' check (length(reason) <= 2000), -- the person's own words
    asked_at timestamptz not null,
    due_at timestamptz not null, -- KVKK art. 13: thirty days at the latest
    closed_at timestamptz,
    answer text not null default '' check (length(answer) <= 2000), -- why it was refused
    ground text not null default '' check (ground in ('', 'law', 'duty', 'claims', 'identity')),
    warned_at timestamptz, -- when staff were told that it is late
    code text unique check (code ~ '^[2-9A-HJ-NP-Z]{4}$'), -- what the person is called afterwards
    foreign key (id, subject_kind, org_id) references subjects (id, kind, org_id),
    foreign key (id, seq, state) references moves (subject_id, seq, to_state),
    check ((closed_at is null) = (state = 'open')),
    check ((state = 'refused') = (answer <> '')),
    check ((state = 'refused') = (ground <> '')),
    check ((state = 'done') = (code is not null))
);
create unique index erasures_open_one on erasures (user_id) where state = 'open';
create index erasures_user on erasures (user_id, id desc);
create index erasures_org on erasures (org_id);
create index erasures_due on erasures (due_at, id) where state = 'open';
create index erasures_closed on erasures (closed_at desc, id desc) where state <> 'open';

-- When a person's data were erased; the name is then "former user …".
alter table users
    add column erased_at timestamptz,
    add constraint users_erased check (erased_at is null or not active and password_hash = '');

-- A draft of an application that nobody sends is deleted after 90 days, announced before.
alter table applications add column warned_at timestamptz;
create index applications_unsent on applications (created_at) where submitted_at is null;

do $$
declare table_ text;
begin
    perform protect('privacy_notices', 'true', 'true', 'false');
    perform grant_to('visitor', 'select', 'privacy_notices');
    perform grant_to('member', 'select', 'privacy_notices');
    perform grant_to('staff', 'select, insert', 'privacy_notices');
    perform protect('erasures', 'false');
    perform grant_to('staff', 'select, update', 'erasures');
    foreach table_ in array array['privacy_readings', 'consents', 'data_exports'] loop
        execute format('alter table %I enable row level security', table_); -- no policy: the owner alone
    end loop;
end $$;

insert into privacy_notices (number, texts, changes) values (1, jsonb_build_object(
    'tr', $notice$Bu portalda sizinle ilgili neleri, neden ve ne kadar süre sakladığımızı anlatıyoruz. Verilerinizi satmıyor, reklam için kullanmıyor, davranışınızı izlemiyoruz.

## Veri sorumlusu

{union}. {address}

Kişisel verilerinizle ilgili her konuda: {email}

## Neyi, neden saklıyoruz

- **Adınız, e-posta adresiniz, diliniz, saat diliminiz**. Hesabınızı açmak, size yazmak.\
  Hukuki dayanak: Sözleşmenin ve üyeliğin yürütülmesi (KVKK m. 5/2-c; GDPR m. 6/1-b). Süre: hesabınız silinene kadar.
- **Parolanızın özeti, ikinci adım, geçiş anahtarları**. Hesabınızı korumak.\
  Hukuki dayanak: Veri güvenliği yükümlülüğü (KVKK m. 12; GDPR m. 6/1-c). Süre: hesabınız silinene kadar.
- **Oturumlar ve giriş denemeleri: zaman, cihaz, ağ**. Kötüye kullanımı fark etmek.\
  Hukuki dayanak: Meşru menfaat (KVKK m. 5/2-f; GDPR m. 6/1-f). Süre: oturum en çok 12 saat; denemeler 180 gün.
- **Bir belediye adına yetkileriniz**. Kimin kimin adına işlem yaptığını bilmek.\
  Hukuki dayanak: Üyeliğin yürütülmesi (KVKK m. 5/2-c; GDPR m. 6/1-b). Süre: kurumun kaydı durdukça; silme sonrası adsız.
- **Yazdığınız başvurular, mesajlar, yüklediğiniz dosyalar**. Başvuruyu karara bağlamak.\
  Hukuki dayanak: Üyeliğin yürütülmesi, hukuki yükümlülük (KVKK m. 5/2-c, ç; GDPR m. 6/1-b, c). Süre: kaydın kendisi durdukça.
- **Gönderilmemiş üyelik başvurusu**. Taslağınızı size geri vermek.\
  Hukuki dayanak: Talebinizin hazırlığı (KVKK m. 5/2-c; GDPR m. 6/1-b). Süre: 90 gün; 14 gün önce haber veririz.
- **İşlem kayıtları: kim, ne zaman, ne yaptı**. Kararların denetlenebilmesi.\
  Hukuki dayanak: Hukuki yükümlülük, meşru menfaat (KVKK m. 5/2-ç, f; GDPR m. 6/1-c, f). Süre: süresiz; silme sonrası adsız.
- **Sunucu günlüğü: istek, ağ adresi**. Güvenlik, arıza bulma.\
  Hukuki dayanak: Meşru menfaat (KVKK m. 5/2-f; GDPR m. 6/1-f). Süre: en çok 90 gün.
- **Tercihleriniz ve rızalarınız**. İsteğinize uymak, kanıtlamak.\
  Hukuki dayanak: Açık rıza (KVKK m. 5/1; GDPR m. 6/1-a). Süre: tercihler hesapla birlikte silinir; rıza geçmişi adsız kalır.

## Rızaya bağlı olanlar

Bülten, adınızın açıkça gösterilmesi ve etkinlik fotoğrafları için ayrı ayrı rıza isteriz. Hiçbiri üyelik için şart değildir. Hesabınızdaki *Verilerim* sayfasından verir, aynı yerden aynı kolaylıkla geri alırsınız. Geri almanız, o ana kadar yapılanı hukuka aykırı kılmaz.

## Kimler görür

Adına işlem yaptığınız kurumun yetkilileri, görevi gereği birlik çalışanları ve denetçiler. Kararlar ve etkinlikler gibi kamuya açık sayfalarda yalnızca görev gereği açık olan adlar bulunur. Barındırma ve e-posta hizmeti verenler verileri bizim adımıza, talimatımızla işler. Kanunun zorunlu kıldığı hâller dışında kimseye vermeyiz.

Üyelerimiz birçok ülkededir. Bir başvuruyla ilgili yazışma, o başvurunun tarafı olan ülkedeki kuruma da ulaşabilir; başka bir aktarım yapılmaz.

## Çerezler

Yalnızca gerekenler: oturumunuz, yarım kalan işlemleriniz ve görünüm tercihiniz. İzleme çerezi yoktur.

## Haklarınız

Verilerinizin işlenip işlenmediğini öğrenebilir, bir kopyasını alabilir, yanlışı düzelttirebilir, silinmesini isteyebilir, işlemeye itiraz edebilir, zarara uğradıysanız giderilmesini isteyebilirsiniz (KVKK m. 11; GDPR m. 15–22). Kopyayı ve silme talebini *Hesabım → Verilerim* sayfasından kendiniz başlatırsınız. En geç 30 gün içinde yanıtlarız.

Silindikten sonra kararlarda ve işlem kayıtlarında adınızın yerinde "eski kullanıcı" ve bir kod durur.

## Şikâyet

Önce bize yazın: {email}. Yanıtımız sizi tatmin etmezse, öğrendiğiniz günden başlayarak 30 gün, her hâlde başvurunuzdan başlayarak 60 gün içinde [Kişisel Verileri Koruma Kuruluna](https://www.kvkk.gov.tr/) şikâyette bulunabilirsiniz. Avrupa Birliği'nde yaşıyorsanız ülkenizin denetim makamına başvurabilirsiniz.

## Değişiklikler

Her yeni metnin bir numarası ve tarihi vardır. Eskileri okunur durumda kalır; hesabı olanlara bir kez haber verilir.$notice$,
    'en', $notice$This is what we keep about you in this portal, why, and for how long. We sell nothing, show no advertising and do not follow you around.

## Who is responsible

{union}. {address}

For everything about your personal data: {email}

## What we keep, and why

- **Your name, e-mail address, language, time zone**. Your account, and writing to you.\
  Legal ground: Carrying out the membership (GDPR Art. 6(1)(b); KVKK Art. 5(2)(c)). How long: until your account is erased.
- **A digest of your password, second step, passkeys**. Protecting your account.\
  Legal ground: Duty of data security (GDPR Art. 6(1)(c); KVKK Art. 12). How long: until your account is erased.
- **Sessions and attempts to sign in: time, device, network**. Noticing misuse.\
  Legal ground: Legitimate interest (GDPR Art. 6(1)(f); KVKK Art. 5(2)(f)). How long: a session 12 hours at most; attempts 180 days.
- **For whom you may act**. Knowing who acted for whom.\
  Legal ground: Carrying out the membership (GDPR Art. 6(1)(b); KVKK Art. 5(2)(c)). How long: as long as the organisation's record; without your name after erasure.
- **Requests and messages you wrote, files you brought**. Deciding on a request.\
  Legal ground: Membership, legal duty (GDPR Art. 6(1)(b), (c); KVKK Art. 5(2)(c), (ç)). How long: as long as the record itself.
- **An application for membership that was never sent**. Giving you your draft back.\
  Legal ground: Steps at your request (GDPR Art. 6(1)(b); KVKK Art. 5(2)(c)). How long: 90 days; we tell you 14 days before.
- **Log of acts: who did what, and when**. So that decisions can be audited.\
  Legal ground: Legal duty, legitimate interest (GDPR Art. 6(1)(c), (f); KVKK Art. 5(2)(ç), (f)). How long: without limit; without your name after erasure.
- **Server log: request, network address**. Security, finding faults.\
  Legal ground: Legitimate interest (GDPR Art. 6(1)(f); KVKK Art. 5(2)(f)). How long: 90 days at most.
- **Your preferences and consents**. Doing as you wish, and proving it.\
  Legal ground: Consent (GDPR Art. 6(1)(a); KVKK Art. 5(1)). How long: preferences go with the account; the history of consents stays without a name.

## What depends on your consent

The newsletter, showing your name in public, and photographs at events each have a consent of their own. None is a condition of membership. You give them on *My account → My data* and withdraw them in the same place, just as easily. What was done before stays lawful.

## Who sees it

The people in charge at the organisation you act for, the union's staff as far as their work needs it, and auditors. Public pages, such as decisions and events, hold only names that are public by office. Those who host the portal and carry its mail process data on our behalf and on our instructions. Nobody else receives anything unless the law says so.

Our members are in many countries. What is written about a request may reach the organisation in another country that is a party to it; there is no other transfer.

## Cookies

Only what is needed: your session, forms that you have not finished, and how you like the pages to look. Nothing that follows you.

## Your rights

You may ask whether we hold data about you, get a copy, have mistakes put right, have data erased, object, and be compensated for damage (GDPR Art. 15–22; KVKK Art. 11). You start a copy or an erasure yourself on *My account → My data*. We answer within 30 days.

After erasure, decisions and the log of acts say "former user" and a code where your name was.

## Complaints

Please write to us first: {email}. If our answer does not satisfy you, you may turn to the [Turkish Data Protection Board](https://www.kvkk.gov.tr/) within 30 days of learning it, and in any case within 60 days of your request. If you live in the European Union you may turn to the supervisory authority of your country.

## Changes

Each new text has a number and a date. Earlier ones stay readable, and everybody who has an account is told once.$notice$,
    'ru', $notice$Здесь сказано, какие данные о вас хранит портал, зачем и как долго. Мы ничего не продаём, не показываем рекламу и не следим за вами.

## Кто отвечает за данные

{union}. {address}

По любым вопросам о ваших персональных данных: {email}

## Что мы храним и зачем

- **Имя, адрес электронной почты, язык, часовой пояс**. Учётная запись и письма вам.\
  Правовое основание: Исполнение членства (GDPR, ст. 6(1)(b); KVKK, ст. 5(2)(c)). Срок: до удаления учётной записи.
- **Хеш пароля, второй шаг, ключи доступа**. Защита учётной записи.\
  Правовое основание: Обязанность защищать данные (GDPR, ст. 6(1)(c); KVKK, ст. 12). Срок: до удаления учётной записи.
- **Сеансы и попытки входа: время, устройство, сеть**. Замечать злоупотребления.\
  Правовое основание: Законный интерес (GDPR, ст. 6(1)(f); KVKK, ст. 5(2)(f)). Срок: сеанс до 12 часов; попытки 180 дней.
- **От чьего имени вы действуете**. Знать, кто за кого действовал.\
  Правовое основание: Исполнение членства (GDPR, ст. 6(1)(b); KVKK, ст. 5(2)(c)). Срок: пока существует запись организации; после удаления без имени.
- **Ваши заявки и сообщения, загруженные файлы**. Решение по заявке.\
  Правовое основание: Членство, обязанность по закону (GDPR, ст. 6(1)(b), (c); KVKK, ст. 5(2)(c), (ç)). Срок: пока существует сама запись.
- **Неотправленное заявление о членстве**. Вернуть вам черновик.\
  Правовое основание: Подготовка по вашей просьбе (GDPR, ст. 6(1)(b); KVKK, ст. 5(2)(c)). Срок: 90 дней; предупредим за 14 дней.
- **Журнал действий: кто, что и когда сделал**. Чтобы решения можно было проверить.\
  Правовое основание: Обязанность по закону, законный интерес (GDPR, ст. 6(1)(c), (f); KVKK, ст. 5(2)(ç), (f)). Срок: бессрочно; после удаления без имени.
- **Журнал сервера: запрос, сетевой адрес**. Безопасность, поиск сбоев.\
  Правовое основание: Законный интерес (GDPR, ст. 6(1)(f); KVKK, ст. 5(2)(f)). Срок: не дольше 90 дней.
- **Ваши настройки и согласия**. Следовать вашей воле и подтвердить её.\
  Правовое основание: Согласие (GDPR, ст. 6(1)(a); KVKK, ст. 5(1)). Срок: настройки удаляются с учётной записью; история согласий остаётся без имени.

## Что зависит от вашего согласия

На рассылку новостей, показ вашего имени и фотографии на мероприятиях нужны отдельные согласия. Ни одно не является условием членства. Вы даёте их на странице *Моя учётная запись → Персональные данные* и там же так же легко отзываете. Сделанное до отзыва остаётся законным.

## Кто видит данные

Ответственные лица организации, от имени которой вы действуете, сотрудники союза в пределах своей работы и аудиторы. На открытых страницах, например решений и мероприятий, есть только имена, открытые по должности. Хостинг и почтовая служба обрабатывают данные по нашему поручению. Больше никто их не получает, если этого не требует закон.

Наши члены находятся во многих странах. Переписка по заявке может попасть в организацию другой страны, которая в ней участвует; иной передачи нет.

## Файлы cookie

Только необходимые: ваш сеанс, незаконченные формы и выбранный вид страниц. Слежки нет.

## Ваши права

Вы можете узнать, есть ли у нас данные о вас, получить копию, исправить ошибки, потребовать удаления, возразить и получить возмещение вреда (GDPR, ст. 15–22; KVKK, ст. 11). Копию и удаление вы начинаете сами на странице *Моя учётная запись → Персональные данные*. Мы отвечаем в течение 30 дней.

После удаления в решениях и журнале вместо вашего имени стоит «бывший пользователь» и код.

## Жалобы

Сначала напишите нам: {email}. Если ответ вас не устроит, вы можете обратиться в [Совет по защите персональных данных Турции](https://www.kvkk.gov.tr/) в течение 30 дней со дня, когда о нём узнали, и не позднее 60 дней после обращения к нам. Живущие в Европейском союзе могут обратиться в надзорный орган своей страны.

## Изменения

У каждой новой редакции есть номер и дата. Прежние остаются доступными, а владельцам учётных записей о новой сообщают один раз.$notice$),
    jsonb_build_object('tr', 'İlk metin.', 'en', 'The first text.', 'ru', 'Первая редакция.'));
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
drop index applications_unsent;
alter table applications drop column warned_at;
alter table users drop constraint users_erased, drop column erased_at;
drop table erasures, data_exports, consents, privacy_readings, privacy_notices;
drop function privacy_unchanged;
-- +goose StatementEnd
