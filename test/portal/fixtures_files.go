package portal

import "strings"

func init() {
	constants["{document}"] = strings.Repeat("a", 26)
	constants["{upload}"] = strings.Repeat("a", 26)
}
