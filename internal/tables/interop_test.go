package tables

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/apperr"
)

// interop finds the folder of foreign files, which lies beside the project and is not part
// of it.
func interop(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		found := filepath.Join(dir, "shared", "data", "interop", "tables")
		if _, err := os.Stat(found); err == nil {
			return found
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("shared/data/interop is not beside the project")
	}
	t.Skip("shared/data/interop is not beside the project")
	return ""
}

func read(t *testing.T, path string) (Table, error) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Read(content)
}

// TestForeignTables reads every file of the folder: each becomes a table or is refused with
// a reason; none is read wrongly in silence.
func TestForeignTables(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(interop(t), "*", "*"))
	if err != nil || len(files) < 80 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	refused := map[string]string{}
	for _, path := range files {
		name := filepath.Base(path)
		table, err := read(t, path)
		var reason *apperr.Error
		switch {
		case errors.As(err, &reason):
			refused[name] = reason.Key
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case len(table.Header) == 0:
			t.Errorf("%s has no header", name)
		}
	}
	for name, key := range map[string]string{
		"belediye_mojibake_utf8_as_1252.csv": "tables.encoded_twice", "merge_cells.xls": "tables.old_or_locked",
		"data__table3.html": "tables.unknown_kind", "merge_cells.ods": "tables.unknown_kind", "write.slk": "tables.unknown_kind",
		"data__table-dicts.json": "tables.unknown_kind",
	} {
		if refused[name] != key {
			t.Errorf("%s: refused as %q, want %q", name, refused[name], key)
		}
	}
	for name, key := range refused {
		if ext := filepath.Ext(name); (ext == ".csv" || ext == ".xlsx") && key != "tables.encoded_twice" {
			t.Logf("%s: %s", name, key)
		}
	}
}

func TestOfficesTables(t *testing.T) {
	for name, want := range map[string]struct {
		rows     int
		encoding string
		first    string
	}{
		"belediye_iso-8859-9_tab.txt":             {0, "windows-1254", "Adana"},
		"belediye_nfd_nbsp_karisik.csv":           {0, "UTF-8", "Karacabey"},
		"belediye_tekrarli.csv":                   {40, "UTF-8", "Adana"},
		"belediye_utf16le_bom_tab.txt":            {0, "UTF-16LE", "Osmaneli"},
		"belediye_utf8_bom_baslik_satirli.csv":    {80, "UTF-8", "Adana"},
		"belediye_windows-1254_noktalivirgul.csv": {0, "windows-1254", "Adana"},
		"goroda_windows-1251.csv":                 {0, "windows-1251", "Айдаркен"},
	} {
		table, err := read(t, filepath.Join(interop(t), "derived-encodings", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(table.Header) < 6 || table.Encoding != want.encoding || table.Rows[0].Cells[1] != want.first || want.rows > 0 && len(table.Rows) != want.rows {
			t.Errorf("%s: %s, %d rows, %q, %q", name, table.Encoding, len(table.Rows), table.Header, table.Rows[0].Cells)
		}
	}
}

// TestSpectrum holds the small hard cases to their published meaning.
func TestSpectrum(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(interop(t), "csv-spectrum", "csvs__*.csv"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		if filepath.Base(path) == "csvs__location_coordinates.csv" {
			continue // its published meaning has another telephone number than the file
		}
		table, err := read(t, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		text, err := os.ReadFile(strings.NewReplacer("csvs__", "json__", ".csv", ".json").Replace(path))
		if err != nil {
			t.Fatal(err)
		}
		if text[0] == '{' { // one file has its only row without a list around it
			text = append(append([]byte("["), text...), ']')
		}
		var want []map[string]string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(table.Rows) != len(want) {
			t.Errorf("%s: %d rows of %d", filepath.Base(path), len(table.Rows), len(want))
			continue
		}
		for i, row := range table.Rows {
			for j, name := range table.Header {
				if row.Cells[j] != strings.TrimSpace(strings.ReplaceAll(want[i][name], "\r\n", "\n")) {
					t.Errorf("%s: row %d, %s: %q, want %q", filepath.Base(path), row.Number, name, row.Cells[j], want[i][name])
				}
			}
		}
	}
}
