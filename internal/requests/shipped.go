package requests

import (
	"slices"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// Kinds of members and others that services are for; the words are those of the membership.
var (
	localGovernments = []string{"full", "associate", "observer"}
	allMembers       = append(slices.Clone(localGovernments), "national_association", "regional_association", "international_organization", "honorary", "partner")
	opinionAskers    = append(slices.Clone(allMembers), services.Governments)
)

// Shipped are the services that the portal brings along, in the order in which they are
// shown. Staff change them by publishing versions of their own.
func Shipped() []services.Shipped {
	return []services.Shipped{projectSupport(), businessCorporationService(), fundingGuidanceService(), eMunicipalityService(),
		cityInformationCenterService(), urbanGuidanceService(), counsellingService(), activitySupportService(), opinionService(),
		institutionFoundingService()}
}

// plan writes one shipped service: its words are the messages below "service.<code>.".
type plan struct {
	code, office string
	asks         []string
	days         map[workflow.State]int
	offices      map[workflow.State]string
	states       []workflow.State
	moves        []string
	needs        map[string][]workflow.Need // beside those of the machine
	more         map[string]string          // columns of the summary beside title and description
}

// Every case is written, sent, registered and reviewed; these are its states and moves.
var (
	common  = at(Draft, WithApprover, Submitted, Registered, InformationRequested, InReview, CoOpinion)
	opening = []string{moveStart, moveAsk, moveRecall, moveReturn, moveSubmit, moveRegister, moveReview, moveInquire, moveAnswer, moveGoOn, moveConsult, moveAdvise}
	boards  = []string{moveBoard, moveBack, moveApprove, moveDecline, moveRefer}
	desks   = []string{moveTurnDown, movePassOn}
	giving  = []string{moveBegin, moveDeliver, moveRate, moveClose}
)

func (p plan) shipped() services.Shipped {
	slug := strings.ReplaceAll(p.code, "_", "-")
	d := services.Definition{Title: p.said("title"), Lead: p.said("lead"), Needs: p.said("needs"), Outcome: p.said("outcome"),
		Asks: p.asks, Office: p.office, Form: p.code, Bind: map[string]string{colTitle: fieldTitle, colDescription: fieldDescription}}
	for column, field := range p.more {
		d.Bind[column] = field
	}
	for _, s := range p.states {
		d.Steps = append(d.Steps, p.step(s))
	}
	for _, name := range p.moves {
		d.Moves = append(d.Moves, p.move(name))
	}
	return services.Shipped{Code: p.code, Slug: slug, Definition: d}
}

// said is a text of the service; none where the catalogues have no such message.
func (p plan) said(key string) services.Text {
	key = "service." + p.code + "." + key
	if !locale.Has(locale.Default, key) {
		return nil
	}
	return services.Said(key)
}

func (p plan) step(s workflow.State) services.Step {
	step := services.Step{State: s, Name: p.said("step." + string(s)), Days: p.days[s], Office: p.offices[s]}
	step.Checklist, step.Papers = p.items("check", s), p.items("paper", s)
	return step
}

// items are the messages "service.<code>.check.<state>_1" and on.
func (p plan) items(kind string, s workflow.State) []services.Item {
	var out []services.Item
	for _, n := range []string{"1", "2", "3", "4"} {
		if label := p.said(kind + "." + string(s) + "_" + n); label != nil {
			out = append(out, services.Item{Key: kind + "_" + string(s) + "_" + n, Label: label})
		}
	}
	return out
}

func (p plan) move(name string) services.Move {
	move, err := Life.Find(name)
	if err != nil {
		panic(err) // a name of this file that the machine lacks
	}
	own := services.Move{Name: name, May: move.May, Needs: slices.Concat(move.Needs, p.needs[name]), Tell: usually[name]}
	for _, s := range move.From {
		if slices.Contains(p.states, s) && !p.skips(name, s) {
			own.From = append(own.From, s)
		}
	}
	return own
}

// skips reports whether a move would leave out a step that the service has: past the board
// to the delivery, or past the delivery.
func (p plan) skips(move string, from workflow.State) bool {
	return from == InReview && (move == moveBegin && slices.Contains(p.states, Approved) || move == moveDeliver && slices.Contains(p.states, InDelivery))
}

// usually is who is told of each move, unless a service says otherwise.
var usually = map[string][]string{
	moveAsk: {services.Approver}, moveReturn: {services.Editor}, moveSubmit: {services.Office}, moveRegister: {services.City},
	moveInquire: {services.City}, moveAnswer: {services.Officer}, moveGoOn: {services.City}, moveReview: {services.City},
	moveConsult: {services.Advisor}, moveAdvise: {services.Officer}, moveBoard: {services.City, services.Board}, moveBack: {services.City},
	moveApprove: {services.City, services.Office}, moveDecline: {services.City}, moveRefer: {services.City}, moveTurnDown: {services.City},
	movePassOn: {services.City}, moveBegin: {services.City}, moveDeliver: {services.City}, moveRate: {services.Officer}, moveClose: {services.City},
	moveToSign: {services.Head}, moveUnsign: {services.Officer}, moveSign: {services.Officer}, moveSend: {services.City},
	movePublish: {services.City}, moveWithdraw: {services.City, services.Officer},
}

func withdrawable(moves ...[]string) []string {
	return append(slices.Concat(moves...), moveWithdraw)
}

// usualDays are working days; a service names its own beside them.
func usualDays(own map[workflow.State]int) map[workflow.State]int {
	out := map[workflow.State]int{Submitted: 2, Registered: 3, InformationRequested: 10, InReview: 10, CoOpinion: 5, Delivered: 10}
	for s, n := range own {
		out[s] = n
	}
	return out
}

var reasoned = map[string][]workflow.Need{moveDeliver: reason}

func projectSupport() services.Shipped {
	return plan{code: ProjectSupport, office: "projects", asks: localGovernments,
		days:   usualDays(map[workflow.State]int{InReview: 11, BoardDecision: 22, Approved: 10}),
		states: append(slices.Clone(common), BoardDecision, Approved, InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, boards, giving),
		more: map[string]string{colKind: fieldKind, colSector: fieldSector, colPlace: fieldPlace, colBeneficiaries: fieldBeneficiaries,
			colCost: fieldCost, colOwn: fieldOwn, colLand: fieldLand, colPermit: fieldPermit}}.shipped()
}

func businessCorporationService() services.Shipped {
	return plan{code: "business_corporation", office: "finance", asks: localGovernments,
		days:    usualDays(map[workflow.State]int{InReview: 15, InDelivery: 40}),
		offices: map[workflow.State]string{Submitted: "projects"},
		states:  append(slices.Clone(common), InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:   withdrawable(opening, desks, giving),
		needs:   map[string][]workflow.Need{moveBegin: {workflow.Checklist}, moveDeliver: {workflow.Reason, workflow.Document}}}.shipped()
}

// fundingGuidanceService answers with a list of fitting programmes: nothing is decided, and
// what is found is handed over from the review.
func fundingGuidanceService() services.Shipped {
	return plan{code: "funding_guidance", office: "international", asks: localGovernments,
		days:   usualDays(map[workflow.State]int{InReview: 8}),
		states: append(slices.Clone(common), Delivered, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, []string{movePassOn, moveDeliver, moveRate, moveClose}),
		needs:  reasoned, more: map[string]string{colCost: fieldCost, colOwn: fieldOwn, colSector: fieldSector}}.shipped()
}

func eMunicipalityService() services.Shipped {
	return plan{code: "e_municipality", office: "digital", asks: localGovernments,
		days:   usualDays(map[workflow.State]int{InDelivery: 30}),
		states: append(slices.Clone(common), InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, desks, giving), needs: reasoned, more: map[string]string{colCost: fieldCost}}.shipped()
}

func cityInformationCenterService() services.Shipped {
	return plan{code: "city_information_center", office: "digital", asks: localGovernments,
		days:    usualDays(map[workflow.State]int{InReview: 12, InDelivery: 40}),
		offices: map[workflow.State]string{InDelivery: "training"},
		states:  append(slices.Clone(common), InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:   withdrawable(opening, desks, giving), needs: reasoned,
		more: map[string]string{colPlace: fieldPlace, colCost: fieldCost}}.shipped()
}

// urbanGuidanceService is a question and its answer.
func urbanGuidanceService() services.Shipped {
	return plan{code: "urban_guidance", office: "urban", asks: allMembers,
		days:   usualDays(map[workflow.State]int{Submitted: 1, Registered: 2, InReview: 5, InformationRequested: 5, CoOpinion: 3, Delivered: 5}),
		states: append(slices.Clone(common), Delivered, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, []string{movePassOn, moveDeliver, moveRate, moveClose}), needs: reasoned,
		more: map[string]string{colPlace: fieldPlace}}.shipped()
}

func counsellingService() services.Shipped {
	return plan{code: "counselling", office: "social", asks: localGovernments,
		days:   usualDays(map[workflow.State]int{InDelivery: 20}),
		states: append(slices.Clone(common), InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, desks, giving), needs: reasoned,
		more: map[string]string{colBeneficiaries: fieldBeneficiaries, colCost: fieldCost}}.shipped()
}

func activitySupportService() services.Shipped {
	return plan{code: "activity_support", office: "projects", asks: allMembers,
		days:    usualDays(map[workflow.State]int{BoardDecision: 15, Approved: 5, Delivered: 15}),
		offices: map[workflow.State]string{InDelivery: "finance"},
		states:  append(slices.Clone(common), BoardDecision, Approved, InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:   withdrawable(opening, boards, giving),
		needs:   map[string][]workflow.Need{moveBoard: {workflow.Checklist}, moveDeliver: reason},
		more:    map[string]string{colPlace: fieldPlace, colCost: fieldCost, colOwn: fieldOwn}}.shipped()
}

// opinionService answers a question of law, finance or technique: two people sign, and what
// names nobody any more can be published.
func opinionService() services.Shipped {
	return plan{code: "opinion", office: "legal", asks: opinionAskers,
		days:   usualDays(map[workflow.State]int{InReview: 15, CoOpinion: 7, ToSign: 3, Signed: 2, Sent: 20, Anonymised: 10}),
		states: append(slices.Clone(common), ToSign, Signed, Sent, Anonymised, Published, Declined, Referred, Closed, Withdrawn),
		moves:  withdrawable(opening, desks, []string{moveToSign, moveUnsign, moveSign, moveSend, moveAnonymise, movePublish, moveClose}),
		needs:  map[string][]workflow.Need{moveToSign: {workflow.Checklist}}}.shipped()
}

func institutionFoundingService() services.Shipped {
	return plan{code: "institution_founding", office: "legal", asks: allMembers,
		days:    usualDays(map[workflow.State]int{InReview: 20, BoardDecision: 22, Approved: 10, InDelivery: 60}),
		offices: map[workflow.State]string{InDelivery: "international"},
		states:  append(slices.Clone(common), BoardDecision, Approved, InDelivery, Delivered, Declined, Referred, Closed, Withdrawn),
		moves:   withdrawable(opening, boards, giving),
		needs:   map[string][]workflow.Need{moveBoard: {workflow.Checklist}, moveDeliver: reason},
		more:    map[string]string{colPlace: fieldPlace, colBeneficiaries: fieldBeneficiaries}}.shipped()
}
