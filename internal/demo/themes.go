package demo

// words are what a project is called and what will be done, in one language.
type words struct{ title, text string }

// theme is a project that a municipality asks for: what it is about, and what it is called
// in the languages in which it is told.
type theme struct {
	kind, sector string
	dollars      int    // what it costs about
	people       int    // who benefit about
	measure      string // what it wants to reach, and how much
	target       int
	in           map[string]words
}

// themes are the projects of the demonstration, by a key of their own.
var themes = map[string]theme{
	"water": {"infrastructure", "water", 2_400_000, 42_000, "pipe_km", 38, map[string]words{
		"tr": {"İçme suyu şebekesinin yenilenmesi", "Kırk yıllık borular değiştirilecek, kayıplar ölçülecek ve her mahalleye kesintisiz su verilecek."},
		"en": {"Renewal of the drinking water network", "Forty-year-old pipes are replaced, losses are measured, and every quarter gets water around the clock."},
		"ru": {"Обновление сети питьевого водоснабжения", "Трубы, которым сорок лет, заменят, потери начнут измерять, и вода придёт в каждый квартал без перебоев."},
		"az": {"İçməli su şəbəkəsinin yenilənməsi", "Qırx illik borular dəyişdiriləcək, itkilər ölçüləcək və hər məhəlləyə fasiləsiz su veriləcək."},
		"ky": {"Таза суу түйүнүн жаңылоо", "Кырк жылдык түтүктөр алмаштырылат, жоготуулар өлчөнөт, ар бир кварталга суу үзгүлтүксүз барат."},
	}},
	"sewer": {"infrastructure", "water", 5_100_000, 61_000, "households", 14_500, map[string]words{
		"tr": {"Atık su arıtma tesisi", "Bugün dereye akan atık su toplanıp arıtılacak; arıtılan su parkların sulanmasında kullanılacak."},
		"en": {"Waste water treatment plant", "Waste water that runs into the river today is collected and cleaned; the clean water irrigates the parks."},
		"ru": {"Очистные сооружения для сточных вод", "Стоки, которые сегодня уходят в реку, соберут и очистят; очищенной водой будут поливать парки."},
		"kk": {"Кәріз суларын тазарту құрылысы", "Бүгін өзенге ағып жатқан кәріз суы жиналып, тазартылады; таза су саябақтарды суаруға жұмсалады."},
	}},
	"drain": {"infrastructure", "water", 1_300_000, 18_500, "pipe_km", 11, map[string]words{
		"tr": {"Yağmur suyu kanalları", "Her sağanakta su basan altı sokağa ayrı yağmur suyu hattı ve iki tutma havuzu yapılacak."},
		"en": {"Storm water channels", "Six streets that flood with every downpour get a storm drain of their own and two retention basins."},
		"ru": {"Ливневая канализация", "Шесть улиц, которые затапливает каждый ливень, получат отдельный водосток и два накопительных пруда."},
	}},
	"waste": {"service", "waste", 1_900_000, 120_000, "households", 36_000, map[string]words{
		"tr": {"Kaynağında ayrı toplama ve geri kazanım", "Kâğıt, cam ve plastik evlerde ayrılacak; toplama araçları ve bir ayrıştırma merkezi kurulacak."},
		"en": {"Separate collection and recycling", "Paper, glass and plastic are sorted at home; collection vehicles and a sorting centre are set up."},
		"ru": {"Раздельный сбор и переработка отходов", "Бумагу, стекло и пластик начнут разделять дома; появятся машины для сбора и сортировочный центр."},
		"uz": {"Chiqindilarni alohida yigʻish va qayta ishlash", "Qogʻoz, shisha va plastik uyda ajratiladi; yigʻish mashinalari va saralash markazi tashkil etiladi."},
	}},
	"compost": {"service", "waste", 420_000, 23_000, "households", 6_200, map[string]words{
		"tr": {"Pazar atıklarından kompost", "Pazar yerlerinin ve bahçelerin atıkları kompost olacak, çiftçilere ücretsiz dağıtılacak."},
		"en": {"Compost from the markets", "Waste of markets and gardens becomes compost, which farmers get free of charge."},
		"ru": {"Компост из отходов рынков", "Отходы рынков и садов станут компостом, который фермеры получат бесплатно."},
	}},
	"road": {"infrastructure", "roads", 3_200_000, 35_000, "road_km", 9, map[string]words{
		"tr": {"Çevre yolu bağlantısı ve kaldırımlar", "Ağır araçlar merkezden çıkacak; dokuz kilometre yol, aydınlatma ve engelsiz kaldırım yapılacak."},
		"en": {"Ring road link and pavements", "Lorries leave the centre; nine kilometres of road, lighting and step-free pavements are built."},
		"ru": {"Выезд на объездную дорогу и тротуары", "Грузовики уйдут из центра; построят девять километров дороги, освещение и безбарьерные тротуары."},
		"kk": {"Айналма жолға шығу және тротуарлар", "Ауыр көліктер орталықтан шығады; тоғыз шақырым жол, жарық және кедергісіз тротуарлар салынады."},
	}},
	"bridge": {"infrastructure", "roads", 980_000, 12_400, "people", 12_400, map[string]words{
		"tr": {"Taş köprünün onarımı", "Ayakları aşınan köprü güçlendirilecek; yaya ve bisiklet geçişi korunacak."},
		"en": {"Repair of the stone bridge", "The bridge, whose piers have worn away, is strengthened; it stays open to walkers and cyclists."},
		"ru": {"Ремонт каменного моста", "Мост с размытыми опорами укрепят; пешеходы и велосипедисты смогут ходить по нему, как прежде."},
		"az": {"Daş körpünün təmiri", "Dayaqları aşınmış körpü möhkəmləndiriləcək; piyada və velosiped keçidi qorunacaq."},
	}},
	"bus": {"service", "transport", 2_750_000, 88_000, "people", 88_000, map[string]words{
		"tr": {"Elektrikli otobüs hatları", "Üç hatta on iki elektrikli otobüs çalışacak; duraklar gölgeli ve engelsiz olacak."},
		"en": {"Electric bus lines", "Twelve electric buses serve three lines; stops get shade and step-free access."},
		"ru": {"Маршруты электробусов", "Двенадцать электробусов выйдут на три маршрута; остановки станут тенистыми и безбарьерными."},
		"uz": {"Elektr avtobus yoʻnalishlari", "Uch yoʻnalishda oʻn ikkita elektr avtobus yuradi; bekatlar soyali va toʻsiqsiz boʻladi."},
	}},
	"cycle": {"infrastructure", "transport", 640_000, 27_000, "road_km", 14, map[string]words{
		"tr": {"Okullara güvenli bisiklet yolu", "Dört mahalle okullara, araç yolundan ayrılmış bir bisiklet yoluyla bağlanacak."},
		"en": {"Safe cycle paths to school", "Four quarters are linked to their schools by cycle paths apart from the traffic."},
		"ru": {"Безопасные велодорожки к школам", "Четыре района свяжут со школами велодорожками, отделёнными от машин."},
	}},
	"solar": {"infrastructure", "energy", 870_000, 9_600, "energy_mwh", 1_450, map[string]words{
		"tr": {"Okul ve hastane çatılarına güneş paneli", "On bir çatıya panel kurulacak; elde edilen elektrik önce okullarda ve hastanede kullanılacak."},
		"en": {"Solar panels on school and hospital roofs", "Eleven roofs get panels; their power goes to the schools and the hospital first."},
		"ru": {"Солнечные панели на крышах школ и больницы", "Панели поставят на одиннадцать крыш; электричество пойдёт прежде всего школам и больнице."},
		"az": {"Məktəb və xəstəxana damlarında günəş panelləri", "On bir dama panel qurulacaq; alınan elektrik əvvəlcə məktəblərdə və xəstəxanada istifadə olunacaq."},
		"ky": {"Мектептер менен оорукананын чатырына күн панелдери", "Он бир чатырга панель орнотулат; электр кубаты эң алгач мектептерге жана ооруканага берилет."},
	}},
	"light": {"infrastructure", "energy", 560_000, 46_000, "energy_mwh", 820, map[string]words{
		"tr": {"Tasarruflu sokak aydınlatması", "Üç bin iki yüz direkte lambalar değişecek; karanlık kalan on dört sokak aydınlanacak."},
		"en": {"Low-energy street lighting", "Lamps on 3,200 posts are changed; fourteen dark streets get light."},
		"ru": {"Экономное уличное освещение", "Лампы заменят на 3 200 опорах; четырнадцать тёмных улиц станут светлыми."},
	}},
	"park": {"superstructure", "parks", 730_000, 31_000, "green_m2", 64_000, map[string]words{
		"tr": {"Nehir kıyısı parkı", "Terk edilmiş kıyı şeridi yürüyüş yolu, oyun alanı ve gölgelik ağaçlarla parka dönüşecek."},
		"en": {"Riverside park", "An abandoned bank becomes a park with paths, a playground and shade trees."},
		"ru": {"Парк на берегу реки", "Заброшенный берег станет парком с дорожками, детской площадкой и тенистыми деревьями."},
		"kk": {"Өзен жағасындағы саябақ", "Қараусыз қалған жаға жаяу жолы, ойын алаңы және көлеңкелі ағаштары бар саябаққа айналады."},
	}},
	"trees": {"service", "parks", 210_000, 52_000, "trees", 8_500, map[string]words{
		"tr": {"Sekiz bin beş yüz ağaç", "Isı adası oluşan caddelere yerli türler dikilecek, beş yıl bakımı yapılacak."},
		"en": {"Eight thousand five hundred trees", "Native trees are planted in the hottest streets and cared for over five years."},
		"ru": {"Восемь с половиной тысяч деревьев", "На самых жарких улицах высадят местные породы и пять лет будут за ними ухаживать."},
		"uz": {"Sakkiz ming besh yuz daraxt", "Eng issiq koʻchalarga mahalliy daraxtlar ekiladi va besh yil parvarish qilinadi."},
	}},
	"square": {"superstructure", "parks", 1_150_000, 40_000, "green_m2", 12_000, map[string]words{
		"tr": {"Tarihî meydanın yayalaştırılması", "Otopark olarak kullanılan meydan yayalara açılacak; çeşmeler ve zemin aslına uygun yenilenecek."},
		"en": {"A square for people", "A square used as a car park goes back to walkers; its fountains and paving are renewed as they were."},
		"ru": {"Историческая площадь для пешеходов", "Площадь, занятая стоянкой, вернут пешеходам; фонтаны и мощение восстановят в прежнем виде."},
	}},
	"wall": {"superstructure", "heritage", 1_250_000, 4_650, "built_m2", 2_100, map[string]words{
		"tr": {"Kale surlarının onarımı", "Surların çöken bölümü özgün taşla örülecek, yürüyüş yolu ve ışıklandırma eklenecek."},
		"en": {"Repair of the fortress walls", "The fallen part is rebuilt with its own stone; a path and lighting are added."},
		"ru": {"Реставрация крепостных стен", "Обрушившийся участок сложат из родного камня, добавят дорожку и подсветку."},
		"az": {"Qala divarlarının bərpası", "Divarların uçmuş hissəsi öz daşı ilə hörüləcək, gəzinti yolu və işıqlandırma əlavə olunacaq."},
	}},
	"bath": {"superstructure", "heritage", 690_000, 15_000, "built_m2", 860, map[string]words{
		"tr": {"Tarihî hamamdan kütüphane", "Kubbeleri çatlayan hamam onarılacak ve halk kütüphanesi olarak açılacak."},
		"en": {"From bath house to library", "The old bath house with its cracked domes is repaired and opens as a public library."},
		"ru": {"Библиотека в старой бане", "Старинную баню с треснувшими куполами восстановят и откроют как публичную библиотеку."},
		"uz": {"Qadimiy hammom — kutubxona", "Gumbazlari yorilgan hammom taʼmirlanadi va ommaviy kutubxona sifatida ochiladi."},
	}},
	"bazaar": {"superstructure", "heritage", 1_480_000, 22_000, "jobs", 180, map[string]words{
		"tr": {"Eski çarşının sokakları", "Çarşının çatıları, cepheleri ve taş zemini onarılacak; ustalara atölye verilecek."},
		"en": {"Streets of the old bazaar", "Roofs, fronts and stone paving are repaired; craftspeople get workshops."},
		"ru": {"Улицы старого базара", "Починят крыши, фасады и каменные мостовые; ремесленники получат мастерские."},
	}},
	"school": {"superstructure", "education", 1_700_000, 1_900, "built_m2", 3_400, map[string]words{
		"tr": {"Depreme dayanıklı ilkokul", "İkili eğitim yapılan okulun yanına on altı derslikli, depreme dayanıklı bir bina yapılacak."},
		"en": {"Earthquake-safe primary school", "A school that teaches in two shifts gets a safe building with sixteen classrooms."},
		"ru": {"Сейсмостойкая начальная школа", "Школа, где учатся в две смены, получит безопасное здание на шестнадцать классов."},
		"ky": {"Жер титирөөгө туруктуу башталгыч мектеп", "Эки сменада окуган мектепке он алты класстык коопсуз имарат салынат."},
	}},
	"nursery": {"superstructure", "education", 880_000, 1_200, "jobs", 64, map[string]words{
		"tr": {"Çalışan ebeveynler için kreş", "Sanayi bölgesine üç yüz çocukluk, akşama kadar açık bir kreş yapılacak."},
		"en": {"Nursery for working parents", "The industrial quarter gets a nursery for three hundred children, open until evening."},
		"ru": {"Детский сад для работающих родителей", "В промышленном районе построят сад на триста детей, открытый до вечера."},
	}},
	"library": {"service", "education", 260_000, 16_500, "people", 16_500, map[string]words{
		"tr": {"Gezici kütüphane", "İki otobüs, kitabı olmayan otuz bir köyü her on beş günde bir dolaşacak."},
		"en": {"Library on wheels", "Two buses visit thirty-one villages without books every fortnight."},
		"ru": {"Библиотека на колёсах", "Два автобуса раз в две недели будут объезжать тридцать одно село, где нет книг."},
		"kk": {"Жылжымалы кітапхана", "Екі автобус кітабы жоқ отыз бір ауылды екі апта сайын аралайды."},
	}},
	"clinic": {"superstructure", "health", 1_350_000, 28_000, "built_m2", 1_900, map[string]words{
		"tr": {"Mahalle sağlık merkezi", "Yürüyerek ulaşılabilen yeri olmayan üç mahalleye bir sağlık merkezi yapılacak."},
		"en": {"Neighbourhood health centre", "Three quarters without a doctor within walking distance get a health centre."},
		"ru": {"Районный медицинский центр", "Три района, где до врача не дойти пешком, получат медицинский центр."},
	}},
	"shelter": {"service", "health", 340_000, 75_000, "people", 75_000, map[string]words{
		"tr": {"Sokak hayvanları bakımevi", "Kısırlaştırma ve aşılama yapılacak; bakımevi okul gezilerine açık olacak."},
		"en": {"Shelter for stray animals", "Animals are neutered and vaccinated; school classes may visit."},
		"ru": {"Приют для бездомных животных", "Животных будут стерилизовать и прививать; приют откроют для школьных экскурсий."},
	}},
	"women": {"service", "social", 300_000, 3_800, "jobs", 240, map[string]words{
		"tr": {"Kadın emeği atölyesi", "Halı, keçe ve nakış için ortak atölye ve satış yeri açılacak; iki yüz kırk kadın meslek edinecek."},
		"en": {"Women’s craft workshop", "A shared workshop and shop for carpets, felt and embroidery opens; 240 women learn a trade."},
		"ru": {"Мастерская женских ремёсел", "Откроются общая мастерская и лавка ковров, войлока и вышивки; ремеслу научатся 240 женщин."},
		"ky": {"Аялдардын кол өнөрчүлүк устаканасы", "Килем, кийиз жана сайма үчүн жалпы устакана менен дүкөн ачылат; 240 аял кесип үйрөнөт."},
	}},
	"elder": {"service", "social", 190_000, 2_100, "people", 2_100, map[string]words{
		"tr": {"Yaşlılara evde bakım", "Yalnız yaşayan yaşlılar haftada iki kez ziyaret edilecek; yemek ve temizlik desteği verilecek."},
		"en": {"Care at home for the elderly", "Old people who live alone are visited twice a week and helped with meals and cleaning."},
		"ru": {"Помощь пожилым на дому", "Одиноких пожилых людей будут навещать дважды в неделю, помогать с едой и уборкой."},
	}},
	"market": {"superstructure", "buildings", 1_050_000, 33_000, "jobs", 150, map[string]words{
		"tr": {"Üretici pazarı", "Çamur ve güneş altında kurulan pazara çatı, soğuk oda ve tuvalet yapılacak."},
		"en": {"Farmers’ market hall", "The market, now held in mud and sun, gets a roof, a cold store and toilets."},
		"ru": {"Фермерский рынок", "Рынок под открытым небом получит крышу, холодную камеру и туалеты."},
		"az": {"Fermer bazarı", "Palçıqda və günəş altında qurulan bazara dam, soyuducu kamera və sanitar qovşaq tikiləcək."},
	}},
	"hall": {"superstructure", "buildings", 2_050_000, 57_000, "built_m2", 4_200, map[string]words{
		"tr": {"Engelsiz belediye hizmet binası", "Beş ayrı yerdeki hizmet tek binada toplanacak; bina rampalı, asansörlü ve az enerji harcar olacak."},
		"en": {"Step-free town hall", "Services in five places move into one low-energy building with ramps and lifts."},
		"ru": {"Безбарьерное здание мэрии", "Службы из пяти мест соберут в одном экономном здании с пандусами и лифтами."},
	}},
	"desk": {"service", "digital", 280_000, 110_000, "people", 110_000, map[string]words{
		"tr": {"Tek adımda e-belediye", "İmar, vergi ve şikâyet başvuruları telefondan yapılacak; durum her an görülecek."},
		"en": {"E-municipality in one step", "Planning, tax and complaints are handled on the phone, and their progress is visible at any time."},
		"ru": {"Электронный муниципалитет", "Заявления о стройке, налогах и жалобы можно подать с телефона и видеть, как они движутся."},
		"kk": {"Бір қадамдағы электрондық әкімдік", "Құрылыс, салық және шағым өтініштері телефоннан беріледі, барысы әрқашан көрініп тұрады."},
	}},
	"map": {"service", "digital", 160_000, 64_000, "people", 64_000, map[string]words{
		"tr": {"Kent bilgi sistemi", "Altyapı, parsel ve ağaç kayıtları tek haritada toplanacak; kazılar birbirini bozmayacak."},
		"en": {"City information system", "Pipes, plots and trees are kept on one map, so that one dig does not undo another."},
		"ru": {"Городская информационная система", "Сети, участки и деревья соберут на одной карте, чтобы одни раскопки не портили другие."},
	}},
	"fire": {"service", "safety", 780_000, 48_000, "people", 48_000, map[string]words{
		"tr": {"Ortak itfaiye ve kurtarma ekibi", "Üç belediye iki araç ve ortak bir istasyonla birbirinin yardımına on dakikada yetişecek."},
		"en": {"Shared fire and rescue team", "Three municipalities share two engines and a station, ten minutes from each other."},
		"ru": {"Общая пожарно-спасательная команда", "Три муниципалитета поделят две машины и станцию и будут рядом друг с другом за десять минут."},
	}},
	"flood": {"infrastructure", "safety", 1_860_000, 24_000, "households", 5_800, map[string]words{
		"tr": {"Taşkın uyarı ve set sistemi", "Dere yatağına setler yapılacak, su yükselince telefonlara uyarı gidecek."},
		"en": {"Flood warning and embankments", "Embankments are built along the stream, and phones are warned when the water rises."},
		"ru": {"Дамбы и оповещение о паводке", "Вдоль речки построят дамбы, а при подъёме воды на телефоны придёт предупреждение."},
		"uz": {"Toshqin ogohlantirish va toʻgʻon tizimi", "Soy boʻyiga toʻgʻonlar quriladi, suv koʻtarilganda telefonlarga ogohlantirish boradi."},
	}},
}
