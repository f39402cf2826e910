package locale

import "testing"

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		own     string
		written []string
		want    string
	}{
		{"ru", []string{"tr", "en", "ru"}, "ru"}, {"ru", []string{"tr", "en"}, "en"}, {"ru", []string{"tr"}, "tr"}, {"ru", nil, ""}, {"en", []string{"tr", "ru"}, "tr"},
	} {
		if got := Nearest(c.own, c.written); got != c.want {
			t.Errorf("%s of %v: %s, want %s", c.own, c.written, got, c.want)
		}
	}
}
