package playbooks_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/testmoto"
)

// lacks are what the emulator has not got for a playbook, by playbook and call: what the API documents is answered instead.
type lacks struct {
	mu     sync.Mutex
	used   map[string]bool // by "playbook service:Call"
	played map[string]bool // by playbook
}

// readLacks reads the list: a playbook, a call and the reason on each line.
func readLacks(t *testing.T) *lacks {
	t.Helper()
	f, err := os.Open("testdata/lacks.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := &lacks{used: map[string]bool{}, played: map[string]bool{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p := strings.SplitN(line, " ", 3)
		if len(p) != 3 || !strings.Contains(p[1], ":") {
			t.Fatalf("testdata/lacks.txt: %q: want a playbook, a call such as iam:ListServiceSpecificCredentials, and the reason", line)
		}
		out.used[p[0]+" "+p[1]] = false
	}
	return out
}

// notEmulated are the calls that something else than the emulator answers here.
func notEmulated() []string {
	return []string{
		"cloudformation:GetResource", "iam:ListServiceSpecificCredentials", "iam:UpdateServiceSpecificCredential", "sso:ListAccountsForProvisionedPermissionSet",
		"route53resolver:GetFirewallDomainList", "route53resolver:ListFirewallDomains", "route53resolver:ListFirewallRuleGroups",
		"route53resolver:ListFirewallRules", "route53resolver:UpdateFirewallDomains",
	}
}

// check holds the calls of a scene against the list.
func (l *lacks) check(w *town, playbook string, s scene) {
	w.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.played[playbook] = true
	for _, c := range must[[]testmoto.Call](w)(w.stand.Calls(w.Context())) {
		if c.Service == "sso" && !s.beside || !slices.Contains(notEmulated(), c.Permission()) {
			continue
		}
		name := playbook + " " + c.Permission()
		if _, ok := l.used[name]; !ok {
			w.Errorf("%s is not answered by the emulator: add %q with the reason to testdata/lacks.txt", c.Permission(), name)
		}
		l.used[name] = true
	}
}

// stale names entries of the list that its playbook, when it was played, did not need.
func (l *lacks) stale() (out []string) {
	for name, used := range l.used {
		playbook, _, _ := strings.Cut(name, " ")
		if !used && l.played[playbook] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// TestStaleIsSeen: an entry that nothing needs is named.
func TestStaleIsSeen(t *testing.T) {
	l := &lacks{used: map[string]bool{"a s3:GetObject": true, "b s3:GetObject": false, "c s3:GetObject": false}, played: map[string]bool{"a": true, "b": true}}
	if got := l.stale(); !slices.Equal(got, []string{"b s3:GetObject"}) {
		t.Errorf("stale: %v", got)
	}
}

const listID = "rslvr-fdl-0a1b2c3d4e5f"

// domainLists answers for one list of names that a rule blocks
// (docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html).
func domainLists() testmoto.Reply {
	var names []string
	return func(rw http.ResponseWriter, c testmoto.Call) bool {
		var out any
		switch c.Service + ":" + c.Action {
		case "route53resolver:GetFirewallDomainList":
			out = map[string]any{"FirewallDomainList": map[string]any{"Id": listID, "Name": "bad", "DomainCount": len(names)}}
		case "route53resolver:ListFirewallDomains":
			out = map[string]any{"Domains": names}
		case "route53resolver:ListFirewallRuleGroups":
			out = map[string]any{"FirewallRuleGroups": []map[string]any{{"Id": "rslvr-frg-1", "Name": "all"}}}
		case "route53resolver:ListFirewallRules":
			out = map[string]any{"FirewallRules": []map[string]any{{"Name": "bad", "FirewallDomainListId": listID, "Action": "BLOCK"}}}
		case "route53resolver:UpdateFirewallDomains":
			var in struct {
				FirewallDomainListId, Operation string
				Domains                         []string
			}
			if json.Unmarshal(c.Body, &in) != nil || in.FirewallDomainListId != listID || in.Operation != "ADD" {
				http.Error(rw, `{"__type":"ValidationException"}`, http.StatusBadRequest)
				return true
			}
			for _, n := range in.Domains {
				names = append(names, n+".")
			}
			out = map[string]any{"Id": listID, "Status": "UPDATING"}
		default:
			return false
		}
		rw.Header().Set("Content-Type", "application/x-amz-json-1.1")
		return json.NewEncoder(rw).Encode(out) == nil
	}
}
