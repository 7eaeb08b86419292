package console

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"jobzero/internal/ticket"
)

// words are what templates can say. Everything that comes from a log is cleaned: nothing in it turns the direction of writing or hides what follows.
func words(f files, now func() time.Time) template.FuncMap {
	return template.FuncMap{
		"file": f.path, "ago": func(t time.Time) string { return age(t, now()) }, "day": day, "plural": plural, "span": span, "at": at, "clock": clock, "percent": percent, "count": count, "clean": clean, "first": first,
		"owner": owner, "about": about, "person": person, "json": indented, "short": short, "list": anyList, "zone": zone, "lines": lines,
		"add": func(a, b int) int { return a + b }, "scores": tableOf, "hourx": func(h int) int { return min(h*dayWide/24, dayWide-16) },
	}
}

// age is how long ago something was.
func age(then, now time.Time) string {
	switch d := now.Sub(then); {
	case then.IsZero():
		return "–"
	case d < 0:
		return "in " + span(-d)
	default:
		return span(d) + " ago"
	}
}

// span is a duration in the units that matter.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "−" + span(-d)
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 10*time.Hour:
		return fmt.Sprintf("%d h %02d", int(d.Hours()), int(d.Minutes())%60)
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	}
	return strconv.Itoa(int(d.Hours()/24)) + " d"
}

// at is an instant in full.
func at(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

// day is an instant to the minute.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// plural is a number of things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return count(n) + " " + thing
}

// clock is an instant as machines read it.
func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// zone is a time of the day in a place.
func zone(t time.Time, name string) string {
	l, err := time.LoadLocation(name)
	if err != nil {
		return ""
	}
	return t.In(l).Format("Mon 15:04")
}

// percent never says 100 where something is missing.
func percent(share float64) string { return fmt.Sprintf("%.1f %%", math.Floor(share*1000)/10) }

// count is a number with its thousands apart.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// clean shows what cannot be seen, or turns the direction of writing, by its number.
func clean(text string) string {
	hidden := func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
	}
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// first is the first line of a text.
func first(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return clean(line)
}

// lines are the lines of a text.
func lines(text string) []string { return strings.Split(strings.TrimSpace(clean(text)), "\n") }

// short cuts the middle out of a long name.
func short(text string) string {
	const long = 60
	r := []rune(clean(text))
	if len(r) <= long {
		return string(r)
	}
	return string(r[:long/2]) + "…" + string(r[len(r)-long/2+1:])
}

// anyList is list for templates, which know no types: of any slice of words.
func anyList(all any) string {
	v := reflect.ValueOf(all)
	out := make([]string, v.Len())
	for i := range out {
		out[i] = v.Index(i).String()
	}
	return list(out)
}

func list[T ~string](all []T) string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = clean(string(x))
	}
	return strings.Join(out, ", ")
}

// mostShown is how much of one piece of evidence is on a page.
const mostShown = 6_000

// indented is JSON to be read. What is long is cut, and says so.
func indented(data json.RawMessage) string {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return clean(string(data))
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return clean(string(data))
	}
	if len(text) > mostShown {
		return clean(strings.ToValidUTF8(string(text[:mostShown]), "")) + "\n… the rest: jobzero ticket show ID --full"
	}
	return clean(string(text))
}

func owner(o ticket.Owner) string {
	switch {
	case o.Team == "" && o.Person == "":
		return "nobody"
	case o.Team == "":
		return clean(o.Person)
	case o.Person == "":
		return clean(o.Team)
	}
	return clean(o.Team + " (" + o.Person + ")")
}

// about is the subject of a ticket in few words.
func about(k ticket.Ticket) string {
	if k.Resource != nil {
		return short(k.Resource.ID)
	}
	if p := strings.SplitN(k.Subject, "|", 3); len(p) == 3 {
		return short(p[2][strings.LastIndex(p[2], ":")+1:])
	}
	return short(k.Subject)
}

// person is who an actor of a timeline is, empty where software is.
func person(actor string) string {
	name, is := strings.CutPrefix(actor, "person/")
	if !is {
		return ""
	}
	return clean(name)
}

// onward is the address of a list from behind a row; an empty one is its beginning.
func onward(u *url.URL, after string) string {
	q := u.Query()
	q.Del("said")
	if q.Del("after"); after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return u.Path
	}
	return u.Path + "?" + q.Encode()
}

// scoreTable is a table of scores: what its rows are, and where their names lead.
type scoreTable struct {
	Name, Link string
	Rows       []scoreRow
}

func tableOf(name, link string, rows []scoreRow) scoreTable { return scoreTable{name, link, rows} }
