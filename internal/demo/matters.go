package demo

// matter is what a town asks of a service: its words in the languages that towns write in,
// and the choices that belong to it.
type matter struct {
	tr, ru words
	picks  map[string]string // by the form's field
}

func about(titleTR, textTR, titleRU, textRU string, picks ...string) matter {
	m := matter{tr: words{titleTR, textTR}, ru: words{titleRU, textRU}, picks: map[string]string{}}
	for i := 0; i+1 < len(picks); i += 2 {
		m.picks[picks[i]] = picks[i+1]
	}
	return m
}

// matters are what towns ask of each service beside project support.
var matters = map[string][]matter{
	"business_corporation": {
		about("Termal tesis işletme şirketi", "Sıcak su kuyusundaki hamamı ve oteli belediye adına işletecek, gelirini kente harcayacak.",
			"Компания для термального комплекса", "Будет вести от имени города баню и гостиницу у горячего источника и тратить доход на город.", "field", "tourism"),
		about("Ekmek fabrikası", "Dar gelirliler için uygun fiyatlı ekmek pişirecek; bugün ekmek komşu ilden geliyor.",
			"Хлебозавод", "Будет печь доступный хлеб; сейчас его привозят из соседней области.", "field", "food"),
		about("Su ve kanalizasyon şirketi", "İçme suyu şebekesini işletecek, sayaç okuyacak, kaçakları onaracak.",
			"Компания водоканал", "Будет вести сеть питьевой воды, снимать показания и чинить утечки.", "field", "water"),
		about("Otopark ve ulaşım şirketi", "Merkezdeki otoparkları ve iki otobüs hattını tek elden yönetecek.",
			"Компания парковок и транспорта", "Возьмёт на себя парковки центра и две автобусные линии.", "field", "transport"),
	},
	"funding_guidance": {
		about("Okullara güneş paneli", "On iki okulun çatısına panel konacak; elektrik gideri yarıya inecek.",
			"Солнечные панели для школ", "На крышах двенадцати школ поставим панели; расходы на свет снизятся вдвое.", "sector", "energy"),
		about("Eski hanın onarımı", "XIX. yüzyıldan kalan han onarılıp el sanatları çarşısı olacak.",
			"Ремонт старого караван-сарая", "Караван-сарай XIX века отремонтируем и откроем в нём ремесленный рынок.", "sector", "heritage"),
		about("Elektrikli otobüs alımı", "Üç eski otobüsün yerine elektrikli araç alınacak, bir dolum yeri yapılacak.",
			"Покупка электробусов", "Вместо трёх старых автобусов купим электрические и построим зарядную станцию.", "sector", "transport", "funding", "credit"),
		about("Atık ayrıştırma tesisi", "Evsel atık kaynağında ayrılacak; cam, kâğıt ve plastik satılacak.",
			"Пункт сортировки отходов", "Отходы будут делить дома; стекло, бумагу и пластик продавать.", "sector", "waste"),
	},
	"e_municipality": {
		about("Emlak vergisi internetten ödensin", "Vatandaş vergi için kuyruğa giriyor; borcunu görüp telefondan ödeyebilsin istiyoruz.",
			"Платить налог на имущество через интернет", "Люди стоят в очередях; хотим, чтобы долг было видно и можно было оплатить с телефона.", "wanted", "payments"),
		about("Belgeler kâğıtsız dolaşsın", "Bir dilekçe beş masada elden dolaşıyor, kayboluyor. Evrak yazılımı seçmek istiyoruz.",
			"Документы без бумаги", "Заявление проходит пять столов и теряется. Хотим выбрать систему документооборота.", "wanted", "papers"),
		about("Kent haritası ve adres kaydı", "Sokak ve kapı numaraları üç ayrı defterde. Tek haritada toplamak istiyoruz.",
			"Карта города и адресный реестр", "Улицы и номера домов в трёх журналах. Хотим собрать их на одной карте.", "wanted", "maps"),
		about("Şikâyetler tek yerden izlensin", "Telefon, dilekçe ve sosyal medyadan gelen şikâyetler yanıtsız kalıyor.",
			"Жалобы в одном месте", "Жалобы приходят по телефону, письмом и в соцсетях и остаются без ответа.", "wanted", "complaints"),
	},
	"city_information_center": {
		about("Çarşıda bilgi merkezi", "Gezginler ve kentliler işlemleri, hatları ve etkinlikleri tek yerden öğrensin.",
			"Информационный центр на базаре", "Гости и жители узнают об услугах, маршрутах и событиях в одном месте."),
		about("Üç dilli danışma hattı", "Telefonla arayan Türkçe, Rusça ve kendi dilinde yanıt alsın.",
			"Справочная на трёх языках", "По телефону ответят на турецком, русском и родном языке."),
		about("Terminalde kent danışması", "Otobüsle gelenler ilk bilgiyi terminalde alsın; bugün danışma yok.",
			"Справка на автовокзале", "Приезжие получат первую справку на автовокзале; сейчас её нет."),
		about("Danışma masasını büyütmek", "Belediyedeki tek masa günde iki yüz soruya yetişemiyor.",
			"Расширить справочную стойку", "Одна стойка в мэрии не справляется с двумястами вопросами в день."),
	},
	"urban_guidance": {
		about("Çarşı sokağını araçlara nasıl kapatırız?", "Esnaf yük indirmek için araç istiyor, yayalar yürüyemiyor. Saatli bir düzen düşünüyoruz.",
			"Как закрыть улицу базара для машин?", "Торговцам нужна разгрузка, пешеходам тесно. Думаем о времени для машин.", "topic", "transport"),
		about("Yamaçtaki mahallede yapı izni verilebilir mi?", "Heyelan haritası eski. İzin istekleri birikti, nasıl bir ölçüt koyalım?",
			"Можно ли строить на склоне?", "Карта оползней старая, заявления копятся. Какой критерий установить?", "topic", "safety"),
		about("Tarihî evlerin önüne pergola", "Koruma alanındaki kahveler gölgelik istiyor. Başka kentler ne yaptı?",
			"Навесы у исторических домов", "Кафе в охранной зоне просят навесы. Как делают в других городах?", "topic", "heritage"),
		about("Parklarda su tasarrufu", "Yazın sulama suyu yetmiyor. Hangi bitkileri, hangi sulamayı önerirsiniz?",
			"Экономия воды в парках", "Летом не хватает воды для полива. Какие растения и полив вы посоветуете?", "topic", "environment"),
	},
	"counselling": {
		about("Yaşlılar için evde bakım", "Yalnız yaşayan dört yüz yaşlımız var. Haftalık ziyaret ve sağlık takibi başlatmak istiyoruz.",
			"Уход за пожилыми на дому", "Четыреста пожилых живут одни. Хотим начать еженедельные визиты и наблюдение.", "area", "health"),
		about("Genç merkezi programı", "Bina hazır, program yok. On dört ile on sekiz yaş için ne yapmalı?",
			"Программа молодёжного центра", "Здание готово, программы нет. Что предложить подросткам?", "area", "social"),
		about("Güreş ve okçuluk okulu", "Ata sporları için çocuk okulu açacağız; antrenör yetiştirmekte destek istiyoruz.",
			"Школа борьбы и стрельбы из лука", "Откроем детскую школу народных видов спорта; нужна помощь с тренерами.", "area", "sport"),
		about("Sokak hayvanları için yol haritası", "Barınak dolu, şikâyet çok. İnsanca ve kalıcı bir yol arıyoruz.",
			"План по бездомным животным", "Приют переполнен, жалоб много. Ищем гуманное и надёжное решение.", "area", "environment", "environment_topics", "animals"),
	},
	"activity_support": {
		about("İpek Yolu çocuk festivali", "Dokuz kentten çocuk toplulukları üç gün boyunca oyun, müzik ve masal paylaşacak.",
			"Детский фестиваль Шёлкового пути", "Дети из девяти городов три дня делятся играми, музыкой и сказками.", "activity", "festival", "support", "financial"),
		about("Belediyecilik ve afet konferansı", "Deprem sonrası toparlanma üzerine iki gün; uygulayan kentler anlatacak.",
			"Конференция о городах и бедствиях", "Два дня о восстановлении после землетрясений; расскажут сами города.", "activity", "conference", "support", "technical"),
		about("El sanatları sergisi", "Halı, çini ve ahşap ustaları eserlerini sergileyecek, gençlere ders verecek.",
			"Выставка ремёсел", "Мастера ковра, керамики и дерева покажут работы и проведут уроки.", "activity", "exhibition", "support", "administrative"),
		about("Kentler arası satranç turnuvası", "On altı kentin okul takımları yarışacak.",
			"Шахматный турнир городов", "Состязаются школьные команды шестнадцати городов.", "activity", "sport", "support", "financial"),
	},
	"opinion": {
		about("Su tarifesini meclis mi, şirket mi belirler?", "1. Tarifeyi belirleme yetkisi kimdedir?\n2. Şirketin kararı meclisin onayına sunulmalı mıdır?",
			"Кто устанавливает тариф на воду?", "1. Кто вправе устанавливать тариф?\n2. Нужно ли утверждать решение компании в совете?", "opinion_kind", "legal"),
		about("Kardeş kent protokolünde ön izin", "1. Protokol için bakanlık izni gerekir mi?\n2. İzinsiz imzanın sonucu nedir?",
			"Разрешение для протокола о побратимстве", "1. Нужно ли разрешение министерства?\n2. Каковы последствия подписи без него?", "opinion_kind", "legal"),
		about("Katı atık ücretinin hesabı", "1. Ücrete yatırım payı katılabilir mi?\n2. Muafiyetler nasıl karşılanır?",
			"Расчёт платы за отходы", "1. Можно ли включить в плату инвестиции?\n2. Чем покрыть льготы?", "opinion_kind", "financial"),
		about("Köprü güçlendirme yöntemi", "1. Önerilen yöntem tarihî köprüye uygun mudur?\n2. Hangi ölçümler yapılmalıdır?",
			"Способ укрепления моста", "1. Подходит ли способ историческому мосту?\n2. Какие измерения нужны?", "opinion_kind", "technical"),
	},
	"institution_founding": {
		about("Belediye meslek okulu", "Bölgedeki kırk belediyenin çalışanlarına imar, muhasebe ve bilişim eğitimi verecek.",
			"Школа муниципальных работников", "Будет учить работников сорока муниципалитетов планировке, учёту и информатике.", "institution", "school"),
		about("Ortak dil kütüphanesi", "Türk dillerinde kitap, ses ve süreli yayın toplayacak; gece geç saate kadar açık olacak.",
			"Библиотека тюркских языков", "Соберёт книги, записи и журналы; будет открыта до позднего вечера.", "institution", "library"),
		about("Meslek edindirme merkezi", "Kadınlara ve gençlere aşçılık, terzilik, bilgisayar kursu verecek.",
			"Центр профессиональных курсов", "Курсы повара, портного и компьютера для женщин и молодёжи.", "institution", "courses"),
		about("Kent araştırmaları enstitüsü", "Bozkır kentlerinin su ve iklim sorunlarını üniversiteyle birlikte araştıracak.",
			"Институт городских исследований", "Вместе с университетом изучит воду и климат степных городов.", "institution", "institute"),
	},
}
