package holding

import "jobzero/internal/fault"

// answer is what the AWS CLI answers to the calls that list one thing. Which it was say the names of its members.
type answer struct {
	UserName, Account string

	Users            *[]seat
	Groups           *[]struct{ GroupId, DisplayName, IdentityStoreId string }
	GroupMemberships *[]struct {
		GroupId, MembershipId, IdentityStoreId string
		MemberId                               struct{ UserId string }
	}
	AccountAssignments *[]struct{ AccountId, PermissionSetArn, PrincipalId, PrincipalType, InstanceArn string }
	Sessions           *[]struct{ Arn, Until string }

	AccessKeyMetadata          *[]listed
	MFADevices                 *[]listed
	SSHPublicKeys              *[]listed
	ServiceSpecificCredentials *[]listed
	Certificates               *[]listed
	LoginProfile               *listed
	noLogin                    bool // the member is there and null: there is no password
}

// seat is a user of Identity Center. One of IAM has an ARN, and is left to what says more of it.
type seat struct {
	UserId, UserName, DisplayName, IdentityStoreId, UserStatus, Arn string
	Emails                                                          []struct{ Value string }
	ExternalIds                                                     []struct{ Id string }
}

// listed is one credential in a list of its kind.
type listed struct {
	UserName, Status, CreateDate, UploadDate, EnableDate                                  string
	AccessKeyId, SerialNumber, SSHPublicKeyId, ServiceSpecificCredentialId, CertificateId string
	AccessKeyLastUsed                                                                     *struct{ LastUsedDate string } // beside a key, as access collect writes it
}

// member is where a member of the answer is read into, nil for one that says nothing here.
func (a *answer) member(name string) any {
	switch name {
	case "UserName":
		return &a.UserName
	case "Account":
		return &a.Account
	case "Users":
		return &a.Users
	case "Groups":
		return &a.Groups
	case "GroupMemberships":
		return &a.GroupMemberships
	case "AccountAssignments":
		return &a.AccountAssignments
	case "Sessions":
		return &a.Sessions
	case "AccessKeyMetadata":
		return &a.AccessKeyMetadata
	case "MFADevices":
		return &a.MFADevices
	case "SSHPublicKeys":
		return &a.SSHPublicKeys
	case "ServiceSpecificCredentials":
		return &a.ServiceSpecificCredentials
	case "Certificates":
		return &a.Certificates
	case "LoginProfile":
		return &a.LoginProfile
	}
	return nil
}

func (a *answer) into(w *World) error {
	if a.Users != nil {
		for _, s := range *a.Users {
			if s.Arn != "" {
				w.user(s.Arn).ID = s.UserId
				continue
			}
			w.SeatsRead = true
			w.Seats[s.UserId] = s.seat()
		}
		w.SeatsRead = w.SeatsRead || len(*a.Users) == 0
	}
	if a.Groups != nil {
		for _, g := range *a.Groups {
			if g.GroupId != "" {
				w.Groups[g.GroupId] = Group{g.GroupId, g.DisplayName}
			}
		}
	}
	if a.GroupMemberships != nil {
		w.MembershipsRead = true
		for _, m := range *a.GroupMemberships {
			w.Memberships = append(w.Memberships, Membership{m.GroupId, m.MemberId.UserId, m.MembershipId, m.IdentityStoreId})
		}
	}
	if a.AccountAssignments != nil {
		w.AssignmentsRead = true
		for _, x := range *a.AccountAssignments {
			w.Assignments = append(w.Assignments, Assignment{x.AccountId, x.PermissionSetArn, x.PrincipalId, x.PrincipalType == "GROUP", x.InstanceArn})
		}
	}
	if a.Sessions != nil {
		w.SessionsRead = true
		for _, s := range *a.Sessions {
			w.Sessions = append(w.Sessions, Session{s.Arn, moment(s.Until)})
		}
	}
	return a.credentials(w)
}

func (s seat) seat() *Seat {
	out := &Seat{Store: s.IdentityStoreId, ID: s.UserId, UserName: s.UserName, Display: s.DisplayName, Disabled: s.UserStatus == "DISABLED"}
	for _, e := range s.Emails {
		out.Emails = append(out.Emails, e.Value)
	}
	for _, x := range s.ExternalIds {
		out.External = append(out.External, x.Id)
	}
	return out
}

// credentials adds lists of credentials of one user.
func (a *answer) credentials(w *World) error {
	if a.noLogin {
		u, err := a.owner(w, a.UserName)
		if err != nil {
			return err
		}
		u.Read[Password] = true
	}
	if a.LoginProfile != nil {
		if err := a.add(w, Password, []listed{*a.LoginProfile}, func(*listed) string { return "" }); err != nil {
			return err
		}
	}
	for _, l := range []struct {
		kind Kind
		list *[]listed
		id   func(*listed) string
	}{
		{AccessKey, a.AccessKeyMetadata, func(x *listed) string { return x.AccessKeyId }},
		{MFA, a.MFADevices, func(x *listed) string { return x.SerialNumber }},
		{SSHKey, a.SSHPublicKeys, func(x *listed) string { return x.SSHPublicKeyId }},
		{ServiceCredential, a.ServiceSpecificCredentials, func(x *listed) string { return x.ServiceSpecificCredentialId }},
		{Certificate, a.Certificates, func(x *listed) string { return x.CertificateId }},
	} {
		if l.list == nil {
			continue
		}
		if err := a.add(w, l.kind, *l.list, l.id); err != nil {
			return err
		}
	}
	return nil
}

func (a *answer) add(w *World, kind Kind, all []listed, id func(*listed) string) error {
	if len(all) == 0 && a.UserName == "" {
		return fault.New(fault.Invalid, "an empty list of the kind %s does not say whose it is: add \"UserName\" and \"Account\" to it", kind)
	}
	if len(all) == 0 {
		u, err := a.owner(w, a.UserName)
		if err == nil {
			u.Read[kind] = true
		}
		return err
	}
	for _, x := range all {
		name := x.UserName
		if name == "" {
			name = a.UserName
		}
		u, err := a.owner(w, name)
		if err != nil {
			return err
		}
		u.Read[kind] = true
		created := x.CreateDate + x.UploadDate + x.EnableDate // each kind has one of them
		c := Credential{Kind: kind, ID: id(&x), Active: x.Status == "" || x.Status == "Active", Created: moment(created)}
		if x.AccessKeyLastUsed != nil {
			c.Told, c.Used = true, moment(x.AccessKeyLastUsed.LastUsedDate)
		}
		u.hold(c)
	}
	return nil
}

// owner finds the user that a list is of: lists say a name and no account, so the name must be one user's, or the account is said.
func (a *answer) owner(w *World, name string) (*User, error) {
	if a.Account != "" {
		for _, u := range w.named[name] {
			if u.Account == a.Account {
				return u, nil
			}
		}
		u := w.user("arn:aws:iam::" + a.Account + ":user/" + name)
		w.guessed[u.ARN] = u
		return u, nil
	}
	var found *User
	for _, u := range w.named[name] {
		if found != nil {
			return nil, fault.New(fault.Invalid, "user %s is in accounts %s and %s: add \"Account\" to the answer", name, found.Account, u.Account)
		}
		found = u
	}
	if found == nil {
		return nil, fault.New(fault.Invalid, "no file before says in which account user %q is: give its authorization details or credential report first, or add \"Account\"", name)
	}
	return found, nil
}
