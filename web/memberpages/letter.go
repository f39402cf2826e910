package memberpages

import (
	"context"
	"net/url"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/ui"
)

// letterAbout is the kind of letter that tells a member of a fact, as the page of a new
// letter names it; of any other fact staff write in their own words.
var letterAbout = map[membership.What]string{
	membership.FactAdmitted: "membership_begins", membership.FactReadmitted: "membership_begins", membership.FactSuspended: "suspension",
	membership.FactResigned: "resignation", membership.FactExpelled: "expulsion",
}

// letterOf leads to the letter of a fact, filled in; nowhere where the member has it, where
// the fact came from an earlier register, or for whom may not write.
func (v memberView) letterOf(ctx context.Context, f membership.FactLine) ui.Link {
	if !v.Write || f.Register || f.Lettered {
		return ui.Link{}
	}
	q := url.Values{"record": {v.PublicID}, "about": {"general"}}
	if about := letterAbout[f.What]; about != "" {
		q.Set("about", about)
	}
	if f.Decision != "" {
		q.Set("decision", f.Decision)
	}
	if f.On != nil {
		q.Set("day", f.On.Format("02.01.2006"))
	}
	return ui.Link{Label: locale.T(ctx, "members.fact_letter"), Href: ui.Path(ctx, "/desk/letters/new?"+q.Encode())}
}

// next is the link of the page's news: after a fact its letter, the newest one's.
func (v memberView) next(ctx context.Context) ui.Link {
	if !v.FactDone || len(v.Facts) == 0 {
		return ui.Link{}
	}
	link := v.letterOf(ctx, v.Facts[0])
	link.Label = locale.T(ctx, "members.fact_letter_next")
	return link
}
