package expect

import (
	"slices"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
	"jobzero/internal/resource/relation"
	"jobzero/internal/resource/schema"
)

// asks are the parts of the resource that the expectation asks for, messages included.
func (e *Expectation) asks() (all []expr.Ask) {
	if e.broken != nil {
		return nil
	}
	all = e.met.Asks("resource")
	if e.applies != nil {
		all = append(all, e.applies.Asks("resource")...)
	}
	for _, w := range e.seen {
		all = append(all, w.Asks("resource")...)
	}
	return all
}

// checkNames finds properties and relations that the types do not have: what is misspelt would never be there, and an expectation that takes
// absence into account would then say anything. A property that may be missing (.?Name) has to be one of at least one of the
// types, any other of all of them.
func (e *Expectation) checkNames() error {
	for _, ask := range e.asks() {
		if len(ask.Path) < 2 {
			continue
		}
		check := map[string]func(resource.Type, []expr.Step) string{"properties": property, "related": related}[ask.Path[0].Name]
		if check == nil {
			continue
		}
		if err := e.checkName(ask, check); err != nil {
			return err
		}
	}
	return nil
}

func (e *Expectation) checkName(ask expr.Ask, check func(resource.Type, []expr.Step) string) error {
	path := ask.Path[1:]
	var wrong []string
	for _, name := range e.Types {
		if text := check(name, path); text != "" {
			wrong = append(wrong, text)
		}
	}
	if len(wrong) == 0 || path[0].Maybe && len(wrong) < len(e.Types) {
		return nil
	}
	return fault.New(fault.Invalid, "%s: %s", ask.Place, wrong[0])
}

func property(name resource.Type, path []expr.Step) string {
	t, ok := schema.Of(name)
	if !ok {
		return "" // of others' types nothing is known
	}
	return misspelt(t, path)
}

// related says what is wrong with a path into what others tell: the name of the relation, or a property of what it leads to.
func related(name resource.Type, path []expr.Step) string {
	r, nearest, ok := relation.Named(name, path[0].Name)
	if !ok {
		if nearest != "" {
			nearest = ": did you mean " + nearest + "?"
		}
		return string(name) + " has no relation " + path[0].Name + nearest
	}
	rest := path[1:]
	if r.Many && len(rest) > 0 {
		rest = rest[1:] // the element
	}
	if len(rest) == 0 {
		return ""
	}
	wrong := ""
	for _, w := range r.Ways {
		t, ok := schema.Of(w.To())
		if !ok || w.Take != "" || w.Hops[len(w.Hops)-1].Each && rest[0].Name == relation.Written {
			return ""
		}
		if wrong = misspelt(t, rest); wrong == "" {
			return ""
		}
	}
	return wrong
}

// misspelt says which step of the path leads nowhere; nothing when all of them lead somewhere.
func misspelt(t *schema.Type, path []expr.Step) string {
	steps := make([]schema.Step, len(path))
	for i, s := range path {
		steps[i] = schema.Step{Name: s.Name, Element: s.Element}
	}
	_, wrong, nearest := t.At(steps)
	if wrong == len(steps) {
		return ""
	}
	text := string(t.Name) + " has no " + dotted(path[:wrong+1])
	if nearest != "" {
		text += ": did you mean " + nearest + "?"
	}
	return text
}

func dotted(path []expr.Step) string {
	var b strings.Builder
	for _, s := range path {
		switch {
		case s.Element:
			b.WriteString("[]")
		case b.Len() > 0:
			b.WriteString("." + s.Name)
		default:
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// Properties names the properties that the expectation asks for, in the order of its text.
func (e *Expectation) Properties() []string {
	if e.properties == nil { // it could not be read
		return nil
	}
	return slices.Clone(e.properties())
}

func (e *Expectation) named() (names []string) {
	for _, ask := range e.asks() {
		if len(ask.Path) > 1 && ask.Path[0].Name == "properties" && !slices.Contains(names, ask.Path[1].Name) {
			names = append(names, ask.Path[1].Name)
		}
	}
	return names
}
