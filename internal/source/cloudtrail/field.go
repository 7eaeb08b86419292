package cloudtrail

import (
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/rawjson"
)

// fields reads members one by one and keeps the first thing that was wrong.
type fields struct{ err error }

func (f *fields) wrong(name, want string, v rawjson.Value) {
	if f.err == nil {
		f.err = fault.New(fault.Invalid, "%s is of type %s, want %s", name, v.Kind(), want)
	}
}

// may is an optional string; null is as good as absent.
func (f *fields) may(name string, v rawjson.Value) string {
	if v.IsNull() {
		return ""
	}
	s, ok := v.Text()
	if !ok {
		f.wrong(name, "string", v)
	}
	return s
}

// need is a string that must be there.
func (f *fields) need(name string, v rawjson.Value) string {
	if len(v) > 0 && v.Kind() != "string" {
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
func (f *fields) flag(name string, v rawjson.Value) bool {
	if v.IsNull() {
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
func (f *fields) object(name string, v rawjson.Value, visit func(key []byte, v rawjson.Value)) {
	if v.IsNull() || f.err != nil {
		return
	}
	if v.Kind() != "object" {
		f.wrong(name, "object", v)
		return
	}
	for it := rawjson.Over(v); it.Next(); { // the whole record was checked before
		visit(it.Name, it.Value)
	}
}

// once reads an optional string that may stand there once. The name is put together only where something is wrong.
func (f *fields) once(to *string, at string, key []byte, v rawjson.Value) {
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
func (f *fields) resources(v rawjson.Value) []event.Resource {
	if v.IsNull() || f.err != nil {
		return nil
	}
	if v.Kind() != "array" {
		f.wrong("resources", "array", v)
		return nil
	}
	var all []event.Resource
	for it := rawjson.Over(v); it.Next(); { // the whole record was checked before
		const at = "resources[]."
		var r event.Resource
		f.object("resources[]", it.Value, func(key []byte, v rawjson.Value) {
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
	}
	return all
}

// insight takes name and source of an Insights record from its details, where they stand.
func (f *fields) insight(details rawjson.Value, name, source *rawjson.Value) {
	f.object("insightDetails", details, func(key []byte, v rawjson.Value) {
		switch {
		case string(key) == "eventName" && len(*name) == 0:
			*name = v
		case string(key) == "eventSource" && len(*source) == 0:
			*source = v
		}
	})
}
