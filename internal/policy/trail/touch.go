package trail

import (
	"slices"
	"strings"

	"jobzero/internal/event"
	"jobzero/internal/policy/names"
	"jobzero/internal/rawjson"
)

// Touch is one action that a call asked for, and what it touched.
type Touch struct {
	Action string
	Level  names.Level // empty when the table of names has no such action
	Free   bool        // no policy decides it: the action is only the name of the event, behind the service's prefix

	// Resources are ARNs, * of an action that is about nothing. In an ARN a * stands for what the record does not say, such as
	// the path of a role.
	Resources []string
}

// maxTouched is how many resources of one action are told one by one. Of a call with more it is told as * only.
const maxTouched = 64

// Toucher reads touches: Read without the conditions, for who has millions of records. It remembers how to read each event's
// name, and is for one goroutine.
type Toucher struct {
	plans map[string]*plan
	name  []byte
	f     scene
}

// longest is how long the source and the name of an event may be together. Those of AWS have a fifth of it.
const longest = 400

// maxPlans is how many names of events are remembered. AWS has some 17,000.
const maxPlans = 1 << 15

// NewToucher makes a toucher.
func NewToucher() *Toucher { return &Toucher{plans: map[string]*plan{}} }

// Read appends the touches of a record to a list; none when it has no source or name of an event, or one that
// is too long for a name.
func (t *Toucher) Read(out []Touch, r *event.Record) []Touch {
	source, name := content(r.Part(event.EventSource)), content(r.Part(event.EventName))
	if len(source) == 0 || len(name) == 0 || len(source)+len(name) > longest {
		return out
	}
	p := t.plan(source, name)
	s := &t.f
	s.begin(r, p)
	for i := range p.steps {
		step := &p.steps[i]
		if found := step.read(s); len(found) > 0 {
			out = append(out, Touch{Action: step.action, Level: step.level, Free: step.free, Resources: found})
		}
	}
	return out
}

// plan is how the records of one name are read.
type plan struct {
	steps  []step
	params map[string]int // top-level parameters that are looked at, to their number
}

// step is one action of a plan.
type step struct {
	action  string
	level   names.Level
	free    bool
	second  bool  // the parameters name what the first action touches
	copied  *path // what S3 copied from
	nothing bool  // it is about nothing
	passes  bool  // path names a role
	need    *path
	kinds   []kind
}

// kind is a type of resource of a step.
type kind struct {
	form   form
	always bool
	bucket bool // of S3: an ARN with a slash is an object's
	object bool
}

// content is the content of a text, lent unless it has escapes; nothing of anything else.
func content(v rawjson.Value) []byte {
	if t, ok := v.Plain(); ok {
		return t
	}
	t, _ := v.Text()
	return []byte(t)
}

// keep gives the text of some bytes: the one that was there, when it is the same.
func keep(was string, b []byte) string {
	if was == string(b) {
		return was
	}
	return string(b)
}

func (t *Toucher) plan(source, name []byte) *plan {
	t.name = append(append(append(t.name[:0], source...), ' '), name...)
	if p, ok := t.plans[string(t.name)]; ok {
		return p
	}
	if len(t.plans) >= maxPlans {
		clear(t.plans)
	}
	p := newPlan(string(source), string(name))
	t.plans[string(t.name)] = p
	return p
}

func newPlan(source, name string) *plan {
	p := &plan{params: map[string]int{}}
	actions, _ := actionsOf(source, name)
	plain := prefixOf(source) + ":" + dated.ReplaceAllString(name, "")
	if len(actions) == 0 {
		p.steps = []step{{action: plain, free: true, nothing: true}}
		return p
	}
	for i, a := range actions {
		p.steps = append(p.steps, p.step(a, i > 0))
	}
	for _, more := range loaded().also[strings.ToLower(plain)] {
		s := p.step(more.action, true)
		s.need, s.passes = p.path(more.path), more.role
		p.steps = append(p.steps, s)
	}
	return p
}

func (p *plan) step(action string, second bool) step {
	s := step{action: action, second: second}
	a, ok := names.Find(action)
	if !ok {
		return s
	}
	s.action, s.level, s.nothing = a.Name, a.Level, len(a.About) == 0
	if second && a.Name == "s3:GetObject" {
		s.copied = p.path(copySource)
	}
	service, _, _ := strings.Cut(a.Name, ":")
	for _, about := range a.About {
		s.kinds = append(s.kinds, kind{
			form: p.form(service, about), always: about.Always || len(a.About) == 1,
			bucket: service == "s3" && about.Type == "bucket", object: service == "s3" && about.Type == "object",
		})
	}
	return s
}

// copySource is the parameter of S3 that names what is copied: bucket/key.
const copySource = "x-amz-copy-source"

// read gives what a step touched; nothing when it was not asked for.
func (s *step) read(in *scene) []string {
	if s.need != nil {
		found := s.need.values(in)
		if len(found) == 0 {
			return nil
		}
		if role := found[0].text(); s.passes && len(found) == 1 && strings.Contains(role, ":role/") {
			return []string{role}
		}
		if s.passes {
			return []string{in.fill("arn:${Partition}:iam::${Account}:role/*")}
		}
	}
	if s.nothing {
		return all
	}
	if s.copied != nil {
		if from := in.copied(s.copied); from != "" {
			return []string{from}
		}
	}
	out := in.lent.list()
	open := 0
	for i := range s.kinds {
		k := &s.kinds[i]
		before := len(out)
		if !s.second {
			out = k.find(in, out)
		}
		if len(out) == before && k.always {
			out = append(out, k.form.open(in))
			open++
		}
	}
	if !s.second && len(out) == open {
		out = in.others(out)
	}
	switch slices.Sort(out); {
	case len(out) == 0 || len(out) > maxTouched:
		return all
	default:
		out = slices.Compact(out)
		in.lent.keep(out)
		return slices.Clip(out)
	}
}

// all is what an action touches that is about nothing, or nobody knows what. It is never written to.
var all = []string{"*"}

// find adds what the record says of a type: what it lists, else what its parameters name.
func (k *kind) find(in *scene, out []string) []string {
	before := len(out)
	for i := range in.listed {
		l := &in.listed[i]
		if k.is(l) {
			l.taken = true
			out = append(out, l.arn)
		}
	}
	if len(out) > before {
		return out
	}
	return k.form.named(in, out, k.always)
}

func (k *kind) is(l *listed) bool {
	switch slash := strings.IndexByte(l.arn, '/') >= 0; {
	case k.bucket && slash, k.object && l.kind != objectType:
		return false
	}
	return k.form.matches(l.arn)
}

// elements gives the elements of a list, or a value that is none.
func elements(v rawjson.Value, out []value) []value {
	if len(v) == 0 || v[0] != '[' {
		return append(out, value(v))
	}
	for it := rawjson.Over(v); it.Next() && len(out) <= maxTouched; {
		out = append(out, value(it.Value))
	}
	return out
}
