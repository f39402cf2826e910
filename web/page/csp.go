package page

import "strings"

// policy is what every page may load: its own origin and nothing else. Scripts are files,
// styles are files, nothing is inline.
var policy = []string{
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self'",
	"font-src 'self'",
	"connect-src 'self'",
	"media-src 'self'",
	"manifest-src 'self'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"base-uri 'none'",
}

var publicPolicy = strings.Join(policy, "; ")
