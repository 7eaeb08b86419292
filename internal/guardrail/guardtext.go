package guardrail

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

func matches(pattern, text string) bool {
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString(text)
}

// writeClauses writes clauses below a root: Properties of a resource, or nothing inside of an element.
func writeClauses(b *strings.Builder, list []clause, indent, root, say string) error {
	for _, c := range list {
		if len(c) == 1 && (c[0].Kind == expr.Every && !c[0].not || c[0].Kind == expr.Exists && c[0].not) {
			if err := writeEvery(b, c[0], indent, root, say); err != nil {
				return err
			}
			continue
		}
		words := make([]string, 0, len(c))
		for _, l := range c {
			w, err := l.guard(root)
			if err != nil {
				return err
			}
			words = append(words, w)
		}
		fmt.Fprintf(b, "%s%s <<%s>>\n", indent, strings.Join(words, " or "), say)
	}
	return nil
}

// writeEvery writes what has to hold of every element.
func writeEvery(b *strings.Builder, l literal, indent, root, say string) error {
	path, err := guardPath(l.Path, root)
	if err != nil {
		return err
	}
	inner, err := clausesOf(l.Parts[0], l.Kind == expr.Exists)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%swhen %s exists\n%s     %s !empty {\n%s  %s[*] {\n", indent, path, indent, path, indent, path)
	if err := writeClauses(b, inner, indent+"    ", "", say); err != nil {
		return err
	}
	fmt.Fprintf(b, "%s  }\n%s}\n", indent, indent)
	return nil
}

// guardPath is a path as Guard has it.
func guardPath(steps []expr.Step, root string) (string, error) {
	var parts []string
	if root != "" {
		if len(steps) == 0 || steps[0].Name != "properties" {
			return "", fault.New(fault.Invalid, "Guard sees properties only, not %s", pathOf(steps))
		}
		parts, steps = append(parts, root), steps[1:]
	}
	for _, s := range steps {
		if s.Element || !word1.MatchString(s.Name) {
			return "", fault.New(fault.Invalid, "Guard has no words for the path %s", pathOf(steps))
		}
		parts = append(parts, s.Name)
	}
	if len(parts) == 0 {
		return "this", nil
	}
	return strings.Join(parts, "."), nil
}

var word1 = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// guard writes a test.
func (l literal) guard(root string) (string, error) {
	if l.Kind == expr.Exists && !l.not {
		return l.some(root)
	}
	if l.Kind != expr.Test {
		return "", notSimple(l.Form)
	}
	path, err := guardPath(l.Path, root)
	if err != nil {
		return "", err
	}
	switch l.Compare {
	case "has":
		if l.not {
			return path + " !exists", nil
		}
		return path + " exists", nil
	case "empty":
		if l.not {
			return path + " !empty", nil
		}
		return path + " empty", nil
	case "==", "!=", "in":
		equal := (l.Compare != "!=") != l.not
		return l.equality(path, equal)
	case "matches":
		pattern, ok := l.Values[0].(string)
		if !ok {
			return "", notSimple(l.Form)
		}
		sign := "=="
		if l.not {
			sign = "!="
		}
		return fmt.Sprintf("%s %s /%s/", path, sign, strings.ReplaceAll(pattern, "/", `\x2F`)), nil
	}
	return l.order(path)
}

// equality writes what a property is, or is not. What CloudFormation takes for true may be a text.
func (l literal) equality(path string, equal bool) (string, error) {
	var words []string
	for _, v := range l.Values {
		switch v := v.(type) {
		case bool:
			words = append(words, strconv.FormatBool(v), quoted(strconv.FormatBool(v)))
		case string:
			words = append(words, quoted(v))
		case int64:
			words = append(words, strconv.FormatInt(v, 10))
		default:
			return "", notSimple(l.Form)
		}
	}
	sign := "not IN"
	if equal {
		sign = "IN"
	}
	if len(words) == 1 {
		return path + " " + map[bool]string{true: "==", false: "!="}[equal] + " " + words[0], nil
	}
	return fmt.Sprintf("%s %s [%s]", path, sign, strings.Join(words, ", ")), nil
}

var opposite = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

// order writes a comparison of numbers, and whether there is anything in a list.
func (l literal) order(path string) (string, error) {
	n, ok := l.Values[0].(int64)
	sign, size := strings.CutPrefix(l.Compare, "size")
	if !ok {
		return "", notSimple(l.Form)
	}
	if l.not {
		sign = opposite[sign]
	}
	if !size {
		return fmt.Sprintf("%s %s %d", path, sign, n), nil
	}
	switch {
	case sign == ">" && n == 0, sign == "!=" && n == 0, sign == ">=" && n == 1:
		return path + " !empty", nil
	case sign == "==" && n == 0, sign == "<=" && n == 0, sign == "<" && n == 1:
		return path + " empty", nil
	}
	return "", notSimple(l.Form)
}

// some writes what one element is: of one test only.
func (l literal) some(root string) (string, error) {
	path, err := guardPath(l.Path, root)
	if err != nil {
		return "", err
	}
	inner, err := clausesOf(l.Parts[0], false)
	if err != nil {
		return "", err
	}
	if len(inner) != 1 || len(inner[0]) != 1 || inner[0][0].Kind != expr.Test || inner[0][0].not || len(inner[0][0].Path) == 0 {
		return "", notSimple(l.Form)
	}
	text, err := inner[0][0].guard("")
	if err != nil {
		return "", err
	}
	return "some " + path + "[*]." + text, nil
}

func quoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
