package roster

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
)

// Row is somebody, with the line that he stands in.
type Row struct {
	Line   int
	Person person.Person // without what only the store knows: ID, source and times
}

// The most people, and the most mistakes that are told of one file.
const (
	maxPeople = 1_000_000
	maxBad    = 20
)

// Read reads a file of people. Columns gives headings of the file's own, by the name of the field. An error is fault.Invalid and names up
// to twenty lines with what is wrong in each.
func Read(name string, r io.Reader, columns map[string]string) ([]Row, error) {
	data, err := letters(name, r)
	if err != nil {
		return nil, err
	}
	b := &book{name: name, fields: fields(), seen: map[string]int{}}
	for f, heading := range columns {
		at := slices.IndexFunc(b.fields, func(x field) bool { return x.name == f })
		if at < 0 {
			return nil, fault.New(fault.Invalid, "there is no field %s: want one of %s", f, strings.Join(Fields(), ", "))
		}
		for i := range b.fields { // the heading means this field and no other
			b.fields[i].headings = slices.DeleteFunc(b.fields[i].headings, func(h string) bool { return h == plain(heading) })
			if plain(b.fields[i].name) == plain(heading) && i != at {
				return nil, fault.New(fault.Invalid, "the heading %q is the name of another field: rename the column", heading)
			}
		}
		b.fields[at].headings = []string{plain(heading)}
	}
	switch start := bytes.TrimLeft(data, " \t\r\n"); {
	case len(start) == 0:
		return nil, fault.New(fault.Invalid, "%s is empty: want a line of headings and a line for each person", name)
	case start[0] == '{':
		b.lines(data)
	case start[0] == '[':
		return nil, fault.New(fault.Invalid, "%s: it is a JSON list: want one object a line, as `jq -c '.[]'` writes them", name)
	default:
		b.table(data)
	}
	if len(b.bad) > 0 {
		text := strings.Join(b.bad, "\n  ")
		if b.more > 0 {
			text += fmt.Sprintf("\n  and %d more", b.more)
		}
		return nil, fault.New(fault.Invalid, "%s", text)
	}
	if len(b.rows) == 0 {
		return nil, fault.New(fault.Invalid, "%s has no people: want a line for each", name)
	}
	return b.rows, nil
}

// book is a file that is being read.
type book struct {
	name   string
	fields []field
	rows   []Row
	seen   map[string]int // lines by user name
	bad    []string
	more   int
}

func (b *book) fail(line int, format string, args ...any) {
	if len(b.bad) == maxBad {
		b.more++
		return
	}
	b.bad = append(b.bad, fmt.Sprintf("%s:%d: ", b.name, line)+fmt.Sprintf(format, args...))
}

// add takes somebody, by the texts of his fields.
func (b *book) add(line int, texts map[int]string) {
	p := person.Person{Active: true}
	for i, f := range b.fields {
		v, said := texts[i]
		if v = strings.TrimSpace(v); !said || v == "" && f.name != "active" {
			continue
		}
		if err := f.set(&p, v); err != nil {
			b.fail(line, "%s: %s", f.name, err)
			return
		}
	}
	if p.UserName == "" {
		p.UserName = p.Mail()
	}
	if err := p.Check(); err != nil {
		b.fail(line, "%s", err)
		return
	}
	key := person.Key(p.UserName)
	if before, twice := b.seen[key]; twice {
		b.fail(line, "%s stands in line %d already", p.UserName, before)
		return
	}
	if len(b.rows) >= maxPeople {
		b.fail(line, "more than %d people", maxPeople)
		return
	}
	b.seen[key] = line
	b.rows = append(b.rows, Row{line, p})
}

// table reads CSV.
func (b *book) table(data []byte) {
	skipped := 0
	comma, said := rune(0), false
	if first, rest, _ := bytes.Cut(data, []byte("\n")); bytes.HasPrefix(first, []byte("sep=")) { // as spreadsheets write
		if c := bytes.TrimRight(first[4:], "\r"); len(c) == 1 {
			comma, said, data, skipped = rune(c[0]), true, rest, 1
		}
	}
	if !said {
		comma = b.comma(data)
	}
	in := reader(data, comma)
	head, err := in.Read()
	if err != nil {
		b.fail(1+skipped, "the line of headings cannot be read: %s", cause(err))
		return
	}
	at, ok := b.head(1+skipped, head)
	for ok {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			line := 0
			if e, is := errors.AsType[*csv.ParseError](err); is {
				line = e.Line
			}
			b.fail(line+skipped, "%s", cause(err))
			if !errors.Is(err, csv.ErrFieldCount) { // where the next line begins is not known
				return
			}
			continue
		}
		if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
			continue
		}
		line, _ := in.FieldPos(0)
		texts := map[int]string{}
		for i, cell := range cells {
			if at[i] >= 0 {
				texts[at[i]] = cell
			}
		}
		b.add(line+skipped, texts)
	}
}

func reader(data []byte, comma rune) *csv.Reader {
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.ReuseRecord = comma, true
	return in
}

func cause(err error) string {
	if e, is := errors.AsType[*csv.ParseError](err); is {
		if errors.Is(e.Err, csv.ErrFieldCount) {
			return "it has more or fewer cells than the line of headings"
		}
		return "cannot be read: " + e.Err.Error()
	}
	return err.Error()
}

// comma finds what parts the cells: that by which most headings are known, or else most cells come out.
func (b *book) comma(data []byte) rune {
	best, most, widest := ',', -1, 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		head, err := reader(data, c).Read()
		if err != nil {
			continue
		}
		known := 0
		for _, h := range head {
			if meant(h, b.fields) >= 0 {
				known++
			}
		}
		if known > most || known == most && len(head) > widest {
			best, most, widest = c, known, len(head)
		}
	}
	return best
}

// head says which field each column is, -1 for none.
func (b *book) head(line int, headings []string) ([]int, bool) {
	at := make([]int, len(headings))
	by := map[int]string{}
	for i, h := range headings {
		at[i] = meant(h, b.fields)
		if at[i] < 0 {
			continue
		}
		if other, twice := by[at[i]]; twice {
			b.fail(line, "the headings %q and %q both mean %s: name the one that counts with --column %s=HEADING", other, h, b.fields[at[i]].name, b.fields[at[i]].name)
			return nil, false
		}
		by[at[i]] = h
	}
	if _, name := by[0]; !name {
		if _, mail := by[1]; !mail {
			b.fail(line, "no heading means user_name or emails: name it with --column user_name=HEADING; there are %.300q", headings)
			return nil, false
		}
	}
	return at, true
}

// lines reads JSON, an object a line.
func (b *book) lines(data []byte) {
	for n := 1; len(data) > 0; n++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var m map[string]any
		if err := json.Unmarshal(line, &m); err != nil || m == nil {
			b.fail(n, "it is no JSON object: %v", err)
			continue
		}
		if texts, ok := b.texts(n, m); ok {
			b.add(n, texts)
		}
	}
}

// texts are the members of an object as cells.
func (b *book) texts(line int, m map[string]any) (map[int]string, bool) {
	out := map[int]string{}
	for key, v := range m {
		at := meant(key, b.fields)
		if at < 0 || v == nil {
			continue
		}
		if _, twice := out[at]; twice {
			b.fail(line, "two members mean %s", b.fields[at].name)
			return nil, false
		}
		cell, ok := cellOf(v)
		if !ok {
			b.fail(line, "%s: want a text, true, false, a number or a list of texts", key)
			return nil, false
		}
		out[at] = cell
	}
	return out, true
}

func cellOf(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case bool, float64:
		return fmt.Sprint(x), true
	case []any:
		var all []string
		for _, e := range x {
			s, ok := e.(string)
			if !ok {
				return "", false
			}
			all = append(all, s)
		}
		return strings.Join(all, ";"), true
	}
	return "", false
}
