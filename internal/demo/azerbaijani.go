package demo

// native is the place's name as it writes itself; the source names places of Azerbaijan in
// English letters.
func (p place) native() string {
	if own, ok := azerbaijaniNames[p["source_id"]]; ok {
		return own
	}
	return schwa(p["name"])
}

// azerbaijaniNames are the official names of towns that the source calls otherwise.
var azerbaijaniNames = map[string]string{
	"gn:585915": "Xırdalan",   // Khirdalan
	"gn:587361": "Ağsu",       // Aghsu
	"gn:587384": "Ağcabədi",   // Aghjabadi
	"gn:148619": "Ağdam",      // Aghdam
	"gn:587362": "Ağstafa",    // Aghstafa
	"gn:587084": "Bakı",       // Baku
	"gn:587078": "Biləcəri",   // Bilajari
	"gn:587070": "Balakən",    // Belokany
	"gn:587057": "Bərdə",      // Barda
	"gn:148354": "Beyləqan",   // Beylagan
	"gn:148340": "Biləsuvar",  // Pushkino
	"gn:586765": "Daşkəsən",   // Dashkasan
	"gn:148106": "Füzuli",     // Fuzuli
	"gn:586573": "Gədəbəy",    // Gadabay
	"gn:584716": "Göygöl",     // Goygol
	"gn:586523": "Gəncə",      // Ganja
	"gn:586318": "İsmayıllı",  // Ismayilli
	"gn:148141": "Cəbrayıl",   // Jabrayil
	"gn:148290": "Cəlilabad",  // Jalilabad
	"gn:586268": "Kəlbəcər",   // Kalbajar
	"gn:147774": "Xocalı",     // Khojaly
	"gn:146969": "Xocavənd",   // Khojavend
	"gn:585763": "Kürdəmir",   // Kyurdarmir
	"gn:147622": "Lənkəran",   // Lankaran
	"gn:147552": "Masallı",    // Masally
	"gn:585514": "Mingəçevir", // Mingachevir
	"gn:148251": "Culfa",      // Julfa
	"gn:585231": "Qəbələ",     // Qabala
	"gn:585226": "Qazax",      // Gazakh
	"gn:585570": "Qobustan",   // Gobustan
	"gn:585177": "Samux",      // Samukh
	"gn:586763": "Şabran",     // Divichibazar
	"gn:585170": "Şəki",       // Sheki
	"gn:147105": "Şuşa",       // Shusha
	"gn:584954": "Siyəzən",    // Siyazan
	"gn:584923": "Sumqayıt",   // Sumgayit
	"gn:584871": "Tərtər",     // Tartar
	"gn:584791": "Ucar",       // Ujar
	"gn:146970": "Xankəndi",   // Khankendi
	"gn:585909": "Xızı",       // Khizi
	"gn:584649": "Yevlax",     // Yevlakh
	"gn:146901": "Zəngilan",   // Zangilan
	"gn:584586": "Zərdab",     // Zardob
	"gn:147982": "İmişli",     // Imishli
	"gn:585156": "Şamaxı",     // Shamakhi
	"gn:585152": "Şəmkir",     // Shamkhir
}
