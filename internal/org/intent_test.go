package org_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/fault"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

var march = time.Date(2027, 3, 31, 12, 0, 0, 0, time.UTC)

func bucket(name string) resource.Ref {
	return resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: name}
}

func TestExposure(t *testing.T) {
	in, err := org.ParseIntent("intent.yaml", []byte(`
- {bucket: old-site, public: true, owner: a, reason: r, expires: 2027-03-30, approved_by: b}
- {bucket: last-day, public: true, owner: a, reason: r, expires: 2027-03-31, approved_by: b}
- {bucket: site-*, account: "111122223333", public: true, owner: first, reason: r, expires: 2027-12-31, approved_by: b}
- {bucket: site-*, public: true, owner: second, reason: r, expires: 2027-12-31, approved_by: b}
- {bucket: site-staging, public: false, owner: a, reason: r, expires: 2027-12-31, approved_by: b}
- {bucket: site-was, public: false, owner: a, reason: r, expires: 2020-12-31, approved_by: b}
`))
	if err != nil {
		t.Fatal(err)
	}
	type flat struct {
		Public, Declared, Private, Lapsed bool
		Owner                             string
	}
	other := bucket("site-a")
	other.Account = "444455556666"
	key := bucket("site-a")
	key.Type = resource.AccessKey
	cases := []struct {
		name string
		ref  resource.Ref
		tag  string
		want flat
	}{
		{"not declared", bucket("data"), "", flat{}},
		{"declared", bucket("site-a"), "", flat{Public: true, Declared: true, Owner: "first"}},
		{"declared for any account", other, "", flat{Public: true, Declared: true, Owner: "second"}},
		{"another type", key, "", flat{}},
		{"taken back", bucket("site-staging"), "", flat{Declared: true, Owner: "a"}},
		{"an expired one takes nothing back", bucket("site-was"), "", flat{Public: true, Declared: true, Owner: "first"}},
		{"lapsed", bucket("old-site"), "", flat{Lapsed: true, Owner: "a"}},
		{"on its last day", bucket("last-day"), "", flat{Public: true, Declared: true, Owner: "a"}},
		{"made private by tag", bucket("site-a"), " Private ", flat{Declared: true, Private: true, Owner: "first"}},
		{"a tag cannot publish", bucket("data"), "public", flat{}},
	}
	for _, c := range cases {
		e := in.Exposure(c.ref, map[string]string{org.ExposureTag: c.tag}, march)
		got := flat{e.Public, e.Declared, e.Private, e.Lapsed, e.By.Owner}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	if d, ok := in.PublicBucket(bucket("site-a"), march); !ok || d.Owner != "first" || !strings.HasSuffix(d.String(), "intent.yaml:4:4") {
		t.Errorf("got %s, %t", d, ok)
	}
	if n := len(in.Expired(march)); n != 2 {
		t.Errorf("%d expired", n)
	}
	var none *org.Intent
	if _, ok := none.PublicBucket(bucket("site-a"), march); ok || none.Expired(march) != nil {
		t.Error("nothing declares something")
	}
}

// TestTagsNeverPublish is the promise of the file of intent: whatever the tags say, they only take away.
func TestTagsNeverPublish(t *testing.T) {
	in, err := org.ParseIntent("intent.yaml", []byte(org.ExampleIntent()))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		ref := bucket(rapid.SampledFrom([]string{"shop-website-a", "shop-website-staging", "data"}).Draw(t, "bucket"))
		tags := rapid.MapOf(rapid.SampledFrom([]string{org.ExposureTag, "jobzero:public", "public", "Exposure"}),
			rapid.SampledFrom([]string{"public", "private", "true", ""})).Draw(t, "tags")
		now := march.AddDate(rapid.IntRange(-1, 2).Draw(t, "years"), 0, 0)
		if in.Exposure(ref, tags, now).Public && !in.Exposure(ref, nil, now).Public {
			t.Fatalf("tags %v publish %s", tags, ref)
		}
	})
}

func TestParseIntentRefuses(t *testing.T) {
	const rest = ", owner: a, reason: r, approved_by: b"
	cases := []struct{ name, text, want string }{
		{"no reason", "- {bucket: site, public: true, owner: a, expires: 2027-01-01, approved_by: b}", "intent.yaml:1:4: reason is missing"},
		{"no expiry", "- {bucket: site, public: true" + rest + "}", "intent.yaml:1:4: expires is missing"},
		{"no approver", "- {bucket: site, public: true, owner: a, reason: r, expires: 2027-01-01}", "approved_by is missing"},
		{"no public", "- {bucket: site, expires: 2027-01-01" + rest + "}", "public is missing"},
		{"too wide", "- {bucket: '*', public: true, expires: 2027-01-01" + rest + "}", `intent.yaml:1:12: bucket "*" is too wide`},
		{"still too wide", "- {bucket: 'a-*.b', public: true, expires: 2027-01-01" + rest + "}", "is too wide"},
		{"account", "- {bucket: site, account: 123, public: true, expires: 2027-01-01" + rest + "}", `account "123"`},
		{"day", "- {bucket: site, public: true, expires: tomorrow" + rest + "}", `"tomorrow" is no day`},
		{"key", "- {bucket: site, pubic: true}", `intent.yaml:1:18: unknown field "pubic"`},
		{"map", "bucket: site", "intent.yaml:1:"},
		{"null", "- ~", "bucket is missing"},
	}
	for _, c := range cases {
		if _, err := org.ParseIntent("intent.yaml", []byte(c.text)); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestCheckIntent(t *testing.T) {
	in, err := org.ParseIntent("intent.yaml", []byte(org.ExampleIntent()))
	if err != nil {
		t.Fatal(err)
	}
	if err := example(t).CheckIntent(in); err != nil {
		t.Error(err)
	}
	nobody, err := org.Parse("org.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.CheckIntent(in); err == nil || !strings.HasPrefix(err.Error(), `intent.yaml:3:3: no team and no person is called "shop"`) {
		t.Errorf("got %v", err)
	}
}

func FuzzParseIntent(f *testing.F) {
	f.Add([]byte(org.ExampleIntent()), "shop-website-a")
	f.Add([]byte("- ~\n- {bucket: 'abc*', public: true, owner: a, reason: r, expires: '2027-01-01', approved_by: b}\n-\n"), "abcd")
	f.Add([]byte("[]"), "")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		in, err := org.ParseIntent("intent.yaml", data)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "intent.yaml:") {
					t.Fatalf("error without a place: %v", err)
				}
			}
			return
		}
		e := in.Exposure(bucket(name), nil, march)
		if e.Public && (!e.Declared || e.By.Owner == "" || e.By.Reason == "" || !e.By.Live(march)) {
			t.Fatalf("%q is public by %+v", name, e)
		}
		if in.Exposure(bucket(name), map[string]string{org.ExposureTag: org.ExposurePrivate}, march).Public {
			t.Fatalf("%q is public against its tag", name)
		}
	})
}
