package expr

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// call is an operator, a function of CEL's, or one of ours.
func (p *paver) call(e ast.Expr) move {
	call := e.AsCall()
	switch call.FunctionName() {
	case "orValue":
		return p.orValue(call)
	case "hasValue":
		return p.hasValue(call)
	case "value":
		return p.valueOf(call)
	}
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	if f, ours := p.env.ours[call.FunctionName()]; ours {
		return p.ours(f, args)
	}
	switch call.FunctionName() {
	case "matches":
		return p.matches(args)
	case "duration":
		return duration(call)
	}
	parts := p.moves(args)
	if parts == nil {
		return nil
	}
	switch call.FunctionName() {
	case operators.LogicalAnd:
		return both(parts[0], parts[1], false)
	case operators.LogicalOr:
		return both(parts[0], parts[1], true)
	case operators.NotStrictlyFalse:
		return func(f *frame) any {
			v := parts[0](f)
			if _, is := v.(missing); is || isGap(v) {
				return true
			}
			return v
		}
	case operators.Conditional:
		return choose(parts[0], parts[1], parts[2])
	case operators.Equals, operators.NotEquals:
		return compared(parts, isPart(args[0]), isPart(args[1]), call.FunctionName() == operators.NotEquals)
	case operators.In:
		return p.in(parts, args[1])
	case operators.Index:
		if p.isKey(args[1]) {
			return index(parts[0], parts[1])
		}
		return nil
	case "size":
		return sized(parts[0])
	case "string", "int", "timestamp":
		return p.converted(e, parts[0])
	}
	return operation(call.FunctionName(), parts)
}

// both is && and ||, whose value is decided by one side that is as it says.
func both(left, right move, decides bool) move {
	return func(f *frame) any {
		a := left(f)
		if a == decides || a == lost {
			return a
		}
		b := right(f)
		if b == decides || b == lost {
			return b
		}
		if doubt := merged(a, b); doubt != nil {
			return doubt
		}
		if a == !decides && b == !decides {
			return a
		}
		if _, is := a.(missing); is && (b == !decides || ended(b)) {
			return a
		}
		if _, is := b.(missing); is && a == !decides {
			return b
		}
		return lost
	}
}

// choose is a ? b : c.
func choose(when, then, otherwise move) move {
	if when == nil || then == nil || otherwise == nil {
		return nil
	}
	return func(f *frame) any {
		switch v := when(f); v {
		case true:
			return then(f)
		case false:
			return otherwise(f)
		default:
			if isGap(v) || ended(v) {
				return v
			}
			return lost
		}
	}
}

// compared is == and !=. That a part of the input is there for certain, or not empty, makes it another than nothing.
func compared(parts []move, left, right, not bool) move {
	one, other := parts[0], parts[1]
	return func(f *frame) any {
		a := one(f)
		if ended(a) {
			return a
		}
		b := other(f)
		if ended(b) {
			return b
		}
		if left && unlike(a, b) || right && unlike(b, a) {
			return not
		}
		switch eq := f.same(a, b); eq {
		case true, false:
			return eq != not
		default:
			return eq
		}
	}
}

// unlike is differs of Go's values.
func unlike(v, from any) bool {
	g, ok := v.(Gap)
	return ok && (from == nil && marked(g.unknown, Present) || from == "" && marked(g.unknown, Filled))
}

// in is the operator; texts that are written out are looked up.
func (p *paver) in(parts []move, all ast.Expr) move {
	if all.Kind() == ast.ListKind && len(all.AsList().Elements()) > 0 {
		texts := map[string]bool{}
		for _, e := range all.AsList().Elements() {
			if text := literal(e); text != "" {
				texts[text] = true
			}
		}
		if len(texts) == len(all.AsList().Elements()) {
			return amongTexts(parts[0], texts)
		}
	}
	return func(f *frame) any {
		v := parts[0](f)
		list := parts[1](f)
		if ended(v) || ended(list) { // of what is in an empty list CEL does not ask
			return lost
		}
		return f.among(v, list)
	}
}

func amongTexts(of move, texts map[string]bool) move {
	return func(f *frame) any {
		switch v := of(f).(type) {
		case string:
			return texts[v]
		case nil, bool, int64, float64:
			return false
		case Gap, missing:
			return v
		}
		return lost
	}
}

func sized(of move) move {
	return func(f *frame) any {
		v := of(f)
		if s, ok := v.(string); ok && !f.spend(len(s)/10) {
			return lost
		}
		if ended(v) {
			return v
		}
		return sizeOf(v)
	}
}

func (p *paver) orValue(call ast.CallExpr) move {
	of, otherwise := p.maybe(call.Target()), p.move(call.Args()[0])
	if of == nil || otherwise == nil {
		return nil
	}
	return func(f *frame) any {
		if v, there := of(f); there {
			return v
		}
		return otherwise(f)
	}
}

func (p *paver) hasValue(call ast.CallExpr) move {
	if len(call.Args()) > 0 {
		return nil
	}
	of := p.maybe(call.Target())
	if of == nil {
		return nil
	}
	return func(f *frame) any {
		v, there := of(f)
		if isGap(v) || ended(v) {
			return v
		}
		return there
	}
}

func (p *paver) valueOf(call ast.CallExpr) move {
	of := p.maybe(call.Target())
	if of == nil {
		return nil
	}
	return func(f *frame) any {
		if v, there := of(f); there {
			return v
		}
		return lost
	}
}
