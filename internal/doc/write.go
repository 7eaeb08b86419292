package doc

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Write gives a struct with yaml tags as the document that Decode reads back to the same value. Fields stand in the order of the struct
// and keys of maps in the order of letters, so that one value has one text; what is zero is left out.
func Write(v any) []byte {
	w := writer{}
	w.value(reflect.ValueOf(v), 0)
	return w.out.Bytes()
}

// writer writes block style, two spaces a level; lists of short words stand on one line.
type writer struct{ out bytes.Buffer }

// entry is one key of a map with its value.
type entry struct {
	key   string
	value reflect.Value
}

func entries(v reflect.Value) (out []entry) {
	if v.Kind() == reflect.Map {
		for _, k := range v.MapKeys() {
			out = append(out, entry{k.String(), v.MapIndex(k)})
		}
		slices.SortFunc(out, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
		return out
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if f.IsExported() && name != "" && name != "-" && !v.Field(i).IsZero() {
			out = append(out, entry{name, v.Field(i)})
		}
	}
	return out
}

func plain(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// value writes a map or a list at a level. Its first line begins where the writer stands.
func (w *writer) value(v reflect.Value, level int) {
	v = plain(v)
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		for i, e := range entries(v) {
			w.begin(i, level)
			w.out.WriteString(scalar(e.key, 0) + ":")
			w.behind(e.value, level)
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.begin(i, level)
			w.out.WriteString("-")
			if item := plain(v.Index(i)); nested(item) {
				w.out.WriteString(" ")
				w.value(item, level+1)
				continue
			}
			w.behind(v.Index(i), level)
		}
	default:
		w.out.WriteString(text(v, level) + "\n")
	}
}

// begin indents what is not first: that stands behind a hyphen, or at the start.
func (w *writer) begin(i, level int) {
	if i > 0 {
		w.indent(level)
	}
}

func (w *writer) indent(level int) { w.out.WriteString(strings.Repeat("  ", level)) }

// nested reports whether a value takes lines of its own.
func nested(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		return len(entries(v)) > 0
	case reflect.Slice:
		return v.Len() > 0 && oneLine(v) == ""
	default:
		return false
	}
}

// behind writes the value that belongs to a key, or a short one behind a hyphen.
func (w *writer) behind(v reflect.Value, level int) {
	v = plain(v)
	if !nested(v) {
		w.out.WriteString(" " + text(v, level+1) + "\n")
		return
	}
	w.out.WriteString("\n")
	w.indent(level + 1)
	w.value(v, level+1)
}

// text is a value that takes no lines of its own.
func text(v reflect.Value, level int) string {
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		return "{}"
	case reflect.Slice:
		return oneLine(v)
	case reflect.String:
		return scalar(v.String(), level)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	default:
		if d, ok := v.Interface().(time.Duration); ok {
			return duration(d)
		}
		return fmt.Sprint(v.Interface())
	}
}

const shortList = 100 // bytes

// oneLine is a list of short words, or nothing where it is not one.
func oneLine(v reflect.Value) string {
	var all []string
	for i := range v.Len() {
		item := plain(v.Index(i))
		if item.Kind() != reflect.String || !unquoted.MatchString(item.String()) {
			return ""
		}
		all = append(all, scalar(item.String(), 0))
	}
	if s := "[" + strings.Join(all, ", ") + "]"; len(s) <= shortList {
		return s
	}
	return ""
}

// duration is shorter than the library's: 4h instead of 4h0m0s.
func duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
