package web

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/absencepages"
	"github.com/birlik/portal/web/accountpages"
	"github.com/birlik/portal/web/adminpages"
	"github.com/birlik/portal/web/caseworkpages"
	"github.com/birlik/portal/web/cataloguepages"
	"github.com/birlik/portal/web/circularpages"
	"github.com/birlik/portal/web/citypages"
	"github.com/birlik/portal/web/devmailpages"
	"github.com/birlik/portal/web/duespages"
	"github.com/birlik/portal/web/duplicatepages"
	"github.com/birlik/portal/web/eventpages"
	"github.com/birlik/portal/web/fieldpages"
	"github.com/birlik/portal/web/figurepages"
	"github.com/birlik/portal/web/filepages"
	"github.com/birlik/portal/web/formdeskpages"
	"github.com/birlik/portal/web/homepages"
	"github.com/birlik/portal/web/importpages"
	"github.com/birlik/portal/web/intakepages"
	"github.com/birlik/portal/web/joinpages"
	"github.com/birlik/portal/web/letterpages"
	"github.com/birlik/portal/web/mailingpages"
	"github.com/birlik/portal/web/mailinpages"
	"github.com/birlik/portal/web/memberpages"
	"github.com/birlik/portal/web/municipalitypages"
	"github.com/birlik/portal/web/opinionpages"
	"github.com/birlik/portal/web/organpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/privacypages"
	"github.com/birlik/portal/web/profilepages"
	"github.com/birlik/portal/web/projectpages"
	"github.com/birlik/portal/web/publicationpages"
	"github.com/birlik/portal/web/replypages"
	"github.com/birlik/portal/web/requestpages"
	"github.com/birlik/portal/web/rootpages"
	"github.com/birlik/portal/web/searchpages"
	"github.com/birlik/portal/web/servicepages"
	"github.com/birlik/portal/web/settingspages"
	"github.com/birlik/portal/web/static"
	"github.com/birlik/portal/web/styleguidepages"
	"github.com/birlik/portal/web/supportpages"
)

// Pages are the handlers of every area.
type Pages struct {
	Root           *rootpages.Handler
	Home           *homepages.Handler
	Municipalities *municipalitypages.Handler
	Events         *eventpages.Handler
	Accounts       *accountpages.Handler
	Requests       *requestpages.Handler
	Admin          *adminpages.Handler
	Casework       *caseworkpages.Handler
	Projects       *projectpages.Handler
	Settings       *settingspages.Handler
	Imports        *importpages.Handler
	Duplicates     *duplicatepages.Handler
	Fields         *fieldpages.Handler
	Services       *servicepages.Handler
	Search         *searchpages.Handler
	Files          *filepages.Handler
	Publications   *publicationpages.Handler
	Organs         *organpages.Handler
	Dues           *duespages.Handler
	Privacy        *privacypages.Handler
	DevMail        *devmailpages.Handler // nil in production
	Styleguide     *styleguidepages.Handler
	Join           *joinpages.Handler
	Members        *memberpages.Handler
	City           *citypages.Handler
	Profiles       *profilepages.Handler
	Mailings       *mailingpages.Handler
	Letters        *letterpages.Handler
	Forms          *formdeskpages.Handler
	Catalogue      *cataloguepages.Handler
	Absences       *absencepages.Handler
	Intake         *intakepages.Handler
	Supports       *supportpages.Handler
	Opinions       *opinionpages.Handler
	Circulars      *circularpages.Handler
	Figures        *figurepages.Handler
	MailIn         *mailinpages.Handler
	Replies        *replypages.Handler
	Sessions       *accountpages.Sessions
}

// Limits are the settings of the way in.
type Limits struct {
	Production    bool
	Trusted       []netip.Prefix
	RatePerMinute int
	Home          *time.Location // the zone of readers who chose none
	Now           func() time.Time
	DB            postgres.DB // remembers keyed posts
	Cache         *page.Cache // of pages for readers without a name; nil keeps nothing
}

// answerWithin bounds one page.
const answerWithin = 20 * time.Second

// Routes is the whole tree: public pages know no session, a member acts below /m/{org},
// staff below /desk.
func Routes(site Site, limits Limits, p Pages) chi.Router {
	r := chi.NewRouter()
	r.Use(middleware.GetHead, page.ClientAddress(limits.Trusted), page.AccessLog, page.Secure(limits.Production))
	r.Method(http.MethodGet, static.Prefix+"*", static.Handler())
	r.Group(func(r chi.Router) {
		r.Use(page.Rate(limits.RatePerMinute), page.SameOrigin(), page.Timeout(answerWithin))
		r.Get("/", page.Negotiated)
		r.Group(p.Root.Root)
		if p.DevMail != nil {
			r.Group(p.DevMail.Routes)
		}
		r.Route("/{lang}", func(r chi.Router) {
			r.Use(page.Language(limits.Home, limits.Now), site.frame, page.Recover, page.Compress(), limits.Cache.Settle, page.Input) // a refused input is told in the page's language
			r.NotFound(notFound)
			r.MethodNotAllowed(notFound)
			public(r, p)
			kept(r, limits.Cache, p)
			r.Route("/m/{org}", func(r chi.Router) {
				r.Use(p.Sessions.LoadActor, p.Accounts.KeepPosts, p.Accounts.ActFor, site.memberMenu, page.Once(limits.DB))
				member(r, p)
			})
			r.Route("/desk", func(r chi.Router) {
				r.Use(p.Sessions.LoadActor, p.Accounts.KeepPosts, accountpages.ActAsStaff, site.deskMenu, page.Once(limits.DB))
				desk(r, p)
			})
		})
	})
	return r
}

// kept are the pages that are the same for everybody, with what they are made of.
func kept(r chi.Router, cache *page.Cache, p Pages) {
	for _, area := range []struct {
		mount func(chi.Router)
		rule  page.Rule
	}{
		{p.Home.Public, page.Rule{Zone: true, Tags: []freshness.Tag{municipalities.Tag, municipalities.FieldsTag, projects.Tag,
			publications.TagBulletins, events.Tag, services.Tag}}},
		{p.Municipalities.Public, page.Rule{Tags: []freshness.Tag{municipalities.Tag, municipalities.FieldsTag, projects.Tag},
			Params: []string{"q", "country", "region", "population", "field", "after", "before"}}},
		{p.Events.Public, page.Rule{Zone: true, Tags: []freshness.Tag{events.Tag, municipalities.Tag},
			Params: []string{"q", "kind", "country", "city", "city_text", "when", "m", "after", "before"}}},
		{p.Projects.Public, page.Rule{Zone: true, Tags: []freshness.Tag{projects.Tag, municipalities.Tag},
			Params: []string{"q", "country", "sector", "kind", "state", "after", "before"}}},
		{p.Fields.Public, page.Rule{Tags: []freshness.Tag{municipalities.FieldsTag, municipalities.Tag, projects.Tag, events.Tag}}},
		{p.Services.Public, page.Rule{Tags: []freshness.Tag{services.Tag, municipalities.FieldsTag}}},
		{p.Members.Public, page.Rule{Tags: []freshness.Tag{municipalities.Tag}}},
		{p.Publications.Public, page.Rule{Zone: true, Tags: []freshness.Tag{publications.TagBulletins, publications.TagPages}, Params: []string{"after"}}},
		{p.Organs.Public, page.Rule{Tags: []freshness.Tag{organs.Tag, municipalities.Tag, publications.TagPages},
			Params: []string{"q", "organ", "year", "after", "before"}}},
		{p.Opinions.Public, page.Rule{Tags: []freshness.Tag{opinions.Tag}, Params: []string{"q", "topic", "law", "country", "year", "after", "before"}}},
		{p.Circulars.Public, page.Rule{Zone: true, Tags: []freshness.Tag{circulars.Tag, opinions.Tag}, Params: []string{"kind", "year", "after"}}},
		{p.Privacy.Public, page.Rule{Zone: true, Tags: []freshness.Tag{privacy.Tag}}},
	} {
		r.Group(func(r chi.Router) {
			r.Use(cache.Keep(area.rule))
			area.mount(r)
		})
	}
}

// public is what everybody may open. Signing in brings its own session.
func public(r chi.Router, p Pages) {
	r.Group(p.Search.Public)
	r.Group(p.Casework.Public)
	r.Group(p.Accounts.Public)
	r.Group(p.Files.Public)
	r.Group(p.Join.Public(p.Files.Signed))
	r.Group(func(r chi.Router) {
		r.Use(p.Sessions.LoadActor, p.Accounts.KeepPosts, accountpages.RequireSignIn, accountpages.Mended)
		p.Privacy.Own(r)
	})
	r.Group(p.Mailings.Public)
	if p.Styleguide != nil {
		r.Group(p.Styleguide.Routes)
	}
}

// member is what a person does for a municipality.
func member(r chi.Router, p Pages) {
	r.Group(p.Requests.Member)
	r.Group(p.Supports.Member)
	r.Group(p.Dues.Member)
	r.Group(p.City.Member)
	r.Group(p.Profiles.Member)
	r.Group(p.Letters.Member)
	r.Group(p.Opinions.Member)
	r.Group(p.Circulars.Member)
	r.Group(p.Search.Member)
	r.Group(p.Files.Signed)
}

// desk is what the union's staff do.
func desk(r chi.Router, p Pages) {
	r.Group(p.Events.Desk)
	r.Group(p.Casework.Desk)
	r.Group(p.Absences.Desk)
	r.Group(p.Intake.Desk)
	r.Group(p.MailIn.Desk)
	r.Group(p.Replies.Desk)
	r.Group(p.Figures.Desk)
	r.Group(p.Catalogue.Desk)
	r.Group(p.Members.Desk)
	r.Group(p.Forms.Desk)
	r.Group(p.Profiles.Desk)
	r.Group(p.Mailings.Desk)
	r.Group(p.Letters.Desk)
	r.Group(p.Supports.Desk)
	r.Group(p.Opinions.Desk)
	r.Group(p.Circulars.Desk)
	r.Group(p.Projects.Desk)
	r.Group(p.Dues.Desk)
	r.Group(p.Privacy.Desk)
	r.Group(p.Admin.Desk)
	r.Group(p.Settings.Desk)
	r.Group(p.Imports.Desk)
	r.Group(p.Duplicates.Desk)
	r.Group(p.Publications.Desk)
	r.Group(p.Organs.Desk)
	r.Group(p.Search.Desk)
	r.Group(p.Files.Signed)
}

func notFound(w http.ResponseWriter, r *http.Request) {
	page.Fail(w, r, apperr.New(apperr.NotFound, "error.not_found"))
}
