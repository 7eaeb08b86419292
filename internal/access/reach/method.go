package reach

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

//go:embed methods.txt
var methodsText string

// Method is one way of getting more rights, or of staying.
type Method struct {
	Name   string   // such as policy-version
	Title  string   // what one does, after the name of whoever does it
	When   []string // what has to be so, and is not known
	Leaves string   // how one stays by it; empty: one does not

	on       on
	services []string      // that a role is handed over to, or that roles of such a machine trust
	machine  resource.Type // that runs as the role
	gain     gain
	needs    []need
	number   int
}

type (
	on   string
	gain string
	what string
)

// The words of the table.
const (
	onSelf, onSelfUser, onSelfRole on = "self", "self-user", "self-role"
	onGroup, onJoin                on = "group", "join"
	onUser, onRole, onAssume       on = "user", "role", "assume"
	onService, onMachine, onSAML   on = "service", "machine", "saml"
	onSeat                         on = "seat"

	gainRights, gainBecome, gainJoined gain = "rights", "become", "joined"
	gainAdmin, gainStay, gainFreed     gain = "admin", "stay", "freed"

	aTarget, aSelf, aPolicy, aNew       what = "target", "self", "policy", "new"
	aNothing, aProvider, aRole, anARN   what = "nothing", "provider", "role", "arn"
	anExisting, aBoundary               what = "existing", "boundary"
	passRole, passedTo                       = "iam:PassRole", "iam:passedtoservice"
	maxAlternatives, maxRegions, maxNew int  = 64, 4, 24
)

// need is one call that a method needs.
type need struct {
	action   string
	small    string // in small letters
	what     what
	arn      string        // of anARN
	typ      resource.Type // of anExisting
	keys     policy.Keys
	undenied bool
}

// Actions are those that the method needs, in the order of the table.
func (m *Method) Actions() (out []string) {
	for _, n := range m.needs {
		if !slices.Contains(out, n.action) {
			out = append(out, n.action)
		}
	}
	return out
}

// Services are those that a role is handed over to; of other methods none.
func (m *Method) Services() []string {
	if m.on != onService {
		return nil
	}
	return m.services
}

// Methods are all methods of the table.
func Methods() []*Method { return table() }

// table panics when the table is broken: it is part of the program, and a test reads all of it.
var table = sync.OnceValue(func() []*Method {
	out, err := readMethods(methodsText)
	if err != nil {
		panic(err)
	}
	return out
})

func readMethods(text string) (out []*Method, err error) {
	at := 0
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "method" {
			out = append(out, &Method{Name: rest, number: len(out)})
			continue
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("methods.txt:%d: want a method before %s", at, word)
		}
		if err := out[len(out)-1].line(word, rest); err != nil {
			return nil, fmt.Errorf("methods.txt:%d: %w", at, err)
		}
	}
	return out, nil
}

func (m *Method) line(word, rest string) error {
	switch word {
	case "title":
		m.Title = rest
	case "on":
		f := strings.Fields(rest)
		m.on, m.services = on(f[0]), f[1:]
		if m.on == onMachine {
			m.machine, m.services = resource.Type(f[1]), f[2:]
		}
	case "gain":
		m.gain = gain(rest)
	case "need":
		n, err := readNeed(rest)
		m.needs = append(m.needs, n)
		return err
	case "when":
		m.When = append(m.When, rest)
	case "leaves":
		m.Leaves = rest
	default:
		return fmt.Errorf("there is no %s", word)
	}
	return nil
}

func readNeed(text string) (need, error) {
	f := strings.Fields(text)
	if len(f) < 2 || !strings.Contains(f[0], ":") {
		return need{}, fmt.Errorf("%s: want an action and what on", text)
	}
	n := need{action: f[0], small: strings.ToLower(f[0]), what: what(f[1])}
	if typ, ok := strings.CutPrefix(f[1], "existing:"); ok {
		n.what, n.typ = anExisting, resource.Type(typ)
	} else if strings.HasPrefix(f[1], "arn:") {
		n.what, n.arn = anARN, f[1]
	}
	for _, word := range f[2:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			n.undenied = word == "undenied"
			continue
		}
		if n.keys == nil {
			n.keys = policy.Keys{}
		}
		if n.keys[strings.ToLower(key)] = policy.Is(value); value == "" {
			n.keys[strings.ToLower(key)] = policy.Not()
		}
	}
	return n, nil
}

// Undenied reports whether one of the method's calls need not be allowed beforehand, since the one before allows it.
func (m *Method) Undenied() bool {
	return slices.ContainsFunc(m.needs, func(n need) bool { return n.undenied })
}
