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
	ReadProjects    Permission = "projects.read"
	EditProjects    Permission = "projects.edit"
	EditContent     Permission = "content.edit" // events, bulletins, pages: drafts and texts
	PublishContent  Permission = "content.publish"
	EditMembers     Permission = "members.edit"
	EditSettings    Permission = "settings.edit" // countries, fields
	ManageUsers     Permission = "users.manage"  // invite, roles, mandates
	ReadAudit       Permission = "audit.read"
	ReadStaffDesk   Permission = "desk.read" // the staff side at all
	ExportRecords   Permission = "records.export"
	UploadFiles     Permission = "files.upload" // bring files; what they are for is asked when they are used
)

var grants = map[Role][]Permission{
	MemberEditor:   {ReadOwnRequests, EditDraft, UploadFiles},
	MemberApprover: {ReadOwnRequests, EditDraft, ApproveDraft, UploadFiles},
	DeskOfficer: {ReadStaffDesk, ReadRequests, HandleRequests, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, ExportRecords, UploadFiles},
	DepartmentHead: {ReadStaffDesk, ReadRequests, HandleRequests, DecideRequests, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, ExportRecords, ReadAudit, UploadFiles},
	Finance:        {ReadStaffDesk, ReadRequests, ReadProjects, ExportRecords, UploadFiles},
	BoardSecretary: {ReadStaffDesk, ReadRequests, DecideRequests, ReadProjects, ExportRecords, UploadFiles},
	Administrator: {ReadStaffDesk, ReadRequests, HandleRequests, DecideRequests, ReadProjects, EditProjects,
		EditContent, PublishContent, EditMembers, EditSettings, ManageUsers, ReadAudit, ExportRecords, UploadFiles},
	Auditor: {ReadStaffDesk, ReadRequests, ReadProjects, ReadAudit, ExportRecords},
}
