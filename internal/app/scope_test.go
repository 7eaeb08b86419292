package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/app"
	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/org"
	"jobzero/internal/source/cloudtrail"
)

// The settings limit and re-level built-in rules without a copy of them, give placeholders to the user's, and a filter in one
// folder counts for rules of all.
func TestWhatTheSettingsSayAboutRules(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const text = "content:\n  rules: [rules]\n  placeholders: [p.yaml]\n  scopes:\n    - rules: [cloudtrail-stopped, nobody]\n      where: {environments: [prod]}\n" +
		"      levels: [{where: {accounts: [shop-prod]}, level: low}]\norg: org.yaml\n"
	put("org.yaml", org.Example())
	put("p.yaml", "placeholders: {Admins: [kim]}")
	put("rules/own.yml", "title: By an admin\nid: own\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {userIdentity.userName|expand: '%Admins%'}\n  condition: s\n")
	put("rules/filter.yml", "title: Not mia\nid: f\nlogsource: {product: aws, service: cloudtrail}\nfilter: {rules: [cloudtrail-stopped], s: {userIdentity.userName: mia}, condition: s}\n")
	for _, key := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+key, "")
	}
	c, err := config.Load(put("jobzero.yaml", text))
	if err != nil {
		t.Fatal(err)
	}
	k, bad, err := app.Learn(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(bad) != 1 || !strings.Contains(bad[0].Error(), "scopes[0]: no rule has nobody") {
		t.Errorf("%v", bad)
	}
	judge := func(account, user string) (out []string) {
		raw := fmt.Sprintf(`{"eventVersion":"1.11","eventID":"e","eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging",`+
			`"userIdentity":{"type":"IAMUser","userName":%q},"recipientAccountId":%q}`, user, account)
		e, err := cloudtrail.Parse([]byte(raw), event.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range k.Scopes.Matches(k.Engine.Detect(e.Record()), e) {
			if m.Rule.ID == "own" || m.Rule.Name == "cloudtrail-stopped" {
				out = append(out, m.Rule.Title+" "+string(m.Rule.Level))
			}
		}
		return out
	}
	for who, want := range map[[2]string][]string{
		{"111122223333", "ann"}: {"CloudTrail stopped or deleted low"},
		{"111122223333", "mia"}: nil,
		{"444455556666", "ann"}: nil,
		{"444455556666", "kim"}: {"By an admin medium"},
	} {
		if got := judge(who[0], who[1]); !slices.Equal(got, want) {
			t.Errorf("%s in %s: %q, want %q", who[1], who[0], got, want)
		}
	}
	c.Org = ""
	if _, bad, err = app.Learn(c); err != nil || len(bad) != 2 || !strings.Contains(bad[1].Error(), "no organisation says which accounts these are") {
		t.Errorf("a scope that nobody can tell: %v, %v", bad, err)
	}
}
