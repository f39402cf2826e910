package organpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// rollView is one page of the credentials of an assembly.
type rollView struct {
	organs.Roll
	Filter organs.RollFilter
	At     organs.Place
	Edit   bool // the reader may draw it up and check in
	Done   string
}

func (h *Handler) credentials(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := rollView{Filter: organs.RollFilter{Text: short(q.Get("q")), Show: short(q.Get("show"))}, At: readPlace(r), Done: done(r)}
	if !slices.Contains(organs.Shows(), v.Filter.Show) {
		v.Filter.Show = ""
	}
	if v.Roll, err = h.organs.Roll(r.Context(), page.Actor(r), page.Lang(r), id, v.Filter, v.At); err != nil {
		return err
	}
	v.Edit = page.Actor(r).Can(identity.EditOrgans) && v.Meeting.State == organs.Planned
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, rollResults(v))
	}
	return page.Show(w, r, http.StatusOK, rollPage(v))
}

func (h *Handler) draw(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "record")
	if err := h.organs.Draw(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/meetings/%s/credentials?done=drawn", id)
}

// arriveForm checks a person in at the door or out, and brings the reader back to the list.
type arriveForm struct {
	Here string `form:"here"`
	Back string `form:"back"` // the query of the list
}

func (h *Handler) arrive(w http.ResponseWriter, r *http.Request) error {
	var form arriveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id := chi.URLParam(r, "record")
	if err := h.organs.Arrive(r.Context(), page.Actor(r), id, chi.URLParam(r, "person"), form.Here == "1"); err != nil {
		return err
	}
	back, err := url.ParseQuery(form.Back)
	if err != nil {
		back = url.Values{}
	}
	back.Set("done", "left")
	if form.Here == "1" {
		back.Set("done", "arrived")
	}
	return page.Redirect(w, r, "/desk/meetings/%s/credentials?%s", id, back.Encode())
}

// line is a person on the list as files have it; a seat without anybody is a line too.
type line struct {
	organs.Row
	organs.Credential
	Empty bool
}

// linesOf are the lines of a member.
func linesOf(row organs.Row) []line {
	var out []line
	for _, p := range row.People {
		out = append(out, line{Row: row, Credential: p})
	}
	for range row.Missing {
		out = append(out, line{Row: row, Empty: true})
	}
	return out
}

// table is the list as a file, with its heads in the reader's language.
func table(ctx context.Context) export.Table[line] {
	head := func(key string) string { return locale.T(ctx, "organs."+key) }
	return export.Table[line]{Name: "credentials", Columns: []export.Column[line]{
		{Name: head("member_city"), Value: func(l line) string { return l.Title }},
		{Name: head("country"), Value: func(l line) string { return l.Country }},
		{Name: head("kind"), Value: func(l line) string { return kindName(ctx, l.Kind) }},
		{Name: head("population"), Kind: export.Number, Value: func(l line) string { return export.Integer(l.Population) }},
		{Name: head("seats"), Kind: export.Number, Value: func(l line) string { return strconv.Itoa(l.Seats) }},
		{Name: head("rank"), Value: func(l line) string { return l.rank(ctx) }},
		{Name: head("name"), Value: func(l line) string { return l.Credential.Name }},
		{Name: head("mark"), Value: func(l line) string { return l.mark(ctx) }},
		{Name: head("arrived_at"), Kind: export.Instant, Value: func(l line) string { return l.arrivedAt(ctx) }},
	}}
}

func (l line) rank(ctx context.Context) string {
	if l.Empty {
		return locale.T(ctx, "organs.seat_missing")
	}
	return locale.T(ctx, "organs.rank."+string(l.Rank))
}

// shortRank fits a narrow column of a paper.
func (l line) shortRank(ctx context.Context) string {
	if !l.Empty && l.Rank == organs.ByOffice {
		return locale.T(ctx, "organs.by_office")
	}
	return l.rank(ctx)
}

func (l line) arrivedAt(ctx context.Context) string {
	if l.Credential.Arrived == nil {
		return ""
	}
	return export.Time(locale.Own(ctx, *l.Credential.Arrived))
}

// mark says what is not in order.
func (l line) mark(ctx context.Context) string {
	switch {
	case l.Empty:
		return locale.T(ctx, "organs.nobody_named")
	case l.Expired:
		return locale.T(ctx, "organs.term_over")
	case l.Extra > 0 && l.Rank == organs.Delegate:
		return locale.T(ctx, "organs.too_many", "Count", l.Extra)
	}
	return ""
}

func (h *Handler) credentialsTable(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	return page.Download(w, r, table(r.Context()), export.XLSX, func(each func(line) error) error {
		_, err := h.organs.EachCredential(r.Context(), page.Actor(r), page.Lang(r), id, func(row organs.Row) error {
			for _, l := range linesOf(row) {
				if err := each(l); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
}

// credentialsPaper is the list to be signed at the door.
func (h *Handler) credentialsPaper(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	ctx := r.Context()
	var rows [][]string
	roll, err := h.organs.EachCredential(ctx, page.Actor(r), page.Lang(r), id, func(row organs.Row) error {
		for i, l := range linesOf(row) {
			city := ""
			if i == 0 { // the member stands once, before its people
				city = row.Title + ", " + row.Country
				if row.Country == "" {
					city = row.Title
				}
			}
			rows = append(rows, []string{city, l.paperName(ctx), l.shortRank(ctx), ""})
		}
		return nil
	})
	if err != nil {
		return err
	}
	content, err := h.paper(ctx, roll, rows)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="credentials-`+roll.Meeting.StartsLocal.Format(time.DateOnly)+`.pdf"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // the reader may have gone
	return nil
}

func (l line) paperName(ctx context.Context) string {
	if mark := l.mark(ctx); mark != "" && !l.Empty {
		return l.Credential.Name + " (" + mark + ")"
	}
	return l.Credential.Name
}

func (h *Handler) paper(ctx context.Context, roll organs.Roll, rows [][]string) ([]byte, error) {
	lang := locale.Of(ctx).Lang
	say := func(key string) string { return locale.T(ctx, "organs."+key) }
	p := pdf.New(pdf.Head{Lang: string(lang), Title: say("credentials"), Sender: h.union[lang], Note: meetingName(roll.Meeting), At: h.now()})
	p.Heading(say("credentials"))
	p.Pairs([][2]string{
		{say("meeting"), meetingName(roll.Meeting)}, {say("when"), when(ctx, roll.Meeting)}, {say("place"), where(ctx, roll.Meeting)},
		{say("members_of_list"), locale.Number(ctx, int64(roll.Members))}, {say("seats"), locale.Number(ctx, int64(roll.Seats))},
		{say("entitled"), locale.Number(ctx, int64(roll.Stands.Entitled))}, {say("quorum"), quorumLine(ctx, roll.Stands)},
	})
	p.Table([]pdf.Column{{Name: say("member_city"), Share: 0.3}, {Name: say("name"), Share: 0.32}, {Name: say("rank"), Share: 0.2},
		{Name: say("signature"), Share: 0.18}}, rows)
	return p.Bytes()
}

func kindName(ctx context.Context, kind string) string { return locale.T(ctx, "organs.kind."+kind) }

// address is the list with a filter, and more name, value pairs.
func (v rollView) address(ctx context.Context, f organs.RollFilter, more ...string) string {
	return ui.Path(ctx, "/desk/meetings/"+v.Meeting.PublicID+"/credentials?") + v.query(f, more...)
}

func (v rollView) query(f organs.RollFilter, more ...string) string {
	q := url.Values{}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	if f.Show != "" {
		q.Set("show", f.Show)
	}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	return q.Encode()
}

// steps lead to the pages before and after; empty at the ends.
func (v rollView) steps(ctx context.Context) (prev, next string) {
	if v.Prev != "" {
		prev = v.address(ctx, v.Filter, "before", v.Prev)
	}
	if v.Next != "" {
		next = v.address(ctx, v.Filter, "after", v.Next)
	}
	return prev, next
}

func (v rollView) bar(ctx context.Context) ui.FilterBar {
	base := ui.Path(ctx, "/desk/meetings/"+v.Meeting.PublicID+"/credentials")
	bar := ui.FilterBar{Action: base, Label: locale.T(ctx, "organs.filter"), Submit: locale.T(ctx, "organs.show"), Clear: base, Live: "list"}
	if v.Filter.Text != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "organs.person_or_city"), Value: v.Filter.Text, Remove: v.address(ctx, organs.RollFilter{Show: v.Filter.Show})})
	}
	if v.Filter.Show != "" {
		bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, "organs.state"), Value: locale.T(ctx, "organs.show."+v.Filter.Show), Remove: v.address(ctx, organs.RollFilter{Text: v.Filter.Text})})
	}
	return bar
}

// ruleForm is a rule of seats as it is typed: its rows are parallel lists.
type ruleForm struct {
	From       string   `form:"from"`
	Kind       []string `form:"kind"`
	Population []string `form:"population"`
	Seats      []string `form:"seats"`
}

// rulesView is the page of the rules of seats.
type rulesView struct {
	Rules  []organs.SeatRule
	Form   ruleForm
	Faults page.Faults
	Edit   bool
	Done   string
}

func (h *Handler) rules(w http.ResponseWriter, r *http.Request) error {
	return h.showRules(w, r, http.StatusOK, rulesView{Done: done(r)})
}

// spareRows are the empty rows that the form of a rule offers.
const spareRows = 3

func (h *Handler) showRules(w http.ResponseWriter, r *http.Request, status int, v rulesView) error {
	var err error
	if v.Rules, err = h.organs.Rules(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	v.Edit = page.Actor(r).Can(identity.EditOrgans)
	if len(v.Form.Kind) == 0 && len(v.Rules) > 0 {
		for _, b := range v.Rules[0].Bands {
			v.Form.add(b.Kind, locale.Number(r.Context(), b.From), strconv.Itoa(b.Seats))
		}
	}
	for range spareRows {
		v.Form.add("", "", "")
	}
	return page.Show(w, r, status, rulesPage(v))
}

func (f *ruleForm) add(kind, population, seats string) {
	f.Kind, f.Population, f.Seats = append(f.Kind, kind), append(f.Population, population), append(f.Seats, seats)
}

// rule reads the form; a row without a kind is left out.
func (f ruleForm) rule(r *http.Request) (organs.SeatRule, page.Faults) {
	var out organs.SeatRule
	day, ok := readDay(f.From)
	if out.From = day; !ok {
		return out, page.Faults{"from": say(r, "organs.day_wrong")}
	}
	if len(f.Population) != len(f.Kind) || len(f.Seats) != len(f.Kind) {
		return out, page.Faults{"bands": say(r, "organs.bands_wrong")}
	}
	for i, kind := range f.Kind {
		if kind == "" {
			continue
		}
		from, good := forms.ParseNumber(f.Population[i], page.Lang(r), 0)
		seats, fine := readCount(r, f.Seats[i])
		population, err := strconv.ParseInt(from, 10, 64)
		if !good || !fine || seats == nil || err != nil {
			return out, page.Faults{"bands": say(r, "organs.bands_wrong")}
		}
		out.Bands = append(out.Bands, organs.Band{Kind: kind, From: population, Seats: *seats})
	}
	return out, nil
}

func (h *Handler) addRule(w http.ResponseWriter, r *http.Request) error {
	var v rulesView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	rule, faults := v.Form.rule(r)
	if len(faults) == 0 {
		err := h.organs.AddRule(r.Context(), page.Actor(r), rule)
		if err == nil {
			return page.Redirect(w, r, "/desk/organs/seats?done=saved")
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return err
		}
	}
	if len(v.Form.Kind) > 100 {
		return apperr.New(apperr.Invalid, "error.too_long")
	}
	v.Form = trimmed(v.Form)
	v.Faults = faults
	return h.showRules(w, r, http.StatusUnprocessableEntity, v)
}

// trimmed leaves the form's empty rows out, and pads what came short.
func trimmed(f ruleForm) ruleForm {
	out := ruleForm{From: f.From}
	for i, kind := range f.Kind {
		if kind != "" && i < len(f.Population) && i < len(f.Seats) {
			out.add(kind, f.Population[i], f.Seats[i])
		}
	}
	return out
}
