package page

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
)

type addressKey struct{}

// ClientAddress finds the reader's address once for throttles, sessions and the log. The
// X-Forwarded-For header counts only as far as it was written by the trusted proxies:
// it is read from the right, and the first address that is no proxy is the reader.
func ClientAddress(trusted []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := context.WithValue(r.Context(), addressKey{}, clientAddress(r, trusted))
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Address is the reader's address; the zero address where it is not known (a unix socket).
func Address(r *http.Request) netip.Addr {
	a, _ := r.Context().Value(addressKey{}).(netip.Addr)
	return a
}

func clientAddress(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(address, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break // a proxy of ours never writes this: stay with the last address that we know
		}
		address = hop.Unmap().WithZone("")
	}
	return address
}

func isTrusted(a netip.Addr, trusted []netip.Prefix) bool {
	for _, prefix := range trusted {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// Network is what one reader is counted by: an IPv4 address, or the /64 that a household
// or office is given in IPv6.
func Network(a netip.Addr) string {
	if a.Is6() {
		if prefix, err := a.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return a.String()
}
