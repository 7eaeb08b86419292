package event

import "strings"

// classify chooses class and activity.
func (e *Event) classify(o *OCSF) {
	if e.Source == "signin.amazonaws.com" && e.signIn(o) {
		return
	}
	if e.Source == "iam.amazonaws.com" && e.accountChange(o) {
		return
	}
	o.CategoryUID, o.CategoryName = 6, "Application Activity"
	o.ClassUID, o.ClassName = 6003, "API Activity"
	o.ActivityID, o.ActivityName = e.crud()
}

// signIn is Authentication; a failed ConsoleLogin has no errorCode, only an answer that says so.
func (e *Event) signIn(o *OCSF) bool {
	switch e.Name {
	case "ConsoleLogin", "UserAuthentication", "CredentialVerification":
		o.ActivityID, o.ActivityName = 1, "Logon"
	case "SwitchRole", "ExitRole", "RenewRole":
		o.ActivityID, o.ActivityName = 7, "Account Switch"
	default:
		return false
	}
	o.CategoryUID, o.CategoryName = 3, "Identity & Access Management"
	o.ClassUID, o.ClassName = 3002, "Authentication"
	o.User, o.Service = o.Actor.User, &OCSFName{e.Source}
	switch e.text("responseElements", e.Name) {
	case "Failure":
		o.status(true)
	case "Success":
		o.status(false)
	default:
		if e.ErrorCode == "" && e.Name == "ConsoleLogin" {
			o.StatusID, o.Status = 0, "Unknown"
		}
	}
	if used := e.text("additionalEventData", "MFAUsed"); used != "" {
		yes := used == "Yes"
		o.IsMFA = &yes
	}
	return true
}

// accountChange is Account Change: what IAM does to a user or role itself.
func (e *Event) accountChange(o *OCSF) bool {
	switch e.Name {
	case "CreateUser", "CreateRole":
		o.ActivityID, o.ActivityName = 1, "Create"
	case "CreateLoginProfile":
		o.ActivityID, o.ActivityName = 2, "Enable"
	case "ChangePassword":
		o.ActivityID, o.ActivityName = 3, "Password Change"
	case "UpdateLoginProfile":
		o.ActivityID, o.ActivityName = 4, "Password Reset"
	case "DeleteLoginProfile":
		o.ActivityID, o.ActivityName = 5, "Disable"
	case "DeleteUser", "DeleteRole":
		o.ActivityID, o.ActivityName = 6, "Delete"
	case "AttachUserPolicy", "AttachRolePolicy", "PutUserPolicy", "PutRolePolicy":
		o.ActivityID, o.ActivityName = 7, "Attach Policy"
	case "DetachUserPolicy", "DetachRolePolicy", "DeleteUserPolicy", "DeleteRolePolicy":
		o.ActivityID, o.ActivityName = 8, "Detach Policy"
	case "EnableMFADevice":
		o.ActivityID, o.ActivityName = 10, "MFA Factor Enable"
	case "DeactivateMFADevice":
		o.ActivityID, o.ActivityName = 11, "MFA Factor Disable"
	default:
		return false
	}
	o.CategoryUID, o.CategoryName = 3, "Identity & Access Management"
	o.ClassUID, o.ClassName = 3001, "Account Change"
	o.User = o.Actor.User // who names nobody changes himself
	for _, field := range []string{"userName", "roleName"} {
		if name := e.text("requestParameters", field); name != "" {
			o.User = &OCSFUser{Name: name, TypeID: 1, Account: account(e.Account)}
			if field == "roleName" {
				o.User.TypeID = 99
			}
		}
	}
	return true
}

// text is a string two levels down in the raw record, empty when it is none.
func (e *Event) text(outer, inner string) string {
	fields, err := e.Fields()
	if err != nil {
		return ""
	}
	m, _ := fields[outer].(map[string]any)
	s, _ := m[inner].(string)
	return s
}

// crud reads the activity from the operation's verb; what no verb tells is Read when CloudTrail says so, else Other.
func (e *Event) crud() (int, string) {
	name := strings.TrimPrefix(e.Name, "Batch")
	for _, c := range []struct {
		id    int
		name  string
		verbs []string
	}{
		{2, "Read", []string{"Get", "List", "Describe", "Head", "Lookup", "Search", "Select", "Query", "Scan", "Download", "View"}},
		{1, "Create", []string{"Create", "Run", "Allocate", "Register", "Import", "Upload", "Copy", "Issue", "Request"}},
		{4, "Delete", []string{"Delete", "Remove", "Terminate", "Deregister", "Release", "Purge", "ScheduleKeyDeletion"}},
		{3, "Update", []string{
			"Put", "Update", "Modify", "Set", "Attach", "Detach", "Associate", "Disassociate", "Authorize", "Revoke", "Add", "Change",
			"Enable", "Disable", "Tag", "Untag", "Start", "Stop", "Reboot", "Restore", "Reset", "Replace", "Rotate",
		}},
	} {
		for _, v := range c.verbs {
			if rest, ok := strings.CutPrefix(name, v); ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
				return c.id, c.name
			}
		}
	}
	if e.ReadOnly {
		return 2, "Read"
	}
	return 99, "Other"
}
