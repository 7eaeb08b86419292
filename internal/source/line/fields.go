package line

import (
	"encoding/json"
	"strings"

	"jobzero/internal/fault"
)

// maxFields is how many fields a line may have. AWS's longest have fewer than a hundred.
const maxFields = 512

// Field is a field of a log by the name that AWS gives it.
type Field struct {
	Name   string
	Number bool // its values are numbers
}

// Fields makes a list of names; those that end in # are numbers.
func Fields(names string) []Field {
	var out []Field
	for name := range strings.FieldsSeq(names) {
		bare, number := strings.CutSuffix(name, "#")
		out = append(out, Field{bare, number})
	}
	return out
}

// Split cuts a line at its spaces. Quotes around a field are taken off, and so are brackets around a time; what stands between
// them may have spaces. A quote inside a quoted field does not end it unless a space or the line's end follows. Errors are
// fault.Invalid.
func Split(text string) ([]string, error) {
	var out []string
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		if len(out) == maxFields {
			return nil, fault.New(fault.Invalid, "more than %d fields", maxFields)
		}
		field, end := text[i:], len(text)
		switch text[i] {
		case '"':
			n := closing(field)
			if n < 0 {
				return nil, fault.New(fault.Invalid, "field %d opens with a quote and never closes", len(out)+1)
			}
			field, end = field[1:n], i+n+1
		case '[':
			if n := strings.IndexByte(field, ']'); n >= 0 && (n+1 == len(field) || field[n+1] == ' ') {
				field, end = field[1:n], i+n+1
				break
			}
			fallthrough // an address such as [2001:db8::1]:443
		default:
			if n := strings.IndexByte(field, ' '); n >= 0 {
				field, end = field[:n], i+n
			}
		}
		out = append(out, field)
		i = end
	}
	return out, nil
}

// closing is the index of the quote that closes the one at the start; -1 when none does.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] != ' ':
			i++
		case s[i] == '"' && (i+1 == len(s) || s[i+1] == ' '):
			return i
		}
	}
	return -1
}

// Object writes fields as one JSON object, in their order: numbers as numbers, and nothing for a field whose value is "-" or
// empty. Values without a field, which AWS may add at the end of a line one day, stand in a list named more. Bytes that are no
// UTF-8 become U+FFFD.
func Object(fields []Field, values []string) []byte {
	w := writer{b: make([]byte, 0, 1024)}
	w.b = append(w.b, '{')
	for i, v := range values[:min(len(fields), len(values))] {
		if v == "" || v == "-" {
			continue
		}
		w.name(fields[i].Name)
		if fields[i].Number && isNumber(v) {
			w.b = append(w.b, v...)
		} else {
			w.text(v)
		}
	}
	if len(values) > len(fields) {
		w.name("more")
		w.b = append(w.b, '[')
		for i, v := range values[len(fields):] {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.text(v)
		}
		w.b = append(w.b, ']')
	}
	return append(w.b, '}')
}

// writer writes one object.
type writer struct{ b []byte }

func (w *writer) name(s string) {
	if len(w.b) > 1 {
		w.b = append(w.b, ',')
	}
	w.text(s)
	w.b = append(w.b, ':')
}

func (w *writer) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			quoted, _ := json.Marshal(s) // a text always has a form in JSON
			w.b = append(w.b, quoted...)
			return
		}
	}
	w.b = append(append(append(w.b, '"'), s...), '"')
}

// isNumber reports whether a text is a number as JSON writes it.
func isNumber(s string) bool {
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	return len(s) < 32 && json.Valid([]byte(s))
}
