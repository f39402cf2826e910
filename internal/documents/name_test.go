package documents

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"Fizibilite raporu (son).PDF":      "Fizibilite raporu (son).pdf",
		`C:\Users\ayşe\plan.pdf`:           "plan.pdf",
		"../../etc/passwd":                 "passwd",
		"fatura\u202efdp.exe":              "faturafdp.exe",
		"a\x00b\r\nc.txt":                  "ab c.txt",
		"":                                 "file",
		"..":                               "file",
		".htaccess":                        "file.htaccess",
		"Şuşa":                             "Şuşa",
		strings.Repeat("Ж", 300) + ".docx": strings.Repeat("Ж", longestName-5) + ".docx",
		`a"b<c>|d?.txt`:                    "abcd.txt",
		"x.tar.gz":                         "x.tar.gz",
		"\xff\xfe.pdf":                     "file.pdf",
	} {
		if got := CleanName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"plan.pdf", "../x", "a\u202eb.exe", "", ".", "a/b\\c", strings.Repeat("ş", 500), "x.\u200bpdf", "\xff", "a. .pdf"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := CleanName(name)
		if got == "" || !utf8.ValidString(got) || strings.ContainsAny(got, `/\`) || got == "." || got == ".." {
			t.Errorf("%q became %q", name, got)
		}
		if n := utf8.RuneCountInString(got); n > longestName {
			t.Errorf("%q became %d letters", name, n)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%q became %q, which holds %U", name, got, r)
			}
		}
		if again := CleanName(got); again != got {
			t.Errorf("%q became %q and then %q", name, got, again)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	f.Add([]byte("Exif\x00\x00MM\x00*\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, exif []byte) {
		if turn, ok := exifOrientation(exif); ok && (turn < 1 || turn > 8) {
			t.Errorf("turned %d", turn)
		}
	})
}
