package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// icons are drawn on a 24 by 24 grid with a stroke; base.css gives the stroke.
var icons = map[string]string{
	"search":   `<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`,
	"globe":    `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9S9 6 12 3z"/>`,
	"moon":     `<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>`,
	"sun":      `<circle cx="12" cy="12" r="4"/><path d="M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4"/>`,
	"screen":   `<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M8 20.5h8M12 16.5v4"/>`,
	"menu":     `<path d="M4 7h16M4 12h16M4 17h16"/>`,
	"calendar": `<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4m8-4v4"/>`,
	"next":     `<path d="M5 12h14m-5-6 6 6-6 6"/>`,
	"back":     `<path d="M19 12H5m6-6-6 6 6 6"/>`,
	"right":    `<path d="m9 5 7 7-7 7"/>`,
	"left":     `<path d="m15 5-7 7 7 7"/>`,
	"down":     `<path d="m6 9 6 6 6-6"/>`,
	"up":       `<path d="m6 15 6-6 6 6"/>`,
	"close":    `<path d="m7 7 10 10M17 7 7 17"/>`,
	"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"plus":     `<path d="M12 5v14M5 12h14"/>`,
	"warning":  `<path d="M12 4 2.8 20h18.4zM12 10v4.5m0 2.7v.1"/>`,
	"info":     `<circle cx="12" cy="12" r="9"/><path d="M12 11v5m0-8.5v.1"/>`,
	"stop":     `<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5m0 3v.1"/>`,
	"file":     `<path d="M7 3h7l5 5v13H7zM14 3v5h5"/>`,
	"picture":  `<rect x="3" y="4.5" width="18" height="15" rx="2"/><circle cx="9" cy="10" r="1.6"/><path d="m4 18 5.5-5 3.5 3 3-2.5 4.5 4"/>`,
	"copy":     `<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>`,
	"download": `<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>`,
	"upload":   `<path d="M12 15V4m-5 5 5-5 5 5M5 20h14"/>`,
	"print":    `<path d="M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z"/>`,
	"link":     `<path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1"/>`,
	"out":      `<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>`,
	"mail":     `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>`,
	"message":  `<path d="M4 5h16v11H10l-5 4v-4H4z"/>`,
	"lock":     `<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>`,
	"user":     `<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4.5-5.5 8-5.5s7 1.5 8 5.5"/>`,
	"users":    `<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19c.8-3.5 3.5-4.8 6.5-4.8s5.7 1.3 6.5 4.8M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.7c1.8.7 3 2 3.5 4.3"/>`,
	"city":     `<path d="M4 21V9l6-4v16M10 21h10V11l-10-2M3 21h18M14 14v.1m3-.1v.1m-3 3.9v.1m3-.1v.1M7 12v.1M7 16v.1"/>`,
	"pin":      `<path d="M12 21c-4.5-5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2 6-6.5 11z"/><circle cx="12" cy="10" r="2.3"/>`,
	"map":      `<path d="m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14m6-12v14"/>`,
	"inbox":    `<path d="M4 13 6.5 5h11L20 13v6H4zM4 13h4.5l1.5 3h4l1.5-3H20"/>`,
	"flag":     `<path d="M6 21V4h12l-3 4 3 4H6"/>`,
	"clock":    `<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>`,
	"edit":     `<path d="m4 20 1-4L16 5l3 3L8 19zM14 7l3 3"/>`,
	"trash":    `<path d="M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13"/>`,
	"filter":   `<path d="M4 5h16l-6 8v6l-4-2v-4z"/>`,
	"columns":  `<rect x="4" y="5" width="16" height="14" rx="2"/><path d="M9.5 5v14m5-14v14"/>`,
	"more":     `<path stroke-width="3" d="M5 12h.1M12 12h.1M19 12h.1"/>`,
	"settings": `<circle cx="12" cy="12" r="3"/><path d="M12 3v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.1 2.1m8.6 8.6 2.1 2.1m0-12.8-2.1 2.1m-8.6 8.6-2.1 2.1"/>`,
	"book":     `<path d="M12 6c-2-1.5-4.5-2-8-2v14c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4c-3.5 0-6 .5-8 2zM12 6v14"/>`,
	"news":     `<path d="M4 5h13v14H6a2 2 0 0 1-2-2zM17 9h3v8a2 2 0 0 1-3 1.7M7 9h7M7 12.5h7M7 16h4"/>`,
	"keyboard": `<rect x="2.5" y="6" width="19" height="12" rx="2"/><path d="M6 10h.1m3.9 0h.1m3.9 0h.1m3.9 0h.1M8 14h8"/>`,
	"feed":     `<path d="M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8M6 18v.1"/>`,
	"table":    `<rect x="4" y="5" width="16" height="14" rx="1"/><path d="M4 10h16M4 14.5h16M10 10v9"/>`,
	"history":  `<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.5"/>`,
	"undo":     `<path d="M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"/>`,
	"send":     `<path d="m4 12 16-8-5 16-3-7zM12 13l8-9"/>`,
	"home":     `<path d="m4 11 8-7 8 7v9h-5v-6H9v6H4z"/>`,
	"project":  `<path d="M4 20V9l8-5 8 5v11zM9 20v-6h6v6"/>`,
	"culture":  `<path d="M4 20h16M6 20v-8m4 8v-8m4 8v-8m4 8v-8M4 12h16L12 5z"/>`,
	"economy":  `<path d="M4 20h16M6.5 17v-5m5 5V7m5 10v-8M5 8l5-4 4 2 5-3"/>`,
	"health":   `<path d="M12 20C6 15.5 3.5 12.5 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11z"/>`,
	"learn":    `<path d="m2.5 9.5 9.5-4.5 9.5 4.5-9.5 4.5zM6 11.5V16c4 3 8 3 12 0v-4.5M21.5 9.5v5"/>`,
	"leaf":     `<path d="M5 19C5 9 10 5 20 4c0 10-4 15-12 14M5 19c2-5 5-8 9-10"/>`,
	"scales":   `<path d="M12 4v16M5 8h14M5 8l-2.5 6h5zm14 0-2.5 6h5zM8 20h8"/>`,
	"hands":    `<path d="m3 12 4-6 5 2 5-2 4 6-5 6-4-2-4 2zM12 8l-3 4 2 1.5 3-2"/>`,
	"water":    `<path d="M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z"/>`,
}

// Icon draws a decorative icon; the word beside it carries the meaning.
type Icon string

// Render implements templ.Component. An unknown name draws nothing.
func (i Icon) Render(_ context.Context, w io.Writer) error {
	return writeIcon(w, string(i), "ico")
}

// FlipIcon is an icon that points along the line of reading, and turns with it.
type FlipIcon string

// Render implements templ.Component.
func (i FlipIcon) Render(_ context.Context, w io.Writer) error {
	return writeIcon(w, string(i), "ico flip")
}

func writeIcon(w io.Writer, name, class string) error {
	path, ok := icons[name]
	if !ok {
		return nil
	}
	_, err := io.WriteString(w, `<svg class="`+class+`" viewBox="0 0 24 24" aria-hidden="true" focusable="false">`+path+`</svg>`)
	return err
}

// IconNames lists the icons for the gallery page.
func IconNames() []string { return sortedKeys(icons) }

var _ templ.Component = Icon("")
