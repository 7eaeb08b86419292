package expr

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// known are the operators and functions that want to know all of their arguments, by name and how many they take. They give lost for what they do
// not understand. cost is charged for ten characters of their texts, see costs.
var known = map[string]map[int]func(args []any) any{
	operators.LogicalNot:    {1: not},
	operators.Negate:        {1: negative},
	operators.Add:           {2: sum},
	operators.Subtract:      {2: difference},
	operators.Less:          {2: ordered(func(c int) bool { return c < 0 })},
	operators.LessEquals:    {2: ordered(func(c int) bool { return c <= 0 })},
	operators.Greater:       {2: ordered(func(c int) bool { return c > 0 })},
	operators.GreaterEquals: {2: ordered(func(c int) bool { return c >= 0 })},
	operators.Index:         {2: index},
	"startsWith":            {2: ofTexts(strings.HasPrefix)},
	"endsWith":              {2: ofTexts(strings.HasSuffix)},
	"contains":              {2: ofTexts(strings.Contains)},
	"lowerAscii":            {1: ofText(strings.ToLower)},
	"upperAscii":            {1: ofText(strings.ToUpper)},
	"trim":                  {1: ofText(strings.TrimSpace)},
	"split":                 {2: cut},
	"join":                  {2: joined},
	"string":                {1: asText},
	"int":                   {1: asInt},
	"timestamp":             {1: moment},
	"dyn":                   {1: func(args []any) any { return args[0] }},
}

// operation is a call of one of them.
func operation(name string, parts []move) move {
	call := known[name][len(parts)]
	if call == nil {
		return nil
	}
	each := int(texting[name])
	return func(f *frame) any {
		var room [2]any
		args, doubt := room[:0], any(nil)
		for _, part := range parts {
			v := part(f)
			if v == lost {
				return lost
			}
			if s, ok := v.(string); ok && !f.spend(each*(len(s)/10)) {
				return lost
			}
			if gap := merged(doubt, v); gap != nil {
				doubt = gap
			}
			args = append(args, v)
		}
		if doubt != nil {
			return doubt
		}
		return call(args)
	}
}

// texting is what functions of texts cost for ten characters; those that CEL takes to be cheap as costs has them.
var texting = func() map[string]uint64 {
	out := newCosts(nil)
	for _, name := range []string{"startsWith", "endsWith", "contains", "string", operators.Add} {
		out[name] = 10
	}
	return out
}()

func not(args []any) any {
	if b, ok := args[0].(bool); ok {
		return !b
	}
	return lost
}

func negative(args []any) any {
	if i, ok := args[0].(int64); ok && i != math.MinInt64 {
		return -i
	}
	return lost
}

// far is where sums are left to CEL, which knows about overflow.
const far = math.MaxInt64 / 4

func sum(args []any) any {
	switch a := args[0].(type) {
	case int64:
		if b, ok := args[1].(int64); ok && a < far && a > -far && b < far && b > -far {
			return a + b
		}
	case string:
		if b, ok := args[1].(string); ok && len(a)+len(b) < maxJoin {
			return a + b
		}
	case []any:
		if b, ok := args[1].([]any); ok && len(a)+len(b) < 100 {
			return append(append(make([]any, 0, len(a)+len(b)), a...), b...)
		}
	case time.Time:
		if b, ok := args[1].(time.Duration); ok {
			return soon(a.Add(b))
		}
	}
	return lost
}

func difference(args []any) any {
	switch a := args[0].(type) {
	case int64:
		if b, ok := args[1].(int64); ok && a < far && a > -far && b < far && b > -far {
			return a - b
		}
	case time.Time:
		switch b := args[1].(type) {
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

func ordered(as func(int) bool) func([]any) any {
	return func(args []any) any {
		switch a := args[0].(type) {
		case int64:
			if b, ok := args[1].(int64); ok {
				return as(compare(a, b))
			}
		case float64:
			if b, ok := args[1].(float64); ok && a == a && b == b {
				return as(compare(a, b))
			}
		case string:
			if b, ok := args[1].(string); ok {
				return as(strings.Compare(a, b))
			}
		case time.Time:
			if b, ok := args[1].(time.Time); ok {
				return as(a.Compare(b))
			}
		case time.Duration:
			if b, ok := args[1].(time.Duration); ok {
				return as(compare(a, b))
			}
		}
		return lost
	}
}

func compare[T int64 | float64 | time.Duration](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func index(args []any) any {
	switch of := args[0].(type) {
	case map[string]any:
		if key, ok := args[1].(string); ok {
			return member(of, key)
		}
	case []any:
		if i, ok := args[1].(int64); ok && i >= 0 && i < int64(len(of)) {
			return of[i]
		}
	}
	return lost
}

func ofTexts(is func(a, b string) bool) func([]any) any {
	return func(args []any) any {
		a, ok := args[0].(string)
		b, ok2 := args[1].(string)
		if !ok || !ok2 {
			return lost
		}
		return is(a, b)
	}
}

func ofText(make func(string) string) func([]any) any {
	return func(args []any) any {
		s, ok := args[0].(string)
		if !ok {
			return lost
		}
		return ascii(make, s)
	}
}

func cut(args []any) any {
	s, ok := args[0].(string)
	sep, ok2 := args[1].(string)
	if !ok || !ok2 || len(s) > maxJoin {
		return lost
	}
	return values(strings.Split(s, sep))
}

func joined(args []any) any {
	list, ok := args[0].([]any)
	sep, ok2 := args[1].(string)
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

func asText(args []any) any {
	switch v := args[0].(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return lost
}

func asInt(args []any) any {
	switch v := args[0].(type) {
	case int64:
		return v
	case string:
		if i, err := strconv.ParseInt(v, 10, 64); err == nil {
			return i
		}
	}
	return lost
}

func moment(args []any) any {
	switch v := args[0].(type) {
	case time.Time:
		return v
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return soon(t.UTC())
		}
	}
	return lost
}

// matches is the match of a regular expression that is written out.
func (p *paver) matches(args []ast.Expr) move {
	of := p.move(args[0])
	re, err := regexp.Compile(literal(args[1]))
	if of == nil || err != nil || literal(args[1]) == "" {
		return nil
	}
	each := int(texting["matches"])
	return func(f *frame) any {
		switch s := of(f).(type) {
		case string:
			if !f.spend(each * (len(s)/10 + 1)) {
				return lost
			}
			return re.MatchString(s)
		case Gap:
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
