package least_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
	"jobzero/internal/testcorpus"
)

// judged is a policy as another tool judged it.
type judged struct {
	PolicyName        string
	PolicyDocument    json.RawMessage // of one that is written into its holder
	PolicyVersionList []struct {
		IsDefaultVersion bool
		Document         json.RawMessage
	}
	DataExfiltration, ResourceExposure, ServiceWildcard, CredentialsExposure []string
}

func (j judged) document(t *testing.T) *policy.Document {
	t.Helper()
	text := j.PolicyDocument
	for _, v := range j.PolicyVersionList {
		if v.IsDefaultVersion {
			text = v.Document
		}
	}
	return parsed(t, j.PolicyName, text)
}

func parsed(t *testing.T, name string, text []byte) *policy.Document {
	t.Helper()
	d, _, err := policy.Parse(name+".json", policy.Identity, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// foundIn are the actions of dangers in a policy, or services, in small letters.
func foundIn(t *testing.T, d *policy.Document, which ...least.Danger) map[string]bool {
	t.Helper()
	list, err := least.Risks([]estate.Held{{Document: d}})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, r := range list {
		if slices.Contains(which, r.Danger) {
			for _, a := range r.Actions {
				out[strings.ToLower(a)] = true
			}
		}
	}
	return out
}

// notFound are findings of the other tool that are none here, with the reason.
var notFound = map[string]string{
	"connect:getfederationtokens":            "the table of names of today has no such action; GetFederationToken is found",
	"deeplens:associateserviceroletoaccount": "AWS has ended the service",
	"sso:deletepermissionspolicy":            "no such action today",
	"sso:updatedirectoryassociation":         "no such action today",
	"workmail:resetuserpassword":             "no such action today; ResetPassword is found",
	"cognito-identity:getid":                 "it takes no permission, and gives an identity that grants nothing",
	"sso-directory:verifyemail":              "it confirms an address, and grants nothing",
	"wafv2:createwebacl":                     "a web firewall's rules; no principal gets at anything by them",
	"wafv2:deletewebacl":                     "likewise",
	"wafv2:updatewebacl":                     "likewise",
}

// alsoFound says why a finding here is none of the other tool; empty: it should be.
func alsoFound(kind, action string, old map[string]bool) string {
	a, ok := names.Find(action)
	switch {
	case kind == "exposure" && ok && a.Level == names.Permissions:
		return "AWS classes it as permission management today"
	case !old[kind+" "+action]:
		return "the other tool never names it so: its lists are of 2020, with five actions for data and 24 for credentials"
	}
	return ""
}

// TestFindingsOfAnotherTool: all that it finds is found, but for what stands in a table with its reason; and what is found besides has one, too.
func TestFindingsOfAnotherTool(t *testing.T) {
	data, err := os.ReadFile(testcorpus.Path(t, "cloudsplaining-authz", "examples", "files", "iam-results-example.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		AWS      map[string]judged `json:"aws_managed_policies"`
		Customer map[string]judged `json:"customer_managed_policies"`
		Inline   map[string]judged `json:"inline_policies"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	var all []judged
	for _, list := range []map[string]judged{file.AWS, file.Customer, file.Inline} {
		for _, id := range slices.Sorted(maps.Keys(list)) {
			all = append(all, list[id])
		}
	}
	wants := func(j judged) map[string][]string {
		return map[string][]string{"data": j.DataExfiltration, "exposure": j.ResourceExposure, "service": j.ServiceWildcard, "secret": j.CredentialsExposure}
	}
	old, used := map[string]bool{}, map[string]bool{}
	for _, j := range all {
		for kind, list := range wants(j) {
			for _, a := range list {
				old[kind+" "+strings.ToLower(a)] = true
			}
		}
	}
	same, more := 0, 0
	for _, j := range all {
		d := j.document(t)
		got := map[string]map[string]bool{
			"data": foundIn(t, d, least.Reading), "service": foundIn(t, d, least.WholeService), "secret": foundIn(t, d, least.Secrets),
			"exposure": foundIn(t, d, least.Passing, least.Identities, least.Exposing),
		}
		for kind, list := range wants(j) {
			for _, a := range list {
				a = strings.ToLower(a)
				switch {
				case got[kind][a]:
					same++
					delete(got[kind], a)
				case notFound[a] == "":
					t.Errorf("%s: %s %s is not found", j.PolicyName, kind, a)
				default:
					used[a] = true
				}
			}
			for a := range got[kind] {
				if alsoFound(kind, a, old) == "" {
					t.Errorf("%s: %s %s is found, and by the other tool is not", j.PolicyName, kind, a)
				}
				more++
			}
		}
	}
	for a, why := range notFound {
		if !used[a] {
			t.Errorf("%s is no difference any more, and the table says why it is one: %s", a, why)
		}
	}
	t.Logf("%d policies: %d findings are found, %d actions are not, %d are found besides", len(all), same, len(notFound), more)
}

// TestLabelsOfManagedPolicies measures how far risks agree with what others say of AWS's managed policies: of any resource, as they do.
func TestLabelsOfManagedPolicies(t *testing.T) {
	f, err := os.Open(testcorpus.Path(t, "aws-managed-policies", "policies.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	type count struct{ both, here, there int }
	counts := map[string]*count{"credentials_exposure": {}, "data_access": {}, "resource_exposure": {}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		var p struct {
			Name     string
			Document json.RawMessage
			Labels   map[string]json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		d, _, err := policy.Parse(p.Name+".json", policy.Identity, p.Document)
		if err != nil {
			continue // labelled as malformed
		}
		n++
		for label, which := range map[string][]least.Danger{
			"credentials_exposure": {least.Secrets}, "data_access": {least.Reading}, "resource_exposure": {least.Passing, least.Identities, least.Exposing},
		} {
			here, there := least.Granted(d, which...), string(p.Labels[label]) == "true"
			c := counts[label]
			switch {
			case here && there:
				c.both++
			case here:
				c.here++
			case there:
				c.there++
			}
		}
	}
	if n < 800 {
		t.Fatalf("only %d policies", n)
	}
	for label, floor := range map[string][2]float64{"credentials_exposure": {0.7, 0.85}, "data_access": {0.75, 0.9}, "resource_exposure": {0.9, 0.98}} {
		c := counts[label]
		precision, recall := float64(c.both)/float64(c.both+c.here), float64(c.both)/float64(c.both+c.there)
		t.Logf("%s: %d policies, precision %.3f, recall %.3f (%d both, %d only here, %d only there)", label, n, precision, recall, c.both, c.here, c.there)
		if precision < floor[0] || recall < floor[1] {
			t.Errorf("%s: precision %.3f and recall %.3f, want %v", label, precision, recall, floor)
		}
	}
}
