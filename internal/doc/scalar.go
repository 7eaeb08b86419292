package doc

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

var (
	// unquoted are words that no reader of YAML takes for anything else, but for those of reserved.
	unquoted = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*$`)
	prose    = regexp.MustCompile(`^[A-Za-z][ -~]*[!-9;-~]$`)
	reserved = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|nan|inf)$`)
)

const lineLength = 110 // letters that a line of long text has at most, where it has spaces

// scalar is a text as YAML: as it is where that is safe, over several lines where it is long, else in quotes.
func scalar(s string, level int) string {
	switch {
	case reserved.MatchString(s):
		return quoted(s)
	case unquoted.MatchString(s), len(s) <= lineLength && prose.MatchString(s) && !strings.Contains(s, ": ") && !strings.Contains(s, " #"):
		return s
	case level > 0 && strings.Contains(s, "\n") && blockable(s):
		return block(s, level)
	case level > 0 && len(s) > lineLength && foldable(s):
		return folded(s, level)
	}
	return quoted(s)
}

// quoted writes what JSON writes, which YAML reads the same.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string and a buffer: there is nothing that could fail
	out := strings.TrimSuffix(b.String(), "\n")
	return strings.ReplaceAll(out, "\u007f", `\u007f`)
}

// blockable reports whether a text can stand in lines as it is: its first line shows how deep it stands, and no reader turns any letter.
func blockable(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if body == "" || body[0] == ' ' || body[0] == '\n' || strings.HasSuffix(body, "\n") {
		return false
	}
	for _, line := range strings.Split(body, "\n") {
		if line != strings.TrimRight(line, " ") || strings.ContainsFunc(line, strange) {
			return false
		}
	}
	return true
}

func strange(r rune) bool {
	return !unicode.IsPrint(r) || r == '\ufeff' || r == unicode.ReplacementChar
}

func block(s string, level int) string {
	sign := "|-"
	if strings.HasSuffix(s, "\n") {
		sign = "|"
	}
	in := strings.Repeat("  ", level)
	var b strings.Builder
	b.WriteString(sign)
	for _, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
		b.WriteString("\n")
		if line != "" {
			b.WriteString(in + line)
		}
	}
	return b.String()
}

// foldable reports whether a text may be broken at its spaces: no two of them follow on another.
func foldable(s string) bool {
	return strings.TrimSpace(s) == s && !strings.Contains(s, "  ") && !strings.ContainsFunc(s, strange)
}

func folded(s string, level int) string {
	in := strings.Repeat("  ", level)
	var b strings.Builder
	b.WriteString(">-")
	length := lineLength
	for _, word := range strings.Split(s, " ") {
		if length+1+len(word) > lineLength {
			b.WriteString("\n" + in + word)
			length = len(word)
			continue
		}
		b.WriteString(" " + word)
		length += 1 + len(word)
	}
	return b.String()
}
