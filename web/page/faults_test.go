package page

import "testing"

// TestNamedFaultsSayTheirField: the same fault at two fields can be told apart.
func TestNamedFaultsSayTheirField(t *testing.T) {
	out := Faults{"": "Kaydedilmedi.", "title": "Çok uzun.", "text_tr": "Çok uzun."}.Named("title", "Adı", "text_tr", "Türkçe", "text_en", "İngilizce")
	want := []string{"Kaydedilmedi.", "Adı: Çok uzun.", "Türkçe: Çok uzun."}
	if len(out.Errors) != len(want) {
		t.Fatalf("%v", out.Errors)
	}
	for i, e := range out.Errors {
		if e.Message != want[i] {
			t.Errorf("%q, want %q", e.Message, want[i])
		}
	}
}
