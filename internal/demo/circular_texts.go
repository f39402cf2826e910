package demo

import "github.com/birlik/portal/internal/circulars"

// circularTexts are what the union told its members lately, the oldest first; the last one is
// still a draft.
var circularTexts = []circulars.Input{
	{Kind: circulars.Technical, Answers: true, Refs: "Çevre Kanunu, m. 11\nBirlik Genel Kurulu kararı: ortak atık istatistiği", Texts: []circulars.Text{
		{Lang: "tr", Title: "Atık bedeli istatistikleri için ortak tablo", Todo: "Sorumlu birimi ve geçen yılın toplam atık bedelini kısaca yazın.",
			Body: "Üye belediyeler atık bedelini farklı kalemlerde topladığı için rakamlar karşılaştırılamıyor. Genel Kurul, tek bir tablo kullanılmasını istedi.\n\nTablo dört satırdan oluşur: toplama, taşıma, bertaraf ve geri kazanım. Her satırda yıllık gelir, yıllık gider ve hane sayısı yer alır. Evsel ve ticari atık ayrı yazılır.\n\nBirlik tabloları birleştirir ve sonucu yalnızca ülke toplamları olarak yayımlar."},
		{Lang: "en", Title: "One table for waste levy statistics", Todo: "Tell us in short which office is responsible, and last year’s total of the levy.",
			Body: "Member municipalities collect the waste levy under different headings, so the figures cannot be compared. The General Assembly asked for a single table.\n\nThe table has four rows: collection, transport, disposal and recovery. Each gives the year’s income, the year’s cost and the number of households. Household and commercial waste stand apart.\n\nThe Union adds the tables up and publishes country totals only."},
		{Lang: "ru", Title: "Единая таблица для статистики сбора за отходы", Todo: "Коротко напишите, какой отдел отвечает и какова сумма сбора за прошлый год.",
			Body: "Муниципалитеты учитывают сбор за отходы по разным статьям, поэтому цифры нельзя сравнить. Генеральная ассамблея попросила вести единую таблицу.\n\nВ таблице четыре строки: сбор, вывоз, захоронение и переработка. В каждой — доход за год, расход за год и число домохозяйств. Бытовые и коммерческие отходы указываются отдельно.\n\nСоюз сводит таблицы и публикует только итоги по странам."},
	}},
	{Kind: circulars.Financial, Refs: "Kamu İhale Kanunu, m. 8 ve m. 67", Texts: []circulars.Text{
		{Lang: "tr", Title: "İhale eşik değerlerinin güncellenmesi", Todo: "Hazırlıktaki ihalelerin dosyalarını yeni eşiklere göre gözden geçirin.",
			Body: "Eşik değerler yeni yılın ilk ayından başlayarak güncel tutarlarla uygulanır. İlanı bu tarihten önce yapılmış ihaleler eski değerlerle sonuçlandırılır.\n\nYaklaşık maliyeti eşiğe yakın olan alımlarda, hesabın yapıldığı gün ve kullanılan kur dosyaya yazılmalıdır. Bir alımın eşiğin altında kalmak için bölünmesi kabul edilmez.\n\nOrtak alım yapan belediyelerde eşik, ortakların toplam alımına göre belirlenir."},
		{Lang: "ru", Title: "Новые пороговые суммы закупок", Todo: "Проверьте документы готовящихся закупок по новым порогам.",
			Body: "Пороговые суммы применяются в новом размере с первого месяца нового года. Закупки, объявленные раньше, завершаются по прежним суммам.\n\nЕсли расчётная стоимость близка к порогу, в деле указывают день расчёта и использованный курс. Делить закупку, чтобы остаться ниже порога, нельзя.\n\nПри совместной закупке порог определяется по общей сумме всех участников."},
	}},
	{Kind: circulars.Administrative, Public: true, Refs: "Elektronik İmza Kanunu, m. 5", Texts: []circulars.Text{
		{Lang: "tr", Title: "Birlik yazışmalarında elektronik imza", Todo: "İmza yetkililerinizi portalda güncelleyin ve elektronik imza başvurularını başlatın.",
			Body: "Birlik, gelen yazıları elektronik imzayla kabul eder ve kendi yazılarını da böyle gönderir. Islak imzalı yazı gönderen belediyelerin yazıları geçerliliğini korur.\n\nİmza, yazıyı imzalayan kişinin kurumundaki görevini gösteren bir sertifikaya dayanmalıdır. Süresi dolmuş sertifikayla imzalanan yazılar geri gönderilir.\n\nSertifika alınamayan ülkelerde, onay portaldaki “Onayla ve gönder” adımıyla verilir."},
		{Lang: "en", Title: "Electronic signatures in correspondence with the Union", Todo: "Bring your signatories up to date on the portal and apply for their certificates.",
			Body: "The Union accepts letters with an electronic signature and signs its own in the same way. Letters that are signed by hand stay valid.\n\nA signature has to rest on a certificate that shows the office of who signs. Letters signed with an expired certificate are sent back.\n\nWhere a country issues no such certificates, the step “Approve and send” on the portal takes their place."},
		{Lang: "ru", Title: "Электронная подпись в переписке с Союзом", Todo: "Обновите список подписантов на портале и подайте заявки на сертификаты.",
			Body: "Союз принимает письма с электронной подписью и сам подписывает свои письма так же. Письма, подписанные от руки, остаются действительными.\n\nПодпись должна опираться на сертификат, в котором указана должность подписавшего. Письма с просроченным сертификатом возвращаются.\n\nГде таких сертификатов не выдают, их заменяет шаг «Согласовать и отправить» на портале."},
	}},
	{Kind: circulars.Technical, Texts: []circulars.Text{
		{Lang: "tr", Title: "Kış öncesi yol bakımı için ortak çizelge", Todo: "Kapanan yolları çizelgeye her sabah işleyin.",
			Body: "Komşu belediyeler arasındaki yolların kapanması çoğu kez geç öğreniliyor. Ortak çizelge, hangi yolun kimin sorumluluğunda olduğunu ve ne zaman açıldığını gösterir.\n\nÇizelge ilk kar yağışından nisan sonuna kadar tutulur."},
	}},
}
