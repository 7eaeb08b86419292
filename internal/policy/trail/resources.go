package trail

import (
	"encoding/json"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/principal"
)

// maxThings is how many resources of one call are looked at one by one. Of a call with more it is not known what it touches.
const maxThings = 512

// listing is a resource as the record lists it.
type listing struct {
	ARN     string `json:"ARN"`
	Account string `json:"accountId"`
	Type    string `json:"type"`
}

// listed are the resources of the record.
func (f *facts) listed() (out []listing) {
	raw := f.record.Part(event.Resources)
	if raw.IsNull() || json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

// things are the resources that an action touches in this call.
func (f *facts) things(action string) []policy.Thing {
	a, ok := names.Find(action)
	if !ok {
		return []policy.Thing{{Open: true, Sure: true}}
	}
	if len(a.About) == 0 {
		return []policy.Thing{policy.Anything}
	}
	var out []policy.Thing
	sure := 0
	for _, t := range a.About {
		found := f.thingsOf(a, t)
		out = append(out, found...)
		if t.Always || len(a.About) == 1 {
			sure++
		}
	}
	if sure == 0 { // it touches one of them, or none at all: either way what * covers
		out = append(out, policy.Anything)
	}
	if len(out) > maxThings {
		return []policy.Thing{{ARN: "arn:", Open: true, Sure: true}}
	}
	return out
}

// thingsOf are the resources of one type.
func (f *facts) thingsOf(a *names.Action, t names.About) []policy.Thing {
	var out []policy.Thing
	always := t.Always || len(a.About) == 1
	for _, l := range f.listed() {
		if formOf(t.ARN, l.ARN) && f.listedFor(t, l) {
			out = append(out, policy.Thing{ARN: l.ARN, Sure: true, Keys: f.keysOf(a, t.Type, f.params)})
		}
	}
	if len(out) > 0 {
		return out
	}
	if each := f.elements(a, t); each != nil {
		return each
	}
	if arn, ok := f.named(a, t); ok {
		return []policy.Thing{{ARN: arn, Sure: always, Keys: f.keysOf(a, t.Type, f.params)}}
	}
	return []policy.Thing{{ARN: f.begin(t.ARN), Open: true, Sure: always, Keys: f.keysOf(a, t.Type, f.params)}}
}

// listedFor leaves out the bucket that S3 lists beside the object: a call for an object does not ask for its bucket.
func (f *facts) listedFor(t names.About, l listing) bool {
	return f.source != "s3.amazonaws.com" || t.Type != "object" || l.Type == "AWS::S3::Object"
}

// keysOf are the keys that are said of a resource of a type; nil when there are none.
func (f *facts) keysOf(a *names.Action, kind string, in any) policy.Context {
	var out policy.Keys
	for _, r := range loaded().keys[strings.ToLower(a.Name)] {
		if r.kind == "" || r.kind != kind {
			continue
		}
		if out == nil {
			out = policy.Keys{}
		}
		out[r.key] = f.parameter(r, in)
		if out[r.key].State == policy.Unknown { // not what is said of other types: not known
			out[r.key] = policy.Value{State: policy.Present, Perhaps: true, More: true}
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// elements makes a resource of each element of a list that the keys of the type go through.
func (f *facts) elements(a *names.Action, t names.About) []policy.Thing {
	for _, r := range loaded().keys[strings.ToLower(a.Name)] {
		if r.kind != t.Type || !r.more {
			continue
		}
		var list, inner []string
		for i, step := range r.path {
			if strings.HasSuffix(step, "[]") {
				list, inner = append(r.path[:i:i], strings.TrimSuffix(step, "[]")), r.path[i+1:]
			}
		}
		found, _ := at(f.params, list)
		var out []policy.Thing
		if items, ok := first(found).([]any); ok && len(inner) > 0 {
			for _, item := range items {
				out = append(out, policy.Thing{ARN: f.begin(t.ARN), Open: true, Sure: true, Keys: f.inElement(a, t.Type, item, len(list))})
			}
		}
		return append(out, policy.Thing{ARN: f.begin(t.ARN), Open: true, Sure: true, Keys: f.keysOf(a, t.Type, map[string]any{})})
	}
	return nil
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// inElement are the keys of one element, whose paths go on behind the list.
func (f *facts) inElement(a *names.Action, kind string, item any, depth int) policy.Context {
	out := policy.Keys{}
	for _, r := range loaded().keys[strings.ToLower(a.Name)] {
		if r.kind != kind || len(r.path) <= depth {
			continue
		}
		r.path = r.path[depth:]
		if out[r.key] = f.parameter(r, item); out[r.key].State == policy.Unknown {
			out[r.key] = policy.Value{State: policy.Present, Perhaps: true, More: true}
		}
	}
	return out
}

// named makes the ARN of the parameter that names the resource.
func (f *facts) named(a *names.Action, t names.About) (string, bool) {
	service, _, _ := strings.Cut(a.Name, ":")
	for _, path := range loaded().resources[service+" "+t.Type] {
		var parts []string
		for p := range strings.SplitSeq(path, "/") {
			parts = append(parts, one(f.params, p))
		}
		name := strings.Join(parts, "/")
		switch {
		case name == "" || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/"):
			continue
		case strings.HasPrefix(name, "arn:"):
			return name, formOf(t.ARN, name)
		case strings.HasPrefix(name, "alias/"):
			return "", false
		}
		form := f.filled(t.ARN)
		if service == "secretsmanager" || strings.Count(form, "${") == 0 {
			return "", false // a secret's ARN goes on with six letters that nobody chose
		}
		at := strings.Index(form, "${")
		end := strings.LastIndexByte(form, '}')
		if strings.Count(form, "${") > len(parts) {
			return "", false
		}
		return form[:at] + name + form[end+1:], true
	}
	return "", false
}

// filled puts in what the record says of partition, region and account.
func (f *facts) filled(form string) string {
	partition := "aws"
	switch {
	case strings.HasPrefix(f.region, "cn-"):
		partition = "aws-cn"
	case strings.HasPrefix(f.region, "us-gov-"):
		partition = "aws-us-gov"
	}
	form = strings.ReplaceAll(form, "${Partition}", partition)
	if f.region != "" {
		form = strings.ReplaceAll(form, "${Region}", f.region)
	}
	if account := f.own(); account != "" {
		form = strings.ReplaceAll(form, "${Account}", account)
	}
	return form
}

// own is the account in which what the call names lies: that of who calls, and of the record. Where they differ it is not known.
func (f *facts) own() string {
	account := f.id.account()
	if recipient := f.text(event.RecipientAccountID); recipient != "" && account != "" && recipient != account {
		return ""
	}
	if account == "" && f.id.isService() {
		return f.text(event.RecipientAccountID)
	}
	return account
}

// begin is how the ARN of a type begins, as far as it is known.
func (f *facts) begin(form string) string {
	form = f.filled(form)
	if at := strings.Index(form, "${"); at >= 0 {
		return form[:at]
	}
	return form
}

// formOf reports whether an ARN has a form.
func formOf(form, arn string) bool {
	if _, err := principal.ParseARN(arn); err != nil {
		return false
	}
	var b strings.Builder
	for form != "" {
		before, rest, found := strings.Cut(form, "${")
		b.WriteString(before)
		if !found {
			break
		}
		b.WriteByte('*')
		_, form, _ = strings.Cut(rest, "}")
	}
	return policy.Like(b.String(), arn)
}
