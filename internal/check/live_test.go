package check_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"jobzero/internal/check"
)

const item = `{"configurationItem": {"resourceType": "AWS::S3::Bucket", "resourceId": "a", "resourceName": "a", "configurationItemStatus": "OK",
  "awsAccountId": "111122223333", "tags": {}, "configuration": {"name": "a"}, "supplementaryConfiguration": {"BucketVersioningConfiguration": {"status": "Off"}}}}`

const call = `{"awsAccountId": "111122223333", "actionInvocationPoint": "CREATE_PRE_PROVISION", "requestData": {"targetName": "AWS::S3::Bucket",
  "targetType": "AWS::S3::Bucket", "targetLogicalId": "Data", "targetModel": {"resourceProperties": {"VersioningConfiguration": {"Status": "Enabled"}}}}}`

const stackCall = `{"requestData": {"targetName": "STACK", "targetType": "STACK", "targetLogicalId": "x", "payload": "https://example.com/?key=secret"}}`

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestLive reads what AWS writes down: items of AWS Config and calls of hooks, by name and in a folder.
func TestLive(t *testing.T) {
	snapshot := `{"configSnapshotId": "a", "configurationItems": [` + strings.TrimSuffix(strings.TrimPrefix(item, `{"configurationItem": `), "}") + `]}`
	files := map[string]string{
		"live/item.json": item, "live/snapshot.json.gz": packed(t, snapshot), "live/call.json": call, "live/other.json.gz": packed(t, "{}"),
		"live/rule.json": `{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "event['configurationItem']['resourceType']"}}}}}`,
	}
	for _, paths := range [][]string{{"live"}, {"live/item.json", "live/snapshot.json.gz", "live/call.json", "live/rule.json"}} {
		r := run(t, files, paths...)
		got := map[string]check.Verdict{}
		for _, x := range r.Results {
			got[x.Place.File+" "+x.Name] = x.Verdict
		}
		want := map[string]check.Verdict{"live/item.json a": check.Fail, "live/snapshot.json.gz a": check.Fail, "live/call.json Data": check.Pass}
		if len(r.Unread) != 0 || r.Documents != 4 {
			t.Errorf("%d documents, unread %v", r.Documents, r.Unread)
		}
		for name, v := range want {
			if got[name] != v {
				t.Errorf("%s: %s, want %s", name, got[name], v)
			}
		}
	}
}

// TestLiveUnread says what to do with a call that only has an address, and with an item that is broken; the address is told nobody.
func TestLiveUnread(t *testing.T) {
	r := run(t, map[string]string{
		"live/stack.json": stackCall, "live/broken.json": `{"configurationItem": {"resourceId": "a"}}`, "live/cut.json.gz": packed(t, item)[:40],
		"live/kept.json": strings.ReplaceAll(stackCall, `"payload": "https://example.com/?key=secret"`, `"template": "Resources: {A: {Type: AWS::S3::Bucket}}"`),
	}, "live")
	var all []string
	for _, err := range r.Unread {
		all = append(all, err.Error())
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"live/stack.json:1:", "put the text of the template into requestData.template", "want resourceType", "no gzip that can be read"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if len(r.Unread) != 3 || strings.Contains(text, "secret") || r.Count(check.Fail) != 1 {
		t.Errorf("%d met, %s", r.Count(check.Pass), text)
	}
}
