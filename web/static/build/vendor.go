package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
)

// vendored are the kept libraries, as their makers publish them.
var vendored = []string{
	"htmx/htmx.js", "leaflet/leaflet.js", "leaflet/leaflet.css", "trix/trix.js", "trix/trix.css",
	"tus/tus.js",
}

var (
	sourceMap   = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*$`)
	dataPicture = regexp.MustCompile(`url\("data:image/svg\+xml,([^"]+)"\)`)
	absent      = regexp.MustCompile(`url\((?:images/[^)]+|#default#VML)\)`)
)

func addVendor(o *output) error {
	for _, name := range vendored {
		content, err := os.ReadFile(filepath.Join(source, "vendor", name))
		if err != nil {
			return err
		}
		if content, err = o.fit(name, content); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := o.add(filepath.Base(name), content); err != nil {
			return err
		}
	}
	return nil
}

// fit makes a library's file pass the portal's content policy: pictures inside styles
// become files, and addresses that would not be answered are dropped.
func (o *output) fit(name string, content []byte) ([]byte, error) {
	content = sourceMap.ReplaceAll(content, nil)
	if filepath.Ext(name) != ".css" {
		return content, nil
	}
	content = absent.ReplaceAll(content, []byte("none"))
	content = bytes.TrimPrefix(content, []byte(`@charset "UTF-8";`))
	var failed error
	n := 0
	content = dataPicture.ReplaceAllFunc(content, func(match []byte) []byte {
		svg, err := url.PathUnescape(string(dataPicture.FindSubmatch(match)[1]))
		if err != nil {
			failed = err
			return match
		}
		n++
		icon := fmt.Sprintf("%s-%d.svg", filepath.Base(filepath.Dir(name)), n)
		if err := o.add(icon, []byte(svg)); err != nil {
			failed = err
		}
		return []byte("url(" + o.names[icon] + ")")
	})
	// In the portal's lowest layer, so that its own styles win.
	return append(append([]byte("@layer base{"), bytes.TrimSpace(content)...), '}'), failed
}
