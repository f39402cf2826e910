package writing

import "testing"

// TestPlainIsNoMarkdown: whoever reads mail without HTML reads words, not marks.
func TestPlainIsNoMarkdown(t *testing.T) {
	for source, want := range map[string]string{
		"Merhaba **{{name}}**,\n\n# Park\n_üç_ park":               "Merhaba {{name}},\n\nPark\n\nüç park",
		"- bir\n- [iki](https://x.example)\n\n3. üç\n4. dört":      "- bir\n- iki (https://x.example)\n\n3. üç\n4. dört",
		"<https://x.example> ve https://y.example":                 "https://x.example ve https://y.example",
		"> söz\n> iki\n\n---\n\n`kod` \\*yıldız\\* &amp; <b>x</b>": "> söz\n> iki\n\n* * *\n\nkod *yıldız* & <b>x</b>",
		"<b>Davet</b> var\n\n<div>\nson":                           "<b>Davet</b> var\n\n<div>\nson",
		"| a | b |\n|---|---|\n| 1 | 2 |":                          "a | b\n1 | 2",
		"- bir\n  - iç\n- iki":                                     "- bir\n  - iç\n- iki",
	} {
		if got := Plain(source); got != want {
			t.Errorf("%q reads %q, want %q", source, got, want)
		}
	}
}
