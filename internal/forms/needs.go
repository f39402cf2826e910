package forms

import "slices"

// Needs are the questions of a form that the portal itself reads, by key: they may be
// reworded, and neither leave nor change their kind.
type Needs map[string]Kind

// NeedsOf are the questions of a form by their keys; without keys, all of them.
func NeedsOf(d Definition, keys ...string) Needs {
	out := Needs{}
	for _, f := range d.Fields() {
		if len(keys) == 0 || slices.Contains(keys, f.Key) {
			out[f.Key] = f.Kind
		}
	}
	return out
}
