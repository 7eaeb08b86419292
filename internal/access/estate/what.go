package estate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/principal"
)

// Right is an action that somebody can take, or perhaps can, on what a pattern names.
type Right struct {
	Action  string // service:Name
	Level   names.Level
	On      string         // ARN or pattern of what it can be taken on; * for everything
	But     []string       // patterns of what the permission leaves out
	Outcome access.Outcome // Allowed, or Unknown
	Unknown []string       // of Unknown: what it hangs on
}

// What gives what a user, a role or a session can do, by all policies that are known, sorted by action: of each action that AWS has, the
// patterns that something allows it on and that are not denied as a whole. A narrower Deny may take out a part of a pattern. An error is
// fault.NotFound when nobody has that ARN.
func (e *Estate) What(who string, q Question) ([]Right, error) {
	h, ok := e.holder(who)
	if !ok {
		return nil, fault.New(fault.NotFound, "nobody here is called %s", who)
	}
	w := wants{of: map[string]*patterns{}, in: access.Partial(&access.Call{Caller: h.caller}, q.Context)}
	for _, d := range h.policies.Identity {
		w.document(d, "")
	}
	for arn, t := range e.things {
		for _, d := range t.policies {
			if grants(d, h) {
				w.document(d, arn)
			}
		}
	}
	return e.rights(who, h, w, q)
}

func (e *Estate) rights(who string, h *Holder, w wants, q Question) (out []Right, err error) {
	one := *h // with the policies that count for one pattern: those of many would be asked for each of many
	if who != h.ARN {
		if one.caller, err = access.NewCaller(access.IAM, who, h.Account); err != nil {
			return nil, err
		}
	}
	for _, action := range slices.Sorted(maps.Keys(w.of)) {
		denies := only(h.policies.Identity, func(s *policy.Statement) bool { return !s.Allow && s.Names(action) })
		var found []Right
		for _, p := range w.of[action].sorted() {
			one.policies.Identity = append(denies[:len(denies):len(denies)], &policy.Document{Name: "what allows it", Statements: p.by})
			q.Action, q.Resource = action, p.on
			d := e.decide(&one, one.caller, q)
			if p.hangs != "" && d.Outcome != access.ExplicitlyDenied { // which resource it is about is not known
				d = access.Decision{Outcome: access.Unknown, Unknown: []string{p.hangs}}
			}
			if d.Outcome != access.Allowed && d.Outcome != access.Unknown || held(found, p, d.Outcome) {
				continue
			}
			a, _ := names.Find(action)
			found = append(found, Right{Action: a.Name, Level: a.Level, On: p.on, But: p.but, Outcome: d.Outcome, Unknown: d.Unknown})
		}
		out = append(out, found...)
	}
	return out, nil
}

// only are the statements of documents that count, document by document.
func only(docs []*policy.Document, counts func(*policy.Statement) bool) (out []*policy.Document) {
	for _, d := range docs {
		var list []*policy.Statement
		for _, s := range d.Statements {
			if counts(s) {
				list = append(list, s)
			}
		}
		if len(list) > 0 {
			few := *d
			few.Statements = list
			out = append(out, &few)
		}
	}
	return out
}

// held reports whether a wider pattern says as much already.
func held(found []Right, p pattern, o access.Outcome) bool {
	return slices.ContainsFunc(found[:min(len(found), maxCompared)], func(r Right) bool {
		return len(r.But) == 0 && (r.Outcome == access.Allowed || r.Outcome == o) && r.On != p.on && strings.ContainsAny(r.On, "*?") && policy.Like(r.On, p.on)
	})
}

// grants reports whether a policy of a resource allows a caller something by name, or everybody.
func grants(d *policy.Document, h *Holder) bool {
	who := h.caller.Who()
	return slices.ContainsFunc(d.Statements, func(s *policy.Statement) bool { return s.Allow && s.About(&who) != policy.No })
}

// wants are the patterns that something allows, by action in small letters, with the variables of a caller.
type wants struct {
	of map[string]*patterns
	in policy.Context
}

// pattern is what a statement allows something on.
type pattern struct {
	on    string
	but   []string
	hangs string              // key of a variable that is not known; empty: there is none
	by    []*policy.Statement // of the caller's own
}

type patterns struct {
	list []pattern
	seen map[string]int // places in the list
}

// document takes the statements of a policy that allow. On is the resource that it is attached to; empty: the statements name theirs.
func (w wants) document(d *policy.Document, on string) {
	for _, s := range d.Statements {
		if !s.Allow {
			continue
		}
		var list []pattern
		switch {
		case on != "":
			list = []pattern{{on: on}}
		case len(s.NotRes) > 0:
			list = []pattern{{on: "*", but: texts(s.NotRes)}}
		}
		for _, r := range s.Resources {
			text, t, key := r.In(w.in)
			if t != policy.No && (on == "" || strings.HasPrefix(text, on+"/")) { // the objects of a bucket
				list = append(list, pattern{on: text, hangs: key})
			}
		}
		for _, action := range named(s) {
			w.add(action, list, s, on == "")
		}
	}
}

func (w wants) add(action string, list []pattern, by *policy.Statement, own bool) {
	p := w.of[action]
	if p == nil {
		p = &patterns{seen: map[string]int{}}
		w.of[action] = p
	}
	for _, one := range list {
		key := one.on + "\x00" + strings.Join(one.but, " ")
		at, there := p.seen[key]
		if !there {
			at = len(p.list)
			p.seen[key], p.list = at, append(p.list, one)
		}
		if own {
			p.list[at].by = append(p.list[at].by, by)
		}
	}
}

// sorted has wide patterns first.
func (p *patterns) sorted() []pattern {
	slices.SortFunc(p.list, func(a, b pattern) int {
		return cmp.Or(cmp.Compare(len(a.but), len(b.but)), cmp.Compare(len(a.on), len(b.on)), strings.Compare(a.on, b.on))
	})
	return p.list
}

// maxCompared bounds how many patterns of one action are held against one another: a policy may have thousands.
const maxCompared = 200

func texts(list []*policy.Pattern) (out []string) {
	for _, p := range list {
		out = append(out, p.String())
	}
	return out
}

// named are the actions that AWS has and a statement names, in small letters.
func named(s *policy.Statement) (out []string) {
	services := names.Services()
	if s.NotActions == nil {
		services = servicesOf(s.Actions, services)
	}
	for _, name := range services {
		service, _ := names.Of(name)
		for action := range service.Actions {
			if full := name + ":" + action; s.Names(full) {
				out = append(out, full)
			}
		}
	}
	return out
}

// servicesOf are the services that patterns of actions can be about.
func servicesOf(list []*policy.Pattern, all []string) (out []string) {
	for _, p := range list {
		service, _, _ := strings.Cut(p.String(), ":")
		if strings.ContainsAny(service, "*?") {
			return all
		}
		if _, ok := names.Of(service); ok && !slices.Contains(out, service) {
			out = append(out, service)
		}
	}
	return out
}

// ownerOf is the account in an ARN or a pattern of one; empty when it does not say one.
func ownerOf(arn string) string {
	a, err := principal.ParseARN(arn)
	if err != nil || strings.ContainsAny(a.Account, "*?$") {
		return ""
	}
	return a.Account
}
