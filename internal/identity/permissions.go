package identity

// Permission is one thing that a role may do. Who holds a role is data; what a role may
// do is this file.
type Permission string

// The permissions, by the area that asks for them.
const (
	ReadOwnRequests Permission = "requests.read_own" // an organisation's own, drafts too
	EditDraft       Permission = "requests.edit_draft"
	ApproveDraft    Permission = "requests.approve" // send in the municipality's name
	ReadRequests    Permission = "requests.read"    // staff: every organisation's, once submitted
	HandleRequests  Permission = "requests.handle"  // register, ask, assign, note
	DecideRequests  Permission = "requests.decide"  // record the board's decision
	AdviseRequests  Permission = "requests.advise"  // give another office's opinion about a case
	EditServices    Permission = "services.edit"    // what can be asked for, and how it is handled
	ReadSupports    Permission = "supports.read"
	EditSupports    Permission = "supports.edit" // what was granted, instalments, reports
	ReadProjects    Permission = "projects.read"
	EditProjects    Permission = "projects.edit"
	EditContent     Permission = "content.edit" // events, bulletins, pages: drafts and texts
	PublishContent  Permission = "content.publish"
	EditMembers     Permission = "members.edit"
	ReadMembers     Permission = "members.read"     // staff: every member's record
	DecideMembers   Permission = "members.decide"   // admit, decline, suspend, expel: by a decision
	EditApplication Permission = "application.edit" // the own application for membership
	ReadOwn         Permission = "own.read"         // a municipality's own profile, people, dues
	EditProfile     Permission = "own.edit_profile"
	EditPeople      Permission = "own.edit_people" // invite people for the municipality, end their mandates
	ReadOwnDues     Permission = "own.read_dues"
	ReadDues        Permission = "dues.read"
	EditDues        Permission = "dues.edit"   // rules, assessments, payments
	ReadOrgans      Permission = "organs.read" // staff: boards, meetings, decisions
	EditOrgans      Permission = "organs.edit"
	ImportRecords   Permission = "records.import"
	WriteMembers    Permission = "mailings.edit" // mailings and official letters
	HandleErasures  Permission = "erasures.handle"
	EditSettings    Permission = "settings.edit" // countries, fields
	ManageUsers     Permission = "users.manage"  // invite, roles, mandates
	ReadAudit       Permission = "audit.read"
	ReadStaffDesk   Permission = "desk.read"  // the staff side at all
	EditForms       Permission = "forms.edit" // questions of forms: drafts
	PublishForms    Permission = "forms.publish"
	HelpDrafts      Permission = "forms.help"       // write in a draft whose city asked for it
	EditGovernments Permission = "governments.edit" // who may ask without being a member
	WriteOpinions   Permission = "opinions.write"   // an opinion's text, what the public reads of it
	ReadCirculars   Permission = "circulars.read"   // staff: every circular, and who has read it
	WriteCirculars  Permission = "circulars.write"  // write, approve, issue, withdraw, remind
	GetCirculars    Permission = "circulars.get"    // read what came to one's own organisation
	AnswerCirculars Permission = "circulars.answer" // confirm in its name that it was read
	ReadFigures     Permission = "figures.read"     // staff: the casework in numbers
	ExportRecords   Permission = "records.export"
	ManageAbsences  Permission = "absences.manage" // enter and end colleagues' absences, hand their cases over
	UploadFiles     Permission = "files.upload"    // bring files; what they are for is asked when they are used
)

var grants = map[Role][]Permission{
	MemberEditor:   {ReadOwnRequests, EditDraft, UploadFiles, ReadOwn, EditProfile, GetCirculars, AnswerCirculars},
	MemberApprover: {ReadOwnRequests, EditDraft, ApproveDraft, UploadFiles, ReadOwn, EditProfile, EditPeople, ReadOwnDues, GetCirculars, AnswerCirculars},
	MemberFinance:  {ReadOwn, ReadOwnDues, UploadFiles, GetCirculars},
	MemberDelegate: {ReadOwn, ReadOwnRequests, GetCirculars},
	Consultant:     {ReadOwnRequests, EditDraft, UploadFiles},
	Applicant:      {EditApplication, UploadFiles},
	DeskOfficer: {ReadStaffDesk, ReadSupports, EditSupports, ReadRequests, ReadFigures, HandleRequests, AdviseRequests, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, ReadMembers, ReadDues, ReadOrgans, ImportRecords, WriteMembers, ExportRecords, UploadFiles,
		EditForms, HelpDrafts, WriteOpinions, ReadCirculars, WriteCirculars},
	DepartmentHead: {ReadStaffDesk, ReadSupports, EditSupports, ReadRequests, ReadFigures, HandleRequests, DecideRequests, AdviseRequests, EditServices, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, ReadMembers, DecideMembers, ReadDues, ReadOrgans, EditOrgans, ImportRecords,
		WriteMembers, ExportRecords, ReadAudit, UploadFiles, EditForms, PublishForms, HelpDrafts, WriteOpinions, ManageAbsences, EditGovernments, ReadCirculars, WriteCirculars},
	Finance: {ReadStaffDesk, ReadSupports, EditSupports, ReadRequests, ReadFigures, AdviseRequests, ReadProjects, ReadMembers, ReadDues, EditDues, ReadOrgans, ExportRecords, UploadFiles, ReadCirculars},
	BoardSecretary: {ReadStaffDesk, ReadSupports, ReadRequests, ReadFigures, DecideRequests, ReadProjects, ReadMembers, DecideMembers, ReadDues, ReadOrgans,
		EditOrgans, ExportRecords, UploadFiles, ReadCirculars},
	Administrator: {ReadStaffDesk, ReadSupports, EditSupports, ReadRequests, ReadFigures, HandleRequests, DecideRequests, AdviseRequests, EditServices, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, ReadMembers, DecideMembers, ReadDues, EditDues, ReadOrgans, EditOrgans, ImportRecords,
		WriteMembers, HandleErasures, EditSettings, ManageUsers, ReadAudit, ExportRecords, UploadFiles, EditForms, PublishForms, HelpDrafts, WriteOpinions, ManageAbsences, EditGovernments, ReadCirculars, WriteCirculars},
	Auditor: {ReadStaffDesk, ReadSupports, ReadRequests, ReadFigures, ReadProjects, ReadMembers, ReadDues, ReadOrgans, ReadAudit, ExportRecords, ReadCirculars},
}

// outside is all that somebody may for a government, whatever the mandate's role gives in a
// member: ask, follow what was asked, read what the union tells it.
var outside = []Permission{ReadOwnRequests, EditDraft, ApproveDraft, UploadFiles, GetCirculars, AnswerCirculars}

// areaOf is the area of a mandate that a permission belongs to.
var areaOf = map[Permission]string{
	ReadOwnRequests: "requests", EditDraft: "requests", ApproveDraft: "requests",
	EditProfile: "profile", EditPeople: "people", ReadOwnDues: "dues",
}

// Areas are what a mandate can be narrowed to. Nobody is trusted with the people alone.
func Areas() []string { return []string{"requests", "profile", "dues"} }
