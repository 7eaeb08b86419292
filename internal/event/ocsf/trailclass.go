package ocsf

import (
	"strings"

	"jobzero/internal/event"
)

// classify chooses class and activity.
func classify(e *event.Event, r *rest, c called) View {
	if e.Source == "signin.amazonaws.com" {
		if v := signIn(e, c); v != nil {
			return v
		}
	}
	if e.Source == "iam.amazonaws.com" {
		if v := accountChange(e, c); v != nil {
			return v
		}
	}
	c.base.ActivityID, c.base.ActivityName = crud(e)
	c.touched(e, r) // the other classes have no resources: there they stay in the record
	return &APIActivity{Base: c.base, Actor: c.actor, API: c.api, SrcEndpoint: c.from, HTTPRequest: c.request, Resources: c.resources}
}

// become makes the base one of another class.
func (b *Base) become(e *event.Event, class, activity int, name string) {
	fresh := base(e, class)
	b.CategoryUID, b.CategoryName, b.ClassUID, b.ClassName = fresh.CategoryUID, fresh.CategoryName, fresh.ClassUID, fresh.ClassName
	b.ActivityID, b.ActivityName = activity, name
}

// signIn is Authentication; a failed ConsoleLogin has no errorCode, only an answer that says so.
func signIn(e *event.Event, c called) View {
	switch e.Name {
	case "ConsoleLogin", "UserAuthentication", "CredentialVerification":
		c.base.become(e, AuthenticationUID, 1, "Logon")
	case "SwitchRole", "ExitRole", "RenewRole":
		c.base.become(e, AuthenticationUID, 7, "Account Switch")
	default:
		return nil
	}
	switch text(e, "responseElements", e.Name) {
	case "Failure":
		c.base.status(true)
	case "Success":
		c.base.status(false)
	default:
		if e.ErrorCode == "" && e.Name == "ConsoleLogin" {
			c.base.StatusID, c.base.Status = 0, "Unknown"
		}
	}
	v := &Authentication{
		Base: c.base, Actor: c.actor, User: c.actor.User, Service: &Name{e.Source}, API: c.api, SrcEndpoint: c.from, HTTPRequest: c.request,
	}
	if used := text(e, "additionalEventData", "MFAUsed"); used != "" {
		yes := used == "Yes"
		v.IsMFA = &yes
	}
	return v
}

// accountChange is Account Change: what IAM does to a user or role itself.
func accountChange(e *event.Event, c called) View {
	id, name := change(e.Name)
	if id == 0 {
		return nil
	}
	c.base.become(e, AccountChangeUID, id, name)
	user := c.actor.User // who names nobody changes himself
	for _, field := range []string{"userName", "roleName"} {
		if name := text(e, "requestParameters", field); name != "" {
			user = &User{Name: name, Type: "User", TypeID: 1, Account: AccountOf(e.Account)}
			if field == "roleName" {
				user.Type, user.TypeID = "Role", 99
			}
		}
	}
	return &AccountChange{Base: c.base, Actor: c.actor, User: user, API: c.api, SrcEndpoint: c.from, HTTPRequest: c.request}
}

// change gives the activity of an operation of IAM, 0 for one that does something else.
func change(operation string) (int, string) {
	switch operation {
	case "CreateUser", "CreateRole":
		return 1, "Create"
	case "CreateLoginProfile":
		return 2, "Enable"
	case "ChangePassword":
		return 3, "Password Change"
	case "UpdateLoginProfile":
		return 4, "Password Reset"
	case "DeleteLoginProfile":
		return 5, "Disable"
	case "DeleteUser", "DeleteRole":
		return 6, "Delete"
	case "AttachUserPolicy", "AttachRolePolicy", "PutUserPolicy", "PutRolePolicy":
		return 7, "Attach Policy"
	case "DetachUserPolicy", "DetachRolePolicy", "DeleteUserPolicy", "DeleteRolePolicy":
		return 8, "Detach Policy"
	case "EnableMFADevice":
		return 10, "MFA Factor Enable"
	case "DeactivateMFADevice":
		return 11, "MFA Factor Disable"
	}
	return 0, ""
}

// text is a string two levels down in the raw record, empty when it is none.
func text(e *event.Event, outer, inner string) string {
	r, ok := open(e.Raw)
	if !ok {
		return ""
	}
	for i := range r.members {
		if m := &r.members[i]; m.name == outer {
			in, _ := open(m.value)
			for j := range in.members {
				if in.members[j].name == inner {
					s, _ := in.members[j].value.Text()
					return s
				}
			}
		}
	}
	return ""
}

// crud reads the activity from the operation's verb; what no verb tells is Read when CloudTrail says so, else Other.
func crud(e *event.Event) (int, string) {
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
