package expr

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"cel.dev/cel-go/common/ast"
)

// Reading makes of an argument what a call works on. The direct road remembers what it gave for an argument for as long as the Input
// is there: many expressions ask about the same policy. Of must be pure, and what it gives is not changed.
type Reading struct {
	Of func(arg any) (any, error)
}

// memory is what readings gave for the parts of one input. It is safe for concurrent use.
type memory struct {
	mu   sync.Mutex
	read []recalled // few
}

// maxRecalled is how many readings one input remembers; all are looked through.
const maxRecalled = 64

// asked is a reading of an argument: the same map or list, or an equal text.
type asked struct {
	by   *Reading
	at   uintptr
	n    int
	text string
}

type recalled struct {
	asked
	arg  any // kept, so that nothing else comes to lie there
	gave any
	err  error
}

// of gives what a reading gives.
func (m *memory) of(r *Reading, arg any) (any, error) {
	key := asked{by: r}
	switch v := arg.(type) {
	case string:
		key.text = v
	case map[string]any:
		key.at = reflect.ValueOf(v).Pointer()
	case []any:
		key.at, key.n = reflect.ValueOf(v).Pointer(), len(v)
	default:
		return r.Of(arg)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.read {
		if was := &m.read[i]; was.asked == key {
			return was.gave, was.err
		}
	}
	gave, err := r.Of(arg)
	if len(m.read) < maxRecalled {
		m.read = append(m.read, recalled{key, arg, gave, err})
	}
	return gave, err
}

// ours is a call of a function of ours.
func (p *paver) ours(fn Func, exprs []ast.Expr) move {
	args := make([]perhaps, len(exprs))
	for i, e := range exprs {
		if fn.OfThing && i == 0 {
			args[i] = p.thing(e)
		} else {
			args[i] = p.certainly(e)
		}
		if args[i] == nil {
			return nil
		}
	}
	built := p.built
	return func(f *frame) any {
		base, cost, doubt := len(f.args), 10, any(nil)
		defer f.drop(base)
		for _, arg := range args {
			v, there := arg(f)
			if ended(v) {
				return v
			}
			if !there {
				v = nil
			}
			f.args = append(f.args, v)
			if s, ok := v.(string); ok {
				cost += 5 * (len(s) / 10)
			}
			if gap := merged(doubt, v); gap != nil {
				doubt = gap
			}
			if built && !f.measure(v) {
				return lost
			}
		}
		switch {
		case !f.spend(cost):
			return lost
		case doubt != nil && !fn.Whole:
			return doubt
		}
		return fn.directly(f.in, f.args[base:])
	}
}

// thing is what a question is put to: a variable.
func (p *paver) thing(e ast.Expr) perhaps {
	name := ident(e)
	if p.env.declared[name] != Asked || slices.Contains(p.locals, name) {
		return nil
	}
	of := p.variable(name)
	return func(f *frame) (any, bool) { return of(f), true }
}

// drop takes arguments from the stack.
func (f *frame) drop(base int) {
	clear(f.args[base:])
	f.args = f.args[:base]
}

// directly is bind for the direct road.
func (f Func) directly(in *Input, args []any) any {
	for i, a := range args {
		whole := f.Whole && isGap(a)
		if !whole && !f.Args[i].takes(a) || !f.Gaps && in.holes && Holed(a) {
			return lost
		}
		if len(f.Reads) > i && f.Reads[i] != nil {
			read, err := in.memory.of(f.Reads[i], a)
			if err != nil {
				return failed(err)
			}
			args[i] = read
		}
	}
	out, err := f.Call(args)
	if err != nil {
		return failed(err)
	}
	switch out := out.(type) {
	case nil, bool, int64, float64, string, time.Time, []any, map[string]any:
		return out
	}
	return lost
}

func failed(err error) any {
	if u, ok := errors.AsType[undecided](err); ok {
		return Gap{u.value()}
	}
	return lost
}

func isGap(v any) bool {
	_, ok := v.(Gap)
	return ok
}

// takes reports whether a value is of the kind.
func (k Kind) takes(v any) (ok bool) {
	switch k {
	case Any:
		_, record := v.(*Record)
		return !record
	case Bool:
		_, ok = v.(bool)
	case Int:
		_, ok = v.(int64)
	case Text:
		_, ok = v.(string)
	case Time:
		_, ok = v.(time.Time)
	case List:
		_, ok = v.([]any)
	case Map:
		_, ok = v.(map[string]any)
	case Asked:
		_, ok = v.(*Thing)
	}
	return ok
}

// Holed reports whether a part of a value is not known.
func Holed(v any) bool {
	switch v := v.(type) {
	case Gap:
		return true
	case []any:
		for _, e := range v {
			if Holed(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if Holed(e) {
				return true
			}
		}
	}
	return false
}

// measure spends what it takes to look at a value that the expression may have built, and reports whether that was enough.
func (f *frame) measure(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if !f.spend(1) || !f.measure(e) {
				return false
			}
		}
	case map[string]any:
		for _, e := range v {
			if !f.spend(1) || !f.measure(e) {
				return false
			}
		}
	}
	return true
}
