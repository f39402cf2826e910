package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
)

// vendored are the kept libraries, as their makers publish them.
var vendored = []string{
	"htmx/htmx.js", "leaflet/leaflet.js", "leaflet/leaflet.css",
	"tus/tus.js",
}

var (
	sourceMap = regexp.MustCompile(`(?m)^//# sourceMappingURL=.*$`)
	absent    = regexp.MustCompile(`url\((?:images/[^)]+|#default#VML)\)`)
)

func addVendor(o *output) error {
	for _, name := range vendored {
		content, err := os.ReadFile(filepath.Join(source, "vendor", name))
		if err != nil {
			return err
		}
		if err := o.add(filepath.Base(name), fit(name, content)); err != nil {
			return err
		}
	}
	return nil
}

// fit makes a library's file pass the portal's content policy: addresses that would not be
// answered are dropped, and its styles stand in the lowest layer, so that the portal's win.
func fit(name string, content []byte) []byte {
	content = sourceMap.ReplaceAll(content, nil)
	if filepath.Ext(name) != ".css" {
		return content
	}
	content = absent.ReplaceAll(content, []byte("none"))
	content = bytes.TrimPrefix(content, []byte(`@charset "UTF-8";`))
	return append(append([]byte("@layer base{"), bytes.TrimSpace(content)...), '}')
}
