package ui

import "github.com/birlik/portal/web/static"

// landURL is the address of the land shapes that zoomable maps draw.
func landURL() string { return static.URL("land.json") }
