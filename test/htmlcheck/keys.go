package htmlcheck

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Keys finds names of messages that stand in a page's text where the message should: a text
// that was asked for by a wrong name. areas are what the names of messages begin with.
func Keys(source string, areas []string) (faults []string) {
	name := regexp.MustCompile(`(?:^|[\s(«“])((?:` + strings.Join(areas, "|") + `)(?:\.[a-z0-9_]+)+)(?:$|[\s,;:)»”])`)
	tokens, silent := html.NewTokenizer(strings.NewReader(source)), false
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		switch {
		case token.Data == "script" || token.Data == "style" || token.Data == "code" || token.Data == "pre":
			silent = kind == html.StartTagToken
		case kind == html.TextToken && !silent:
			for _, found := range name.FindAllStringSubmatch(token.Data, -1) {
				faults = append(faults, fmt.Sprintf("the name of a message stands for it: %s", found[1]))
			}
		}
	}
	return faults
}
