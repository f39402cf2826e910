package demo

// said are the answers to questions that are put to every town alike.
var said = map[string]map[string]string{
	"reason":            {"tr": "Belediyenin birimi gelir tutamıyor ve uzman çalıştıramıyor; şirket hızlı karar verebilir.", "ru": "Отдел не может вести доход и нанимать специалистов; компания решает быстрее."},
	"need":              {"tr": "En yakın benzer kurum üç yüz kilometre uzakta ve yılda yalnız yirmi kişi alıyor.", "ru": "Ближайшее похожее учреждение в трёхстах километрах и принимает двадцать человек в год."},
	"board":             {"tr": "Beş kişilik kurul: ikisini meclis, ikisini üniversite, birini Birlik seçer.", "ru": "Пять человек: двоих назначает совет, двоих университет, одного Союз."},
	"tried_text":        {"tr": "Kalkınma ajansına iki yıl önce başvurduk; fizibilite eksik olduğu için kabul edilmedi.", "ru": "Два года назад обращались в агентство развития; отказали, не было обоснования."},
	"partners":          {"tr": "Gence, Oş, Semerkant ve Prizren topluluk gönderecek.", "ru": "Участвуют Гянджа, Ош, Самарканд и Призрен."},
	"technical_text":    {"tr": "İki gün boyunca Türkçe ve Rusça sözlü çeviri, bir de ses düzeni.", "ru": "Устный перевод на два дня, турецкий и русский, и звук."},
	"background":        {"tr": "Konu mecliste iki kez görüşüldü; hukuk birimimiz iki ayrı görüş bildirdi.", "ru": "Совет обсуждал вопрос дважды; наши юристы разошлись во мнениях."},
	"court_text":        {"tr": "İdare mahkemesinde; sonraki duruşma iki ay sonra.", "ru": "В административном суде; следующее заседание через два месяца."},
	"law_text":          {"tr": "“Tarifeler, hizmetin maliyeti gözetilerek yetkili organca belirlenir.”", "ru": "«Тарифы устанавливает уполномоченный орган с учётом стоимости услуги»."},
	"law_name":          {"tr": "Belediyeler Kanunu, madde 15", "ru": "Закон о местном самоуправлении, статья 15"},
	"urgent_why":        {"tr": "Konu önümüzdeki hafta mecliste görüşülecek.", "ru": "На следующей неделе вопрос рассмотрит совет."},
	"permission_by":     {"tr": "Ekonomi Bakanlığı", "ru": "Министерство экономики"},
	"answer_lang_other": {"tr": "Azerbaycan Türkçesi", "ru": "На кыргызском"},
	"sport_branches":    {"tr": "Güreş, okçuluk, atlı sporlar", "ru": "Борьба, стрельба из лука, конный спорт"},
	"before_what":       {"tr": "Kitap günleri, 2024", "ru": "Дни книги, 2024 год"},
	"asker_name":        {"tr": "Hukuk İşleri Birimi", "ru": "Юридический отдел"},
	"site":              {"tr": "www.belediye.example", "ru": "www.gorod.example"},
}

// lines name the rows of tables; tables by years have none.
var lines = map[string]map[string][]string{
	"shares":   {"tr": {"Belediye", "Su ve Kanalizasyon İdaresi", "Kalkınma Bankası"}, "ru": {"Муниципалитет", "Водоканал", "Банк развития"}},
	"software": {"tr": {"Kent sitesi", "Bütçe 3", "Evrak"}, "ru": {"Сайт города", "Бюджет 3", "Документы"}},
	"budget":   {"tr": {"Konukların yolu", "Salon ve ses düzeni", "Konuşmacılar", "Afiş ve program"}, "ru": {"Проезд гостей", "Зал и звук", "Докладчики", "Афиши и программа"}},
	"founders": {"tr": {"Belediyemiz", "Komşu belediye", "Eğitim Bakanlığı"}, "ru": {"Наш муниципалитет", "Соседний муниципалитет", "Министерство образования"}},
}

// numbers and dollars are about what towns answer to questions of how many and how much.
var (
	numbers = map[string]int{"it_staff": 2, "staff": 6, "askers": 900, "beneficiaries": 1200, "people": 240}
	dollars = map[string]int{"capital": 250_000, "cost": 9_000, "own": 6_000, "income": 120_000, "expense": 110_000, "amount": 6_000, "gives": 40_000}
)

// delivered is what the union handed over in each service.
var delivered = map[string]string{
	"business_corporation":    "Ana sözleşme taslağı, ortaklık yapısı ve üç yıllık iş planı teslim edildi.",
	"funding_guidance":        "Uygun dört program, son başvuru günleri ve hazırlanacak belgelerle birlikte iletildi.",
	"e_municipality":          "Yol haritası ve yazılım şartnamesi teslim edildi; iki gün eğitim verildi.",
	"city_information_center": "Çalışma yönetmeliği, yerleşim planı ve personel eğitimi tamamlandı.",
	"urban_guidance":          "Soru yanıtlandı; üç kentin uygulaması örnek olarak eklendi.",
	"counselling":             "Program taslağı birlikte yazıldı, uzman iki kez yerinde görüştü.",
	"activity_support":        "Etkinlik yapıldı; destek tutarı ve çeviri hizmeti sağlandı.",
	"institution_founding":    "Kuruluş belgesi, bütçe ve eğitim programı teslim edildi.",
}

// praise is what cities say when they close a request, with stars from 3 to 5.
var praise = map[string][]string{
	"tr": {"Beklediğimizden hızlı ve anlaşılır oldu, teşekkürler.", "İşimize çok yaradı; örnek kentle görüşmek en iyisiydi.", ""},
	"ru": {"Быстро и понятно, спасибо.", "Очень помогло, особенно встреча с другим городом.", ""},
}
