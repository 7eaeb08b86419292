package notify

import (
	"reflect"
	"slices"
	"text/template"
	"text/template/parse"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notice"
)

// fields looks at every field that a template names, in whichever branch: text/template itself sees only those that a sample comes by.
func fields(t *template.Template) error {
	known := names(reflect.TypeFor[notice.Message](), reflect.TypeFor[notice.Fact](), reflect.TypeFor[time.Time]())
	for _, one := range t.Templates() {
		if one.Tree == nil {
			continue
		}
		for _, f := range named(one.Root) {
			for _, id := range f.ident {
				if !slices.Contains(known, id) {
					at, _ := one.ErrorContext(f.node)
					return fault.New(fault.Invalid, "template %s: a message has no %q: want %s", at, id, "Occasion, Kind, Severity, Title, Text, Facts (Name, Text), Link, Ticket, About, Buttons or Until")
				}
			}
		}
	}
	return nil
}

func names(types ...reflect.Type) (out []string) {
	for _, t := range types {
		for i := range t.NumField() {
			out = append(out, t.Field(i).Name)
		}
		for i := range t.NumMethod() {
			out = append(out, t.Method(i).Name)
		}
	}
	return out
}

// field is one that a template names.
type field struct {
	node  parse.Node
	ident []string
}

// named walks a tree of a template. The library has no walk of its own.
func named(n parse.Node) (out []field) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return nil
	}
	branch := func(b *parse.BranchNode) []field {
		return slices.Concat(named(b.Pipe), named(b.List), named(b.ElseList))
	}
	switch x := n.(type) {
	case *parse.ListNode:
		for _, c := range x.Nodes {
			out = append(out, named(c)...)
		}
	case *parse.ActionNode:
		return named(x.Pipe)
	case *parse.PipeNode:
		for _, c := range x.Cmds {
			out = append(out, named(c)...)
		}
	case *parse.CommandNode:
		for _, c := range x.Args {
			out = append(out, named(c)...)
		}
	case *parse.IfNode:
		return branch(&x.BranchNode)
	case *parse.RangeNode:
		return branch(&x.BranchNode)
	case *parse.WithNode:
		return branch(&x.BranchNode)
	case *parse.TemplateNode:
		return named(x.Pipe)
	case *parse.FieldNode:
		return []field{{x, x.Ident}}
	case *parse.ChainNode:
		return append(named(x.Node), field{x, x.Field})
	case *parse.VariableNode:
		return []field{{x, x.Ident[1:]}}
	}
	return out
}
