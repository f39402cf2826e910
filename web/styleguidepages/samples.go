package styleguidepages

import (
	"encoding/json"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// city is a place of the samples.
type city struct {
	name, country string
	lon, lat      float64
}

var sampleCities = []city{
	{"Ankara", "Türkiye", 32.85, 39.93}, {"İstanbul", "Türkiye", 28.98, 41.01}, {"Çanakkale", "Türkiye", 26.41, 40.15},
	{"Lefkoşa", "Kıbrıs", 33.36, 35.18}, {"Bakı", "Azerbaycan", 49.87, 40.41}, {"Şuşa", "Azerbaycan", 46.75, 39.76},
	{"Aşgabat", "Türkmenistan", 58.38, 37.95}, {"Toshkent", "Özbekistan", 69.24, 41.3}, {"Samarqand", "Özbekistan", 66.97, 39.65},
	{"Bishkek", "Kırgızistan", 74.6, 42.87}, {"Almaty", "Kazakistan", 76.95, 43.25}, {"Astana", "Kazakistan", 71.43, 51.16},
	{"Kazan", "Rusya", 49.1, 55.79}, {"Ufa", "Rusya", 55.97, 54.74}, {"Kyzyl", "Rusya", 94.45, 51.72}, {"Komrat", "Moldova", 28.66, 46.3},
	{"Saraybosna", "Bosna-Hersek", 18.41, 43.86}, {"Budapeşte", "Macaristan", 19.04, 47.5}, {"Üsküp", "Kuzey Makedonya", 21.43, 42},
}

func points() []ui.Point {
	out := make([]ui.Point, len(sampleCities))
	for i, c := range sampleCities {
		out[i] = ui.Point{Lon: c.lon, Lat: c.lat, Label: c.name}
	}
	return out
}

func matching(q string) []ui.ComboOption {
	var out []ui.ComboOption
	for _, c := range sampleCities {
		if q != "" && strings.Contains(strings.ToLower(c.name), strings.ToLower(q)) {
			out = append(out, ui.ComboOption{Value: c.name, Label: c.name, Hint: c.country})
		}
	}
	return out
}

func geoJSON() []byte {
	type feature map[string]any
	features := make([]feature, len(sampleCities))
	for i, c := range sampleCities {
		features[i] = feature{
			"type": "Feature", "geometry": feature{"type": "Point", "coordinates": []float64{c.lon, c.lat}},
			"properties": feature{"name": c.name, "note": c.country, "href": "#" + c.name},
		}
	}
	out, err := json.Marshal(feature{"type": "FeatureCollection", "features": features})
	if err != nil {
		panic(err) // plain maps always encode
	}
	return out
}

func memberNav(l locale.Lang) []ui.Link {
	base := "/" + string(l) + "/styleguide"
	return []ui.Link{
		{Label: "Panelim", Href: base},
		{Label: "Başvurularım", Href: base + "/member", Count: 3},
		{Label: "Belediyemiz", Href: base + "/plain"},
	}
}

func deskNav(l locale.Lang) []ui.Link {
	base := "/" + string(l) + "/styleguide"
	return []ui.Link{
		{Label: "İşlerim", Href: base, Icon: "home", Count: 14},
		{Label: "Gelen başvurular", Href: base + "/desk", Icon: "inbox", Count: 128, Current: true},
		{Label: "Kayıtlar"},
		{Label: "Belediyeler", Href: base + "/member", Icon: "city", Count: 1393},
		{Label: "Projeler", Href: base + "/plain", Icon: "project"},
		{Label: "Etkinlikler", Href: base + "/error/404", Icon: "calendar", Count: 27},
		{Label: "Birlik"},
		{Label: "Kullanıcılar", Href: base + "/error/403", Icon: "users"},
	}
}

// long is a word or, where long texts are asked for, a text that tries the layout.
func long(wanted bool, s string) string {
	if !wanted {
		return s
	}
	return s + " " + strings.Repeat("Afyonkarahisarlılaştırabildiklerimizdenmişsinizcesine Муниципалитеттік ынтымақтастық ", 2)
}

// row is a line of the sample list.
type row struct {
	ref, subject, place, kind, due, ago, owner string
	state                                      ui.StatusChip
	late, urgent, open                         bool
}

var sampleRows = []row{
	{"REQ-2026-00412", "İki ilçe arasındaki köprünün onarımı", "Gökçeyazı, Türkiye", "Altyapı", "26 Kas", "2 gün sonra", "Aysel Yurdakul", ui.StatusChip{Tone: ui.StatusWork, Label: "İnceleniyor"}, false, false, true},
	{"REQ-2026-00409", "Sel sonrası içme suyu hattı", "Bulaqkənd, Azerbaycan", "Altyapı", "23 Kas", "1 gün gecikti", "Ruslan Kərimov", ui.StatusChip{Tone: ui.StatusWork, Label: "İnceleniyor"}, true, true, false},
	{"REQ-2026-00407", "40 metrelik bulvara bisiklet yolu", "Aqbulaq, Kazakistan", "Hizmet", "1 Ara", "7 gün sonra", "", ui.StatusChip{Tone: ui.StatusNew, Label: "Yeni"}, false, false, false},
	{"REQ-2026-00398", "Okul çatısına güneş paneli", "Taşlıdere, Türkiye", "Üstyapı", "4 Ara", "10 gün sonra", "Meryem Sarı", ui.StatusChip{Tone: ui.StatusWait, Label: "Belediyede"}, false, false, false},
	{"REQ-2026-00391", "Hamamın kütüphaneye dönüşümü", "Qoʻshtepa, Özbekistan", "Üstyapı", "27 Kas", "3 gün sonra", "Aysel Yurdakul", ui.StatusChip{Tone: ui.StatusReady, Label: "Kurula hazır"}, false, false, false},
	{"REQ-2026-00388", "Başıboş hayvanlar için barınak", "Серебряный Яр, Rusya", "Hizmet", "20 Kas", "", "Meryem Sarı", ui.StatusChip{Tone: ui.StatusDone, Label: "Onaylandı"}, false, false, false},
	{"REQ-2026-00371", "Üç köy için ortak itfaiye aracı", "Göktepe, Türkmenistan", "Hizmet", "18 Kas", "", "Ruslan Kərimov", ui.StatusChip{Tone: ui.StatusStop, Label: "Reddedildi"}, false, false, false},
}
