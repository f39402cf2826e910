package accountpages

import (
	"context"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
)

// word is what is looked for in a browser's own description, and what it is called. The
// first that fits counts: many browsers name the others, too.
type word struct{ find, name string }

var browsers = []word{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"YaBrowser", "Yandex Browser"}, {"SamsungBrowser", "Samsung Internet"},
	{"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
}

var systems = []word{
	{"Windows", "Windows"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

// deviceName is "Firefox, Windows": enough to know one's own devices by.
func deviceName(ctx context.Context, agent string) string {
	browser, system := first(browsers, agent), first(systems, agent)
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser+system != "":
		return browser + system
	}
	return locale.T(ctx, "accounts.unknown_device")
}

func first(words []word, agent string) string {
	for _, w := range words {
		if strings.Contains(agent, w.find) {
			return w.name
		}
	}
	return ""
}

// zones are those of the union's members, from west to east.
var zones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "Europe/Sarajevo", "Europe/Budapest", "Europe/Skopje", "Europe/Sofia",
	"Europe/Bucharest", "Europe/Chisinau", "Europe/Kyiv", "Asia/Nicosia", "Europe/Istanbul", "Europe/Moscow",
	"Asia/Tbilisi", "Asia/Baku", "Asia/Ashgabat", "Asia/Tashkent", "Asia/Samarkand", "Asia/Almaty", "Asia/Bishkek",
	"Asia/Urumqi", "Asia/Omsk", "Asia/Krasnoyarsk", "Asia/Ulaanbaatar", "Asia/Yakutsk",
}

// zoneLabel is "Istanbul (UTC+03:00)".
func zoneLabel(name string, now time.Time) string {
	z, err := time.LoadLocation(name)
	if err != nil {
		return name
	}
	city := name[strings.LastIndex(name, "/")+1:]
	return strings.ReplaceAll(city, "_", " ") + " (UTC" + now.In(z).Format("-07:00") + ")"
}
