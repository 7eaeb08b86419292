package sigma

import (
	"strconv"
	"strings"

	"jobzero/internal/doc"
)

// The limits of one condition: the reader recurses.
const (
	maxConditionDepth = 50
	maxConditionBytes = 16 << 10
)

// readCondition reads a condition, or a list of conditions of which one must hold.
func readCondition(n *doc.Node, searches []*Search) (Expr, error) {
	if n.Kind != doc.List {
		return readOne(n, searches)
	}
	var or Or
	for _, item := range n.Items {
		x, err := readOne(item, searches)
		if err != nil {
			return nil, err
		}
		or = append(or, x)
	}
	if len(or) == 0 {
		return nil, n.Errorf("the list of conditions is empty: add one such as selection")
	}
	return or, nil
}

func readOne(n *doc.Node, searches []*Search) (Expr, error) {
	text, err := conditionText(n)
	if err != nil {
		return nil, err
	}
	return readExpr(n, text, leaves(searches))
}

// conditionText is the text of one condition.
func conditionText(n *doc.Node) (string, error) {
	if n.Kind == doc.Map || n.Kind == doc.List || n.Kind == doc.Null {
		return "", n.Errorf("a condition is a text such as selection and not filter, not %s", n.Kind)
	}
	if len(n.Text) > maxConditionBytes {
		return "", n.Errorf("the condition has %d characters, more than %d: use patterns such as 1 of selection_*", len(n.Text), maxConditionBytes)
	}
	return n.Text, nil
}

// readExpr reads an expression; leaf reads what stands in it between and, or, not and parentheses.
func readExpr(n *doc.Node, text string, leaf func(*reader) (Expr, error)) (Expr, error) {
	r := &reader{node: n, words: words(text), leaf: leaf}
	x, err := r.or(0)
	if err != nil {
		return nil, err
	}
	if w := r.peek(); w != "" {
		return nil, r.unexpected(w)
	}
	return x, nil
}

// words cuts a condition at white space, parentheses and pipes.
func words(text string) []string {
	for _, c := range []string{"(", ")", "|"} {
		text = strings.ReplaceAll(text, c, " "+c+" ")
	}
	return strings.Fields(text)
}

// reader reads a condition from left to right, a function for each level of precedence.
type reader struct {
	node  *doc.Node
	words []string
	leaf  func(*reader) (Expr, error)
}

func (r *reader) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0]
}

// take removes the next word if it is the one asked for.
func (r *reader) take(word string) bool {
	if !strings.EqualFold(r.peek(), word) {
		return false
	}
	r.words = r.words[1:]
	return true
}

func (r *reader) unexpected(word string) error {
	switch word {
	case "":
		return r.node.Errorf("the condition ends too early: a name is missing")
	case "|":
		return r.node.Errorf("an aggregation (| in a condition) must be the end of the only condition of a rule: make rules of the others")
	}
	return r.node.Errorf("%q is out of place in the condition: want names joined by and, or, not and parentheses", word)
}

func (r *reader) or(depth int) (Expr, error) {
	items, err := r.list("or", func() (Expr, error) { return r.and(depth) })
	if err != nil || len(items) == 1 {
		return first(items), err
	}
	return Or(items), nil
}

func (r *reader) and(depth int) (Expr, error) {
	items, err := r.list("and", func() (Expr, error) { return r.not(depth) })
	if err != nil || len(items) == 1 {
		return first(items), err
	}
	return And(items), nil
}

func first(items []Expr) Expr {
	if len(items) == 0 {
		return nil
	}
	return items[0]
}

// list reads one item and as many more as the word joins to it.
func (r *reader) list(word string, item func() (Expr, error)) ([]Expr, error) {
	var items []Expr
	for {
		x, err := item()
		if err != nil {
			return nil, err
		}
		items = append(items, x)
		if !r.take(word) {
			return items, nil
		}
	}
}

func (r *reader) not(depth int) (Expr, error) {
	if depth > maxConditionDepth {
		return nil, r.node.Errorf("the condition is nested more than %d levels deep: simplify it", maxConditionDepth)
	}
	if r.take("not") {
		x, err := r.not(depth + 1)
		return Not{x}, err
	}
	if r.take("(") {
		x, err := r.or(depth + 1)
		if err == nil && !r.take(")") {
			err = r.node.Errorf("a parenthesis in the condition is not closed")
		}
		return x, err
	}
	return r.leaf(r)
}

// name takes a word that can be a name.
func (r *reader) name() (string, error) {
	word := r.peek()
	switch strings.ToLower(word) {
	case "", "and", "or", "not", "of", "(", ")", "|":
		return "", r.unexpected(word)
	}
	r.words = r.words[1:]
	return word, nil
}

// leaves reads the name of one of the searches, or "1 of pattern".
func leaves(searches []*Search) func(*reader) (Expr, error) {
	return func(r *reader) (Expr, error) {
		word, err := r.name()
		if err != nil {
			return nil, err
		}
		if r.take("of") {
			return r.quantified(word, searches)
		}
		for _, s := range searches {
			if s.Name == word {
				return Ref{s}, nil
			}
		}
		return nil, r.node.Errorf("the condition names %q, which the detection does not have: it has %s", word, names(searches))
	}
}

func (r *reader) quantified(count string, searches []*Search) (Expr, error) {
	pattern, err := r.name()
	if err != nil {
		return nil, r.node.Errorf("%s of what? Write %s of selection_* or %s of them", count, count, count)
	}
	x := Of{}
	for _, s := range searches {
		if named(s.Name, pattern) {
			x.Searches = append(x.Searches, s)
		}
	}
	if len(x.Searches) == 0 {
		return nil, r.node.Errorf("%s of %s: no search has such a name; the detection has %s", count, pattern, names(searches))
	}
	switch strings.ToLower(count) {
	case "all":
		x.Need = len(x.Searches)
	case "any":
		x.Need = 1
	default:
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 {
			return nil, r.node.Errorf("%q of %s: want a number from 1, any or all", count, pattern)
		}
		if n > len(x.Searches) {
			return nil, r.node.Errorf("%d of %s can never hold: only %d searches have such a name", n, pattern, len(x.Searches))
		}
		x.Need = n
	}
	return x, nil
}

// named reports whether a search is meant by a pattern; "them" means all but those that start with an underscore.
func named(name, pattern string) bool {
	if strings.EqualFold(pattern, "them") {
		return !strings.HasPrefix(name, "_")
	}
	// Only the star is special in these patterns.
	literal := strings.NewReplacer(`\`, `\\`, `?`, `\?`).Replace(pattern)
	return newPattern(literal, modifiers{cased: true}).matchText(name)
}

func names(searches []*Search) string {
	var out []string
	for _, s := range searches {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}
