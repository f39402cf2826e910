package demo

// answer is what the union wrote to a question of the demonstration: {city} stands for who
// asked.
type answer struct {
	topic    string
	law      words // tr, ru
	title    words
	question words
	tr, ru   string
}

// opinionTexts are the answers to the matters of the opinion service, in their order.
var opinionTexts = []answer{
	{topic: "finance", law: words{"5393 sayılı Belediye Kanunu, m. 18", "Закон о местном самоуправлении, ст. 18"},
		title:    words{"Su tarifesini belirleme yetkisi", "Кто вправе устанавливать тариф на воду"},
		question: words{"Su tarifesini belediye meclisi mi, yoksa suyu işleten belediye şirketi mi belirler?", "Устанавливает тариф на воду городской совет или муниципальная компания?"},
		tr: "{city}, su tarifesini kimin belirleyeceğini sormuştur.\n\nTarife, hizmetten yararlananların ödeyeceği bir bedeldir; bunu belirlemek meclisin yetkisidir. Şirket, işletme giderlerini hesaplar ve öneride bulunur, fakat karar veremez.\n\n" +
			"Şirket yönetim kurulunun kararı meclise sunulmalı, meclis de gerekçesini yazarak karar vermelidir. {city} için önerimiz, yıllık tarife takviminin bir yönetmelikle belirlenmesidir.",
		ru: "{city} спрашивает, кто устанавливает тариф на воду.\n\nТариф — это плата жителей за услугу, и устанавливать её вправе совет. Компания считает расходы и вносит предложение, но не решает.\n\n" +
			"Решение правления компании надо внести в совет, а совет решает и объясняет почему. Мы предлагаем, чтобы {city} закрепил(а) ежегодный порядок отдельным положением."},
	{topic: "governance", law: words{"5393 sayılı Belediye Kanunu, m. 74", "Закон о международных связях муниципалитетов, ст. 5"},
		title:    words{"Kardeş kent protokolünde ön izin", "Предварительное согласие на протокол о побратимстве"},
		question: words{"Kardeş kent protokolü imzalamadan önce bakanlıktan izin almak gerekir mi? İmza izinsiz atılırsa ne olur?", "Нужно ли согласие министерства перед подписанием протокола? Что будет, если подписать без него?"},
		tr: "{city}, imzalayacağı kardeş kent protokolü için izin gerekip gerekmediğini sormuştur.\n\nYurt dışındaki bir kentle kurulan ortaklıkta meclis kararı tek başına yetmez; bakanlığın izni önceden alınır.\n\n" +
			"İzinsiz atılan imza protokolü geçersiz kılmaz, fakat yükümlülük doğurmaz. {city}, izni sonradan isteyebilir; o güne kadar harcama yapılmamalıdır.",
		ru: "{city} спрашивает, нужно ли согласие для протокола о побратимстве.\n\nДля связей с зарубежным городом одного решения совета мало: согласие министерства получают заранее.\n\n" +
			"Подпись без согласия не делает протокол ничтожным, но и не обязывает. Согласие можно получить позже; до этого {city} не должен(на) тратить средства."},
	{topic: "environment", law: words{"2872 sayılı Çevre Kanunu, m. 11", "Закон об отходах, ст. 24"},
		title:    words{"Katı atık ücretine yatırım payı", "Доля инвестиций в плате за отходы"},
		question: words{"Katı atık ücretine yatırım payı katılabilir mi, muafiyetlerin karşılığı nereden bulunur?", "Можно ли включить в плату за отходы инвестиции и чем покрыть льготы?"},
		tr: "{city}, katı atık ücretinin hesabını sormuştur.\n\nÜcret tam maliyete göre hesaplanır; tesisin amortismanı da bu maliyetin içindedir. Henüz yapılmamış bir yatırım ise ücrete eklenemez.\n\n" +
			"Muafiyetlerin karşılığı öteki abonelere yüklenmez, bütçeden karşılanır. {city} bütçesinde bunun için ayrı bir kalem açılmalıdır.",
		ru: "{city} спрашивает, как считать плату за отходы.\n\nПлата считается по полной стоимости; износ построенных сооружений в неё входит. Ещё не построенное включить нельзя.\n\n" +
			"Льготы покрывает бюджет, а не другие плательщики. {city} должен(на) завести для этого отдельную строку бюджета."},
	{topic: "planning", law: words{"2863 sayılı Kültür ve Tabiat Varlıklarını Koruma Kanunu, m. 9", "Закон об охране памятников, ст. 9"},
		title:    words{"Tarihî köprüde güçlendirme yöntemi", "Укрепление исторического моста"},
		question: words{"Tarihî bir köprüye önerilen güçlendirme yöntemi uygun mudur, önce hangi ölçümler yapılmalıdır?", "Подходит ли предложенный способ укрепления историческому мосту, и какие измерения нужны сначала?"},
		tr: "{city}, köprüsü için önerilen güçlendirme yöntemini sormuştur.\n\nÇelik kuşak görünür izler bırakır ve geri alınamaz. Önce derzlerin onarılması ve enjeksiyon denenmelidir.\n\n" +
			"Karardan önce bir yıl boyunca çatlak ve oturma ölçülmelidir. {city} bu ölçümleri üniversiteyle birlikte yapabilir.",
		ru: "{city} спрашивает о способе укрепления моста.\n\nСтальной пояс оставляет видимые следы, и его нельзя убрать. Сначала надо восстановить швы и испытать инъекции.\n\n" +
			"До решения год измеряют трещины и осадку. {city} может сделать это вместе с университетом."},
}
