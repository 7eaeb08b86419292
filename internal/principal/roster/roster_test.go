package roster_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/principal/person"
	"jobzero/internal/principal/roster"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func ana() person.Person {
	return person.Person{
		UserName: "ana", Number: "17", Display: "Ana Souça", Title: "Lead; shop", Department: "Shop", Manager: "bo@example.com", Active: true,
		Emails: []person.Email{{Value: "ana@example.com", Kind: "work", Primary: true}, {Value: "a@example.org", Kind: "work"}},
		Groups: []string{"web", "all"}, Start: time.Date(2029, 1, 2, 0, 0, 0, 0, time.UTC), End: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC),
	}
}

const table = "Login,E-Mail,Employee ID,Name,Job Title,Department,Reports To,Status,Hire date,Last Day,Member of,Shoe size\r\n" +
	"ana,ana@example.com a@example.org,17,Ana Souça,\"Lead; shop\",Shop,bo@example.com,Active,2029-01-02,30.04.2030,web|all,39\r\n"

func utf(s string, order binary.AppendByteOrder, mark bool) string {
	var b []byte
	if mark {
		s = "\uFEFF" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// TestRead: the same person, in every way that a file may be written.
func TestRead(t *testing.T) {
	semi := strings.ReplaceAll(strings.ReplaceAll(table, "Lead; shop", "Lead# shop"), ",", ";")
	semi = strings.ReplaceAll(semi, "Lead#", "Lead;")
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"commas":                {table, 2},
		"a mark":                {"\uFEFF" + table, 2},
		"semicolons":            {semi, 2},
		"tabs":                  {strings.ReplaceAll(table, ",", "\t"), 2},
		"as a spreadsheet says": {"sep=;\r\n" + semi, 3},
		"wide":                  {utf(table, binary.LittleEndian, true), 2},
		"wide, the other way":   {utf(table, binary.BigEndian, true), 2},
		"wide without a mark":   {utf(table, binary.LittleEndian, false), 2},
		"the other way without": {utf(table, binary.BigEndian, false), 2},
		"empty lines, no end":   {strings.TrimSpace(strings.ReplaceAll(table, "\r\n", "\n\n")), 3},
		"objects": {"\n" + `{"userName":"ana","mail":["ana@example.com","a@example.org"],"employee_number":17,"displayName":"Ana Souça","title":"Lead; shop",` +
			`"department":"Shop","manager":"bo@example.com","active":true,"start":"2029-01-02T00:00:00Z","end":"2030-04-30","groups":["web","all"],"x":{"y":1},"team":null}`, 2},
	} {
		got, err := roster.Read("people.csv", strings.NewReader(c.text), nil)
		if d := cmp.Diff([]roster.Row{{Line: c.line, Person: ana()}}, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, d)
		}
	}
	own, err := roster.Read("people.csv", strings.NewReader("Kürzel,Status,mail\nana,weg,x@example.com\n"), map[string]string{"user_name": "Kürzel", "active": "none", "team": "Status"})
	if err != nil || own[0].Person.UserName != "ana" || own[0].Person.Team != "weg" || !own[0].Person.Active {
		t.Errorf("own headings: %+v %v", own, err)
	}
	mail, err := roster.Read("people.csv", strings.NewReader("email\nbo@example.com\n"), nil)
	if err != nil || mail[0].Person.UserName != "bo@example.com" {
		t.Errorf("by address: %+v %v", mail, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":         {" \n", "p.csv is empty"},
		"only headings":   {"email\n", "p.csv has no people"},
		"no name":         {"size,colour\n1,2\n", "p.csv:1: no heading means user_name or emails"},
		"two headings":    {"login,user name\na,b\n", `p.csv:1: the headings "login" and "user name" both mean user_name: name the one that counts with --column user_name=HEADING`},
		"twice":           {"login\nana\nbo\nANA\n", "p.csv:4: ANA stands in line 2 already"},
		"cells":           {"login,team\nana,a\nbo\ncy,c,d\n", "p.csv:3: it has more or fewer cells than the line of headings\n  p.csv:4: it has"},
		"quotes":          {"login,team\nana,\"a\nb\n", "cannot be read"},
		"line of a cell":  {"login,team\nana,\"a\nb\"\nbo,\nbo,\n", "p.csv:5: bo stands in line 4 already"},
		"active":          {"login,status\nana,on leave\nbo,\n", `p.csv:2: active: "on leave" says neither` + "|" + `p.csv:3: active: "" says neither`},
		"day":             {"login,start\nana,03/04/2030\n", `p.csv:2: start: "03/04/2030" is no day`},
		"ends before":     {"login,start,end\nana,2030-04-05,2030-04-01\n", "p.csv:2: person \"ana\" ends on"},
		"address":         {"login,mail\nana,none\n", `p.csv:2: emails: "none" is no address`},
		"nobody":          {"login,mail\n,\n", "p.csv:2: a person has no user name"},
		"latin":           {"login,name\nana,Sou\xe7a\n", "p.csv:2: the letters are not UTF-8"},
		"zero":            {"login,name\nana,\x00b\n", "p.csv:2: there is a byte 0"},
		"half a letter":   {"\xff\xfea", "is it cut off?"},
		"a list":          {`[{"login":"a"}]`, "it is a JSON list: want one object a line"},
		"no object":       {"{\"login\":\"a\"}\nnull\n{\n", "p.csv:2: it is no JSON object|p.csv:3: it is no JSON object"},
		"two members":     {`{"login":"a","user":"b"}`, "p.csv:1: two members mean user_name"},
		"a strange value": {`{"login":{"a":1}}`, "p.csv:1: login: want a text"},
		"many":            {"login,active\n" + strings.Repeat("x,maybe\n", 30), "and 10 more"},
	} {
		_, err := roster.Read("p.csv", strings.NewReader(c.text), nil)
		for _, want := range strings.Split(c.want, "|") {
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
	}
	for f, heading := range map[string]string{"shoes": "x", "team": "active"} {
		if _, err := roster.Read("p.csv", strings.NewReader("login\na\n"), map[string]string{f: heading}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s=%s: %v", f, heading, err)
		}
	}
}

// plan reads a file and holds it against who is known; IDs are numbers.
func plan(t *testing.T, text string, known []person.Person, change func(*roster.Import)) (roster.Plan, error) {
	t.Helper()
	rows, err := roster.Read("p.csv", strings.NewReader(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	o := roster.Import{Source: "hr", Lose: 0.1, Actor: "mia", Now: noon, NewID: func() person.ID { n++; return person.ID(fmt.Sprint("new", n)) }}
	if change != nil {
		change(&o)
	}
	return o.Plan(rows, known)
}

func staff(n int) (known []person.Person, text string) {
	text = "login,team\n"
	for i := range n {
		name := fmt.Sprint("p", i)
		known = append(known, person.Person{ID: person.ID(name), UserName: name, Team: "shop", Active: true, Source: "hr", Created: noon, Changed: noon, Version: 1})
		text += name + ",shop\n"
	}
	return known, text
}

func TestPlan(t *testing.T) {
	known, text := staff(20)
	known = append(known, person.Person{ID: "s", UserName: "Sam", Active: true, Source: person.SCIM, Version: 1},
		person.Person{ID: "o", UserName: "old", Source: "hr", Version: 3},
		person.Person{ID: "x", UserName: "out", Source: "hr", Version: 1, Active: true, Out: noon})
	same, err := plan(t, text, known, nil)
	if err != nil || same.Same != 20 || len(same.Saves) != 0 {
		t.Errorf("the same again: %+v %v", same, err)
	}
	text = strings.Replace(strings.Replace(text, "p3,shop", "p3,bank", 1), "p4,shop\n", "", 1) + "nia,shop\nsam,shop\nold,shop\nout,bank\n"
	got, err := plan(t, text, known, nil)
	if err != nil || got.New != 1 || got.Changed != 3 || got.Left != 1 || got.Missing != 1 || got.Same != 18 {
		t.Errorf("%+v %v", got, err)
	}
	if d := cmp.Diff([]roster.Held{{Line: 22, UserName: "sam", Source: person.SCIM}}, got.Held); d != "" {
		t.Error(d)
	}
	var kinds []string
	for _, s := range got.Saves {
		kinds = append(kinds, fmt.Sprint(s.Person.ID, " ", s.Entry.Kind, " ", s.Person.Version))
		if s.Entry.Seq != s.Person.Version || s.Entry.Actor != "mia" || !s.Person.Changed.Equal(noon) || s.Person.Source != "hr" {
			t.Errorf("%+v", s)
		}
	}
	if d := cmp.Diff([]string{"p3 moved 2", "new1 joined 1", "o returned 4", "x changed 2", "p4 left 2"}, kinds); d != "" {
		t.Error(d)
	}
	part, err := plan(t, "login\np1\n", known, func(o *roster.Import) { o.Partial = true })
	if err != nil || part.Missing != 0 || part.Changed != 1 {
		t.Errorf("a part: %+v %v", part, err)
	}
	other, err := plan(t, "login\nnia\n", known, func(o *roster.Import) { o.Source = "shop" })
	if err != nil || other.New != 1 || other.Missing != 0 {
		t.Errorf("another source: %+v %v", other, err)
	}
}

// TestTooManyLeave: half a file, or one whose column says that everybody has left, is no reason to lock everybody out.
func TestTooManyLeave(t *testing.T) {
	known, text := staff(20)
	half := text[:strings.Index(text, "p17")]
	gone := strings.ReplaceAll(strings.Replace(text, "login,team", "login,team,active", 1), "shop\n", "shop,no\n")
	for name, text := range map[string]string{"half a file": half, "a column": gone} {
		if _, err := plan(t, text, known, nil); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "--lose") {
			t.Errorf("%s: %v", name, err)
		}
		if p, err := plan(t, text, known, func(o *roster.Import) { o.Lose = 1 }); err != nil || p.Left < 3 {
			t.Errorf("%s, allowed: %+v %v", name, p, err)
		}
	}
	if p, err := plan(t, text[:strings.Index(text, "p18")], known, nil); err != nil || p.Left != 2 {
		t.Errorf("a share that may: %+v %v", p, err)
	}
	few, _ := staff(3)
	if p, err := plan(t, "login\np0\n", few, nil); err != nil || p.Left != 2 {
		t.Errorf("a small company: %+v %v", p, err)
	}
}

// FuzzRead: every file is read or refused, and whoever comes out can be kept.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		table, "\uFEFF" + table, "sep=;\nlogin;team\na;b\n", utf(table, binary.LittleEndian, true), `{"login":"a","groups":["x"]}` + "\n{}", "login\n\"a\"\"b\"\n",
		"login,end\na,2030-04-05T00:00:00Z\n", "a\x00b\x00", "login|status\na|0\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := roster.Read("x.csv", strings.NewReader(string(data)), nil)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", data, err)
			}
			return
		}
		seen := map[string]bool{}
		for _, r := range rows {
			if r.Person.Check() != nil || seen[person.Key(r.Person.UserName)] || r.Line < 1 {
				t.Errorf("%q: %+v", data, r)
			}
			seen[person.Key(r.Person.UserName)] = true
		}
	})
}
