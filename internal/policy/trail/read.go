package trail

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/rawjson"
)

// Organisation is what is known of the organisation; the zero value knows nothing.
type Organisation struct {
	ID         string   // o-…
	Management string   // the account that no policy of the organisation binds
	Accounts   []string // all of them; none: not known
}

// Has says whether an account is of the organisation.
func (o *Organisation) Has(account string) policy.Truth {
	switch {
	case o == nil || len(o.Accounts) == 0 || account == "":
		return policy.Maybe
	case slices.Contains(o.Accounts, account) || account == o.Management:
		return policy.Yes
	}
	return policy.No
}

// idOf is the organisation that an account is in. Of another one it is only known that it is none of ours, or that there is none.
func (o *Organisation) idOf(account string) policy.Value {
	switch o.Has(account) {
	case policy.Yes:
		return present(o.ID)
	case policy.No:
		return policy.Value{State: policy.Present, Texts: []string{"(another organisation)"}, Perhaps: true}
	case policy.Maybe:
	}
	return policy.Value{}
}

// Actions are the IAM actions of a record, the one it is named after first. None: no policy decides it. known is false when the
// table of names has no such action.
func Actions(r *event.Record) (list []string, known bool) {
	source, _ := r.Part(event.EventSource).Text()
	name, _ := r.Part(event.EventName).Text()
	return actionsOf(source, name)
}

// Call is one record as policies see it.
type Call struct {
	Actions  []string
	Requests []policy.Request
	Account  string       // of the principal; empty when the record does not say
	Inside   policy.Truth // the principal's account is of the organisation
	Role     string       // the ARN of the user or role
	Service  bool         // AWS itself calls, for nobody
	Linked   bool         // the principal is a service-linked role
	Owner    string       // the account of the resources, where the record says it; else that which received the record
}

// Read makes requests of a record.
func (o *Organisation) Read(r *event.Record) *Call {
	actions, _ := Actions(r)
	f := &facts{org: o, record: r, id: readIdentity(r.Part(event.UserIdentity))}
	f.source, f.region = f.text(event.EventSource), f.text(event.AWSRegion)
	f.params = decode(r.Part(event.RequestParameters))
	_, f.known = f.params.(map[string]any)
	if cut(f.params) {
		f.known = false
	}
	c := &Call{
		Actions: actions, Account: f.id.account(), Role: f.id.principalARN(), Service: f.id.isService(), Linked: f.id.linked(),
		Owner: f.owner(),
	}
	c.Inside = o.Has(c.Account)
	for i, a := range actions {
		c.Requests = append(c.Requests, f.request(a, i > 0))
	}
	if len(actions) > 0 {
		prefix := prefixOf(f.source)
		name := strings.ToLower(prefix + ":" + dated.ReplaceAllString(f.text(event.EventName), ""))
		for _, more := range loaded().also[name] {
			c.Requests = append(c.Requests, f.more(more)...)
		}
	}
	return c
}

// request is one action. What the parameters say of resources is of the first: others touch something else.
func (f *facts) request(action string, second bool) policy.Request {
	mine := *f
	mine.action = strings.ToLower(action)
	if second {
		mine.params, mine.known = nil, false
	}
	r := policy.Request{Action: action, Context: &mine, Resources: mine.things(action), Who: f.who()}
	return r
}

// more is an action that the call asks for besides, when its parameter is there.
func (f *facts) more(m also) []policy.Request {
	found, ok := at(f.params, strings.Split(m.path, "."))
	if !ok {
		return nil
	}
	if !m.role {
		return []policy.Request{f.request(m.action, true)}
	}
	r := f.request(m.action, true)
	r.Resources = []policy.Thing{{ARN: f.begin("arn:${Partition}:iam::${Account}:role/"), Open: true, Sure: true}}
	if list, ok := texts(found); ok && len(list) == 1 && strings.Contains(list[0], ":role/") {
		r.Resources = []policy.Thing{{ARN: list[0], Sure: true}}
	}
	return []policy.Request{r}
}

// who is the caller for policies that name principals.
func (f *facts) who() policy.Principal {
	p := policy.Principal{Account: f.id.account(), Service: f.id.service()}
	switch {
	case f.id.isService():
		p.Kind = "Service"
	case f.id.Type == "IAMUser" || f.id.Type == "AssumedRole" || f.id.Type == "Root":
		p.Kind = "AWS"
		p.ARNs = []string{f.id.ARN, f.id.principalARN()}
	}
	return p
}

func (f *facts) owner() string {
	for _, l := range f.listed() {
		if l.Account != "" {
			return l.Account
		}
	}
	return f.text(event.RecipientAccountID)
}

// cut reports whether CloudTrail left the parameters out because they were too long, or hid them.
func cut(params any) bool {
	m, ok := params.(map[string]any)
	if !ok {
		return false
	}
	_, long := m["omitted"]
	return long && len(m) <= 3
}

func decode(v rawjson.Value) any {
	if v.IsNull() {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(v))
	d.UseNumber()
	var out any
	if d.Decode(&out) != nil {
		return nil
	}
	return out
}
