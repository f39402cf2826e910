package municipalities

import "testing"

func TestTheWordsOfAnOfficeAreNoPartOfAName(t *testing.T) {
	for name, want := range map[string]string{
		"Çanakkale Belediyesi": "Çanakkale", "ÇANAKKALE BELEDİYE BAŞKANLIĞI": "Çanakkale", "Konya Büyükşehir Belediyesi": "Konya",
		"City of Shusha": "Shusha", "Municipality of Bishkek": "Bishkek", "Мэрия города Бишкек": "Бишкек", "Belediye": "Belediye", "Şuşa": "Şuşa",
	} {
		if wordOf(bareName(name)) != wordOf(want) {
			t.Errorf("%s: %s, want %s", name, bareName(name), want)
		}
	}
}
