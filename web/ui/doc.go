// Package ui draws: components that know nothing of the domain.
//
// A leaf is a struct that is a component: @ui.Field{Name: "email", Label: …}. What holds
// other things is a function with children: @ui.Card("Title") { … }. Everything works without
// a script; scripts come with the component that wants them. Texts that callers pass are
// already in the reader's language; the components' own words are in ui.{tr,en,ru}.toml.
// /styleguide shows every component in every state.
//
// Frames:
//
//	@ui.Public(head) { … }               everybody's pages; cacheable
//	@ui.Member(head) { … }               a municipality's pages; menu from Shell.Nav
//	@ui.Desk(head) { … }                 staff; children stand in a stack beside the menu
//	@ui.DeskWithPanel(head, panel) { … } the record's own page drawn beside the list; begin it with PanelBar and an h2 tabindex="-1"
//	@ui.Plain(head) { … }                one screen in a card: signing in, approving
//	@ui.Wrap() { … }                     inside Public and Member: page width and air
//	@ui.PageHead(title, lead) { acts }   the page's h1
//	@ui.Columns(aside) { … }             a form column with help beside it (wrap in class="wrap form-page")
//	@ui.WideColumns(aside) { … }         reading and records: wide content, narrow aside
//	@ui.Section(id, title, ui.Link{}) { … } · @ui.Card(title) { … } · @ui.BackLink(href, "")
//	ui.ErrorPage(status, message, id)    page.ErrorPage
//
// Acts:
//
//	@ui.Button{Label: …, Kind: ui.Secondary, Href: …} · @ui.Actions() { buttons } · @ui.CopyButton{Text: …}
//	@ui.Menu(id, label, icon) { links, buttons } · @ui.Dialog(id, title) { … } · @ui.Disclosure(id, summary, open) { … } · @ui.More(summary) { … }
//
// Forms (ID is Name where empty; Error is a sentence; Large makes the label the question):
//
//	@ui.Field{Name, Label, Hint, Error, Value, Type, Autocomplete, Optional, Suffix, Width}
//	@ui.TextArea{… Limit: 1200} · @ui.Select{… Options, Empty} · @ui.Money{… Currency, Currencies}
//	@ui.Radios{… Choices: []ui.Choice{{Value, Label, Hint, Or}}, Value} · @ui.Checkboxes{… Values} · @ui.Checkbox{…}
//	@ui.Group(ui.GroupBox{ID, Label, Hint, Large}) { fields of one question } (a place, a person)
//	@ui.DateField{…} · @ui.FileField{… Tus, Accept, MaxBytes, Files}
//	@ui.Combobox{… Source}   its source answers @ui.ComboOptions([]ui.ComboOption{…})
//	@ui.ErrorSummary{Errors: []ui.FieldError{{Field, Message}}}   and Head.Invalid
//	@ui.Draft(ui.DraftForm{Action, Save, Key}) { … }   saves itself: POST Save with X-Draft: save → 2xx, X-Saved-At: "14:32", X-Version: "7"
//	@ui.StepHeader{Service, Step, Steps, Back, Saved} · @ui.SavedState{At} · @ui.TaskList{Items} · @ui.Confirmation{Title, Reference}
//	@ui.SummaryCard{Title, Rows} · @ui.SummaryList{Rows} · @ui.Facts(rows)
//
// Telling:
//
//	@ui.Notice{Tone: ui.ToneWarn, Title, Text, Link, News} · @ui.NoticeBox(n) { … } · @ui.Toast{Message, UndoAction} (.Swap() in a fragment)
//	@ui.Empty{Title, Text, Action, NoMatch} · @ui.Progress{ID, Label, Value, Text, Poll} · @ui.Skeleton(3)
//	@ui.StatusChip{Tone: ui.StatusWait, Label} · @ui.Urgent("") · @ui.Tag(label) · @ui.Avatar{Name, Named} · @ui.Reference(number)
//
// Lists:
//
//	@ui.Tabs{Label, Items} · @ui.Filters(bar) { fields in <div> } · @ui.Pills(bar) inside the element with id bar.Live
//	@ui.Toolbar() { @ui.Filters… @ui.Bulk(ui.BulkBar{ID: "bulk", …}) { buttons } }
//	@ui.Table(caption, columns, cards) { <tbody role="rowgroup"> } · @ui.PickTable(caption, columns) { … } with @ui.RowCheck("ids", id, label, "bulk")
//	rows: <tr role="row" data-row>, the link <a class="subject">, second line <span class="sub">, numbers class="n", late class="late"
//	@ui.Pager{From, To, Total, Prev, Next} · @ui.Keys() · @ui.PanelBar(close, prev, next, full) · @ui.SearchBox{ID, Action, Label}
//
// Records:
//
//	@ui.Timeline{Moments} · @ui.Thread{Messages} · @ui.SayBox{…} · @ui.Diff{Changes} · @ui.Conflict(who, when, rows) { form } · @ui.LangTabs{Items} · @ui.FileList(files)
//
// Public content:
//
//	@ui.Breadcrumb{Items} · @ui.EventList() { @ui.EventRow{…} } · @ui.DateBlock(…) · @ui.ArticleCard{…} · @ui.Publication{…} · @ui.MissingLanguage(others)
//	@ui.Ways(items) · @ui.Figures{Items, Note} · @ui.Chart{Kind, Bars} · @ui.DotMap{ID, Title, Points} · @ui.MapBox(ui.Map{ID, Points: geojson}) { equal list }
//	@ui.Subscribe{…} · @ui.Registration{…} · @ui.Cite{…} · @ui.Share(url) · @ui.HeroArt() · @ui.CoverArt(seed) · @ui.Icon("calendar") · @ui.FlipIcon("next")
//
// Large makes a field's label the page's question and its h1: then the page has no other h1.
//
// A FileField with Tus sends each file to that address by the tus protocol and puts the last
// part of its address into Name + "_upload"; a refusal's body is shown as it is. Photos
// over 1.5 MB are scaled to 2560 pixels first. A button named RemoveName removes a file.
//
// A Dialog opens from @ui.Button{Dialog: id, Href: …}; Href is the page that does the same without
// a script. <select data-key-a> is what the key A reaches.
//
// Long reading texts stand in <div class="body">; search results in <ol class="hits">, each
// with one link, so that Ctrl K finds them; a month of events in <table class="month">, a
// day's number in <span class="d">, today's cell with aria-current="date", days of other months class="out".
//
// Other words for pages: class="stack", "cluster", "between", "muted", "sm", "vh", "serif",
// "tiles-2", "tiles-3", "split", "no-print", "nowrap", "js" (only with a script), "no-js".
//
// The shell: cookies "theme" (light, dark, system) and "keys" (off) hold what this device
// chose; middleware fills Shell.Person.Theme from the cookie, else from the account.
package ui
