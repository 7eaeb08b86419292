package timed_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/policy/timed"
)

var noon = time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)

func TestAStatementMoreAndLess(t *testing.T) {
	const before = `{"Version":"2012-10-17","Id":"x","Statement":{"Sid":"Own","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	d, err := timed.Read(before)
	if err != nil {
		t.Fatal(err)
	}
	s, err := timed.Grant{Sid: "A1", Principal: "arn:aws:iam::111122223333:user/ana", Session: "x1", Until: noon}.Statement()
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.With(s).With(s).Text()
	if err != nil || strings.Count(text, "A1") != 1 || !strings.Contains(text, `"Sid":"Own"`) || !strings.Contains(text, `"Id":"x"`) {
		t.Errorf("with it, twice: %s, %v", text, err)
	}
	again, err := timed.Read(text)
	if err != nil || again.Find("A1") == nil || again.Without("A1").Find("A1") != nil || again.Without("A1").Find("Own") == nil || again.Without("").Empty() {
		t.Errorf("read again: %v, %v", again, err)
	}
	if _, err := timed.Read(`{"Statement":[],"Surprise":1}`); !fault.Is(err, fault.Invalid) {
		t.Errorf("what would be lost: %v", err)
	}
}

func TestEndsAreTold(t *testing.T) {
	for name, e := range map[string]timed.End{
		"no time":     {},
		"two times":   {From: noon, Issued: noon},
		"a wild name": {From: noon, Session: "*"},
	} {
		if _, err := e.Statement(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, b := timed.End{From: noon, Session: "a-b"}, timed.End{From: noon, Session: "ab"}
	if a.Sid() == b.Sid() || a.Sid() != "SessionsFrom20300405T120000Zax2Db" {
		t.Errorf("%s and %s", a.Sid(), b.Sid())
	}
}

// FuzzRead: what is read and written again says the same, and a statement that is put in is found.
func FuzzRead(f *testing.F) {
	f.Add("")
	f.Add(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}`)
	f.Add(`{"Statement":{"Effect":"Allow"}}`)
	f.Add(`{"Statement":[1,null,"x"]}`)
	s, err := timed.End{From: noon}.Statement()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := timed.Read(text)
		if err != nil {
			return
		}
		out, err := d.Fresh(noon).With(s).Text()
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		back, err := timed.Read(out)
		if err != nil || !json.Valid([]byte(out)) || back.Find(timed.End{From: noon}.Sid()) == nil {
			t.Errorf("%q: %v", out, err)
		}
	})
}
