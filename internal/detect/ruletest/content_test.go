package ruletest_test

import (
	"encoding/json"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"jobzero/internal/detect/ruletest"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
)

const contentDir = "../../../content/rules"

// parse is a test's own reading of a record; the product's is in another room.
func parse(raw []byte, origin event.Origin) (*event.Event, error) {
	var r struct {
		EventID, EventName, EventSource, AwsRegion, RecipientAccountID, SourceIPAddress, UserAgent, ErrorCode string
		EventTime                                                                                             time.Time
		UserIdentity                                                                                          struct{ Type, ARN, AccountID, AccessKeyID, UserName, InvokedBy string }
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, err
	}
	u := r.UserIdentity
	return &event.Event{
		ID: event.ID(r.EventID), Name: r.EventName, Source: r.EventSource, Region: r.AwsRegion, Account: r.RecipientAccountID,
		Time: r.EventTime, SourceIP: r.SourceIPAddress, UserAgent: r.UserAgent, ErrorCode: r.ErrorCode, Origin: origin, Raw: raw,
		Actor: event.Actor{Type: u.Type, ARN: u.ARN, Account: u.AccountID, AccessKey: u.AccessKeyID, UserName: u.UserName, InvokedBy: u.InvokedBy},
	}, nil
}

// TestContent runs every .test file beside the embedded rules.
func TestContent(t *testing.T) {
	results := ruletest.Run(os.DirFS(contentDir), ".", parse)
	if len(results) < 40 {
		t.Errorf("only %d cases", len(results))
	}
	for _, r := range results {
		if !r.OK {
			t.Errorf("%s %s: %s", r.File, r.Case, r.Why)
		}
	}
}

// TestContentIsComplete: each embedded rule loads, can match, has a UUID, an ATT&CK technique and both kinds of cases.
func TestContentIsComplete(t *testing.T) {
	fsys := os.DirFS(contentDir)
	rules, errs := sigma.Load(fsys, ".")
	for _, err := range errs {
		t.Error(err)
	}
	if len(rules) < 12 {
		t.Errorf("only %d rules", len(rules))
	}
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for _, r := range rules {
		file, _, _ := strings.Cut(r.File, ":")
		if !uuid.MatchString(r.ID) {
			t.Errorf("%s: id %s is no UUID of version 4", file, r.ID)
		}
		if r.Idle != "" {
			t.Errorf("%s: %s", file, r.Idle)
		}
		if !strings.Contains(strings.Join(r.Tags, " "), "attack.t1") {
			t.Errorf("%s: no ATT&CK technique among its tags", file)
		}
		if r.Description == "" || len(r.References) == 0 || len(r.FalsePositives) == 0 {
			t.Errorf("%s: description, references and falsepositives are wanted", file)
		}
		kinds := map[string]bool{}
		for _, c := range ruletest.Run(fsys, file, parse) {
			kinds[path.Dir(c.Case)] = true
		}
		if !kinds["fire"] || !kinds["quiet"] {
			t.Errorf("%s: its .test file needs a case of each kind, fire/ and quiet/", file)
		}
	}
}
