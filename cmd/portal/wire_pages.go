package main

import (
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web"
	"github.com/birlik/portal/web/accountpages"
	"github.com/birlik/portal/web/adminpages"
	"github.com/birlik/portal/web/caseworkpages"
	"github.com/birlik/portal/web/citypages"
	"github.com/birlik/portal/web/devmailpages"
	"github.com/birlik/portal/web/duespages"
	"github.com/birlik/portal/web/duplicatepages"
	"github.com/birlik/portal/web/eventpages"
	"github.com/birlik/portal/web/filepages"
	"github.com/birlik/portal/web/homepages"
	"github.com/birlik/portal/web/importpages"
	"github.com/birlik/portal/web/joinpages"
	"github.com/birlik/portal/web/letterpages"
	"github.com/birlik/portal/web/memberpages"
	"github.com/birlik/portal/web/municipalitypages"
	"github.com/birlik/portal/web/privacypages"
	"github.com/birlik/portal/web/projectpages"
	"github.com/birlik/portal/web/publicationpages"
	"github.com/birlik/portal/web/requestpages"
	"github.com/birlik/portal/web/rootpages"
	"github.com/birlik/portal/web/searchpages"
	"github.com/birlik/portal/web/settingspages"
	"github.com/birlik/portal/web/styleguidepages"
	"github.com/birlik/portal/web/supportpages"
	"github.com/birlik/portal/web/writing"
)

// pages are the handlers of every area.
func pages(cfg config.Config, s services) web.Pages {
	sessions := accountpages.NewSessions(s.accounts.SessionStore(), secure(cfg))
	p := web.Pages{
		Sessions:       sessions,
		Root:           rootpages.New(s.db, cfg.BaseURL),
		Home:           &homepages.Handler{Compose: composeHome(s)},
		Accounts:       accountpages.New(s.accounts, sessions),
		Municipalities: municipalitypages.New(s.municipalities, time.Now),
		Events:         eventpages.New(s.events, cfg.Union.Location(), time.Now),
		Files:          filepages.New(s.documents),
		Requests:       requestpages.New(s.requests, s.documents, s.db, time.Now),
		Publications:   publicationpages.New(s.publications, writing.Covers{DB: s.db, Documents: s.documents}, cfg.Union.Location()),
		Admin:          adminpages.New(s.accounts, s.db, time.Now),
		Privacy:        privacypages.New(s.privacy, time.Now),
		Dues:           duespages.New(s.dues, cfg.Union.Names(), cfg.Union.Location(), time.Now),
		Projects:       projectpages.New(s.projects, s.db, cfg.Union.Location(), time.Now),
		Casework:       caseworkpages.New(s.requests, s.documents, s.db, cfg.Union.Location(), time.Now),
		Settings:       settingspages.New(s.municipalities),
		Imports:        importpages.New(s.imports, time.Now),
		Duplicates:     duplicatepages.New(s.municipalities, time.Now),
		Fields:         newFields(s),
		Services:       newServicePages(s),
		Search:         searchpages.New(s.db),
		Organs:         newOrganPages(cfg, s),
		Join:           joinpages.New(s.membership, s.documents, secure(cfg)),
		Profiles:       s.profilePages(),
		City:           citypages.New(s.membership, s.accounts, time.Now),
		Members:        memberpages.New(s.membership, s.accounts, s.db, cfg.Union.Location(), time.Now),
	}
	p.Requests.Lacks = s.lacks
	p.Forms = newFormPages(s)
	p.Intake = newIntakePages(cfg, s)
	s.findCities(p)
	p.Mailings = newMailingPages(s)
	p.Catalogue = newCataloguePages(cfg, s)
	p.Supports = supportpages.New(s.supports)
	p.Casework.Supports, p.Requests.Supports = s.supportTies(true), s.supportTies(false)
	p.Absences = newAbsencePages(cfg, s)
	p.Opinions = newOpinionPages(s)
	p.Figures = newFigurePages(cfg, s)
	s.circularPages(&p)
	p.Letters = letterpages.New(s.papers, cfg.Union.Location(), time.Now)
	p.Accounts.Letters = notify.Choices{DB: s.db}
	p.Admin.Locators = s.locators()
	s.mailPages(&p)
	p.Casework.Locators, p.Organs.Locators = p.Admin.Locators, p.Admin.Locators
	p.Members.Ties, p.Members.Map = memberTies(s), s.membersMap
	p.Municipalities.Ties.Sisters = sisterTies(s.municipalities)
	p.Municipalities.Ties.About = s.aboutTies
	p.Municipalities.Ties.Projects = projectTies(s.projects)
	if cfg.Forgiving() {
		p.Styleguide = styleguidepages.New()
		if s.inbox != nil {
			p.DevMail = devmailpages.New(s.inbox)
		}
	}
	return p
}

// locators find the page of a record of each kind.
func (s services) locators() map[subject.Kind]subject.Locator {
	found := map[subject.Kind]subject.Locator{
		subject.User: s.accounts.Locate, subject.Municipality: s.municipalities.Locate,
		subject.Request: s.requests.Locate, subject.Project: s.projects.Locate, subject.Event: s.events.Locate,
		subject.Organ: s.organs.Locate, subject.Meeting: s.organs.LocateMeetings, subject.Decision: s.organs.LocateDecisions,
		subject.Application: s.membership.Locate,
		subject.Precedent:   s.opinions.Locate,
		subject.Assessment:  s.dues.Locate,
		subject.Service:     s.catalogue.Locate, subject.Office: s.catalogue.LocateOffices,
		subject.FactProposal: s.profiles.Locate,
		subject.Erasure:      s.privacy.Locate,
		subject.Support:      s.supports.Locate,
		subject.Circular:     s.circulars.Locate, subject.CircularCopy: s.circulars.LocateCopies,
		subject.ReceivedMail: s.mailin.Locate, subject.ReplyText: s.replies.Locate,
		subject.Mailing: s.mailings.Locate, subject.Letter: s.papers.Locate,
	}
	for _, kind := range []subject.Kind{subject.Issue, subject.Article, subject.SitePage} {
		found[kind] = s.publications.Locate(kind)
	}
	return found
}
