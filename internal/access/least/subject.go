package least

import (
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
)

// Kind is what sort of principal it is.
type Kind string

// The kinds.
const (
	User          Kind = "user"
	Role          Kind = "role"
	PermissionSet Kind = "permission set" // of Identity Center, with a role in each account
)

// Subject is a principal with all policies that say what it may do.
type Subject struct {
	Principal string
	Kind      Kind
	Holders   []string      // ARNs of users and roles: one, or those of a permission set
	Policies  []estate.Held // all that is attached, groups' too
	Unread    []string      // what is attached and of which the text is not known
}

// permissionSets is how a permission set is named here, before its name.
const permissionSets = "permission-set/"

// Find gives a principal of an estate: a user or role by its ARN or that of a session, or permission-set/NAME. An error is fault.NotFound, or
// fault.Conflict where the roles of a permission set do not have the same policies.
func Find(e *estate.Estate, principal string) (*Subject, error) {
	if name, ok := strings.CutPrefix(principal, permissionSets); ok {
		return findSet(e, principal, name)
	}
	h, ok := e.Holder(principal)
	if !ok {
		return nil, fault.New(fault.NotFound, "nobody here is called %s", principal)
	}
	s := &Subject{Principal: h.ARN, Kind: Role, Holders: []string{h.ARN}}
	if strings.Contains(h.ARN, ":user/") {
		s.Kind = User
	}
	s.Policies, s.Unread = e.Held(h)
	return s, nil
}

// findSet joins the roles of a permission set, which Identity Center names AWSReservedSSO_NAME_ and sixteen digits
// (docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
func findSet(e *estate.Estate, principal, name string) (*Subject, error) {
	s := &Subject{Principal: principal, Kind: PermissionSet}
	var first string
	for _, arn := range e.Holders() {
		at := strings.LastIndexByte(arn, '/')
		if !strings.Contains(arn, ":role/aws-reserved/sso.amazonaws.com/") || setOf(arn[at+1:]) != name {
			continue
		}
		h, _ := e.Holder(arn)
		list, unread := e.Held(h)
		text := signature(list, unread)
		if len(s.Holders) == 0 {
			first, s.Policies, s.Unread = text, list, unread
		} else if text != first {
			return nil, fault.New(fault.Conflict, "%s has other policies in %s than in %s: provision the permission set first", principal, arn, s.Holders[0])
		}
		s.Holders = append(s.Holders, arn)
	}
	if len(s.Holders) == 0 {
		return nil, fault.New(fault.NotFound, "no account here has a role of %s", principal)
	}
	return s, nil
}

// setOf is the permission set of a role by its name; empty: it is none.
func setOf(role string) string {
	rest, ok := strings.CutPrefix(role, "AWSReservedSSO_")
	at := strings.LastIndexByte(rest, '_')
	if !ok || at < 0 {
		return ""
	}
	return rest[:at]
}

// signature is one text for policies that say the same. Those that customers manage have another ARN in each account.
func signature(list []estate.Held, unread []string) string {
	var out []string
	for _, h := range list {
		var b strings.Builder
		for _, s := range h.Document.Statements {
			x := statementOf(h.Document, s)
			x.Sid = ""
			b.Write(x.text())
		}
		out = append(out, b.String())
	}
	for _, arn := range unread {
		out = append(out, arn[strings.LastIndexByte(arn, '/')+1:])
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}
