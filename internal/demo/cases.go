package demo

import (
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
)

// town is a municipality that asks for projects, with the mailboxes of its offices.
type town struct {
	source               string
	mail                 string // what its mailboxes end in; the demonstration's own accounts where it has some
	lang                 string // that it writes in
	editor, mayor, where string // what the offices are called; where projects are
	currency             string
	rate                 int    // of its currency to a dollar, for round sums
	body                 string // name of the government that it is, instead of a municipality
}

var towns = map[string]town{
	"shusha":    {Shusha, "shusha.example", "az", "Şuşa Layihə Şöbəsi", "Şuşa Bələdiyyə Sədri", "Şuşa", "AZN", 2, ""},
	"canakkale": {Canakkale, "canakkale.example", "tr", "Çanakkale Proje Birimi", "Çanakkale Belediye Başkanı", "Çanakkale, merkez", "TRY", 42, ""},
	"ganja":     {"gn:586523", "ganja.example", "az", "Gəncə Layihə Şöbəsi", "Gəncə Bələdiyyə Sədri", "Gəncə, Kəpəz rayonu", "AZN", 2, ""},
	"sheki":     {"gn:585170", "sheki.example", "az", "Şəki Layihə Şöbəsi", "Şəki Bələdiyyə Sədri", "Şəki, Yuxarı Baş", "AZN", 2, ""},
	"osh":       {"gn:1527534", "osh.example", "ky", "Ош долбоорлор бөлүмү", "Ош шаарынын мэри", "Ош, Сулайман-Тоо", "KGS", 87, ""},
	"karakol":   {"gn:1528121", "karakol.example", "ky", "Каракол долбоорлор бөлүмү", "Каракол шаарынын мэри", "Каракол", "KGS", 87, ""},
	"turkistan": {"gn:1517945", "turkistan.example", "kk", "Түркістан жобалар бөлімі", "Түркістан қаласының әкімі", "Түркістан", "KZT", 500, ""},
	"aktau":     {"gn:610612", "aktau.example", "kk", "Ақтау жобалар бөлімі", "Ақтау қаласының әкімі", "Ақтау, 7-шағынаудан", "KZT", 500, ""},
	"samarkand": {"gn:1216265", "samarkand.example", "uz", "Samarqand loyihalar boʻlimi", "Samarqand shahar hokimi", "Samarqand, Registon", "UZS", 12_500, ""},
	"xiva":      {"gn:1513604", "xiva.example", "uz", "Xiva loyihalar boʻlimi", "Xiva shahar hokimi", "Xiva, Ichan qalʼa", "UZS", 12_500, ""},
	"konya":     {"gn:306571", "konya.example", "tr", "Konya Proje Birimi", "Konya Belediye Başkanı", "Konya, Meram", "TRY", 42, ""},
	"edirne":    {"gn:747712", "edirne.example", "tr", "Edirne Proje Birimi", "Edirne Belediye Başkanı", "Edirne, Kaleiçi", "TRY", 42, ""},
	"ufa":       {"gn:479561", "ufa.example", "ru", "Уфа, отдел проектов", "Уфа, глава города", "Уфа, Кировский район", "RUB", 92, ""},
	"comrat":    {"gn:618405", "comrat.example", "ru", "Комрат, отдел проектов", "Комрат, примар", "Комрат", "EUR", 1, ""},
	"prizren":   {"gn:786712", "prizren.example", "tr", "Prizren Proje Birimi", "Prizren Belediye Başkanı", "Prizren, Şadırvan", "EUR", 1, ""},
	"ministry":  {"", "sehircilik.example", "tr", "Bakanlık Hukuk Bürosu", "Bakanlık Hukuk Müşavirliği", "Ankara", "TRY", 42, ministry},
}

// The officers who have cases.
const (
	deskMail = "desk@union.example"
	headMail = "head@union.example"
)

// file is one request of the demonstration: who asks for what, and how far it came.
type file struct {
	town, theme string
	days        int // since it was sent; for a draft since it was begun
	end         workflow.State
	officer     string // nobody where empty
	urgent      bool
	grown       growth // what became of it
}

// growth is the project that a request became.
type growth struct {
	state workflow.State // empty: none
	told  string         // languages that it is told in beside its own: "tr en ru"
	done  int            // percent of what it wants to reach
}

const everywhere = "tr en ru"

func grew(state workflow.State, told string, done int) growth { return growth{state, told, done} }

// files are the requests, the eldest first.
func files() []file { return append(decided(), running()...) }

func decided() []file {
	return []file{
		{"shusha", "wall", 420, requests.Approved, deskMail, false, grew(projects.Implementation, everywhere, 62)},
		{"konya", "cycle", 414, requests.Approved, headMail, false, grew(projects.Closed, everywhere, 100)},
		{"samarkand", "trees", 409, requests.Approved, deskMail, false, grew(projects.Handover, everywhere, 96)},
		{"osh", "water", 401, requests.Approved, deskMail, true, grew(projects.Implementation, everywhere, 41)},
		{"edirne", "bridge", 395, requests.Approved, headMail, false, grew(projects.Closed, everywhere, 100)},
		{"turkistan", "park", 388, requests.Approved, deskMail, false, grew(projects.Implementation, everywhere, 70)},
		{"ufa", "bus", 380, requests.Declined, headMail, false, growth{}},
		{"comrat", "solar", 372, requests.Approved, deskMail, false, grew(projects.Handover, everywhere, 92)},
		{"sheki", "bazaar", 365, requests.Approved, headMail, false, grew(projects.Implementation, everywhere, 35)},
		{"karakol", "women", 358, requests.Approved, deskMail, false, grew(projects.Closed, everywhere, 100)},
		{"prizren", "bath", 351, requests.Approved, headMail, false, grew(projects.Suspended, everywhere, 28)},
		{"aktau", "desk", 344, requests.Approved, deskMail, false, grew(projects.Implementation, "ru en", 55)},
		{"canakkale", "flood", 337, requests.Approved, deskMail, true, grew(projects.Implementation, everywhere, 48)},
		{"ganja", "market", 330, requests.Approved, headMail, false, grew(projects.Procurement, everywhere, 0)},
		{"xiva", "bath", 322, requests.Approved, deskMail, false, grew(projects.Implementation, everywhere, 22)},
		{"konya", "waste", 315, requests.Referred, deskMail, false, growth{}},
		{"osh", "school", 307, requests.Approved, headMail, true, grew(projects.Implementation, everywhere, 30)},
		{"edirne", "elder", 300, requests.Approved, deskMail, false, grew(projects.Implementation, "en", 64)},
		{"ufa", "map", 291, requests.Approved, deskMail, false, grew(projects.Closed, everywhere, 100)},
		{"turkistan", "library", 284, requests.Approved, headMail, false, grew(projects.Handover, "", 88)},
		{"shusha", "bridge", 276, requests.Declined, deskMail, false, growth{}},
		{"samarkand", "waste", 268, requests.Approved, deskMail, false, grew(projects.Procurement, everywhere, 0)},
		{"comrat", "drain", 259, requests.Withdrawn, headMail, false, growth{}},
		{"prizren", "cycle", 251, requests.Approved, headMail, false, grew(projects.Implementation, everywhere, 18)},
		{"karakol", "solar", 243, requests.Approved, deskMail, false, grew(projects.Procurement, "ru", 0)},
		{"canakkale", "compost", 235, requests.Approved, deskMail, false, grew(projects.Implementation, everywhere, 52)},
		{"aktau", "sewer", 226, requests.Approved, headMail, false, grew(projects.Approved, everywhere, 0)},
		{"sheki", "water", 217, requests.Approved, deskMail, false, grew(projects.Procurement, "", 0)},
		{"konya", "fire", 208, requests.Approved, headMail, true, grew(projects.Approved, everywhere, 0)},
		{"ganja", "nursery", 199, requests.Declined, deskMail, false, growth{}},
		{"xiva", "flood", 190, requests.Approved, deskMail, true, grew(projects.Procurement, everywhere, 0)},
		{"ufa", "shelter", 181, requests.Referred, headMail, false, growth{}},
		{"osh", "women", 172, requests.Approved, deskMail, false, grew(projects.Approved, "ru en", 0)},
		{"edirne", "square", 163, requests.Approved, headMail, false, grew(projects.Cancelled, everywhere, 0)},
		{"turkistan", "road", 154, requests.Approved, deskMail, false, grew(projects.Approved, everywhere, 0)},
		{"comrat", "library", 145, requests.Withdrawn, deskMail, false, growth{}},
		{"shusha", "solar", 136, requests.Approved, deskMail, false, grew(projects.Procurement, everywhere, 0)},
		{"samarkand", "bus", 127, requests.Approved, headMail, false, grew(projects.Approved, "", 0)},
		{"prizren", "hall", 118, requests.Declined, headMail, false, growth{}},
		{"canakkale", "clinic", 109, requests.Approved, headMail, false, grew(projects.Approved, everywhere, 0)},
	}
}

func running() []file {
	return []file{
		{"karakol", "school", 92, requests.BoardDecision, deskMail, false, growth{}},
		{"aktau", "light", 84, requests.BoardDecision, headMail, false, growth{}},
		{"konya", "square", 71, requests.BoardDecision, deskMail, false, growth{}},
		{"sheki", "nursery", 58, requests.BoardDecision, headMail, true, growth{}},
		{"ganja", "waste", 52, requests.CoOpinion, deskMail, false, growth{}},
		{"ufa", "park", 47, requests.InReview, headMail, false, growth{}},
		{"xiva", "trees", 41, requests.InformationRequested, deskMail, false, growth{}},
		{"osh", "road", 36, requests.InReview, deskMail, true, growth{}},
		{"edirne", "drain", 31, requests.InformationRequested, headMail, false, growth{}},
		{"comrat", "water", 27, requests.InReview, "", false, growth{}},
		{"shusha", "bazaar", 23, requests.InformationRequested, deskMail, false, growth{}},
		{"turkistan", "desk", 19, requests.InReview, headMail, false, growth{}},
		{"samarkand", "market", 16, requests.InReview, deskMail, false, growth{}},
		{"prizren", "solar", 12, requests.Registered, headMail, false, growth{}},
		{"canakkale", "bus", 10, requests.InReview, deskMail, true, growth{}},
		{"karakol", "trees", 8, requests.Registered, deskMail, false, growth{}},
		{"aktau", "elder", 6, requests.Registered, "", false, growth{}},
		{"konya", "flood", 5, requests.Submitted, "", true, growth{}},
		{"ganja", "light", 3, requests.Submitted, "", false, growth{}},
		{"sheki", "map", 2, requests.Submitted, "", false, growth{}},
		{"ufa", "clinic", 1, requests.Submitted, "", false, growth{}},
		{"xiva", "hall", 0, requests.Submitted, "", false, growth{}},
		{"shusha", "park", 9, requests.WithApprover, "", false, growth{}},
		{"canakkale", "library", 4, requests.Draft, "", false, growth{}},
		{"shusha", "light", 2, requests.Draft, "", false, growth{}},
	}
}
