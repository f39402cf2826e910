package requests

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// The columns of a table of cases that were kept before the portal, beside those that name
// the municipality.
const (
	earlierNumber  = "earlier_reference"
	earlierService = "service"
	earlierTitle   = "title"
	earlierAsked   = "asked_on"
	earlierAskedBy = "asked_by"
	earlierState   = "state"
	earlierOffice  = "office"
	earlierOfficer = "officer"
	earlierDue     = "case_due_on"
	earlierLang    = "written_in"
	earlierWords   = "words"
	earlierHistory = "history"
	earlierDay     = "history_on"
	earlierReaders = "history_readers"
)

// takeoverRows is how many cases are stored at a time, so that who waits sees how far it is.
const takeoverRows = 250

// earlierStates are the states in which a case can be taken over, with what lists call them.
// Those beyond rest on a decision, a text or a signature that the portal would have to have.
var earlierStates = imports.Options{
	string(Submitted):            {"yeni", "geldi", "new", "arrived", "новый", "поступил", "yeni müraciət"},
	string(Registered):           {"kayıtlı", "kaydedildi", "kayıt altında", "зарегистрировано", "qeydiyyatda"},
	string(InformationRequested): {"bilgi bekleniyor", "belediyeden bekleniyor", "bilgi istendi", "waiting for the city", "waiting for information", "ждём ответа", "запрошена информация"},
	string(InReview):             {"incelemede", "inceleniyor", "işlemde", "açık", "devam ediyor", "open", "in progress", "в работе", "на рассмотрении", "рассматривается", "открыто", "baxılır"},
	string(BoardDecision):        {"kurulda", "karar bekliyor", "with the board", "board", "на правлении", "ждёт решения"},
	string(InDelivery):           {"uygulamada", "yürütülüyor", "in delivery", "исполняется", "выполняется", "icrada"},
}

// earlierEnds are what lists call a case that is over.
var earlierEnds = imports.Options{"over": {"kapalı", "kapandı", "bitti", "tamamlandı", "sonuçlandı", "closed", "done", "finished", "completed", "закрыт", "закрыто", "завершено", "исполнено", "bağlanıb"}}

// writtenIn are the languages that cities write in.
var writtenIn = imports.Options{
	"tr": {"türkçe", "turkish", "турецкий"}, "en": {"ingilizce", "english", "английский"}, "ru": {"rusça", "russian", "русский"},
	"az": {"azerbaycanca", "azərbaycanca", "azerbaijani", "азербайджанский"}, "kk": {"kazakça", "kazakh", "казахский"},
	"ky": {"kırgızca", "kyrgyz", "киргизский", "кыргызский"}, "uz": {"özbekçe", "uzbek", "узбекский"}, "tk": {"türkmence", "turkmen", "туркменский"},
}

// Who reads the lines that a list says of a case.
const (
	readStaff = "staff"
	readCity  = "org"
)

var readers = imports.Options{
	readStaff: {"birlik", "yalnız birlik", "union", "staff only", "только союз", "союз"},
	readCity:  {"belediye", "belediye de", "city", "the city too", "город", "муниципалитет"},
}

// TakeoverKind is how open cases that were kept in a list are brought, with their history. A
// row is a case, or one more line about the case of an earlier row with its number.
func (s *Service) TakeoverKind(find imports.FindPlaces) imports.Kind {
	return imports.Kind{Code: "requests", Needs: identity.ImportRecords, Rows: takeoverRows,
		Fields: slices.Concat(earlierFields(), imports.PlaceFields(), historyFields(), []imports.Field{
			{Code: "ignored", Ignored: true, Words: []string{"sıra", "id", "п/п"}}}),
		Open: func(ctx context.Context, w imports.Work) (imports.Session, error) {
			return s.openTakeover(ctx, w, find)
		}}
}

func earlierFields() []imports.Field {
	return []imports.Field{
		{Code: earlierNumber, Required: true, Example: "2024/17", Words: []string{"no", "№", "dosya no", "kayıt no", "evrak no", "eski no", "eski numarası", "old number", "earlier number", "case no", "file no", "номер", "старый номер", "номер дела"}},
		{Code: earlierService, Required: true, ForAll: true, Example: "project_support", Words: []string{"hizmet", "hizmet türü", "konu türü", "type", "услуга", "вид услуги", "xidmət"}},
		{Code: earlierTitle, Required: true, Example: "Kale duvarının onarımı", Words: []string{"konu", "başlık", "subject", "тема", "название", "mövzu"}},
		{Code: earlierAsked, Required: true, Kind: export.Day, Example: "2024-03-12", Words: []string{"tarih", "talep tarihi", "başvuru tarihi", "geliş tarihi", "date", "received", "received on", "дата", "дата обращения", "дата поступления", "tarix"}},
		{Code: earlierAskedBy, Example: "Belediye Başkanlığı", Words: []string{"imzalayan", "arayan", "talep eden", "signed by", "подписал", "обратился"}},
		{Code: earlierState, ForAll: true, Example: string(InReview), Options: earlierStates.Codes(stateCodes()...), Words: []string{"durum", "aşama", "status", "статус", "состояние", "этап"}},
		{Code: earlierOffice, ForAll: true, Example: "projects", Words: []string{"birim", "department", "unit", "отдел", "şöbə"}},
		{Code: earlierOfficer, ForAll: true, Example: "desk@union.example", Words: []string{"sorumlu", "görevli", "uzman", "assignee", "исполнитель", "ответственный"}},
		{Code: earlierDue, Kind: export.Day, Example: "", Words: []string{"son tarih", "termin", "süre", "vade", "deadline", "due", "due on", "due_on", "son ödeme günü", "срок", "срок исполнения"}},
		{Code: earlierLang, ForAll: true, Example: "tr", Options: writtenIn.Codes("tr", "en", "ru", "az", "kk", "ky", "uz", "tk"), Words: []string{"dil", "lang", "язык", "dili"}},
		{Code: earlierWords, Example: "Kale duvarının doğu bölümü için destek isteniyor.", Words: []string{"açıklama", "talep", "istenen", "request", "описание", "запрос", "содержание"}},
	}
}

// historyFields are what a table says of the history of cases.
func historyFields() []imports.Field {
	return []imports.Field{
		{Code: earlierHistory, Example: "14.03.2024 Yazı kaydedildi\n02.04.2024 Belediyeden çizim istendi", Words: []string{"geçmiş", "işlemler", "yapılanlar", "notlar", "not", "notes", "история", "ход дела", "примечания", "tarixçə"}},
		{Code: earlierDay, Kind: export.Day, Words: []string{"işlem tarihi", "geçmiş tarihi", "history date", "дата записи"}},
		{Code: earlierReaders, ForAll: true, Options: []string{readStaff, readCity}, Example: readStaff, Words: []string{"geçmişi kim okur", "readers", "кто читает историю"}},
	}
}

func stateCodes() []string {
	var out []string
	for _, s := range at(Submitted, Registered, InformationRequested, InReview, BoardDecision, InDelivery) {
		out = append(out, string(s))
	}
	return out
}

// takeover is the session of one table of earlier cases.
type takeover struct {
	s        *Service
	w        imports.Work
	find     imports.FindPlaces
	services []services.Service
	offices  []services.Bureau
	officers map[string]int64            // by address
	first    map[string]*earlierCase     // key → the case of a number, as its first row says
	calendar map[int64]workdays.Calendar // by country; 0: the union's
}

func (s *Service) openTakeover(ctx context.Context, w imports.Work, find imports.FindPlaces) (imports.Session, error) {
	t := &takeover{s: s, w: w, find: find, first: map[string]*earlierCase{}, officers: map[string]int64{}, calendar: map[int64]workdays.Calendar{}}
	var err error
	if t.services, err = services.Every(ctx, w.Tx); err != nil {
		return nil, err
	}
	if t.offices, err = services.Offices(ctx, w.Tx); err != nil {
		return nil, err
	}
	var email string
	var id int64
	rows, _ := w.Tx.Query(ctx, `
		select lower(u.email), u.id from users u where u.active and exists (
			select from staff_roles x where x.user_id = u.id and x.role = any ($1) and now() >= x.starts_at and now() < x.ends_at)`, handlers())
	_, err = pgx.ForEachRow(rows, []any{&email, &id}, func() error {
		t.officers[email] = id
		return nil
	})
	return t, err
}

// service finds what a cell calls a service: its code, its address, its title in any language.
func (t *takeover) service(cell string) (services.Service, bool) {
	key := fold.Key(cell)
	for _, s := range t.services {
		if s.Live == 0 || key == "" {
			continue
		}
		for _, word := range titled(s.Title, s.Code, s.Slug) {
			if fold.Key(word) == key {
				return s, true
			}
		}
	}
	return services.Service{}, false
}

// office finds what a cell calls an office, by its code or its name in any language.
func (t *takeover) office(cell string) (string, bool) {
	key := fold.Key(cell)
	for _, b := range t.offices {
		for _, word := range titled(b.Names, b.Code) {
			if fold.Key(word) == key {
				return b.Code, true
			}
		}
	}
	return "", false
}

func titled(names services.Text, words ...string) []string {
	for _, lang := range locale.Langs() {
		words = append(words, names[lang])
	}
	return words
}

// stateOf finds what a cell calls a state: in the portal's words, the service's own, or those
// of lists.
func stateOf(cell string, flow *services.Definition) (workflow.State, bool) {
	if code, ok := earlierStates.Choose(cell); ok {
		return workflow.State(code), true
	}
	key := fold.Key(cell)
	for _, s := range StaffStates() {
		for _, lang := range locale.Langs() {
			if fold.Key(Label(flow, s, lang)) == key || fold.Key(Label(nil, s, lang)) == key {
				return s, true
			}
		}
	}
	return "", false
}
