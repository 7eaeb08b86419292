package app

import (
	"strings"
	"testing"
	"time"

	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/policy/timed"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/resource"
)

// TestASessionIsOverOnlyWhenThatIsSeen: a Deny that was read is enough; what was not read is unknown; a role of the same name is another.
func TestASessionIsOverOnlyWhenThatIsSeen(t *testing.T) {
	now := time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)
	s := lineage.Session{
		ARN: "arn:aws:sts::111122223333:assumed-role/deploy/release", Account: "111122223333", Role: "deploy", Name: "release", ID: "AROAOLD:release",
		Issued: now.Add(-time.Hour), Until: now.Add(time.Hour),
	}
	end, err := timed.End{Session: "release", Issued: now}.Statement()
	if err != nil {
		t.Fatal(err)
	}
	deny := `{"Version":"2012-10-17","Statement":[` + string(end) + `]}`
	allow := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	dark := []resource.Unknown{{Path: "related.policies", Cause: "no permission"}}
	for name, c := range map[string]struct {
		id, text string
		unknown  []resource.Unknown
		left     bool
		unread   bool
	}{
		"denied":                     {"AROAOLD", deny, nil, false, false},
		"allowed":                    {"AROAOLD", allow, nil, true, false},
		"not all read, and denied":   {"AROAOLD", deny, dark, false, false},
		"not all read":               {"AROAOLD", allow, dark, true, true},
		"another role of its name":   {"AROANEW", allow, nil, false, false},
		"a policy that is no policy": {"AROAOLD", `{"Statement":1}`, nil, true, true},
	} {
		r := resource.Resource{
			Ref: resource.Ref{Type: resource.Role, Account: "111122223333", ID: "deploy"}, ARN: "arn:aws:iam::111122223333:role/ci/deploy", Unknown: c.unknown,
			Properties: map[string]any{"RoleName": "deploy", "RoleId": c.id, "Policies": []any{map[string]any{"PolicyName": "p", "PolicyDocument": c.text}}},
			Related:    map[string]any{},
		}
		left, why := lease{Name: "release"}.living([]lineage.Session{s}, r, now)
		if (len(left) > 0) != c.left || (why != "") != c.unread {
			t.Errorf("%s: %v left, %q", name, left, why)
		}
	}
}

// TestASessionThatWasForgotten: what nothing is known of any more is over when its time is, and not before.
func TestASessionThatWasForgotten(t *testing.T) {
	h := newHouse(t)
	now := time.Date(2030, 4, 5, 12, 0, 0, 0, time.UTC)
	f, was := finding.Finding{LastSeen: now.Add(-time.Hour)}, lease{Name: "release", Until: now.Add(time.Minute)}
	if got, why := h.runOut(f, was, now); got != playbook.LookUnknown || !strings.Contains(why, "may last until 2030-04-05T12:01:00Z") {
		t.Errorf("%s: %s", got, why)
	}
	if got, why := h.runOut(f, was, now.Add(time.Minute)); got != playbook.NoMore {
		t.Errorf("%s: %s", got, why)
	}
	h.sessions.graph = lineage.New(lineage.Options{MaxGrants: 1})
	h.sessions.graph.Learn(assumed(t, "ASIA1").Record())
	h.sessions.graph.Learn(assumed(t, "ASIA2").Record())
	if got, why := h.runOut(f, was, now.Add(time.Minute)); got != playbook.LookUnknown || !strings.Contains(why, "2030-04-05T23:00:00Z") {
		t.Errorf("one that was issued later may have been forgotten: %s: %s", got, why)
	}
}
