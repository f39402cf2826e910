package ui

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/a-h/templ"

	"github.com/birlik/portal/web/static"
)

// Script asks for one of the portal's scripts: "htmx", "table", "draft", "upload", "combobox",
// "map", "count", "rows", "passkey", "redact", "palette". A page that asks twice carries it once. Components that need a
// script ask for it themselves.
type Script string

// scripts lists what each script stands on, itself last.
var scripts = map[Script][]string{
	"htmx":     {"htmx.js"},
	"table":    {"table.js"},
	"draft":    {"draft.js"},
	"upload":   {"tus.js", "upload.js"},
	"combobox": {"combobox.js"},
	"map":      {"leaflet.js", "map.js"},
	"count":    {"count.js"},
	"rows":     {"rows.js"},
	"passkey":  {"passkey.js"},
	"redact":   {"redact.js"},
	"palette":  {"palette.js"},
}

// styles that travel only with a script.
var styles = map[Script]string{"map": "leaflet.css"}

var onces = newOnces()

func newOnces() map[Script]*templ.OnceHandle {
	handles := make(map[Script]*templ.OnceHandle, len(scripts))
	for name := range scripts {
		handles[name] = templ.NewOnceHandle()
	}
	return handles
}

// Render implements templ.Component.
func (s Script) Render(ctx context.Context, w io.Writer) error {
	once, ok := onces[s]
	if !ok {
		return nil
	}
	tags := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return s.write(w)
	})
	return once.Once().Render(templ.WithChildren(ctx, tags), w)
}

func (s Script) write(w io.Writer) error {
	if sheet, ok := styles[s]; ok {
		if _, err := io.WriteString(w, `<link rel="stylesheet" href="`+static.URL(sheet)+`">`); err != nil {
			return err
		}
	}
	for _, file := range scripts[s] {
		if _, err := io.WriteString(w, `<script src="`+static.URL(file)+`" defer></script>`); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
