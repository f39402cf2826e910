// Command build makes web/static/dist from web/static/src: styles and scripts bundled and
// minified, every file named by its content and compressed ahead of time. Run it from the
// project's root: go run ./web/static/build
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

const (
	source = "web/static/src"
	target = "web/static/dist"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	out := output{names: map[string]string{}}
	for _, step := range []func(*output) error{addFonts, addPictures, addLand, addScripts, addStyles, addVendor} {
		if err := step(&out); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(out.names, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(target, "manifest.json"), append(manifest, '\n'), 0o644)
}

// output collects what was written: plain name → name with the content's hash.
type output struct{ names map[string]string }

// add writes one file under its hashed name and, where it pays, its compressed twins.
func (o *output) add(name string, content []byte) error {
	sum := sha256.Sum256(content)
	ext := filepath.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:])[:10] + ext
	o.names[name] = hashed
	if err := write(hashed, content); err != nil {
		return err
	}
	if ext == ".woff2" || ext == ".png" {
		return nil
	}
	if err := write(hashed+".br", brotlied(content)); err != nil {
		return err
	}
	return write(hashed+".gz", gzipped(content))
}

func write(name string, content []byte) error {
	return os.WriteFile(filepath.Join(target, name), content, 0o644)
}

func brotlied(content []byte) []byte {
	var buf bytes.Buffer
	w := brotli.NewWriterLevel(&buf, brotli.BestCompression)
	_, _ = w.Write(content) // a bytes.Buffer cannot fail
	_ = w.Close()
	return buf.Bytes()
}

func gzipped(content []byte) []byte {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is a valid constant
	_, _ = w.Write(content)
	_ = w.Close()
	return buf.Bytes()
}

func addFonts(o *output) error { return o.addAll("fonts", "*.woff2") }

func addPictures(o *output) error {
	if err := o.addAll("img", "*.svg"); err != nil {
		return err
	}
	return o.addAll("img", "*.png")
}

func (o *output) addAll(folder, pattern string) error {
	files, err := filepath.Glob(filepath.Join(source, folder, pattern))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := o.add(filepath.Base(file), content); err != nil {
			return err
		}
	}
	return nil
}

func addScripts(o *output) error {
	files, err := filepath.Glob(filepath.Join(source, "js", "*.js"))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := bundle(file, api.FormatIIFE)
		if err != nil {
			return err
		}
		if err := o.add(filepath.Base(file), content); err != nil {
			return err
		}
	}
	return nil
}

// addStyles bundles the portal's styles; fonts are already written, so their addresses are known.
func addStyles(o *output) error {
	css, err := bundle(filepath.Join(source, "css", "app.css"), api.FormatDefault)
	if err != nil {
		return err
	}
	for name, hashed := range o.names {
		css = bytes.ReplaceAll(css, []byte("../fonts/"+name), []byte(hashed))
	}
	if bytes.Contains(css, []byte("../fonts/")) {
		return fmt.Errorf("styles name a font that %s/fonts does not hold", source)
	}
	return o.add("app.css", css)
}

// bundle minifies one entry with its imports; addresses of fonts stay as written.
func bundle(entry string, format api.Format) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{entry},
		Bundle:            true,
		Format:            format,
		External:          []string{"*.woff2"},
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "111"}, {Name: api.EngineFirefox, Version: "113"}, {Name: api.EngineSafari, Version: "16.4"},
		},
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%s: %s", entry, result.Errors[0].Text)
	}
	return result.OutputFiles[0].Contents, nil
}
