package holding

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// maxFile bounds a file, in bytes.
const maxFile = 512 << 20

// Wanted is what Read reads, for people.
const Wanted = "an answer of iam, identitystore or sso-admin, a credential report or a resource of inventory"

// For says who reads a file besides.
type For struct {
	Estate bool // it has policies, or is nothing but policies
}

// Read adds what a text has. It may be what the AWS CLI answers to
//
//	iam get-account-authorization-details, get-credential-report (or the report itself), list-access-keys, list-mfa-devices,
//	list-ssh-public-keys, list-service-specific-credentials, list-signing-certificates, get-login-profile
//	identitystore list-users, list-groups, list-group-memberships
//	sso-admin list-account-assignments, list-account-assignments-for-principal
//
// resources as inventory reads them, one a line, and {"Sessions": [{"Arn", "Until"}]}. To an answer that does not say whose it is, such
// as an empty list of SSH keys, "UserName" and "Account" are added. The name is for errors, which are fault.Invalid.
func (w *World) Read(name string, r io.Reader) (For, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return For{}, fault.Wrap(fault.Unavailable, err, "read %s", name)
	case len(data) > maxFile:
		return For{}, fault.New(fault.Invalid, "%s is longer than %d MiB: give it in pages", name, maxFile>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if bytes.HasPrefix(data, []byte("user,arn,")) {
		return For{}, w.report(name, data)
	}
	in := json.NewDecoder(bytes.NewReader(data))
	var also For
	for n := 0; ; n++ {
		var raw json.RawMessage
		err := in.Decode(&raw)
		if errors.Is(err, io.EOF) && n > 0 {
			return also, nil
		}
		if err != nil {
			return also, fault.Wrap(fault.Invalid, err, "%s: byte %d: want what the AWS CLI answers, in JSON", name, in.InputOffset())
		}
		f, err := w.value(name, raw)
		if err != nil {
			return also, fault.Wrap(fault.Invalid, err, "%s", name)
		}
		also.Estate = also.Estate || f.Estate
	}
}

// value reads one JSON value of a file.
func (w *World) value(name string, raw json.RawMessage) (For, error) {
	if raw[0] == '[' { // resources with their policies, which only the estate reads
		return For{Estate: true}, nil
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(raw, &keys); err != nil {
		return For{}, fault.New(fault.Invalid, "want an object")
	}
	has := func(k string) bool { _, ok := keys[k]; return ok }
	switch {
	case has("type") && has("properties"):
		return For{}, w.resource(raw)
	case has("UserDetailList"), has("RoleDetailList"), has("GroupDetailList"):
		return For{Estate: true}, w.details(raw)
	case has("Policies"), has("Children"):
		return For{Estate: true}, nil
	case has("Content"):
		var r struct{ Content []byte }
		if err := json.Unmarshal(raw, &r); err != nil {
			return For{}, err
		}
		return For{}, w.report(name, r.Content)
	}
	a, known := answer{}, false
	for k, v := range keys {
		into := a.member(k)
		if into == nil {
			continue
		}
		if err := json.Unmarshal(v, into); err != nil {
			return For{}, fault.Wrap(fault.Invalid, err, "read %s", k)
		}
		known = known || k != "UserName" && k != "Account"
	}
	if !known {
		return For{}, fault.New(fault.Invalid, "want %s", Wanted)
	}
	a.noLogin = has("LoginProfile") && a.LoginProfile == nil
	return For{}, a.into(w)
}

// moment reads the times of the AWS CLI; what is none is zero.
func moment(s string) time.Time {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05+0000"} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// details reads an answer of GetAccountAuthorizationDetails, where no estate has read it.
func (w *World) details(raw json.RawMessage) error {
	var d struct {
		IsTruncated    bool
		UserDetailList []estate.UserDetail
		RoleDetailList []estate.RoleDetail
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	for _, x := range d.UserDetailList {
		w.User(x)
	}
	for _, x := range d.RoleDetailList {
		w.Role(x)
	}
	w.Page(d.IsTruncated)
	return nil
}

// resource reads one resource as inventory has it.
func (w *World) resource(raw json.RawMessage) error {
	var r resource.Resource
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	unknown := func(path string) bool {
		return slices.ContainsFunc(r.Unknown, func(u resource.Unknown) bool { return u.Path == path })
	}
	switch {
	case r.Gone:
	case r.Type == resource.User:
		if r.ARN == "" {
			return fault.New(fault.Invalid, "user %s has no arn", r.ID)
		}
		u := w.user(r.ARN)
		if len(r.Tags) > 0 {
			u.Tags = r.Tags
		}
		for _, k := range list(r.Related["access_keys"]) {
			u.hold(Credential{Kind: AccessKey, ID: text(k, "Id"), Active: text(k, "Status") == "Active", Created: moment(text(k, "CreateDate"))})
		}
		for _, d := range list(r.Related["mfa"]) {
			u.hold(Credential{Kind: MFA, ID: text(d, "SerialNumber"), Active: true})
		}
		if r.Properties["LoginProfile"] != nil {
			u.hold(Credential{Kind: Password, Active: true})
		}
		for kind, path := range map[Kind]string{AccessKey: "related.access_keys", MFA: "related.mfa", Password: "properties.LoginProfile"} {
			u.Read[kind] = u.Read[kind] || !unknown(path)
		}
	case r.Type == resource.AccessKey:
		a := answer{Account: r.Account}
		u, err := a.owner(w, text(r.Properties, "UserName"))
		if err != nil {
			return err
		}
		c := Credential{Kind: AccessKey, ID: r.ID, Active: text(r.Properties, "Status") == "Active", Created: moment(text(r.Properties, "CreateDate"))}
		used, _ := r.Related["last_used"].(map[string]any)
		c.Used, c.Told = moment(text(used, "LastUsedDate")), !unknown("related.last_used")
		u.hold(c)
	case r.Type == resource.SSOAssignment:
		p := r.Properties
		w.AssignmentsRead = true
		w.Assignments = append(w.Assignments, Assignment{text(p, "TargetId"), text(p, "PermissionSetArn"), text(p, "PrincipalId"), text(p, "PrincipalType") == "GROUP", text(p, "InstanceArn")})
	}
	return nil
}

func list(v any) (out []map[string]any) {
	all, _ := v.([]any)
	for _, x := range all {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}
