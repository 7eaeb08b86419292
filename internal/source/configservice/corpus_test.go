package configservice

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/resource"
	"jobzero/internal/source"
	"jobzero/internal/source/claim/claimtest"
	"jobzero/internal/testcorpus"
)

// TestCorpus reads notifications that nobody here wrote and compares the resource with a naive decoding of the same files.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(testcorpus.Path(t, "aws-config-items") + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, testcorpus.Path(t, "eventbridge-events", "cwe", "sqs-discover.json"))
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var wrapped struct{ Detail json.RawMessage }
			if err := json.Unmarshal(raw, &wrapped); err != nil {
				t.Fatal(err)
			}
			body := source.Unwrap(raw)
			if wrapped.Detail != nil {
				body = wrapped.Detail
			}
			if strings.Contains(path, "deleted-malformed") {
				claimtest.Refusal(t, Parse, body, "broken record: something follows the value at byte")
				return
			}
			var n struct {
				ConfigurationItem struct {
					AccountID string `json:"awsAccountId"`
					Region    string `json:"awsRegion"`
					Type      string `json:"resourceType"`
					ID        string `json:"resourceId"`
				}
			}
			if err := json.Unmarshal(body, &n); err != nil {
				t.Fatal(err)
			}
			i := n.ConfigurationItem
			want := resource.Ref{Type: resource.Type(i.Type), Account: i.AccountID, Region: i.Region, ID: i.ID}
			r, err := Parse(body, event.Origin{})
			if err != nil || len(r.Changed) != 1 || r.Changed[0] != want || len(r.Claims) != 0 {
				t.Errorf("%v: %+v, want %+v", err, r, want)
			}
		})
	}
	if len(files) != 16 {
		t.Errorf("%d files were read", len(files))
	}
}
