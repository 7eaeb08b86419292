package line_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/source/line"
)

func TestPlaceOf(t *testing.T) {
	const flows, names = "vpcflowlogs", "vpcdnsquerylogs"
	for name, want := range map[string]line.Place{
		"s3://b/p/AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/03/02/x.log.gz":                               {Account: "111122223333", Region: "eu-central-1", Kind: flows, Base: "x.log"},
		"AWSLogs/o-abc123/111122223333/vpcflowlogs/us-gov-east-1/x.log":                                            {Account: "111122223333", Region: "us-gov-east-1", Kind: flows, Base: "x.log"},
		"b/AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-central-1/year=2026/x.log.gz": {Account: "111122223333", Region: "eu-central-1", Kind: flows, Base: "x.log"},
		"AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a/2026/03/02/x.log.gz":                                          {Account: "111122223333", Kind: names, Base: "x.log"},
		"AWSLogs/111122223333/WAFLogs/cloudfront/shop/x.log.gz":                                                    {Account: "111122223333", Kind: "waflogs", Base: "x.log"},
		"p/111122223333/eu-central-1/example-reports/2026/03/02/2026-03-02-09-00-00-A":                             {Account: "111122223333", Region: "eu-central-1", Base: "2026-03-02-09-00-00-A"},
		`C:\logs\111122223333_vpcflowlogs_eu-central-1_fl-1_x.log.gz`:                                              {Account: "111122223333", Region: "eu-central-1", Kind: flows, Base: "111122223333_vpcflowlogs_eu-central-1_fl-1_x.log"},
		"logs.zip!AWSLogs/111122223333/vpcflowlogs/eu-central-1/x.log":                                             {Account: "111122223333", Region: "eu-central-1", Kind: flows, Base: "x.log"},
		"AWSLogs/1111/vpcflowlogs/eu-central-1/x.log":                                                              {Base: "x.log"},
		"a.log": {Base: "a.log"},
		"":      {Base: "."},
	} {
		if want.Name = name; strings.Contains(name, `\`) {
			want.Name = strings.ReplaceAll(name, `\`, "/")
		}
		if d := cmp.Diff(want, line.PlaceOf(name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	e := &event.Event{Account: "444455556666"}
	line.Place{Account: "111122223333", Region: "eu-central-1"}.Fill(e)
	if e.Account != "444455556666" || e.Region != "eu-central-1" {
		t.Errorf("what the entry says does not count more: %+v", e)
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string]string{
		"a b  c":                  "a|b|c",
		`a "b c" [d e] f`:         "a|b c|d e|f",
		`"a "b" c" d`:             `a "b|c"|d`,
		`"a\" b" c`:               `a\" b|c`,
		`"a\\" b`:                 `a\\|b`,
		`[2001:db8::1]:443 - "-"`: "[2001:db8::1]:443|-|-",
		`[a b`:                    "[a|b",
		`""`:                      "",
		"":                        "none",
		`a "b`:                    "error",
		`"`:                       "error",
	} {
		got, err := line.Split(text)
		said := strings.Join(got, "|")
		switch {
		case err != nil:
			said = "error"
		case got == nil:
			said = "none"
		}
		if said != want {
			t.Errorf("%q: %q, want %q", text, said, want)
		}
	}
	if _, err := line.Split(strings.Repeat("a ", 600)); err == nil {
		t.Error("six hundred fields are taken")
	}
}

func TestObject(t *testing.T) {
	fields := line.Fields("a b# c# d e")
	got := string(line.Object(fields, []string{"x\ty\"", "007", "-1.5", "-", "", "more", "\xff"}))
	if want := `{"a":"x\ty\"","b":"007","c":-1.5,"more":["more","` + `\ufffd` + `"]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(line.Object(fields, nil)); got != "{}" {
		t.Errorf("got %s", got)
	}
}

func TestWhen(t *testing.T) {
	for _, c := range []struct{ text, layout, want string }{
		{"1772442000", line.Seconds, "2026-03-02T09:00:00Z"},
		{"1772442000.5", line.Seconds, "2026-03-02T09:00:00.5Z"},
		{"1772442000123", line.Milliseconds, "2026-03-02T09:00:00.123Z"},
		{"2026-03-02T10:00:00+01:00", time.RFC3339, "2026-03-02T09:00:00Z"},
		{"1", line.Seconds, ""},
		{"99999999999999", line.Seconds, ""},
		{"NaN", line.Seconds, ""},
		{"-", line.Seconds, ""},
		{"", line.Seconds, ""},
	} {
		got, err := line.When("start", c.text, c.layout)
		said := ""
		if err == nil {
			said = got.Format(time.RFC3339Nano)
		}
		if said != c.want {
			t.Errorf("%s: %s %v, want %s", c.text, said, err, c.want)
		}
	}
}

// The same entry is the same event wherever it has an ID of its own; what a client chooses cannot hide another request.
func TestID(t *testing.T) {
	entry := func(text, place string) line.Entry {
		return line.Entry{Text: []byte(text), Origin: event.Origin{Place: place}}
	}
	if entry("a", "x").ID("r") != entry("a", "y").ID("r") || entry("a", "x").ID("r") == entry("b", "x").ID("r") {
		t.Error("an ID of its own does not stand for the text")
	}
	if one, same := entry("a", "x").ID(""), entry("a", "x").ID(""); one == entry("a", "y").ID("") || one != same {
		t.Error("without an ID the place does not count")
	}
	if id := entry("a", "x").ID(strings.Repeat("é", 999)); len(id) > 256 || !strings.HasPrefix(string(id), "é") {
		t.Errorf("%d bytes", len(id))
	}
}
