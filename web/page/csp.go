package page

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
)

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

// noncePolicy is the policy of a signed-in page: the editor writes one style element and
// shows the picture it has just been given.
func noncePolicy(nonce string) string {
	replacer := strings.NewReplacer(
		"style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'",
		"img-src 'self'", "img-src 'self' blob:",
	)
	return replacer.Replace(publicPolicy)
}

// AllowNonce gives a signed-in page its nonce and the policy that knows it. Public pages
// never call it: a nonce in a cached page would be everyone's.
func AllowNonce(w http.ResponseWriter) string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	nonce := base64.RawStdEncoding.EncodeToString(b[:])
	w.Header().Set("Content-Security-Policy", noncePolicy(nonce))
	return nonce
}
