package opinionpages

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// registerView is one page of the signed opinions.
type registerView struct {
	Rows   []opinions.Entry
	Filter opinions.RegisterFilter
	Next   string
}

func (h *Handler) register(w http.ResponseWriter, r *http.Request) (err error) {
	v := registerView{Filter: readRegister(r.URL.Query())}
	v.Rows, v.Next, err = h.opinions.Register(r.Context(), page.Actor(r), page.Lang(r), v.Filter, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, registerRows(v))
	}
	return page.Show(w, r, http.StatusOK, registerPage(v))
}

// readRegister reads the filter from the address; what is none of our words counts as nothing.
func readRegister(q url.Values) opinions.RegisterFilter {
	f := opinions.RegisterFilter{Text: short(q.Get("q"))}
	for _, x := range []struct {
		name  string
		known []string
		into  *string
	}{{"who", opinions.Who(), &f.Who}, {"state", opinions.Ends(), &f.State}, {"topic", opinions.Topics(), &f.Topic}} {
		if value := q.Get(x.name); slices.Contains(x.known, value) {
			*x.into = value
		}
	}
	return f
}

// registerPath is the register with a filter, behind an opinion.
func registerPath(ctx context.Context, f opinions.RegisterFilter, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": f.Text, "who": f.Who, "state": f.State, "topic": f.Topic, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ui.Path(ctx, deskPath)
	}
	return ui.Path(ctx, deskPath) + "?" + q.Encode()
}

func (v registerView) bar(ctx context.Context) ui.FilterBar {
	return ui.FilterBar{Action: ui.Path(ctx, deskPath), Label: locale.T(ctx, "opinions.filter"), Submit: locale.T(ctx, "opinions.show"),
		Pills: v.pills(ctx), Clear: ui.Path(ctx, deskPath), Live: "register"}
}

func (v registerView) pills(ctx context.Context) []ui.Pill {
	var out []ui.Pill
	add := func(label, shown string, clear func(*opinions.RegisterFilter)) {
		if shown == "" {
			return
		}
		without := v.Filter
		clear(&without)
		out = append(out, ui.Pill{Label: locale.T(ctx, label), Value: shown, Remove: registerPath(ctx, without, "")})
	}
	f := v.Filter
	add("opinions.asker_or_number", f.Text, func(f *opinions.RegisterFilter) { f.Text = "" })
	add("opinions.askers", worded(ctx, "opinions.who.", f.Who), func(f *opinions.RegisterFilter) { f.Who = "" })
	add("opinions.stands", worded(ctx, "requests.state.", f.State), func(f *opinions.RegisterFilter) { f.State = "" })
	add("opinions.topic", topicName(ctx, f.Topic), func(f *opinions.RegisterFilter) { f.Topic = "" })
	return out
}

func worded(ctx context.Context, words, code string) string {
	if code == "" {
		return ""
	}
	return locale.T(ctx, words+code)
}

func wordedOptions(ctx context.Context, words string, codes []string) []ui.Option {
	out := make([]ui.Option, len(codes))
	for i, code := range codes {
		out[i] = ui.Option{Value: code, Label: locale.T(ctx, words+code)}
	}
	return out
}

func (v registerView) columns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: locale.T(ctx, "opinions.opinion")}, {Label: locale.T(ctx, "opinions.country"), Roomy: true}, {Label: locale.T(ctx, "opinions.stands")},
		{Label: locale.T(ctx, "opinions.public")}, {Label: locale.T(ctx, "opinions.given_on"), Number: true}}
}

func (v registerView) next(ctx context.Context) string {
	if v.Next == "" {
		return ""
	}
	return registerPath(ctx, v.Filter, v.Next)
}
