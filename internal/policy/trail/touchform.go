package trail

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"jobzero/internal/policy/names"
	"jobzero/internal/rawjson"
)

//go:embed touched.txt
var touchedText string

// touched are more rows as resources.txt has them, for touches only: they may name a part of an ARN.
var touched = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, f := range lines(touchedText) {
		out[f[0]+" "+f[1]] = f[2:]
	}
	return out
})

// form is the form of a type's ARN, and where the record has its variables.
type form struct {
	literals []string // before, between and behind the variables
	vars     []variable
}

type variable struct {
	name  string
	known origin
	paths []*path // the first that has a value
	sure  bool    // a table says that the parameter is it
	lead  string  // before a value, such as * for a path that the record does not have
	tail  string
}

type origin uint8

const (
	byParams origin = iota
	byPartition
	byRegion
	byAccount
)

// vague are variables whose names say nothing of what they are of.
var vague = []string{"ResourceId", "Name", "Id", "Token", "UUID"}

// form reads the form of a type. A variable is the parameter that a table names, else the one of the same name.
func (p *plan) form(service string, about names.About) (f form) {
	rest := about.ARN
	for {
		before, after, found := strings.Cut(rest, "${")
		f.literals = append(f.literals, before)
		if !found {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		f.vars = append(f.vars, newVariable(p, service, name))
		rest = tail
	}
	for _, path := range append(loaded().resources[service+" "+about.Type], touched()[service+" "+about.Type]...) {
		parts := strings.Split(path, "/")
		var own []int
		for i, v := range f.vars {
			if v.known == byParams {
				own = append(own, i)
			}
		}
		for i, part := range parts {
			if n := len(own) - len(parts) + i; n >= 0 {
				v := &f.vars[own[n]]
				if !v.sure {
					v.paths, v.sure = nil, true
				}
				v.paths = append(v.paths, p.path(part))
			}
		}
	}
	return f
}

func newVariable(p *plan, service, name string) variable {
	v := variable{name: name}
	switch name {
	case "Partition":
		v.known = byPartition
	case "Region":
		v.known = byRegion
	case "Account":
		v.known = byAccount
	default:
		if short, ok := strings.CutSuffix(name, "WithPath"); ok {
			name, v.lead = short, "*"
		}
		name = strings.TrimSuffix(name, "WithoutLeadingSlash")
		if service == "secretsmanager" {
			v.tail = "-??????" // nobody chose the six letters behind a secret's name
		}
		if !slices.Contains(vague, name) && name != "" {
			v.paths = []*path{p.path(strings.ToLower(name[:1]) + name[1:]), p.path(name)}
		}
	}
	return v
}

// value is one value of a parameter.
type value rawjson.Value

func (v value) text() string {
	if len(v) > 0 && v[0] == '[' { // S3 writes headers as lists of one
		list := elements(rawjson.Value(v), nil)
		if len(list) != 1 {
			return ""
		}
		v = list[0]
	}
	t, _ := rawjson.Value(v).Text()
	return t
}

// path is where a parameter lies.
type path struct {
	top  int
	rest []string
}

func (p *plan) path(text string) *path {
	steps := strings.Split(text, ".")
	top := strings.TrimSuffix(steps[0], "[]")
	n, ok := p.params[top]
	if !ok {
		n = len(p.params)
		p.params[top] = n
	}
	return &path{n, steps[1:]}
}

// values gives what lies at a path, and of lists their elements. They are lent until the next call.
func (p *path) values(in *scene) []value {
	v := in.params[p.top]
	if v.IsNull() {
		return nil
	}
	now, next := elements(v, in.lent.now[:0]), in.lent.next
	for _, name := range p.rest {
		next = next[:0]
		for _, v := range now {
			if found := member(rawjson.Value(v), strings.TrimSuffix(name, "[]")); !found.IsNull() {
				next = elements(found, next)
			}
		}
		now, next = next, now
	}
	in.lent.now, in.lent.next = now, next
	return now
}

func member(v rawjson.Value, name string) (out rawjson.Value) {
	if len(v) == 0 || v[0] != '{' {
		return nil
	}
	for it := rawjson.Over(v); it.Next(); {
		if string(it.Name) == name {
			out = it.Value
		}
	}
	return out
}

// matches reports whether an ARN has the form.
func (f *form) matches(arn string) bool {
	last := len(f.literals) - 1
	if !strings.HasPrefix(arn, f.literals[0]) {
		return false
	}
	if last == 0 {
		return arn == f.literals[0]
	}
	rest := arn[len(f.literals[0]):]
	for _, l := range f.literals[1:last] {
		i := strings.Index(rest, l)
		if i < 0 {
			return false
		}
		rest = rest[i+len(l):]
	}
	return strings.HasSuffix(rest, f.literals[last]) && len(rest) > len(f.literals[last])
}
