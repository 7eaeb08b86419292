package expect_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/finding"
	"jobzero/internal/org"
	"jobzero/internal/resource"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const good = `id: box-small
title: Boxes should be small
why: Large boxes do not fit.
severity: low
resource: Example::Shop::Box
when: resource.properties.?Kind.orValue('box') == 'box'
expression: resource.properties.Size < 10
message: "'its size is ' + string(resource.properties.Size)"
`

func load(t testing.TB, files map[string]string) (*expect.Set, []error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return expect.Load(fsys, ".")
}

func box(properties map[string]any, unknown ...resource.Unknown) resource.Resource {
	return resource.Resource{
		Ref:        resource.Ref{Type: "Example::Shop::Box", Account: "111122223333", Region: "eu-west-1", ID: "box-1"},
		Properties: properties, Unknown: unknown, ReadAt: noon,
	}
}

func TestLoadNeverStops(t *testing.T) {
	set, errs := load(t, map[string]string{
		"a.yaml": good, "sub/b.yml": strings.Replace(good, "box-small", "box-two", 1), "notes.txt": "no expectation",
		"twice.yaml":      good,
		"empty.yaml":      "",
		"key.yaml":        good + "colour: red\n",
		"severity.yaml":   strings.Replace(good, "severity: low", "severity: bad", 1),
		"type.yaml":       strings.Replace(good, "resource: Example::Shop::Box", "resource: box", 1),
		"types.yaml":      strings.Replace(good, "resource: Example::Shop::Box", "resource: [A::B::C, A::B::C]", 1),
		"missing.yaml":    strings.Replace(good, "why: Large boxes do not fit.\n", "", 1),
		"id.yaml":         strings.Replace(good, "box-small", "Box Small", 1),
		"expression.yaml": strings.Replace(good, "expression: resource.properties.Size < 10", "expression: |\n  true &&\n  resource.sise < 10", 1),
		"when.yaml":       strings.Replace(good, "when: resource", "when: >-\n\n    nothing", 1),
		"message.yaml":    strings.Replace(good, `message: "'its`, `message: ["'a'", "'b' + 1 + '`, 1) + "]\n",
		"quoted.yaml":     strings.Replace(good, "expression: resource.properties.Size < 10", `expression: "1 + 1"`, 1),
	})
	var ids []string
	for _, e := range set.All() {
		ids = append(ids, e.ID)
	}
	if d := cmp.Diff([]string{"box-small", "box-two"}, ids); d != "" {
		t.Error(d)
	}
	var got []string
	for _, err := range errs {
		text, _, _ := strings.Cut(err.Error(), "\n")
		got = append(got, text)
	}
	want := []string{
		"empty.yaml:1:1: the file is empty",
		"expression.yaml:9:11: resource has no field \"sise\": use one of type, id,",
		"id.yaml:1:5: id \"Box Small\": use lower-case words",
		"key.yaml:9:1: unknown field \"colour\"",
		"message.yaml:8:23: found no matching overload for '_+_'",
		"missing.yaml:1:1: why is missing",
		"quoted.yaml:7:14: the expression gives int: want bool",
		"severity.yaml:4:11: severity \"bad\": use informational,",
		"twice.yaml:1:1: expectation box-small is in a.yaml already",
		"type.yaml:5:11: resource \"box\": want CloudFormation types",
		"types.yaml:5:11: resource \"A::B::C\"",
		"when.yaml:8:5: undeclared reference to 'nothing'",
	}
	if len(got) != len(want) {
		t.Errorf("%d errors, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, w := range want {
		if i < len(got) && !strings.HasPrefix(got[i], w) {
			t.Errorf("got  %s\nwant %s", got[i], w)
		}
	}
	if _, errs := expect.Load(fstest.MapFS{}, "none"); len(errs) != 1 {
		t.Errorf("a folder that is not there gives %v", errs)
	}
}

func TestCheck(t *testing.T) {
	set, errs := load(t, map[string]string{"a.yaml": good})
	if errs != nil {
		t.Fatal(errs)
	}
	gone := box(nil)
	gone.Gone = true
	denied := resource.Unknown{Path: "properties.Size", Cause: "AccessDenied"}
	cases := []struct {
		name string
		r    resource.Resource
		want expect.Result
		why  string
	}{
		{"pass", box(map[string]any{"Size": 9.5}), expect.Pass, "met"},
		{"fail", box(map[string]any{"Size": 10}), expect.Fail, "its size is 10"},
		{"fail with a number of the API", box(map[string]any{"Size": int32(11)}), expect.Fail, "its size is 11"},
		{"fail with a number of JSON", box(map[string]any{"Size": json.Number("12")}), expect.Fail, "its size is 12"},
		{"other kind", box(map[string]any{"Size": 10, "Kind": "bag"}), expect.NotApplicable, "it does not apply to this resource"},
		{"denied", box(map[string]any{}, denied), expect.Unknown, "properties.Size is not known: AccessDenied"},
		{"denied with a stale value", box(map[string]any{"Size": 1}, denied), expect.Unknown, "properties.Size is not known: AccessDenied"},
		{"all denied", box(nil, resource.Unknown{Path: "properties", Cause: "Throttling"}), expect.Unknown, "properties is not known: Throttling"},
		{"unnamed unknown", box(map[string]any{"Size": 1}, resource.Unknown{Cause: "Throttling"}), expect.Unknown, "resource is not known: Throttling"},
		{"another part denied", box(map[string]any{"Size": 1}, resource.Unknown{Path: "related.policy", Cause: "x"}), expect.Pass, "met"},
		{"no value", box(map[string]any{}), expect.Unknown, "the expectation could not be evaluated: no such key: Size (a key that may be missing is written .?Size.orValue(…))"},
		{"wrong type", box(map[string]any{"Size": "large"}), expect.Unknown, "the expectation could not be evaluated: no such overload"},
		{"gone", gone, expect.NotApplicable, "it does not exist: AWS itself said so"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := set.Check(c.r, expect.Facts{Now: noon})
			if len(v) != 1 || v[0].Result != c.want || v[0].Why != c.why {
				t.Errorf("got %+v", v)
			}
			if one := set.Judge(v[0].Expectation, c.r, expect.Facts{Now: noon}); one != v[0] {
				t.Errorf("alone: %+v", one)
			}
		})
	}
	other := box(nil)
	other.Type = resource.Bucket
	if v := set.Check(other, expect.Facts{}); v != nil {
		t.Errorf("got %+v", v)
	}
	e, _ := set.One("box-small")
	if v := set.Judge(e, other, expect.Facts{}); v.Result != expect.NotApplicable {
		t.Errorf("got %+v", v)
	}
}

func TestFinding(t *testing.T) {
	set, errs := load(t, map[string]string{"a.yaml": good})
	if errs != nil {
		t.Fatal(errs)
	}
	r := box(map[string]any{"Size": 10})
	v := set.Check(r, expect.Facts{Now: noon})[0]
	first := expect.Finding(v, r, nil, noon.Add(time.Second))
	if !v.Wrong() || first.Fingerprint != expect.Fingerprint("box-small", r.Ref) || first.Occurred != noon || first.Detected != noon.Add(time.Second) ||
		first.Severity != finding.Low || first.Why != "its size is 10" || first.Resource.ID != "box-1" || first.Unknown || len(first.Evidence) != 2 {
		t.Errorf("got %+v", first)
	}

	tagged := r
	tagged.ARN, tagged.Tags = "arn:aws:box:::box-1", map[string]string{"service": "checkout"}
	if f := expect.Finding(v, tagged, nil, noon); f.ARN != tagged.ARN || f.Tags["service"] != "checkout" {
		t.Errorf("what says who owns it is not on the finding: %+v", f)
	}

	again := r
	again.ReadAt = noon.Add(time.Hour)
	touch := &event.Touch{Event: "e-1", Time: noon.Add(-time.Minute), Name: "PutBox", Actor: "arn:aws:iam::111122223333:user/kim", Raw: []byte(`{"a":1}`)}
	second := expect.Finding(v, again, touch, noon.Add(time.Hour))
	if second.Sighting != first.Sighting || second.Occurred != touch.Time || second.Principal != touch.Actor || len(second.Evidence) != 3 {
		t.Errorf("the same state: %+v", second)
	}

	other := box(map[string]any{"Size": 11})
	if f := expect.Finding(v, other, nil, noon); f.Sighting == first.Sighting || f.Fingerprint != first.Fingerprint {
		t.Error("another state is the same sighting")
	}

	sightings := map[string]bool{}
	for _, cause := range []string{"AccessDenied, request 1", "AccessDenied, request 2"} {
		r := box(map[string]any{}, resource.Unknown{Path: "properties.Size", Cause: cause})
		f := expect.Finding(set.Check(r, expect.Facts{Now: noon})[0], r, nil, noon)
		if !f.Unknown || !strings.Contains(f.Why, cause) {
			t.Errorf("got %+v", f)
		}
		sightings[f.Sighting] = true
	}
	if len(sightings) != 1 {
		t.Error("a request ID makes another sighting")
	}

	touch.Raw = []byte("broken")
	if _, err := json.Marshal(expect.Finding(v, box(map[string]any{"Size": 10, "Bad": func() {}}), touch, noon)); err != nil {
		t.Errorf("evidence that is no JSON breaks the finding: %v", err)
	}
}

func TestOwnerOfTheIntent(t *testing.T) {
	in, err := org.ParseIntent("intent.yaml", []byte(org.ExampleIntent()))
	if err != nil {
		t.Fatal(err)
	}
	_, set := content(t)
	r := resource.Resource{Ref: resource.Ref{Type: resource.Bucket, Account: "111122223333", ID: "shop-website-a"}, Related: map[string]any{"policy": nil, "acl": map[string]any{"Grants": []any{}}}}
	for _, v := range set.Check(r, expect.Facts{Intent: in, Now: noon}) {
		if v.Owner != "shop" {
			t.Errorf("%s is owned by %q", v.Expectation.ID, v.Owner)
		}
		id := v.Expectation.ID
		want := map[string]expect.Result{"s3-declared-public-bucket-is-public": expect.Fail, "s3-bucket-public-only-as-declared": expect.Pass}[id]
		if want != "" && v.Result != want {
			t.Errorf("%s: %s %s", id, v.Result, v.Why)
		}
	}
}

func TestHolds(t *testing.T) {
	set := expect.NewSet(nil)
	const inactive = `resource.gone || resource.properties.Status == "Inactive"`
	key := resource.Resource{Ref: resource.Ref{Type: resource.AccessKey, ID: "AKIAEXAMPLE000000001"}, Properties: map[string]any{"Status": "Active"}}
	gone, denied := key, key
	gone.Gone, gone.Properties = true, nil
	denied.Unknown = []resource.Unknown{{Path: "properties.Status", Cause: "AccessDenied"}}
	for want, r := range map[expr.Verdict]resource.Resource{expr.False: key, expr.True: gone, expr.Unknown: denied} {
		if got, text, err := set.Holds(inactive, r, expect.Facts{}); got != want || err != nil || (want == expr.Unknown) != (text != "") {
			t.Errorf("got %s (%s, %v), want %s", got, text, err, want)
		}
	}
	if _, _, err := set.Holds("resource.nothing", key, expect.Facts{}); err == nil || !strings.HasPrefix(err.Error(), "condition:1:9: resource has no field") {
		t.Errorf("got %v", err)
	}
}

func TestNewSetKeepsTheLast(t *testing.T) {
	a, errs := load(t, map[string]string{"a.yaml": good})
	b, more := load(t, map[string]string{"b.yaml": good})
	if errs != nil || more != nil {
		t.Fatal(errs, more)
	}
	set := expect.NewSet(append(a.All(), b.All()...))
	if e, ok := set.One("box-small"); !ok || e.File != "b.yaml" || len(set.All()) != 1 {
		t.Errorf("got %+v", set.All())
	}
	if d := cmp.Diff([]resource.Type{"Example::Shop::Box"}, set.Types()); d != "" {
		t.Error(d)
	}
}

func TestRunTestsTellsWhatIsWrong(t *testing.T) {
	fsys := fstest.MapFS{
		"a.yaml":   {Data: []byte(good)},
		"a.test":   {Data: []byte("Words.\n-- pass/large.json --\n{\"type\":\"Example::Shop::Box\",\"properties\":{\"Size\":10}}\n-- pass/typo.json --\n{\"tipe\":1}\n-- maybe/x.json --\n{}\n-- fail/two.json --\n{} {}\n-- fail/intent.json --\n{\"type\":\"Example::Shop::Box\",\"properties\":{},\"intent\":[{}]}\n-- fail/large.json --\n{\"type\":\"Example::Shop::Box\",\"properties\":{\"Size\":10}}\n")},
		"b.test":   {Data: []byte("-- pass/x.json --\n{}\n")},
		"c.yaml":   {Data: []byte("id: C")},
		"c.test":   {Data: []byte("-- pass/x.json --\n{}\n")},
		"d.yaml":   {Data: []byte(strings.Replace(good, "box-small", "box-d", 1))},
		"d.test":   {Data: []byte("no case")},
		"e.yaml":   {Data: []byte(strings.Replace(good, "box-small", "box-e", 1))},
		"e.test":   {Data: []byte("-- --\n")},
		"sub/x.md": {Data: []byte("")},
	}
	want := []struct {
		file, name string
		ok         bool
		text       string
	}{
		{"a.test", "pass/large", false, "want pass, got fail: its size is 10"},
		{"a.test", "pass/typo", false, `unknown field "tipe"`},
		{"a.test", "maybe/x", false, "put it into pass, fail, unknown or notapplicable"},
		{"a.test", "fail/two", false, "more text behind the resource"},
		{"a.test", "fail/intent", false, "fail/intent.json#intent.json:1:2: bucket is missing"},
		{"a.test", "fail/large", true, "its size is 10"},
		{"b.test", "", false, "there is no expectation b.yaml beside it"},
		{"c.test", "", false, "c.yaml:1:1: title is missing"},
		{"d.test", "", false, "no case"},
		{"e.test", "", false, "e.test:1:1: a line such as -- fire/name.json -- is broken"},
	}
	got := expect.RunTests(fsys, ".")
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i, w := range want {
		if g := got[i]; g.File != w.file || g.Case != w.name || g.OK != w.ok || !strings.Contains(g.Text, w.text) {
			t.Errorf("got %+v\nwant %+v", g, w)
		}
	}
	if one := expect.RunTests(fsys, "a.yaml"); len(one) != 6 {
		t.Errorf("of one file: %+v", one)
	}
	if none := expect.RunTests(fsys, "none"); len(none) != 1 || none[0].OK {
		t.Errorf("of no file: %+v", none)
	}
}

// TestNames: a property that the type does not have is found when the text is loaded.
func TestNames(t *testing.T) {
	for expression, want := range map[string]string{
		"resource.properties.?VersioningConfiguration.?Status.orValue('') == 'Enabled'":                   "",
		"resource.properties.?VersionConfiguration.?Status.orValue('') == 'Enabled'":                      "a.yaml:6:71: AWS::S3::Bucket has no VersionConfiguration: did you mean VersioningConfiguration?",
		"resource.properties.?Tags.orValue([]).exists(t, t.key == 'owner')":                               "a.yaml:6:63: AWS::S3::Bucket has no Tags[].key",
		"['BlockPublicAcls'].all(n, resource.properties.PublicAccessBlockConfiguration[n])":               "",
		"resource.properties.LoggingConfiguration.?DestinationBucket.orValue('') != ''":                   "a.yaml:6:81: AWS::S3::Bucket has no LoggingConfiguration.DestinationBucket: did you mean DestinationBucketName?",
		"resource.related.policy == null":                                                                 "",
		"resource.related.trails.all(t, t.IsLogging)":                                                     "",
		"resource.related.trails.all(t, t.IsLoging)":                                                      "a.yaml:6:46: AWS::CloudTrail::Trail has no IsLoging: did you mean IsLogging?",
		"resource.related.polcy == null":                                                                  "a.yaml:6:30: AWS::S3::Bucket has no relation polcy: did you mean policy?",
		"resource.properties.?PublicAccessBlockConfiguration.?BlockPublicPolicies.orValue(false) == true": "a.yaml:6:94: AWS::S3::Bucket has no PublicAccessBlockConfiguration.BlockPublicPolicies: did you mean BlockPublicPolicy?",
	} {
		text := strings.ReplaceAll(good, "Example::Shop::Box", "AWS::S3::Bucket")
		text = strings.ReplaceAll(text, "resource.properties.Size < 10", strconv.Quote(expression))
		_, rest, _ := strings.Cut(text, "message:")
		text = strings.TrimSuffix(text, "message:"+rest)
		text = strings.ReplaceAll(text, "when: resource.properties.?Kind.orValue('box') == 'box'\n", "")
		_, errs := load(t, map[string]string{"a.yaml": text})
		got := ""
		if len(errs) > 0 {
			got = errs[0].Error()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", expression, got, want)
		}
	}
	unknown := strings.ReplaceAll(good, "Example::Shop::Box", "AWS::S3::Buckets")
	if _, errs := load(t, map[string]string{"a.yaml": unknown}); len(errs) != 1 || !strings.Contains(errs[0].Error(), "there is no resource type AWS::S3::Buckets") {
		t.Errorf("%v", errs)
	}
}
