package cloudtrail

import (
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/span"
)

// fields reads members one by one and keeps the first thing that was wrong.
type fields struct{ err error }

func (f *fields) wrong(name, want string, v span.Value) {
	if f.err == nil {
		f.err = fault.New(fault.Invalid, "%s is of type %s, want %s", name, v.Kind(), want)
	}
}

// may is an optional string; null is as good as absent.
func (f *fields) may(name string, v span.Value) string {
	if v == nil || v.Kind() == "null" {
		return ""
	}
	s, ok := v.Text()
	if !ok {
		f.wrong(name, "string", v)
	}
	return s
}

// need is a string that must be there.
func (f *fields) need(name string, v span.Value) string {
	if v != nil && v.Kind() != "string" {
		f.wrong(name, "string", v)
		return ""
	}
	s := f.may(name, v)
	if s == "" && f.err == nil {
		f.err = fault.New(fault.Invalid, "%s is missing", name)
	}
	return s
}

// flag is an optional boolean; Athena exports write it as a string. Missing counts as false: as a write, the careful reading.
func (f *fields) flag(name string, v span.Value) bool {
	if v == nil || v.Kind() == "null" {
		return false
	}
	switch string(v) {
	case "true", `"true"`:
		return true
	case "false", `"false"`:
		return false
	}
	f.wrong(name, "boolean", v)
	return false
}

// object visits the members of an optional object.
func (f *fields) object(name string, v span.Value, visit func(key []byte, v span.Value)) {
	if v == nil || v.Kind() == "null" || f.err != nil {
		return
	}
	if v.Kind() != "object" {
		f.wrong(name, "object", v)
		return
	}
	_ = span.Object(v, func(key []byte, v span.Value) error { // the whole record was checked before
		visit(key, v)
		return nil
	})
}

// actor reads userIdentity.
func (f *fields) actor(a *event.Actor, v span.Value) {
	const at = "userIdentity."
	f.object("userIdentity", v, func(key []byte, v span.Value) {
		switch string(key) {
		case "type":
			f.once(&a.Type, at, key, v)
		case "arn":
			f.once(&a.ARN, at, key, v)
		case "accountId":
			f.once(&a.Account, at, key, v)
		case "principalId":
			f.once(&a.PrincipalID, at, key, v)
		case "userName":
			f.once(&a.UserName, at, key, v)
		case "accessKeyId":
			f.once(&a.AccessKey, at, key, v)
		case "invokedBy":
			f.once(&a.InvokedBy, at, key, v)
		case "sessionContext":
			f.session(a, v)
		}
	})
}

// session reads the issuer of a session: the role behind it.
func (f *fields) session(a *event.Actor, v span.Value) {
	f.object("userIdentity.sessionContext", v, func(key []byte, v span.Value) {
		if string(key) != "sessionIssuer" {
			return
		}
		const at = "userIdentity.sessionContext.sessionIssuer."
		f.object(at[:len(at)-1], v, func(key []byte, v span.Value) {
			switch string(key) {
			case "arn":
				f.once(&a.IssuerARN, at, key, v)
			case "userName":
				f.once(&a.IssuerName, at, key, v)
			}
		})
	})
}

// once reads an optional string that may stand there once. The name is put together only where something is wrong.
func (f *fields) once(to *string, at string, key []byte, v span.Value) {
	if *to != "" && f.err == nil {
		f.err = fault.New(fault.Invalid, "%s%s stands in the record twice", at, key)
	}
	s, ok := v.Text()
	if !ok && v.Kind() != "null" {
		f.wrong(at+string(key), "string", v)
	}
	*to = s
}

// resources reads the list of what was touched. Data events name a prefix where the ARN is not known.
func (f *fields) resources(v span.Value) []event.Resource {
	if v == nil || v.Kind() == "null" || f.err != nil {
		return nil
	}
	if v.Kind() != "array" {
		f.wrong("resources", "array", v)
		return nil
	}
	var all []event.Resource
	_ = span.Array(v, func(v span.Value) error { // the whole record was checked before
		const at = "resources[]."
		var r event.Resource
		f.object("resources[]", v, func(key []byte, v span.Value) {
			switch string(key) {
			case "ARN", "arn", "ARNPrefix": // spelt so by different services
				if r.ARN == "" {
					f.once(&r.ARN, at, key, v)
				}
			case "accountId":
				f.once(&r.Account, at, key, v)
			case "type":
				f.once(&r.Type, at, key, v)
			}
		})
		all = append(all, r)
		return nil
	})
	return all
}

// fromInsight takes name and source of an Insights record from its details, where they stand.
func (r *record) fromInsight() error {
	var f fields
	f.object("insightDetails", r.insight, func(key []byte, v span.Value) {
		switch {
		case string(key) == "eventName" && r.name == nil:
			r.name = v
		case string(key) == "eventSource" && r.source == nil:
			r.source = v
		}
	})
	return f.err
}
