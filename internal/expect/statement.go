package expect

import (
	"encoding/json"
	"fmt"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// answer is true, false, or unknown with the gaps to blame.
type answer struct {
	is   expr.Verdict
	gaps []expr.Gap
}

func sure(is bool) answer {
	if is {
		return answer{is: expr.True}
	}
	return answer{is: expr.False}
}

func (a answer) not() answer {
	switch a.is {
	case expr.True:
		return sure(false)
	case expr.False:
		return sure(true)
	case expr.Unknown:
	}
	return a
}

func (a answer) and(b answer) answer {
	switch {
	case a.is == expr.False || b.is == expr.False:
		return sure(false)
	case a.is == expr.True && b.is == expr.True:
		return a
	}
	return answer{gaps: append(append([]expr.Gap(nil), a.gaps...), b.gaps...)}
}

func (a answer) or(b answer) answer { return a.not().and(b.not()).not() }

// anyText reports whether one of the texts, a list or one alone, is as wanted.
func anyText(v any, wanted func(string) bool) answer {
	switch v := v.(type) {
	case expr.Gap:
		return answer{gaps: []expr.Gap{v}}
	case string:
		return sure(wanted(v))
	case []any:
		out := sure(false)
		for _, e := range v {
			if _, nested := e.([]any); !nested {
				out = out.or(anyText(e, wanted))
			}
		}
		return out
	}
	return sure(false)
}

// statement is one statement of a policy, as far as it is known.
type statement struct {
	label string
	parts map[string]any // by the name in lower case: IAM takes any
	whole answer         // true; unknown when nothing of it is known
}

// statementsOf reads what holds a policy: the document, its text, or a list of inline policies of a PolicyName and a
// PolicyDocument each. Nothing is no policy.
func statementsOf(v any) ([]statement, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case expr.Gap:
		return []statement{dark(v)}, nil
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, nil
		}
		if len(v) > maxDocument {
			return nil, fault.New(fault.Invalid, "a policy of %d bytes: want at most %d", len(v), maxDocument)
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(v), &m); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "read a policy")
		}
		return statementsOf(m)
	case []any:
		return inline(v)
	case map[string]any:
		if len(v) == 0 {
			return nil, nil
		}
		parts, err := folded(v)
		if err != nil {
			return nil, err
		}
		return listed(parts["statement"])
	}
	return nil, fault.New(fault.Invalid, "this is no policy: want a document or its text")
}

// maxDocument is the longest text of a policy that is read; AWS allows 32 kB at most.
const maxDocument = 1 << 17

func dark(g expr.Gap) statement {
	return statement{label: "a statement", whole: answer{gaps: []expr.Gap{g}}}
}

// inline reads a list of inline policies.
func inline(list []any) (all []statement, err error) {
	for _, e := range list {
		if g, ok := e.(expr.Gap); ok {
			all = append(all, dark(g))
			continue
		}
		m, ok := e.(map[string]any)
		if !ok {
			return nil, fault.New(fault.Invalid, "this is no inline policy: want PolicyName and PolicyDocument")
		}
		some, err := statementsOf(m["PolicyDocument"])
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if name := field(m, "PolicyName"); name != "" {
				s.label += fmt.Sprintf(" of %q", name)
			}
			all = append(all, s)
		}
	}
	return all, nil
}

func listed(v any) (all []statement, err error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for i, e := range list {
		switch e := e.(type) {
		case expr.Gap:
			all = append(all, dark(e))
		case map[string]any:
			parts, err := folded(e)
			if err != nil {
				return nil, err
			}
			s := statement{label: fmt.Sprintf("statement %d", i+1), parts: parts, whole: sure(true)}
			if sid := field(parts, "sid"); sid != "" {
				s.label += fmt.Sprintf(" %q", sid)
			}
			all = append(all, s)
		default:
			all = append(all, statement{label: fmt.Sprintf("statement %d, which is no object", i+1)})
		}
	}
	return all, nil
}

// folded gives a map by the names in lower case.
func folded(m map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(m))
	for k, v := range m {
		low := strings.ToLower(k)
		if _, twice := out[low]; twice {
			return nil, fault.New(fault.Invalid, "a policy has %s twice", k)
		}
		out[low] = v
	}
	return out, nil
}

// allows reports whether the statement is an Allow.
func (s statement) allows() answer {
	return anyText(s.parts["effect"], func(e string) bool { return e == "Allow" })
}

// but is the answer of an element and of its Not form, of which a statement has one.
func (s statement) but(element string, wanted func(string) bool) answer {
	out := anyText(s.parts[element], wanted)
	if not, ok := s.parts["not"+element]; ok && not != nil {
		out = out.or(anyText(not, wanted).not())
	}
	return out
}

// readStatements is statementsOf for a function's argument.
func readStatements(v any) (any, error) { return statementsOf(v) }

// judge names what the statements of the first argument answer: those that are sure; when there is none and some might, it is unsure.
func judge(args []any, ask func(s statement) (answer, string)) (any, error) {
	all, _ := args[0].([]statement)
	out, gaps, doubts := []any{}, []expr.Gap(nil), []string(nil)
	for _, s := range all {
		a, text := s.whole, s.label
		if a.is == expr.True {
			a, text = ask(s)
		}
		switch a.is {
		case expr.True:
			out = append(out, text)
		case expr.Unknown:
			gaps = append(gaps, a.gaps...)
			doubts = append(doubts, text)
		case expr.False:
		}
	}
	switch {
	case len(out) > 0 || len(doubts) == 0:
		return out, nil
	case len(gaps) > 0:
		return nil, expr.Undecided("", gaps...)
	}
	return nil, expr.Undecided("it is not clear what this says: " + strings.Join(doubts, "; "))
}

// like reports whether a text fits a pattern of IAM: * is any letters, ? is any one. Case does not count.
func like(pattern, text string) bool {
	star, back := -1, 0
	i, j := 0, 0
	for j < len(text) {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, back = i, j
			i++
		case i < len(pattern) && (pattern[i] == '?' || lower(pattern[i]) == lower(text[j])):
			i++
			j++
		case star >= 0:
			back++
			i, j = star+1, back
		default:
			return false
		}
	}
	return strings.Trim(pattern[i:], "*") == ""
}

// lower is a letter of ASCII in lower case; names in IAM have no others.
func lower(c byte) byte {
	if isUpper(c) {
		return c + 'a' - 'A'
	}
	return c
}
