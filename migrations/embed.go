// Package migrations carries the schema: numbered files that goose runs in order.
package migrations

import "embed"

// Files are the migrations, embedded in the binary.
//
//go:embed *.sql
var Files embed.FS
