// Package static carries styles, scripts, fonts and pictures inside the program and serves
// them under names that change with their content, compressed ahead of time.
package static

import (
	"embed"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:generate go run -C ../.. ./web/static/build

//go:embed dist
var files embed.FS

// Prefix is where the files are mounted.
const Prefix = "/static/"

var (
	manifest = readManifest()
	assets   = readAssets()
)

// asset is one file with its compressed twins; br and gz are nil where they would not pay.
type asset struct {
	kind        string
	raw, br, gz []byte
}

// URL is the address of a file by its plain name: URL("app.css") is
// "/static/app.3fa2b1c9d0.css". An unknown name is a fault of the program and panics.
func URL(name string) string {
	hashed, ok := manifest[name]
	if !ok {
		panic(fmt.Sprintf("static: no file %q; run go run ./web/static/build", name))
	}
	return Prefix + hashed
}

// Names lists the plain names of all files.
func Names() []string {
	names := make([]string, 0, len(manifest))
	for name := range manifest {
		names = append(names, name)
	}
	return names
}

// Size is how many bytes of a file travel, in brotli where the file has it.
func Size(name string) int {
	a := assets[manifest[name]]
	if a.br != nil {
		return len(a.br)
	}
	return len(a.raw)
}

// Handler serves the files below Prefix; they may be kept for ever, because another
// content has another name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		body, encoding := a.pick(r.Header.Get("Accept-Encoding"))
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Accept-Encoding")
		if encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // the reader may have gone; nobody is left to tell
		}
	})
}

// pick chooses the smallest form that the reader accepts.
func (a asset) pick(accept string) (body []byte, encoding string) {
	if a.br != nil && Accepts(accept, "br") {
		return a.br, "br"
	}
	if a.gz != nil && Accepts(accept, "gzip") {
		return a.gz, "gzip"
	}
	return a.raw, ""
}

// Accepts reports whether an Accept-Encoding header names a coding and does not refuse it.
func Accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.TrimPrefix(strings.TrimSpace(weight), "q=")
			value, err := strconv.ParseFloat(q, 64)
			return err != nil || value > 0
		}
	}
	return false
}

func readManifest() map[string]string {
	raw, err := files.ReadFile("dist/manifest.json")
	if err != nil {
		panic(err) // embedded at build time; its absence is a broken build
	}
	names := map[string]string{}
	if err := json.Unmarshal(raw, &names); err != nil {
		panic(err)
	}
	return names
}

func readAssets() map[string]asset {
	out := make(map[string]asset, len(manifest))
	for _, name := range manifest {
		raw, err := files.ReadFile("dist/" + name)
		if err != nil {
			panic(err)
		}
		a := asset{kind: kind(name), raw: raw}
		a.br, _ = files.ReadFile("dist/" + name + ".br") // absent where compression does not pay
		a.gz, _ = files.ReadFile("dist/" + name + ".gz")
		out[name] = a
	}
	return out
}

func kind(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}
