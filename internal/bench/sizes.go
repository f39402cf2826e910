package bench

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var (
	// What a first visit loads beside the page: styles, scripts, fonts and pictures that
	// the page names.
	linked = regexp.MustCompile(`(?:<link[^>]+rel="(?:stylesheet|preload|icon)"[^>]*href|<link[^>]+href|<script[^>]+src|<img[^>]+src)="(/static/[^"]+)"`)
	fonts  = regexp.MustCompile(`url\("?([^")]+\.woff2)"?\)`)
)

// measureSizes weighs pages and whole first visits as they travel.
func (r *run) measureSizes(ctx context.Context) error {
	var err error
	if r.portal, err = startPortal(ctx, r.Options, r.server.URL(), 0); err != nil {
		return err
	}
	for _, p := range pages {
		if p.account != "" {
			continue
		}
		if p.path, err = r.ask(ctx, p); err != nil {
			return err
		}
		plain, status, err := r.portal.fetch(ctx, p.path, "", "identity")
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			continue
		}
		packed, _, err := r.portal.fetch(ctx, p.path, "", "br, gzip")
		if err != nil {
			return err
		}
		rest, err := r.portal.weighLinked(ctx, string(plain))
		if err != nil {
			return err
		}
		r.report.Sizes = append(r.report.Sizes, Size{Name: p.name, Plain: len(plain), Compressed: len(packed), FirstVisit: len(packed) + rest})
	}
	return nil
}

// weighLinked sums the files that a page names, and the fonts that it preloads or that its
// styles name first.
func (p *portal) weighLinked(ctx context.Context, source string) (int, error) {
	var paths []string
	for _, match := range linked.FindAllStringSubmatch(source, -1) {
		paths = append(paths, match[1])
	}
	slices.Sort(paths)
	sum := 0
	for _, path := range slices.Compact(paths) {
		body, status, err := p.fetch(ctx, path, "", "br, gzip")
		if err != nil || status != http.StatusOK {
			return 0, fmt.Errorf("%s answers %d: %w", path, status, err)
		}
		sum += len(body)
		if strings.HasSuffix(path, ".css") && !strings.Contains(source, ".woff2") {
			sum += p.weighFonts(ctx, path)
		}
	}
	return sum, nil
}

// weighFonts counts the first two fonts of a stylesheet: text and headings.
func (p *portal) weighFonts(ctx context.Context, stylesheet string) (sum int) {
	text, _, err := p.fetch(ctx, stylesheet, "", "identity")
	if err != nil {
		return 0
	}
	found := fonts.FindAllStringSubmatch(string(text), -1)
	for _, match := range found[:min(2, len(found))] {
		path := match[1]
		if !strings.HasPrefix(path, "/") {
			path = stylesheet[:strings.LastIndex(stylesheet, "/")+1] + path
		}
		if body, status, err := p.fetch(ctx, path, "", "identity"); err == nil && status == http.StatusOK {
			sum += len(body)
		}
	}
	return sum
}
