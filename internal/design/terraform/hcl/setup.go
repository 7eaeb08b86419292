package hcl

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"jobzero/internal/design/terraform/provider"
)

// setup is what a provider is set up for, as far as it is known.
type setup struct {
	account, region string
	tags            any
}

var (
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	roleARN   = regexp.MustCompile(`^arn:[a-z-]+:iam::([0-9]{12}):role/`)
)

// setup is that of the provider that a block asks for.
func (s *scope) setup(b *block) *setup {
	name, _, _ := strings.Cut(b.labels[0], "_")
	if a := b.attr("provider"); a != nil {
		name = word(a, name)
	}
	return s.provider(name)
}

// provider finds a provider by its name in this module: one of its own, or one that the call hands on.
func (s *scope) provider(name string) *setup {
	if p := s.setups[name]; p != nil {
		return p
	}
	if s.setups == nil {
		s.setups = map[string]*setup{}
	}
	p := &setup{account: s.l.o.Account, region: s.l.o.Region}
	s.setups[name] = p
	kind, alias, _ := strings.Cut(name, ".")
	for _, b := range s.mod.providers {
		if b.labels[0] == kind && aliasOf(b) == alias {
			s.read(b, p)
			return p
		}
	}
	if s.parent != nil {
		handed := s.handed(name)
		if handed != "" {
			*p = *s.parent.provider(handed)
		}
	}
	return p
}

// handed is what the caller calls a provider; empty when it hands on none of that name.
func (s *scope) handed(name string) string {
	a := s.call.attr("providers")
	if a == nil {
		return name
	}
	e, ok := a.expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return name
	}
	for _, item := range e.Items {
		key, diags := hcl.AbsTraversalForExpr(item.KeyExpr)
		if diags.HasErrors() {
			if w := word(&attr{expr: item.KeyExpr}, ""); w != name {
				continue
			}
		} else if dotted(key) != name {
			continue
		}
		return word(&attr{expr: item.ValueExpr}, name)
	}
	if strings.Contains(name, ".") {
		return ""
	}
	return name
}

// read reads a provider block.
func (s *scope) read(b *block, p *setup) {
	text := func(b *block, name string) string {
		a := b.attr(name)
		if a == nil {
			return ""
		}
		v, _ := s.l.eval(a, s.here()).Unmark()
		if v.Type() != cty.String || !v.IsKnown() || v.IsNull() || symbolic(v.AsString()) {
			return ""
		}
		return v.AsString()
	}
	if b.attr("region") != nil {
		p.region = text(b, "region") // what is written and not known is not what is assumed otherwise
		if p.region == "" {
			p.region = s.l.o.Region
		}
	}
	for _, role := range b.of("assume_role") {
		if found := roleARN.FindStringSubmatch(text(role, "role_arn")); found != nil {
			p.account = found[1]
		}
	}
	if a := b.attr("allowed_account_ids"); a != nil {
		var refs []provider.Ref
		if list, ok := s.l.plain(s.l.eval(a, s.here()), nil, &refs).([]any); ok && len(list) == 1 {
			if id, _ := list[0].(string); accountID.MatchString(id) {
				p.account = id
			}
		}
	}
	for _, tags := range b.of("default_tags") {
		if a := tags.attr("tags"); a != nil {
			var refs []provider.Ref
			p.tags = s.l.plain(s.l.eval(a, s.here()), nil, &refs)
		}
	}
}

// given are the values of the variables of the folder itself: those of files, the later one counts, and then those of the
// options.
func (l *loader) given(m *module, o Options) (map[string]cty.Value, error) {
	out := map[string]cty.Value{}
	var failed error
	slices.SortFunc(m.values, func(a, b string) int { return strings.Compare(rank(a), rank(b)) })
	for _, name := range m.values {
		b, err := l.valuesOf(name)
		if err != nil {
			failed = err
			continue
		}
		for _, a := range b.attrs {
			if m.variables[a.name] != nil {
				out[a.name] = l.eval(a, (&scope{l: l, mod: m}).here())
			}
		}
	}
	for name, text := range o.Variables {
		if b := m.variables[name]; b != nil {
			out[name] = l.option(b, text)
		}
	}
	return out, failed
}

// rank is the order in which files of values are read.
func rank(name string) string {
	switch base := path.Base(name); base {
	case "terraform.tfvars":
		return "0"
	case "terraform.tfvars.json":
		return "1"
	default:
		return "2" + base
	}
}

func (l *loader) valuesOf(name string) (*body, error) {
	data, err := l.read(name, maxFile)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, ".json") {
		return l.native(name, data)
	}
	out := &body{}
	err = l.jsonValues(out, name, data)
	return out, err
}

// option is a value that a person gave: a text as it stands, or an expression for what is no text.
func (l *loader) option(b *block, text string) cty.Value {
	want := cty.String
	if a := b.attr("type"); a != nil {
		want, _ = l.typeOf(a)
	}
	if want == cty.String {
		return cty.StringVal(text)
	}
	tokens, diags := hclsyntax.LexExpression([]byte(text), "--param "+b.labels[0], hcl.InitialPos)
	if diags.HasErrors() || check(tokens) != nil {
		return cty.StringVal(text)
	}
	e, diags := hclsyntax.ParseExpression([]byte(text), "--param "+b.labels[0], hcl.InitialPos)
	if diags.HasErrors() {
		return cty.StringVal(text)
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() {
		return cty.StringVal(text)
	}
	return v
}

// exists reports whether there is such a file.
func (l *loader) exists(name string) bool {
	info, err := fs.Stat(l.fsys, name)
	return err == nil && info.Mode().IsRegular()
}
