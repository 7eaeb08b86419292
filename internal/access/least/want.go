package least

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// Reason is why an action stays, or goes.
type Reason string

// The reasons, the strongest first.
const (
	Used      Reason = "used"
	Stated    Reason = "declared"
	Companion Reason = "needed by what is used" // a call asks for it besides, and no event says so
	Unseen    Reason = "cannot be judged"       // the log does not show it
	Unused    Reason = "unused"
	Dropped   Reason = "dropped unjudged" // the log does not show it, and it was asked to leave such out
)

var order = []Reason{Used, Stated, Companion, Unseen, Unused, Dropped}

// want is something that has to be allowed after as it was before.
type want struct {
	about *policy.Pattern
	bare  bool // the call is about no resource: what * covers, and an ARN does not
	whole bool // wherever it is granted
	why   Reason
	name  string // of the action as the use has it, for one that the table of names does not have
}

// needs are wants by the action in small letters.
type needs map[string][]want

var anything = policy.ReadPattern("*")

func (n needs) add(action string, w want) { n[action] = append(n[action], w) }

// use adds what was used, and what that needs besides.
func (n needs) use(list []Use) {
	for _, u := range list {
		if !u.Went() {
			continue
		}
		w := aboutOf(u)
		w.why, w.name = Used, u.Action
		action := strings.ToLower(u.Action)
		n.add(action, w)
		w.why, w.name = Companion, ""
		for _, c := range companions()[action] {
			more := w
			if !c.same {
				more = want{about: anything, whole: true, why: Companion}
			}
			for _, name := range c.list {
				n.add(name, more)
			}
		}
		for _, name := range taggers(action) {
			n.add(name, want{about: anything, whole: true, why: Companion})
		}
	}
}

// aboutOf is what a use was about, as a pattern.
func aboutOf(u Use) want {
	switch {
	case u.Resource == "*":
		return want{about: anything, bare: true}
	case u.Resource == "" || !utf8.ValidString(u.Resource):
		return want{about: anything, whole: true}
	}
	if start, ok := strings.CutSuffix(u.Resource, "*"); ok {
		return want{about: policy.ReadPattern(policy.Literal(start).String() + "*")}
	}
	return want{about: policy.Literal(u.Resource)}
}

// taggers are the actions that a call which makes something asks for when it is told to put tags on it.
func taggers(action string) (out []string) {
	service, name, _ := strings.Cut(action, ":")
	if !slices.ContainsFunc([]string{"create", "run", "register", "allocate", "request", "import", "copy"}, func(verb string) bool { return strings.HasPrefix(name, verb) }) {
		return nil
	}
	for _, tag := range []string{"tagresource", "createtags", "addtags", "tagresources", "addtagstoresource"} {
		if _, ok := names.Find(service + ":" + tag); ok {
			out = append(out, service+":"+tag)
		}
	}
	return out
}

// declare adds what was declared, of actions that any statement names.
func (n needs) declare(list []Declared, granted set) {
	for _, d := range list {
		w := want{about: anything, whole: true, why: Stated}
		if d.Resource != "" && d.Resource != "*" {
			w = want{about: policy.ReadPattern(d.Resource), why: Stated}
		}
		for _, i := range open().matching(policy.ReadPattern(strings.ToLower(d.Action))) {
			if granted.has(i) {
				n.add(open().all[i].name, w)
			}
		}
	}
}

// unseen adds what the log cannot show. Passed roles are taken from the log where it has all there are in what it names; logged are the
// services of which it has data events. With drop they are noted only.
func (n needs) unseen(granted set, logged []string, drop bool) (left map[string]Reason) {
	left = map[string]Reason{}
	granted.each(func(i int) {
		k := &open().all[i]
		switch {
		case k.unseen == seen || k.unseen == data && slices.Contains(logged, k.service()) || k.name == passRole && n.named(passRole):
		case drop && len(n[k.name]) == 0:
			left[k.name] = Dropped
		case drop:
		default:
			n.add(k.name, want{about: anything, whole: true, why: Unseen})
		}
	})
	return left
}

const passRole = "iam:passrole"

// named reports whether an action was used, and all that it was about is known.
func (n needs) named(action string) bool {
	list := slices.DeleteFunc(slices.Clone(n[action]), func(w want) bool { return w.why == Companion })
	if len(list) == 0 {
		return false
	}
	for _, w := range list {
		if w.whole || w.bare || strings.Contains(w.about.String(), "*") {
			return false
		}
	}
	return true
}
