// Package homepages draws the public home page. It takes plain data: who feeds it decides
// what is next, latest and counted.
package homepages

import "github.com/birlik/portal/web/ui"

// View is what the home page shows. A part without content disappears.
type View struct {
	Members        int64            // member municipalities
	Countries      int64            // countries that they stand in
	Points         []ui.Point       // every member with its place; labels on the greatest, most important first
	Events         []ui.EventRow    // the next three; Level is ignored
	UpcomingEvents int64            // all that are to come
	News           []ui.ArticleCard // the latest: the first with its cover, the others brief
	Fields         []ui.Way         // the fields of activity: icon, title, one line, address
	Services       []ui.Way         // what can be asked for
	Figures        []ui.Figure      // values already written in the reader's language
	FiguresDate    string           // "24 November 2026": the day of figures and map
}
