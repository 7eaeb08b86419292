package names

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The table's lines:
//
//	S NAME           begins a service, by the name before the colon of its actions
//	t NAME ARN       a type of resource, and the form of its ARN with variables such as ${Account}
//	k KEY TYPE       a condition key; variables in it stand for any text
//	a NAME LEVEL TYPE…
//	                 an action, its access level by the first letter, and the types of resources that it is about; ! every call has one
//
//go:embed names.txt.gz
var packed []byte

// Service is one service.
type Service struct {
	Name    string
	Actions map[string]*Action // by the name in small letters
	Types   map[string]string  // to the form of the ARN
	Keys    []Key
}

// Action is one action.
type Action struct {
	Name  string // service:Name
	Level Level
	About []About
}

// Level is what an action does with what it is about, as AWS classes it
// (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html).
type Level string

// The levels, from the least to the most.
const (
	List        Level = "List"
	Read        Level = "Read"
	Tagging     Level = "Tagging"
	Write       Level = "Write"
	Permissions Level = "Permissions management"
)

var levels = map[string]Level{"L": List, "R": Read, "T": Tagging, "W": Write, "P": Permissions}

// About is a type of resource that an action is about.
type About struct {
	Type   string
	ARN    string // its form
	Always bool   // every call has one
}

// variable stands for any text in the form of an ARN.
var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// In is the form as a pattern of resources: anything of the type in a partition and an account, which may be *.
func (a About) In(partition, account string) string {
	return variable.ReplaceAllStringFunc(a.ARN, func(name string) string {
		switch name {
		case "${Partition}":
			return partition
		case "${Account}", "${AccountId}":
			return account
		}
		return "*"
	})
}

// Key is a condition key.
type Key struct {
	Name string // with variables such as ${TagKey}
	Type string // String, ARN, Bool, Numeric, Date, IPAddress; with ArrayOf for many values
}

var open = sync.OnceValue(read)

// read panics when the table is broken: it is part of the program, and a test reads all of it.
func read() map[string]*Service {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(fmt.Errorf("the table of names: %w", err))
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(fmt.Errorf("the table of names: %w", err))
	}
	out := map[string]*Service{}
	var s *Service
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		switch f[0] {
		case "S":
			s = &Service{Name: f[1], Actions: map[string]*Action{}, Types: map[string]string{}}
			out[f[1]] = s
		case "t":
			s.Types[f[1]] = f[2]
		case "k":
			s.Keys = append(s.Keys, Key{f[1], f[2]})
		case "a":
			a := &Action{Name: s.Name + ":" + f[1], Level: levels[f[2]]}
			for _, t := range f[3:] {
				name, always := strings.CutSuffix(t, "!")
				a.About = append(a.About, About{name, s.Types[name], always})
			}
			s.Actions[strings.ToLower(f[1])] = a
		}
	}
	return out
}

// Services gives the names of all services, sorted.
func Services() []string {
	var out []string
	for name := range open() {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Of gives a service.
func Of(name string) (*Service, bool) {
	s, ok := open()[strings.ToLower(name)]
	return s, ok
}

// Find gives an action by service:Name, whatever its letters' case.
func Find(action string) (*Action, bool) {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	s, ok := open()[service]
	if !ok {
		return nil, false
	}
	a, ok := s.Actions[name]
	return a, ok
}

// FindKey gives a condition key by its name, whatever its letters' case.
func FindKey(key string) (Key, bool) {
	key = strings.ToLower(key)
	service, _, _ := strings.Cut(key, ":")
	list := global()
	if s, ok := open()[service]; ok && service != "aws" {
		list = s.Keys
	}
	for _, k := range list {
		if is(strings.ToLower(k.Name), key) {
			return k, true
		}
	}
	if service == "aws" {
		return Key{}, false
	}
	for _, s := range open() { // keys of others, such as those of identity providers in sts
		for _, k := range s.Keys {
			if !strings.HasPrefix(k.Name, s.Name+":") && is(strings.ToLower(k.Name), key) {
				return k, true
			}
		}
	}
	return Key{}, false
}

// Keys gives the names of the keys of a service, or of AWS as a whole for aws.
func Keys(service string) (out []string) {
	list := global()
	if s, ok := open()[service]; ok && service != "aws" {
		list = s.Keys
	}
	for _, k := range list {
		out = append(out, k.Name)
	}
	return out
}

// is matches a key with a name in which variables, ${…} or <…>, stand for any text.
func is(form, key string) bool {
	at := strings.IndexAny(form, "$<")
	if at < 0 {
		return form == key
	}
	end := strings.IndexAny(form[at:], "}>")
	if end < 0 {
		return form == key
	}
	tail := form[at+end+1:]
	return len(key) > at+len(tail) && key[:at] == form[:at] && strings.HasSuffix(key, tail)
}

// Many reports whether a key may have more than one value.
func (k Key) Many() bool { return strings.HasPrefix(k.Type, "ArrayOf") }
