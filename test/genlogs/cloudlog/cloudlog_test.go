package cloudlog_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"jobzero/content"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/source"
	"jobzero/internal/source/file"
	"jobzero/test/genlogs/cloudlog"
)

// logs are a folder of logs and what the house's own reader made of it.
type logs struct {
	dir      string
	manifest cloudlog.Manifest
	stats    file.Stats
	events   []*event.Event // each once
	twice    int
	places   map[string]int64 // bytes of records, by file
	letters  []string
	skipped  []string
	window   *source.Dedupe
}

func (l *logs) Event(e *event.Event) error {
	l.places[e.Origin.Place] += int64(len(e.Raw))
	if l.window.First(e.Key()) {
		l.events = append(l.events, e)
	} else {
		l.twice++
	}
	return nil
}

func (l *logs) DeadLetter(d source.DeadLetter) error {
	l.letters = append(l.letters, d.Origin.String()+": "+d.Reason)
	return nil
}

func (l *logs) Skipped(path, reason string) { l.skipped = append(l.skipped, path+": "+reason) }

const events, plant = 10_000, 100

// TestLogs writes one folder and looks at it from all sides.
func TestLogs(t *testing.T) {
	l := &logs{dir: t.TempDir(), window: source.NewDedupe(0), places: map[string]int64{}}
	var err error
	if l.manifest, err = cloudlog.New(cloudlog.Options{Seed: 1, Events: events, Plant: plant}).Write(l.dir); err != nil {
		t.Fatal(err)
	}
	if l.stats, err = file.Walk(t.Context(), []string{filepath.Join(l.dir, "AWSLogs")}, file.Options{}, l); err != nil {
		t.Fatal(err)
	}
	t.Run("counts", l.counts)
	t.Run("sizes", l.sizes)
	t.Run("records", l.records)
	t.Run("planted", l.planted)
	t.Run("variety", l.variety)
	if _, err := cloudlog.New(cloudlog.Options{Events: 1}).Write(l.dir); err == nil || !strings.Contains(err.Error(), "holds logs already") {
		t.Errorf("a second log in the same folder: %v", err)
	}
}

// counts: every record passes the house's reader, and there are as many as the manifest says.
func (l *logs) counts(t *testing.T) {
	if len(l.letters)+len(l.skipped) > 0 || l.stats.RecordsSkipped > 0 {
		t.Errorf("dead letters %q, skipped %q and %d records", l.letters, l.skipped, l.stats.RecordsSkipped)
	}
	m, s := l.manifest, l.stats
	want := []int64{events, int64(m.Events), int64(m.Duplicates), int64(m.Objects), m.BytesJSON, m.BytesCompressed}
	got := []int64{s.Events, s.Events, int64(l.twice), s.Files, s.BytesJSON, s.BytesCompressed}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("events asked for, events, duplicates, objects, bytes and compressed bytes (-manifest +read):\n%s", d)
	}
	if share := float64(l.twice) / events; share < 0.9*cloudlog.Redelivered || share > 1.1*cloudlog.Redelivered {
		t.Errorf("%.2f %% of the records come twice, want %.2f %%", 100*share, 100*cloudlog.Redelivered)
	}
	var kept cloudlog.Manifest
	if text, err := os.ReadFile(filepath.Join(l.dir, cloudlog.ManifestName)); err != nil || json.Unmarshal(text, &kept) != nil || !cmp.Equal(kept, m) {
		t.Errorf("the manifest on disk (%v) differs:\n%s", err, cmp.Diff(m, kept))
	}
}

// sizes: records, compression and objects are as those of AWS.
func (l *logs) sizes(t *testing.T) {
	if mean := l.manifest.BytesJSON / events; mean < 1200 || mean > 1300 {
		t.Errorf("a record has %d bytes, want 1,200 to 1,300", mean)
	}
	if ratio := float64(l.manifest.BytesJSON) / float64(l.manifest.BytesCompressed); ratio < 8.5 || ratio > 9.5 {
		t.Errorf("compressed %.2f to 1, want about 9", ratio)
	}
	var small, large int
	for place, size := range l.places {
		switch {
		case size < 300_000:
			small++
		case size > 6_000_000:
			t.Errorf("%s has %d bytes, more than AWS puts in an object", place, size)
		case size > 2_000_000:
			large++
		}
	}
	if all := len(l.places); small < all/3 || large == 0 || large > all/5 {
		t.Errorf("of %d objects %d are small and %d have more than 2 MB: want many and a few", all, small, large)
	}
}

// records: each is at the place and time it says, in JSON as AWS writes it.
func (l *logs) records(t *testing.T) {
	key := regexp.MustCompile(`/AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/(\d{4})/(\d\d)/(\d\d)/(\d{12})_CloudTrail_([a-z0-9-]+)_(\d{8})T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$`)
	for _, e := range l.events {
		p := key.FindStringSubmatch(filepath.ToSlash(e.Origin.Place))
		if p == nil || p[1] != p[6] || p[2] != p[7] || p[3]+p[4]+p[5] != p[8] {
			t.Fatalf("%s is no key as in S3", e.Origin.Place)
		}
		if p[1] != e.Account || p[2] != e.Region {
			t.Fatalf("%s has a record of %s in %s", e.Origin, e.Account, e.Region)
		}
		if e.Time.Before(l.manifest.From) || e.Time.After(l.manifest.To) {
			t.Fatalf("%s at %s is not between %s and %s", e.Origin, e.Time, l.manifest.From, l.manifest.To)
		}
		var short bytes.Buffer
		if err := json.Compact(&short, e.Raw); err != nil || !bytes.Equal(short.Bytes(), e.Raw) {
			t.Fatalf("%s: not minified JSON (%v): %s", e.Origin, err, e.Raw)
		}
	}
}

// planted: the rule of each planted record fires on it, and on nothing else.
func (l *logs) planted(t *testing.T) {
	rules, bad := sigma.Load(content.FS(), "rules")
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	engine := sigma.NewEngine(rules)
	got, sum := map[string]int{}, 0
	for _, e := range l.events {
		for _, hit := range engine.Detect(e.Record()) {
			if _, sown := l.manifest.Planted[hit.Rule.Name]; sown { // what other rules make of the rest is their business
				got[hit.Rule.Name]++
				sum++
			}
		}
	}
	if d := cmp.Diff(l.manifest.Planted, got); d != "" {
		t.Errorf("by rule (-planted +fired):\n%s", d)
	}
	// Some wait for an object of the region where they are logged, and there may be none any more.
	if len(got) != 12 || sum > events/plant || sum < events/plant*8/10 {
		t.Errorf("%d records for %d rules are planted, want about %d for all 12", sum, len(got), events/plant)
	}
}

// variety: what rules and readers stumble over is there, and often enough.
func (l *logs) variety(t *testing.T) {
	marks := marks()
	count, names, longest := map[string]int{}, map[string]bool{}, 0
	for _, e := range l.events {
		names[e.Source+e.Name] = true
		longest = max(longest, len(e.Raw))
		for what, mark := range marks {
			if bytes.Contains(e.Raw, []byte(mark)) {
				count[what]++
			}
		}
	}
	if len(names) < 200 || longest < 4_000 {
		t.Errorf("%d different operations, the longest record has %d bytes: want 200 and 4,000 at least", len(names), longest)
	}
	for what := range marks {
		if count[what] == 0 {
			t.Errorf("there is no %s", what)
		}
	}
	for what, least := range map[string]int{"read": 5_000, "write": 500, "role": 2_500, "user": 1_500, "service": 1_500, "denied": 50, "null": 1_500, "TLS": 4_000, "data event": 500} {
		if count[what] < least {
			t.Errorf("%s: %d records, want %d at least", what, count[what], least)
		}
	}
}

// marks are bytes by which a record shows that it has something.
func marks() map[string]string {
	return map[string]string{
		"read": `"readOnly":true`, "write": `"readOnly":false`, "null": `"responseElements":null`, "TLS": `"tlsDetails":{"tlsVersion"`,
		"role": `"type":"AssumedRole"`, "user": `"type":"IAMUser"`, "service": `"type":"AWSService"`, "other account": `"type":"AWSAccount"`,
		"web identity": `"type":"WebIdentityUser"`, "SAML": `"type":"SAMLUser"`, "portal": `"type":"IdentityCenterUser"`, "root": `"type":"Root"`,
		"single sign-on": "AWSReservedSSO_", "federated pod": `"webIdFederationData"`, "instance role": `"ec2RoleDelivery":"2.0"`,
		"service for somebody": `"invokedBy":"AWS Internal"`, "denied": `"errorCode":"AccessDenied"`, "throttled": `"errorCode":"ThrottlingException"`,
		"data event": `"eventCategory":"Data"`, "sign-in": `"eventType":"AwsConsoleSignIn"`, "service event": `"serviceEventDetails"`,
		"endpoint": `"vpcEndpointId"`, "shared event": `"sharedEventID"`, "console": `"sessionCredentialFromConsole":"true"`,
		"escaped policy": `{\"Version\":\"2012-10-17\"`, "percent-encoded policy": "%7B%22Version%22", "escaped bucket policy": `\"Resource\":\"arn:aws:s3:::`,
		"escaped line break": `{\n  \"Version\"`, "session token": `"sessionToken":"IQoJ`, "narrow blank": "\u202f", "umlaut": "Zürich",
	}
}

// TestSame: the same seed gives the same bytes, also when asked again; another seed gives others.
func TestSame(t *testing.T) {
	sum := func(l *cloudlog.Log) [32]byte {
		var all []byte
		for o := range l.Objects() {
			all = append(append(all, o.Key...), o.JSON...)
		}
		return sha256.Sum256(all)
	}
	one := cloudlog.New(cloudlog.Options{Seed: 7, Events: 2_000})
	first := sum(one)
	if sum(one) != first || sum(cloudlog.New(cloudlog.Options{Seed: 7, Events: 2_000})) != first {
		t.Error("the same seed gives other bytes")
	}
	if sum(cloudlog.New(cloudlog.Options{Seed: 8, Events: 2_000})) == first {
		t.Error("another seed gives the same bytes")
	}
}
