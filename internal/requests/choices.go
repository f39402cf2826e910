package requests

import "slices"

// Kinds are the kinds of projects that the service supports (clause b of the statute);
// their names are the messages "requests.kind.…".
func Kinds() []string { return []string{"infrastructure", "superstructure", "service"} }

// Sectors are the subjects of projects; their names are the messages "requests.sector.…".
func Sectors() []string {
	return []string{"water", "waste", "roads", "transport", "energy", "parks", "buildings", "heritage", "education", "health", "social", "digital", "safety", "other"}
}

// Lands and Permits are the answers about land and permits; their names are the messages
// "requests.land.…" and "requests.permit.…".
func Lands() []string { return []string{"own", "state", "private", "none", "unknown"} }

// Permits are the answers about building and other permits.
func Permits() []string { return []string{"granted", "applied", "needed", "none", "unknown"} }

func known[T comparable](list []T, x T) bool { return slices.Contains(list, x) }
