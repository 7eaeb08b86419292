package expr

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
)

// The operators and functions that want to know all of their arguments, by name. They give lost for what they do not understand.
var (
	unary = map[string]func(any) any{
		operators.LogicalNot: not, operators.Negate: negative,
		"lowerAscii": ofText(strings.ToLower), "upperAscii": ofText(strings.ToUpper), "trim": ofText(strings.TrimSpace),
		"dyn": func(v any) any { return v },
	}
	binary = map[string]func(a, b any) any{
		operators.Add: sum, operators.Subtract: difference,
		operators.Less:          ordered(func(c int) bool { return c < 0 }),
		operators.LessEquals:    ordered(func(c int) bool { return c <= 0 }),
		operators.Greater:       ordered(func(c int) bool { return c > 0 }),
		operators.GreaterEquals: ordered(func(c int) bool { return c >= 0 }),
		"startsWith":            ofTexts(strings.HasPrefix), "endsWith": ofTexts(strings.HasSuffix), "contains": ofTexts(strings.Contains),
		"split": cut, "join": joined,
	}
)

// operation is a call of one of them.
func operation(name string, parts []move) move {
	each := texting[name]
	switch call, call2 := unary[name], binary[name]; {
	case len(parts) == 1 && call != nil:
		of := parts[0]
		return func(f *frame) any {
			v := of(f)
			if ended(v) || isGap(v) {
				return v
			}
			if !f.spendOn(v, each) {
				return lost
			}
			return call(v)
		}
	case len(parts) == 2 && call2 != nil:
		left, right := parts[0], parts[1]
		return func(f *frame) any {
			a := left(f)
			if ended(a) {
				return a
			}
			b := right(f)
			if ended(b) {
				if isGap(a) && b != lost {
					return a
				}
				return b
			}
			if doubt := merged(a, b); doubt != nil {
				return doubt
			}
			if !f.spendOn(a, each) || !f.spendOn(b, each) {
				return lost
			}
			return call2(a, b)
		}
	}
	return nil
}

// spendOn spends some for each ten characters of a text.
func (f *frame) spendOn(v any, each int) bool {
	s, ok := v.(string)
	return !ok || f.spend(1+each*(len(s)/10))
}

// textCost is for ten characters that are looked at, or copied.
const textCost = 10

// texting is what functions of texts cost for ten characters; those that CEL takes to be cheap as costs has them.
var texting = func() map[string]int {
	out := map[string]int{}
	for name, cost := range newCosts(nil) {
		out[name] = int(cost)
	}
	for _, name := range []string{"startsWith", "endsWith", "contains", operators.Add} {
		out[name] = textCost
	}
	return out
}()

func not(v any) any {
	if b, ok := v.(bool); ok {
		return !b
	}
	return lost
}

func negative(v any) any {
	if i, ok := v.(int64); ok && i != math.MinInt64 {
		return -i
	}
	return lost
}

// far is where sums are left to CEL, which knows about overflow.
const far = math.MaxInt64 / 4

func sum(left, right any) any {
	switch a := left.(type) {
	case int64:
		if b, ok := right.(int64); ok && a < far && a > -far && b < far && b > -far {
			return a + b
		}
	case string:
		if b, ok := right.(string); ok && len(a)+len(b) < maxJoin {
			return a + b
		}
	case []any:
		if b, ok := right.([]any); ok && len(a)+len(b) < 100 {
			return append(append(make([]any, 0, len(a)+len(b)), a...), b...)
		}
	case time.Time:
		if b, ok := right.(time.Duration); ok {
			return soon(a.Add(b))
		}
	}
	return lost
}

func difference(left, right any) any {
	switch a := left.(type) {
	case int64:
		if b, ok := right.(int64); ok && a < far && a > -far && b < far && b > -far {
			return a - b
		}
	case time.Time:
		switch b := right.(type) {
		case time.Duration:
			return soon(a.Add(-b))
		case time.Time:
			if d := a.Sub(b); d < 1<<60 && d > -1<<60 {
				return d
			}
		}
	}
	return lost
}

// soon is a time that CEL can hold.
func soon(t time.Time) any {
	if y := t.Year(); y < 2 || y > 9998 {
		return lost
	}
	return t
}

func ordered(as func(int) bool) func(left, right any) any {
	return func(left, right any) any {
		switch a := left.(type) {
		case int64:
			if b, ok := right.(int64); ok {
				return as(cmp.Compare(a, b))
			}
		case float64:
			if b, ok := right.(float64); ok && a == a && b == b {
				return as(cmp.Compare(a, b))
			}
		case string:
			if b, ok := right.(string); ok {
				return as(strings.Compare(a, b))
			}
		case time.Time:
			if b, ok := right.(time.Time); ok {
				return as(a.Compare(b))
			}
		case time.Duration:
			if b, ok := right.(time.Duration); ok {
				return as(cmp.Compare(a, b))
			}
		}
		return lost
	}
}

// index is a[b].
func index(of, key move) move {
	return func(f *frame) any {
		all := of(f)
		if ended(all) {
			return all
		}
		switch k := key(f).(type) {
		case string:
			return member(all, k)
		case int64:
			if isGap(all) {
				return all
			}
			if list, ok := all.([]any); ok && k >= 0 && k < int64(len(list)) {
				return list[k]
			}
		}
		return lost
	}
}

func ofTexts(is func(a, b string) bool) func(left, right any) any {
	return func(left, right any) any {
		a, ok := left.(string)
		b, ok2 := right.(string)
		if !ok || !ok2 {
			return lost
		}
		return is(a, b)
	}
}

func ofText(make func(string) string) func(any) any {
	return func(v any) any {
		s, ok := v.(string)
		if !ok {
			return lost
		}
		return ascii(make, s)
	}
}

func cut(left, right any) any {
	s, ok := left.(string)
	sep, ok2 := right.(string)
	if !ok || !ok2 || len(s) > maxJoin {
		return lost
	}
	return values(strings.Split(s, sep))
}

func joined(left, right any) any {
	list, ok := left.([]any)
	sep, ok2 := right.(string)
	if !ok || !ok2 {
		return lost
	}
	var out strings.Builder
	for i, e := range list {
		s, ok := e.(string)
		if !ok || i > 0 && out.Len() == 0 { // what is empty has no separator behind it: CEL's join says how
			return lost
		}
		if i > 0 {
			out.WriteString(sep)
		}
		if out.WriteString(s); out.Len() > maxJoin {
			return lost
		}
	}
	return out.String()
}

// conversions are those of texts, numbers and times into one another, by the names that CEL has for them.
var conversions = map[string]func(any) any{
	overloads.StringToString:       kept[string],
	overloads.IntToInt:             kept[int64],
	overloads.TimestampToTimestamp: kept[time.Time],
	overloads.IntToString: func(v any) any {
		if i, ok := v.(int64); ok {
			return strconv.FormatInt(i, 10)
		}
		return lost
	},
	overloads.StringToInt: func(v any) any {
		s, ok := v.(string)
		if i, err := strconv.ParseInt(s, 10, 64); ok && err == nil {
			return i
		}
		return lost
	},
	overloads.StringToTimestamp: func(v any) any {
		s, ok := v.(string)
		if t, err := time.Parse(time.RFC3339, s); ok && err == nil {
			return soon(t.UTC())
		}
		return lost
	},
}

func kept[T any](v any) any {
	if _, ok := v.(T); ok {
		return v
	}
	return lost
}

// converted is string(), int() or timestamp(), as far as the checker left it open what is converted.
func (p *paver) converted(e ast.Expr, of move) move {
	var ways []func(any) any
	for _, id := range p.tree.ReferenceMap()[e.ID()].OverloadIDs {
		if way := conversions[id]; way != nil {
			ways = append(ways, way)
		}
	}
	return func(f *frame) any {
		v := of(f)
		if ended(v) || isGap(v) {
			return v
		}
		if !f.spendOn(v, textCost) {
			return lost
		}
		for _, way := range ways {
			if out := way(v); out != lost {
				return out
			}
		}
		return lost
	}
}

// matches is the match of a regular expression that is written out.
func (p *paver) matches(args []ast.Expr) move {
	of := p.move(args[0])
	re, err := regexp.Compile(literal(args[1]))
	if of == nil || err != nil || literal(args[1]) == "" {
		return nil
	}
	each := texting["matches"]
	return func(f *frame) any {
		switch s := of(f).(type) {
		case string:
			if !f.spend(each * (len(s)/10 + 1)) {
				return lost
			}
			return re.MatchString(s)
		case Gap, missing:
			return s
		}
		return lost
	}
}

// duration is a length of time that is written out.
func duration(call ast.CallExpr) move {
	if len(call.Args()) != 1 {
		return nil
	}
	d, err := time.ParseDuration(literal(call.Args()[0]))
	if err != nil || d > 1<<60 || d < -1<<60 {
		return nil
	}
	return always(d)
}
