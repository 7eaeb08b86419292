package hcl

import (
	"math"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"jobzero/internal/fault"
)

// check looks at the tokens of a text before it is parsed: the parser, and what evaluates afterwards, go down one step for each
// bracket and for each operator, and a number with a large exponent is a text of as many digits.
func check(tokens hclsyntax.Tokens) error {
	chain, total := []int{0}, 0
	lines := []bool{true} // whether a line ends an expression there
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			chain[len(chain)-1]++
			total++
			chain = append(chain, 0)
			lines = append(lines, t.Type == hclsyntax.TokenOBrace)
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
			hclsyntax.TokenTemplateSeqEnd:
			if len(chain) > 1 {
				total -= chain[len(chain)-1]
				chain, lines = chain[:len(chain)-1], lines[:len(lines)-1]
			}
		case hclsyntax.TokenNewline, hclsyntax.TokenComma:
			if t.Type == hclsyntax.TokenComma || lines[len(lines)-1] {
				total -= chain[len(chain)-1]
				chain[len(chain)-1] = 0
			}
		case hclsyntax.TokenNumberLit:
			if !modest(string(t.Bytes)) {
				return at(t.Range, "a number that is too large or too long")
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenComment, hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenEqual, hclsyntax.TokenEOF:
		default: // operators, dots and what is none
			chain[len(chain)-1]++
			total++
		}
		if len(chain) > maxNest {
			return at(t.Range, "it is nested deeper than %d", maxNest)
		}
		if total > maxChain {
			return at(t.Range, "an expression of more than %d steps", maxChain)
		}
	}
	return nil
}

// modest reports whether a number has a size that its text can be written in.
func modest(text string) bool {
	if len(text) > 100 {
		return false
	}
	mantissa, exponent, ok := strings.Cut(strings.ToLower(text), "e")
	return mantissa != "" && (!ok || len(strings.TrimLeft(exponent, "+-0")) <= 3)
}

// tame is the same of a number that was worked out.
func tame(f *big.Float) bool {
	return f == nil || f.IsInf() || math.Abs(float64(f.MantExp(nil))) < 4000
}

// at is an error with a place.
func at(r hcl.Range, format string, args ...any) error {
	return fault.New(fault.Invalid, "%s:%d:%d: "+format, append([]any{r.Filename, r.Start.Line, r.Start.Column}, args...)...)
}

// first is the first error of diagnostics, with its place.
func first(name string, list hcl.Diagnostics) error {
	for _, d := range list {
		if d.Severity == hcl.DiagError {
			r := hcl.Range{Filename: name, Start: hcl.Pos{Line: 1, Column: 1}}
			if d.Subject != nil {
				r = *d.Subject
			}
			return at(r, "%s", said(d))
		}
	}
	return nil
}

// said is what a diagnostic says, in one line.
func said(d *hcl.Diagnostic) string {
	text := d.Summary
	if d.Detail != "" && d.Detail != d.Summary {
		text += ": " + d.Detail
	}
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 500)]
}
