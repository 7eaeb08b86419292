package hcl

import (
	"encoding/json"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"jobzero/internal/fault"
)

// Set gives a text of Terraform in which the argument that begins on a line has another value, and all else stays as it is. It refuses what
// is no plain value: what a variable or a function makes is changed where that is made. A line is counted from 1.
func Set(name string, data []byte, line int, value any) ([]byte, error) {
	text, err := literal(value)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s:%d: %v", name, line, err)
	}
	file, bad := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if bad.HasErrors() {
		return nil, fault.New(fault.Invalid, "%s: it cannot be read", name)
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return nil, fault.New(fault.Internal, "%s: it is no text of Terraform", name)
	}
	a := argument(body, line)
	if a == nil {
		return nil, fault.New(fault.Invalid, "%s:%d: no argument is written here", name, line)
	}
	if !fixedValue(a.Expr) {
		return nil, fault.New(fault.Invalid, "%s:%d: %s is made by an expression: change it by hand", name, line, a.Name)
	}
	at := a.Expr.Range()
	return append(append(append([]byte(nil), data[:at.Start.Byte]...), text...), data[at.End.Byte:]...), nil
}

// argument is the one that begins on a line, in the body or a block of it.
func argument(b *hclsyntax.Body, line int) *hclsyntax.Attribute {
	for _, a := range b.Attributes {
		if a.NameRange.Start.Line == line {
			return a
		}
	}
	for _, block := range b.Blocks {
		if r := block.Range(); line < r.Start.Line || line > block.CloseBraceRange.End.Line {
			continue
		}
		if a := argument(block.Body, line); a != nil {
			return a
		}
	}
	return nil
}

// fixedValue reports whether a value stands there as it is.
func fixedValue(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return true
	case *hclsyntax.TemplateExpr:
		return e.IsStringLiteral()
	default:
		return false
	}
}

// literal is a value as Terraform writes it: a text, a number or a boolean.
func literal(v any) (string, error) {
	switch v.(type) {
	case string, bool, int, int64, uint64, float64:
	default:
		return "", fault.New(fault.Invalid, "%T is more than a plain value: write it by hand", v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a value")
	}
	out := strings.ReplaceAll(strings.ReplaceAll(string(text), "${", "$${"), "%{", "%%{")
	return out, nil
}
