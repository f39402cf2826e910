package mailin

import "strings"

// dropped is why nobody needs to read a letter: the portal's own that came back, an answer
// that a machine gave, a bounce; "" for what a person wrote.
func (l Letter) dropped(own string, addresses *Addresses) string {
	field := func(name string) string { return strings.ToLower(strings.TrimSpace(l.head.Get(name))) }
	kind, _, _ := l.head.ContentType()
	mailbox, _, _ := strings.Cut(l.FromAddress, "@")
	switch {
	case l.FromAddress != "" && l.FromAddress == own, addresses.Ours(l.FromAddress):
		return "own"
	case kind == "multipart/report", l.head.Has("Return-Path") && field("Return-Path") == "<>", mailbox == "mailer-daemon", mailbox == "postmaster":
		return "bounce"
	case l.head.Has("Auto-Submitted") && field("Auto-Submitted") != "no", l.head.Has("X-Auto-Response-Suppress"),
		l.head.Has("X-Autoreply"), l.head.Has("X-Autorespond"):
		return "automatic"
	}
	switch field("Precedence") {
	case "bulk", "junk", "list", "auto_reply":
		return "automatic"
	}
	return ""
}
