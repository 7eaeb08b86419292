package org_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/org"
	"jobzero/internal/resource"
)

const waived = `- expectations: [s3-bucket-encryption, ec2-no-open-*]
  resources: [shop-*]
  accounts: ["111122223333"]
  reason: because
  owner: shop
  approved_by: alex
  expires: 2026-06-30
`

func TestWaiverOf(t *testing.T) {
	w, err := org.ParseWaivers("w.yaml", []byte(waived+strings.ReplaceAll(waived, "2026-06-30", "2026-05-01")))
	if err != nil {
		t.Fatal(err)
	}
	at := func(day string) time.Time { d, _ := time.Parse(time.DateOnly, day); return d }
	bucket := org.Waivable{Ref: resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "shop-data"}}
	with := func(change func(*org.Waivable)) org.Waivable { x := bucket; change(&x); return x }
	for name, c := range map[string]struct {
		id     string
		about  org.Waivable
		on     string
		ok     bool
		live   bool
		expiry string
	}{
		"covered":          {"s3-bucket-encryption", bucket, "2026-05-20", true, true, "2026-06-30"},
		"by a glob":        {"ec2-no-open-admin-ingress", bucket, "2026-05-20", true, true, "2026-06-30"},
		"last day":         {"s3-bucket-encryption", bucket, "2026-06-30", true, true, "2026-06-30"},
		"lapsed":           {"s3-bucket-encryption", bucket, "2026-07-01", true, false, "2026-06-30"},
		"another one":      {"s3-bucket-public", bucket, "2026-05-20", false, false, ""},
		"another resource": {"s3-bucket-encryption", with(func(x *org.Waivable) { x.ID = "other" }), "2026-05-20", false, false, ""},
		"by name":          {"s3-bucket-encryption", with(func(x *org.Waivable) { x.ID, x.Name = "", "shop-x" }), "2026-05-20", true, true, "2026-06-30"},
		"another account":  {"s3-bucket-encryption", with(func(x *org.Waivable) { x.Account = "444455556666" }), "2026-05-20", false, false, ""},
		"unknown account":  {"s3-bucket-encryption", with(func(x *org.Waivable) { x.Account = "" }), "2026-05-20", false, false, ""},
	} {
		got, ok := w.Of(c.id, c.about, at(c.on))
		if ok != c.ok || got.Expires.String() != c.expiry || ok && got.Live(at(c.on)) != c.live {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	if got := w.Expired(at("2026-05-20")); len(got) != 1 || got[0].Place() != "w.yaml:8:3" {
		t.Errorf("expired: %+v", got)
	}
	var none *org.Waivers
	if _, ok := none.Of("s3-bucket-encryption", bucket, at("2026-05-20")); ok || none.All() != nil {
		t.Error("nothing waives something")
	}
}

// TestWaiverWhere: units, environments, tags, files and names of accounts, each of which has to fit.
func TestWaiverWhere(t *testing.T) {
	o, err := org.Parse("org.yaml", []byte(org.Example()))
	if err != nil {
		t.Fatal(err)
	}
	a := o.Accounts[0]
	units := o.UnitsOf(a.ID)
	x := org.Waivable{
		Ref: resource.Ref{Type: resource.Bucket, Account: a.ID, ID: "shop-data"}, File: "infra/shop/main.yaml",
		Tags: map[string]string{"purpose": "honeypot-1"},
	}
	for where, want := range map[string]bool{
		"units: [" + units[len(units)-1] + "]":                    true,
		"units: [nowhere]":                                        false,
		"environments: [" + a.Environment + "]":                   true,
		"accounts: [" + a.Name + "]":                              true,
		"tags: {purpose: honeypot*}":                              true,
		"tags: {purpose: shop}":                                   false,
		"tags: {owner: '*'}":                                      false,
		"files: [infra/*]":                                        true,
		"files: [other/*]":                                        false,
		"types: ['AWS::S3::*'], accounts: ['" + a.ID + "']":       true,
		"types: ['AWS::EC2::*'], accounts: ['" + a.ID + "']":      false,
		"environments: [" + a.Environment + "], files: [other/*]": false,
	} {
		text := "[{expectations: [abc], reason: r, owner: a, approved_by: b, expires: 2027-01-01, " + where + "}]"
		w, err := org.ParseWaivers("w.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		if _, ok := w.In(o).Of("abc", x, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); ok != want {
			t.Errorf("%s: %v", where, ok)
		}
	}
}

func TestWaiversRefuse(t *testing.T) {
	for change, want := range map[[2]string]string{
		{"expectations: [s3-bucket-encryption, ec2-no-open-*]", "types: []"}: "w.yaml:1:3: expectations is missing",
		{"  owner: shop\n", ""}:                                         "w.yaml:1:3: owner is missing",
		{"  expires: 2026-06-30\n", ""}:                                 "w.yaml:1:3: expires is missing",
		{"2026-06-30", "tomorrow"}:                                      `"tomorrow" is no day`,
		{"approved_by: alex", "approved_by: shop"}:                      "w.yaml:6:16: shop cannot approve a waiver of their own",
		{"  resources: [shop-*]\n  accounts: [\"111122223333\"]\n", ""}: "it does not say where",
		{"ec2-no-open-*", "'*'"}:                                        `expectations "*" is too wide`,
		{"shop-*]", "s*]"}:                                              `resources "s*" is too wide`,
		{"reason", "raison"}:                                            "unknown field",
	} {
		text := strings.Replace(waived, change[0], change[1], 1)
		if _, err := org.ParseWaivers("w.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", change, err, want)
		}
	}
}

func TestExampleWaivers(t *testing.T) {
	o, err := org.Parse("org.yaml", []byte(org.Example()))
	if err != nil {
		t.Fatal(err)
	}
	w, err := org.ParseWaivers("w.yaml", []byte(org.ExampleWaivers()))
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"s3-bucket-encryption", "ec2-no-open-admin-ingress"}
	if err := o.CheckWaivers(w, ids); err != nil {
		t.Error(err)
	}
	bad, err := org.ParseWaivers("w.yaml", []byte(strings.Replace(waived, "s3-bucket-encryption", "s3-bucket-encrypt", 1)))
	if err != nil {
		t.Fatal(err)
	}
	got := o.CheckWaivers(bad, ids)
	if d := cmp.Diff(true, got != nil && strings.Contains(got.Error(), "no expectation is called s3-bucket-encrypt")); d != "" {
		t.Error(got)
	}
}

func FuzzWaivers(f *testing.F) {
	f.Add([]byte(waived))
	f.Add([]byte(org.ExampleWaivers()))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := org.ParseWaivers("w.yaml", b)
		if (w == nil) == (err == nil) {
			t.Fatalf("%v with error %v", w, err)
		}
		w.Of("abc", org.Waivable{}, time.Time{})
	})
}
