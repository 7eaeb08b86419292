package expr

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// loop is a macro such as all, exists, filter or map, as CEL writes it out: what is gathered begins as init, and each becomes it anew.
type loop struct {
	over, init, while, each, result move
	gathered, element               int // slots
	cost                            int // of one round
}

// fold is a macro. cel.bind is one over nothing.
func (p *paver) fold(e ast.ComprehensionExpr) move {
	if e.HasIterVar2() {
		return nil
	}
	l := &loop{over: p.move(e.IterRange()), init: p.move(e.AccuInit()), cost: 5 + 2*size(e.LoopStep())}
	l.gathered = p.enter(e.AccuVar())
	l.result = p.move(e.Result())
	l.element = p.enter(e.IterVar())
	l.while, l.each = p.move(e.LoopCondition()), p.gather(e)
	p.locals = p.locals[:l.gathered]
	if l.over == nil || l.init == nil || l.result == nil || l.while == nil || l.each == nil {
		return nil
	}
	return l.run
}

// enter gives a name a slot.
func (p *paver) enter(name string) int {
	p.locals = append(p.locals, name)
	p.slots = max(p.slots, len(p.locals))
	return len(p.locals) - 1
}

// gather is one round. Where that adds an element to what is gathered, which nobody else sees, it is added in place.
func (p *paver) gather(e ast.ComprehensionExpr) move {
	round := e.LoopStep()
	if round.Kind() != ast.CallKind {
		return p.move(round)
	}
	args := round.AsCall().Args()
	switch round.AsCall().FunctionName() {
	case operators.Conditional: // filter
		if added := p.added(args[1], e.AccuVar()); added != nil && ident(args[2]) == e.AccuVar() {
			return choose(p.move(args[0]), added, p.move(args[2]))
		}
	case operators.Add: // map
		if added := p.added(round, e.AccuVar()); added != nil {
			return added
		}
	}
	return p.move(round)
}

// added is gathered + [x]; nil for anything else.
func (p *paver) added(e ast.Expr, gathered string) move {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.Add {
		return nil
	}
	args := e.AsCall().Args()
	if ident(args[0]) != gathered || args[1].Kind() != ast.ListKind || args[1].AsList().Size() != 1 || len(args[1].AsList().OptionalIndices()) > 0 {
		return nil
	}
	all, one := p.move(args[0]), p.move(args[1].AsList().Elements()[0])
	if all == nil || one == nil {
		return nil
	}
	return func(f *frame) any {
		so, v := all(f), one(f)
		if ended(v) || ended(so) {
			return lost
		}
		if doubt := merged(so, v); doubt != nil {
			return doubt
		}
		list, ok := so.([]any)
		if !ok || !f.spend(2*listCost) {
			return lost
		}
		return append(list, v)
	}
}

func (l *loop) run(f *frame) any {
	var items []any
	switch over := l.over(f).(type) {
	case Gap, missing:
		return over
	case []any:
		items = over
	case map[string]any:
		if gapped(over) {
			return lost
		}
		items = keys(over)
	default:
		return lost
	}
	so := l.init(f)
	if so == lost {
		return lost
	}
	f.locals[l.gathered] = so
	for _, item := range items {
		if !f.spend(l.cost) {
			return lost
		}
		f.locals[l.element] = item
		if on := l.while(f); on == lost {
			return lost
		} else if on != true {
			break
		}
		if so = l.each(f); so == lost {
			return lost
		}
		f.locals[l.gathered] = so
	}
	return l.result(f)
}

// size is how many parts an expression has.
func size(e ast.Expr) int {
	n := 0
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(ast.Expr) { n++ }))
	return n
}
