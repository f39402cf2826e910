package memberpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// membersView is the register under its filter.
type membersView struct {
	Rows      []membership.Member
	Next      string
	From      int64
	Filter    membership.MemberFilter
	Countries []membership.Country
	Export    bool
	Write     bool // to those who are listed
}

func readMembers(r *http.Request) membership.MemberFilter {
	q := r.URL.Query()
	f := membership.MemberFilter{Text: page.Tidy(q.Get("q")), Kind: membership.Kind(q.Get("kind")), Standing: q.Get("standing"), Country: q.Get("country"), Size: q.Get("size"),
		Late: q.Get("late") != "", After: q.Get("after")}
	return f
}

func membersQuery(f membership.MemberFilter) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "kind": string(f.Kind), "standing": f.Standing, "country": f.Country, "size": f.Size, "after": f.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Late {
		q.Set("late", "1")
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (h *Handler) members(w http.ResponseWriter, r *http.Request) error {
	v := membersView{Filter: readMembers(r), From: first(r), Export: page.Actor(r).Can(identity.ExportRecords), Write: page.Actor(r).Can(identity.WriteMembers)}
	var err error
	if v.Rows, v.Next, err = h.membership.Members(r.Context(), page.Actor(r), string(page.Lang(r)), v.Filter); err != nil {
		return err
	}
	if v.Countries, err = h.membership.Countries(r.Context(), page.Actor(r), page.Lang(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, membersPage(v))
}

// base is the filter without the place in the list.
func (v membersView) base() membership.MemberFilter {
	f := v.Filter
	f.After = ""
	return f
}

func (v membersView) tabs(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, s := range append([]string{""}, append(membership.Standings()[1:], "all")...) {
		f := v.base()
		f.Standing = s
		key := "members.standing." + s
		if s == "" {
			key = "members.today"
		}
		out = append(out, ui.Link{Label: locale.T(ctx, key), Href: ui.Path(ctx, membersPath) + membersQuery(f), Current: v.Filter.Standing == s})
	}
	return append(out, ui.Link{Label: locale.T(ctx, "members.lapsed"), Href: ui.Path(ctx, membersPath+"/lapsed")},
		ui.Link{Label: locale.T(ctx, "members.in_figures"), Href: ui.Path(ctx, membersPath+"/figures")})
}

func (v membersView) bar(ctx context.Context) ui.FilterBar {
	bar := ui.FilterBar{Action: ui.Path(ctx, membersPath), Label: locale.T(ctx, "casework.filter"), Clear: ui.Path(ctx, membersPath)}
	add := func(key, value string, without func(f *membership.MemberFilter)) {
		if value != "" {
			f := v.base()
			without(&f)
			bar.Pills = append(bar.Pills, ui.Pill{Label: locale.T(ctx, key), Value: value, Remove: ui.Path(ctx, membersPath) + membersQuery(f)})
		}
	}
	add("casework.search", v.Filter.Text, func(f *membership.MemberFilter) { f.Text = "" })
	for _, k := range membership.Kinds() {
		if k == v.Filter.Kind {
			add("members.kind", kindName(ctx, k), func(f *membership.MemberFilter) { f.Kind = "" })
		}
	}
	for _, c := range v.Countries {
		if c.Code == v.Filter.Country {
			add("members.country", c.Name, func(f *membership.MemberFilter) { f.Country = "" })
		}
	}
	if slices.Contains(membership.Sizes(), v.Filter.Size) {
		add("membership.page.population", locale.T(ctx, "members.size."+v.Filter.Size), func(f *membership.MemberFilter) { f.Size = "" })
	}
	if v.Filter.Late {
		add("menu.desk_dues", locale.T(ctx, "members.late"), func(f *membership.MemberFilter) { f.Late = false })
	}
	return bar
}

func (v membersView) countries() []ui.Option {
	var out []ui.Option
	for _, c := range v.Countries {
		out = append(out, ui.Option{Value: c.Code, Label: c.Name})
	}
	return out
}

func sizeOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, size := range membership.Sizes() {
		out = append(out, ui.Option{Value: size, Label: locale.T(ctx, "members.size."+size)})
	}
	return out
}

func (v membersView) pager(ctx context.Context) ui.Pager {
	p := ui.Pager{From: v.From, To: v.From + int64(len(v.Rows)) - 1, Total: -1}
	if v.Next != "" {
		f := v.base()
		f.After = v.Next
		p.Next = ui.Path(ctx, membersPath) + membersQuery(f) + "&n=" + strconv.FormatInt(v.From+int64(len(v.Rows)), 10)
	}
	return p
}

func (h *Handler) membersFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		column := func(name string, kind export.Kind, value func(membership.Member) string) export.Column[membership.Member] {
			return export.Column[membership.Member]{Name: locale.T(ctx, name), Kind: kind, Value: value}
		}
		table := export.Table[membership.Member]{Name: "members", Columns: []export.Column[membership.Member]{
			column("members.name", export.Text, func(m membership.Member) string { return m.Name }),
			column("members.country", export.Text, func(m membership.Member) string { return m.Country }),
			column("members.kind", export.Text, func(m membership.Member) string { return kindName(ctx, m.Kind) }),
			column("members.state", export.Text, func(m membership.Member) string { return locale.T(ctx, "members.standing."+m.Standing) }),
			column("members.joined", export.Day, func(m membership.Member) string { return dayCell(m.Joined) }),
			column("members.since", export.Day, func(m membership.Member) string { return dayCell(m.Since) }),
			column("membership.page.population", export.Number, func(m membership.Member) string { return export.Integer(m.Population) }),
		}}
		f := readMembers(r)
		f.After = ""
		return page.Download(w, r, table, format, func(each func(membership.Member) error) error {
			return h.membership.EachMember(ctx, page.Actor(r), string(page.Lang(r)), f, each)
		})
	}
}

func dayCell(t *time.Time) string {
	if t == nil {
		return ""
	}
	return export.Date(*t)
}

// lapsedView is the queue of members that nobody may send for.
type lapsedView struct {
	membersView
	Lapsed []accounts.Lapsed
}

// maxLapsed is how many the queue shows, the longest waiting first.
const maxLapsed = 200

func (h *Handler) lapsed(w http.ResponseWriter, r *http.Request) error {
	list, err := h.accounts.LapsedMandates(r.Context(), page.Actor(r), maxLapsed)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, lapsedPage(lapsedView{Lapsed: list}))
}

// memberView is a member's record.
type memberView struct {
	membership.File
	Mandates []accounts.Held
	Ties     []filled
	May      bool // record facts of the membership
	MayFacts bool // correct the official facts of a municipality
	Write    bool // letters
	Audit    bool
	Done     string
	FactDone bool // a fact was just recorded
	Faults   page.Faults
}

// filled is a section of another area with its lines.
type filled struct {
	Tie
	Content []Line
}

func (h *Handler) memberView(r *http.Request) (memberView, error) {
	id, err := page.PublicID(r, "member")
	if err != nil {
		return memberView{}, err
	}
	ctx, actor := r.Context(), page.Actor(r)
	v := memberView{May: actor.Can(identity.DecideMembers), Write: actor.Can(identity.WriteMembers), Audit: actor.Can(identity.ReadAudit)}
	if v.File, err = h.membership.Member(ctx, actor, string(page.Lang(r)), id); err != nil {
		return v, err
	}
	v.MayFacts = v.Slug != "" && actor.Can(identity.EditMembers)
	v.Mandates, err = h.accounts.Mandates(ctx, actor, v.ID)
	return v, err
}

// elsewhere leads from a record that was merged to the one that it became.
func (h *Handler) elsewhere(w http.ResponseWriter, r *http.Request, missing error) error {
	kept, err := h.membership.MergedInto(r.Context(), page.Actor(r), chi.URLParam(r, "member"))
	if err != nil {
		return missing
	}
	return page.Redirect(w, r, "/desk/members/%s", kept)
}

func (h *Handler) member(w http.ResponseWriter, r *http.Request) error {
	v, err := h.memberView(r)
	if apperr.Is(err, apperr.NotFound) {
		return h.elsewhere(w, r, err)
	}
	if err != nil {
		return err
	}
	for _, tie := range h.Ties {
		lines, err := tie.Lines(r.Context(), page.Actor(r), v.ID)
		if err != nil {
			return err
		}
		v.Ties = append(v.Ties, filled{tie, lines})
	}
	switch r.URL.Query().Get("done") {
	case "fact":
		v.Done, v.FactDone = locale.T(r.Context(), "members.done.fact"), true
	case "facts":
		v.Done = locale.T(r.Context(), "profiles.done.facts")
	}
	return page.Show(w, r, http.StatusOK, memberPage(v))
}

// areas are what a mandate is narrowed to, in words.
func areas(ctx context.Context, list []string) string {
	var out []string
	for _, a := range list {
		out = append(out, locale.T(ctx, "people.area."+a))
	}
	return strings.Join(out, ", ")
}
