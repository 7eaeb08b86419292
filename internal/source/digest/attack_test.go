package digest_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/source/digest"
	"jobzero/internal/source/digest/digesttest"
)

// copied makes the bucket a copy: the metadata is lost.
func copied(w *world) { clear(w.Signatures) }

// tail is what is always said of a copy: its newest digest is not proven. begin is that of the whole chain.
var (
	tail  = []string{"log-unproven: log 6.0 ×2", "signature-absent: digest 6"}
	begin = []string{"start: digest 1"}
)

func join(parts ...[]string) (all []string) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// TestAttacks: what is done to the bucket, and what is said then; in the bucket itself, where S3 keeps the signatures, and in a
// copy.
func TestAttacks(t *testing.T) {
	for name, c := range map[string]struct {
		do         func(*testing.T, *world)
		live, copy []string
	}{
		"log deleted": {
			func(_ *testing.T, w *world) { delete(w.Objects, w.files[2][1]) },
			join([]string{"log-missing: log 2.1"}, begin), join([]string{"log-missing: log 2.1"}, tail, begin),
		},
		"log changed": {
			func(_ *testing.T, w *world) { w.Objects[w.files[2][0]] = digesttest.Pack([]byte(`{"Records":[]}`)) },
			join([]string{"log-changed: log 2.0"}, begin), join([]string{"log-changed: log 2.0"}, tail, begin),
		},
		"records put behind a log": {
			func(_ *testing.T, w *world) {
				w.Objects[w.files[2][0]] = append(w.Objects[w.files[2][0]], digesttest.Pack([]byte("{}"))...)
			},
			join([]string{"log-changed: log 2.0"}, begin), join([]string{"log-changed: log 2.0"}, tail, begin),
		},
		"log cut": {
			func(_ *testing.T, w *world) { w.Objects[w.files[2][0]] = w.Objects[w.files[2][0]][:20] },
			join([]string{"log-changed: log 2.0"}, begin), join([]string{"log-changed: log 2.0"}, tail, begin),
		},
		"log unpacked, content the same": {
			func(_ *testing.T, w *world) {
				w.Objects[w.files[2][0]] = digesttest.Unpack(w.Objects[w.files[2][0]])
			},
			begin, join(tail, begin),
		},
		"log can not be read": {
			func(_ *testing.T, w *world) { w.Refuse[w.files[2][0]] = fs.ErrPermission },
			join(begin, []string{"unread: log 2.0"}), join(tail, begin, []string{"unread: log 2.0"}),
		},
		"log added": {
			func(_ *testing.T, w *world) { w.trail.Log(at(2).Add(5*time.Minute), "added", "{}") },
			join([]string{"log-unlisted: 111122223333_CloudTrail_eu-west-1_20260301T0205Z_added.json.gz"}, begin),
			join([]string{"log-unlisted: 111122223333_CloudTrail_eu-west-1_20260301T0205Z_added.json.gz"}, tail, begin),
		},
		"log with another name added": {
			func(_ *testing.T, w *world) { w.Objects["AWSLogs/111122223333/CloudTrail/eu-west-1/evil.json"] = nil },
			join([]string{"log-unlisted: evil.json"}, begin), join([]string{"log-unlisted: evil.json"}, tail, begin),
		},
		"log too new for the last digest": {
			func(_ *testing.T, w *world) { w.trail.Log(at(6).Add(-5*time.Minute), "new", "{}") },
			join([]string{"log-uncovered: 111122223333_CloudTrail_eu-west-1_20260301T0555Z_new.json.gz"}, begin),
			join([]string{"log-uncovered: 111122223333_CloudTrail_eu-west-1_20260301T0555Z_new.json.gz"}, tail, begin),
		},
		"log from before validation": {
			func(_ *testing.T, w *world) { w.trail.Log(at(-3), "old", "{}") },
			join([]string{"log-uncovered: 111122223333_CloudTrail_eu-west-1_20260228T2100Z_old.json.gz"}, begin),
			join([]string{"log-uncovered: 111122223333_CloudTrail_eu-west-1_20260228T2100Z_old.json.gz"}, tail, begin),
		},
		"digest deleted": {
			func(_ *testing.T, w *world) { delete(w.Objects, w.digests[4]) },
			[]string{"digest-missing: digest 4", "log-uncovered: log 4.0 ×2", "start: digest 1"},
			join([]string{"digest-missing: digest 4", "log-uncovered: log 4.0 ×2"}, tail[:1], []string{"signature-absent: digest 3", "signature-absent: digest 6"}, begin),
		},
		"two digests in a row deleted": { // the AWS CLI names the first only: https://github.com/aws/aws-cli/issues/7054
			func(_ *testing.T, w *world) { delete(w.Objects, w.digests[4]); delete(w.Objects, w.digests[5]) },
			[]string{"digest-missing: digest 5", "log-uncovered: log 4.0 ×4", "start: digest 1"},
			join([]string{"digest-missing: digest 5", "log-uncovered: log 4.0 ×4"}, tail[:1], []string{"signature-absent: digest 3", "signature-absent: digest 6"}, begin),
		},
		"first digest deleted": {
			func(_ *testing.T, w *world) { delete(w.Objects, w.digests[1]) },
			[]string{"digest-missing: digest 1", "log-uncovered: log 1.0 ×2"},
			join([]string{"digest-missing: digest 1", "log-uncovered: log 1.0 ×2"}, tail),
		},
		"all digests deleted": {
			func(_ *testing.T, w *world) {
				for _, d := range w.digests[1:] {
					delete(w.Objects, d)
				}
			},
			[]string{"log-uncovered: log 1.0 ×10"},
			[]string{"log-uncovered: log 1.0 ×10"},
		},
		"log deleted and taken out of its digest": {
			func(t *testing.T, w *world) {
				delete(w.Objects, w.files[4][1])
				text := string(digesttest.Unpack(w.Objects[w.digests[4]]))
				first := strings.Index(text, `{"hashAlgorithm"`)
				second := strings.Index(text[first+1:], `{"hashAlgorithm"`) + first + 1
				w.rewrite(t, w.digests[4], ","+text[second:strings.Index(text, `]`)], "")
			},
			[]string{"digest-changed: digest 4", "log-unproven: log 4.0", "start: digest 1"},
			// The newest is not proven here: digest 4 is found out by its signature, which digest 5 holds and signs.
			join([]string{"digest-changed: digest 4", "log-unproven: log 4.0"}, tail, begin),
		},
		"newest digest changed": {
			func(t *testing.T, w *world) { w.rewrite(t, w.digests[6], `"awsAccountId":"1`, `"awsAccountId":"2`) },
			[]string{"log-unproven: log 6.0 ×2", "signature-wrong: digest 6", "start: digest 1"},
			join(tail, begin),
		},
		"newest digest names another one before it": {
			func(t *testing.T, w *world) { w.rewrite(t, w.digests[6], "T050000Z", "T040000Z") },
			// In the bucket its signature does not fit. In the copy it stands against digest 5, which it no longer proves.
			[]string{"log-unproven: log 6.0 ×2", "signature-wrong: digest 6", "start: digest 1"},
			[]string{
				"digest-unlinked: digest 5", "gap: digest 4", "link-wrong: digest 6", "log-unproven: log 5.0 ×2", "log-unproven: log 6.0 ×2",
				"signature-absent: digest 5", "signature-absent: digest 6", "start: digest 1",
			},
		},
		"digest added with one's own key": {
			func(_ *testing.T, w *world) {
				w.trail.Key = digesttest.NewKey()
				w.add(w.trail.Hour(at(7), "{}"))
			},
			join([]string{"key-unknown: digest 7", "log-unproven: log 7.0"}, begin), join([]string{"key-unknown: digest 7", "log-unproven: log 7.0"}, begin),
		},
		"digest added with one's own key under the fingerprint of CloudTrail's": {
			func(_ *testing.T, w *world) {
				w.trail.Key = digesttest.NewKey()
				w.add(w.trail.Deliver(digesttest.Delivery{Start: at(6), End: at(7), Logs: []string{"{}"}, Mend: func(d map[string]any) {
					d["digestPublicKeyFingerprint"] = digesttest.Fingerprint(digesttest.Key())
				}}))
			},
			join([]string{"log-unproven: log 7.0", "signature-wrong: digest 7"}, begin), join([]string{"log-unproven: log 7.0", "signature-absent: digest 7"}, begin),
		},
		"signature exchanged": {
			func(_ *testing.T, w *world) { w.Signatures[w.digests[6]] = w.Signatures[w.digests[5]] },
			[]string{"log-unproven: log 6.0 ×2", "signature-wrong: digest 6", "start: digest 1"},
			join(tail, begin),
		},
		"signature exchanged in the middle": {
			func(_ *testing.T, w *world) { w.Signatures[w.digests[3]] = w.Signatures[w.digests[5]] },
			[]string{"metadata-wrong: digest 3", "start: digest 1"},
			join(tail, begin),
		},
		"digest moved": {
			func(_ *testing.T, w *world) { w.Objects[w.digests[4]] = w.Objects[w.digests[3]] },
			[]string{"digest-moved: digest 4", "log-uncovered: log 4.0 ×2", "start: digest 1"},
			join([]string{"digest-moved: digest 4", "log-uncovered: log 4.0 ×2"}, tail[:1], []string{"signature-absent: digest 3", "signature-absent: digest 6"}, begin),
		},
		"digest no gzip": {
			func(_ *testing.T, w *world) { w.Objects[w.digests[4]] = []byte("\x1f\x8bxx") },
			[]string{"digest-broken: digest 4", "log-uncovered: log 4.0 ×2", "start: digest 1"},
			join([]string{"digest-broken: digest 4", "log-uncovered: log 4.0 ×2"}, tail[:1], []string{"signature-absent: digest 3", "signature-absent: digest 6"}, begin),
		},
		"digest can not be read": {
			func(_ *testing.T, w *world) { w.Refuse[w.digests[4]] = errors.New("access denied") },
			[]string{"log-uncovered: log 4.0 ×2", "start: digest 1", "unread: digest 4"},
			join([]string{"log-uncovered: log 4.0 ×2"}, tail[:1], []string{"signature-absent: digest 3", "signature-absent: digest 6"}, begin, []string{"unread: digest 4"}),
		},
		"digest put in between": {
			func(t *testing.T, w *world) {
				key := strings.Replace(w.digests[4], "T040000Z", "T043000Z", 1)
				w.Objects[key] = w.Objects[w.digests[4]]
				w.rewrite(t, key, "T040000Z", "T043000Z")
				w.add(key, nil)
			},
			join([]string{"digest-unlinked: digest 7", "log-unproven: log 4.0 ×2", "signature-absent: digest 7"}, begin),
			join([]string{"digest-unlinked: digest 7"}, []string{"log-unproven: log 4.0 ×2", "log-unproven: log 6.0 ×2"}, tail[1:], []string{"signature-absent: digest 7"}, begin),
		},
		"stranger among the digests": {
			func(_ *testing.T, w *world) { w.Objects["AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/x"] = nil },
			join([]string{"digest-stray: x"}, begin), join([]string{"digest-stray: x"}, tail, begin),
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.do(t, w)
			check := func(where string, want []string) {
				if d := cmp.Diff(want, w.short(w.report(t))); d != "" {
					t.Errorf("%s: problems (-want +got)\n%s", where, d)
				}
			}
			check("live", c.live)
			copied(w)
			check("copy", c.copy)
		})
	}
}

var _ digest.Objects = (*world)(nil)
