package app

import (
	"strings"

	"jobzero/internal/access/holding"
	"jobzero/internal/access/tie"
	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/principal/person"
	"jobzero/internal/resource"
)

// The words by which playbooks name what somebody has who has left.
const (
	heldKey         = "access-key"
	heldPassword    = "password"
	heldSSHKey      = "ssh-key"
	heldService     = "service-credential"
	heldCertificate = "signing-certificate"
	heldUser        = "user" // of IAM, who is not denied everything
	heldSeat        = "seat" // of Identity Center
	heldGroup       = "group-membership"
	heldAssignment  = "assignment"
	heldSession     = "session"     // of a role
	heldInSet       = "sso-session" // of a role of Identity Center
)

// leaverWords are all of them.
func leaverWords() []string {
	return []string{heldKey, heldPassword, heldSSHKey, heldService, heldCertificate, heldUser, heldSeat, heldGroup, heldAssignment, heldSession, heldInSet}
}

// held is one thing that somebody has by which he is let in or may do something.
type held struct {
	word string
	ref  resource.Ref
	arn  string
	text string
	sure tie.Join
	of   string // what else tells it apart from others of its resource
	data any    // for a look at it afresh; nil: the resource is enough
}

// personRef names somebody as a resource: he is what one ticket is about.
func personRef(id person.ID) *resource.Ref {
	return &resource.Ref{Type: resource.Person, ID: string(id)}
}

// ofUser is what somebody has by a user of IAM.
func ofUser(l tie.Look, j tie.Join) (out []held) {
	u := l.World.Users[j.Principal]
	if j.Kind != tie.User || u == nil {
		return nil
	}
	ref := resource.Ref{Type: resource.User, Account: u.Account, ID: u.Name}
	if !tie.ShutOut(l.Estate, u.ARN) {
		out = append(out, held{word: heldUser, ref: ref, arn: u.ARN, text: "user " + u.ARN + " is not shut out", sure: j})
	}
	for _, c := range u.Lives() {
		h := held{ref: ref, arn: u.ARN, text: strings.TrimSpace(string(c.Kind)+" "+c.ID) + " of " + u.ARN + " is active", sure: j}
		switch c.Kind {
		case holding.AccessKey:
			h.word, h.ref.Type, h.ref.ID = heldKey, resource.AccessKey, c.ID
		case holding.Password:
			h.word = heldPassword
		case holding.SSHKey:
			h.word, h.ref.Type, h.ref.ID = heldSSHKey, resource.SSHKey, u.Name+"/"+c.ID
		case holding.ServiceCredential:
			h.word, h.ref.Type, h.ref.ID = heldService, resource.ServiceCredential, u.Name+"/"+c.ID
		case holding.Certificate:
			h.word, h.ref.Type, h.ref.ID = heldCertificate, resource.SigningCertificate, u.Name+"/"+c.ID
		case holding.MFA: // it lets nobody in
			continue
		}
		out = append(out, h)
	}
	return out
}

// ofSeat is what somebody has by a user of Identity Center. What a group has stays: he is taken out of the group.
func ofSeat(l tie.Look, j tie.Join, at identitystore.Instance) (out []held) {
	s := l.World.Seats[j.Principal]
	if j.Kind != tie.Seat || s == nil {
		return nil
	}
	place := resource.Ref{Account: at.Account, Region: at.Region}
	add := func(word string, t resource.Type, id, text string) {
		ref := place
		ref.Type, ref.ID = t, id
		out = append(out, held{word: word, ref: ref, text: text, sure: j})
	}
	for _, a := range l.World.Of(s.ID) {
		id := strings.Join([]string{at.ARN, a.Account, "AWS_ACCOUNT", a.Set, "USER", s.ID}, "|")
		add(heldAssignment, resource.SSOAssignment, id, "permission set "+a.Set+" is assigned to "+s.UserName+" in "+a.Account)
	}
	for _, m := range l.World.In(s.ID) {
		add(heldGroup, resource.GroupMembership, at.Store+"|"+m.Group+"|"+s.ID, s.UserName+" is in group "+m.Group+" of Identity Center")
	}
	if !s.Disabled {
		add(heldSeat, resource.Seat, at.Store+"|"+s.ID, "user "+s.UserName+" of Identity Center may sign in: the directory that fills it disables him")
	}
	return out
}
