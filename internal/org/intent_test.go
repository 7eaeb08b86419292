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

func tagged(ref resource.Ref, tag string) resource.Resource {
	return resource.Resource{Ref: ref, Tags: map[string]string{org.ExposureTag: tag}}
}

func TestExposureOfOthers(t *testing.T) {
	const balancer, group, rule = "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"
	in, err := org.ParseIntent("intent.yaml", []byte(`
- {type: `+balancer+`, name: shop-*, public: true, owner: a, reason: r, expires: 2027-12-31, approved_by: b}
- {type: `+balancer+`, name: shop-inside, public: false, owner: a, reason: r, expires: 2027-12-31, approved_by: b}
- {type: `+group+`, name: sg-0123, public: true, owner: a, reason: r, expires: 2027-12-31, approved_by: b}
- {type: `+group+`, name: web, public: true, owner: a, reason: r, expires: 2020-12-31, approved_by: b}
- {bucket: orders, public: true, owner: a, reason: r, expires: 2027-12-31, approved_by: b}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, typ, id  string
		has            map[string]any
		public, lapsed bool
	}{
		{"by the name in the ARN", balancer, "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop-web/50dc6c495c0c9188", nil, true, false},
		{"by name", balancer, "Web", map[string]any{"Name": "shop-web"}, true, false},
		{"by the name in a text", balancer, "shop-web", nil, true, false},
		{"taken back", balancer, "Web", map[string]any{"Name": "shop-inside"}, false, false},
		{"another type of the same name", "AWS::ElasticLoadBalancing::LoadBalancer", "shop-web", nil, false, false},
		{"a bucket of the name of a load balancer", "AWS::S3::Bucket", "shop-web", nil, false, false},
		{"a load balancer of the name of a bucket", balancer, "orders", nil, false, false},
		{"a group by its ID", group, "sg-0123", nil, true, false},
		{"a rule of the group", rule, "sgr-1", map[string]any{"GroupId": "sg-0123"}, true, false},
		{"a rule of another group", rule, "sgr-1", map[string]any{"GroupId": "sg-4567"}, false, false},
		{"lapsed", group, "sg-4567", map[string]any{"GroupName": "web"}, false, true},
	} {
		r := resource.Resource{Ref: resource.Ref{Type: resource.Type(c.typ), Account: "111122223333", ID: c.id}, Properties: c.has}
		if e := in.Exposure(r, march); e.Public != c.public || e.Lapsed != c.lapsed {
			t.Errorf("%s: got %+v", c.name, e)
		}
		r.Tags = map[string]string{org.ExposureTag: org.ExposurePrivate}
		if in.Exposure(r, march).Public {
			t.Errorf("%s: public against its tag", c.name)
		}
	}
	if !in.PublicIn("111122223333", march) {
		t.Error("a bucket is declared")
	}
	for path, want := range map[string]bool{"properties": true, "properties.Name": true, "properties.Scheme": false, "tags": false} {
		if got := in.MayTurn(resource.Resource{Ref: resource.Ref{Type: balancer, ID: "Web"}}, path, false, march); got != want {
			t.Errorf("without %s it may be declared: %t", path, got)
		}
	}
	unread := resource.Resource{
		Ref: resource.Ref{Type: balancer, ID: "Other"}, Properties: map[string]any{"Name": "Web"},
		Unknown: []resource.Unknown{{Path: "properties.Name", Cause: "denied"}},
	}
	if names := org.Names(unread); len(names) != 1 {
		t.Errorf("named %v, although its name is not known", names)
	}
	if !in.MayTurn(unread, "properties.Name", true, march) {
		t.Error("its name may be the one that is declared private")
	}
	if in.MayTurn(resource.Resource{Ref: resource.Ref{Type: group, ID: "sg-0123"}}, "properties.GroupName", true, march) {
		t.Error("no group is declared private")
	}
	if in.MayTurn(resource.Resource{Ref: resource.Ref{Type: group, ID: "Web"}}, "properties.GroupName", false, march.AddDate(9, 0, 0)) {
		t.Error("what has lapsed makes something public")
	}
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
		e := in.Exposure(tagged(c.ref, c.tag), march)
		got := flat{e.Public, e.Declared, e.Private, e.Lapsed, e.By.Owner}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	if e := in.Exposure(tagged(bucket("site-a"), ""), march); !strings.HasSuffix(e.By.String(), "intent.yaml:4:4") {
		t.Errorf("got %s", e.By)
	}
	if n := len(in.Expired(march)); n != 2 {
		t.Errorf("%d expired", n)
	}
	var none *org.Intent
	if none.Exposure(tagged(bucket("site-a"), ""), march).Public || none.Expired(march) != nil {
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
		if in.Exposure(resource.Resource{Ref: ref, Tags: tags}, now).Public && !in.Exposure(resource.Resource{Ref: ref}, now).Public {
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
		{"type", "- {type: 'AWS::EC2::Instance', name: site, public: true, expires: 2027-01-01" + rest + "}", `type "AWS::EC2::Instance" cannot be declared public`},
		{"no name", "- {type: 'AWS::EC2::SecurityGroup', public: true, expires: 2027-01-01" + rest + "}", "name is missing"},
		{"no type", "- {name: site, public: true, expires: 2027-01-01" + rest + "}", `type "" cannot`},
		{"wide name", "- {type: 'AWS::EC2::SecurityGroup', name: 'sg-*', public: true, expires: 2027-01-01" + rest + "}", `name "sg-*" is too wide`},
		{"both", "- {bucket: site, type: 'AWS::EC2::SecurityGroup', name: site, public: true, expires: 2027-01-01" + rest + "}", "not about both"},
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
		e := in.Exposure(tagged(bucket(name), ""), march)
		if e.Public && (!e.Declared || e.By.Owner == "" || e.By.Reason == "" || !e.By.Live(march)) {
			t.Fatalf("%q is public by %+v", name, e)
		}
		if in.Exposure(tagged(bucket(name), org.ExposurePrivate), march).Public {
			t.Fatalf("%q is public against its tag", name)
		}
	})
}
