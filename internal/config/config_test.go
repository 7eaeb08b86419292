package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jobzero/internal/awsorg"
	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// alike compares settings; the credentials are no setting.
func alike() cmp.Options { return cmp.Options{cmpopts.IgnoreFields(awsorg.Config{}, "Credentials")} }

// alone makes a test independent of the environment that it runs in.
func alone(t *testing.T) {
	t.Helper()
	for _, k := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+k, "")
	}
}

// write puts text into a file of settings and gives its path.
func write(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "jobzero.yaml")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDefaultIsValid(t *testing.T) {
	alone(t)
	got, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(config.Default(), got, alike()); d != "" {
		t.Error(d)
	}
	if got := config.Default().DatabaseURL().Reveal(); got != "sqlite://jobzero-data/jobzero.db" {
		t.Errorf("the default database is %s", got)
	}
}

func TestExampleMeansTheDefaults(t *testing.T) {
	alone(t)
	got, err := config.Load(write(t, config.Example()))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(config.Default(), got, alike()); d != "" {
		t.Errorf("the example changes something as it stands:\n%s", d)
	}
}

// TestExampleSwitchedOn loads the example with every "#key" line switched on, so that no sample in it can go stale.
func TestExampleSwitchedOn(t *testing.T) {
	alone(t)
	t.Setenv("JOBZERO_DB_PASSWORD", "p@ss")
	t.Setenv("JOBZERO_EXTERNAL_ID", "an-id")
	t.Setenv("JOBZERO_SCIM_TOKEN", "made-up-token-of-a-test-0123456789")
	t.Setenv("JOBZERO_OIDC_SECRET", "made-up")
	t.Setenv("JOBZERO_SMTP_PASSWORD", "made-up")
	t.Setenv("JOBZERO_SLACK_TOKEN", "xoxb-made-up")
	t.Setenv("JOBZERO_SLACK_APP_TOKEN", "xapp-made-up")
	t.Setenv("JOBZERO_PAGERDUTY_KEY", "0123456789abcdef0123456789abcdef")
	t.Setenv("JOBZERO_NTFY_URL", "ntfy://ntfy.example.com/topic")
	t.Setenv("JOBZERO_CHAT_SECRET", "whsec_bWFkZS11cC1zZWNyZXQtb2YtYS10ZXN0LTAxMjM0NTY3")
	t.Setenv("JOBZERO_CHAT_SECRET_BEFORE", "whsec_bWFkZS11cC1zZWNyZXQtb2YtYS10ZXN0LTc2NTQzMjEw")
	t.Setenv("JOBZERO_WEBHOOK_KEY", "a-made-up-key-of-a-test-0123456789")
	on := regexp.MustCompile(`(?m)^( *)#( *)([a-z-].*)$`).ReplaceAllStringFunc(config.Example(), func(l string) string {
		if strings.Contains(l, "# ") && strings.HasPrefix(strings.TrimLeft(l, " "), "# ") {
			return l
		}
		return strings.Replace(l, "#", "", 1)
	})
	// Lines of lists below a switched-off key begin with "#" and two or more spaces; prose begins with "#" and one.
	on = regexp.MustCompile(`(?m)^#(  +\S)`).ReplaceAllString(on, "$1")
	on = regexp.MustCompile(`(?m)^( +)#(  +\S)`).ReplaceAllString(on, "$1$2")
	on = strings.Replace(on, "\nbus: embedded", "", 1)
	p := write(t, on)
	dir := filepath.Dir(p)
	for _, d := range []string{"rules", "expectations", "playbooks", "verdicts", "infra"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"org.yaml", "intent.yaml", "waivers.yaml", "escalation.yaml", "indicators.csv"} {
		if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for f, text := range map[string]string{"placeholders.yaml": "placeholders: {a: b}", "mappings.yaml": "mappings: [{fields: {a: b}}]"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := config.Load(p)
	if err != nil {
		t.Fatalf("%v\nin:\n%s", err, on)
	}
	if len(got.Content.Scopes) != 1 || len(got.Content.Mappings) != 1 || got.Content.LogSources[0].Service != "management" {
		t.Errorf("a part of the content was not switched on: %+v", got.Content)
	}
	if got.Database.Reveal() != "postgres://jobzero:p@ss@db.example.com:5432/jobzero" || got.AWS.ExternalID != "an-id" || len(got.SCIM.Token.Reveal()) != 34 {
		t.Errorf("secrets: %q, %q and %q", got.Database.Reveal(), got.AWS.ExternalID, got.SCIM.Token.Reveal())
	}
	if len(got.Webhooks) != 1 || len(got.Functions) != 1 || len(got.Documents) != 1 || len(got.Notify.Channels) != 3 || len(got.Notify.Services) != 1 || got.Notify.SMTP.Password.Reveal() != "made-up" {
		t.Errorf("whom playbooks may tell was not switched on: %+v", got)
	}
	if len(got.Accounts) != 1 || len(got.Sources.S3) != 1 || len(got.Playbooks.Enforce) != 1 || got.Org != filepath.Join(dir, "org.yaml") {
		t.Errorf("a part of the example was not switched on: %+v", got)
	}
}

// TestExampleNamesEveryKey walks the struct: a setting that the example does not show is a setting that nobody finds.
func TestExampleNamesEveryKey(t *testing.T) {
	for _, key := range keys(reflect.TypeFor[config.Config]()) {
		if !regexp.MustCompile(`(?m)^[ #-]*` + key + `:`).MatchString(config.Example()) {
			t.Errorf("the example lacks the key %q", key)
		}
	}
}

func keys(t reflect.Type) (out []string) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for f := range t.Fields() {
		tag := f.Tag.Get("yaml")
		if tag == "-" {
			continue
		}
		if tag == "" {
			tag = "field " + f.Name + " without a yaml tag"
		}
		out = append(append(out, tag), keys(f.Type)...)
	}
	return out
}

func TestOrderOfWords(t *testing.T) {
	alone(t)
	p := write(t, "listen: 127.0.0.1:1\ndata_dir: data\nbus: nats://file.example.com:4222\n")
	t.Setenv("JOBZERO_CONFIG", p)
	t.Setenv("JOBZERO_LISTEN", "127.0.0.1:2")
	t.Setenv("JOBZERO_BUS", "nats://env.example.com:4222")
	got, err := config.Load("", config.Override{Key: "bus", Value: "embedded", From: "--bus"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "127.0.0.1:2" || got.Bus.Reveal() != "embedded" || got.DataDir != filepath.Join(filepath.Dir(p), "data") {
		t.Errorf("listen %s, bus %s, data_dir %s", got.Listen, got.Bus.Reveal(), got.DataDir)
	}
}

func TestPartsKeepTheirDefaults(t *testing.T) {
	alone(t)
	got, err := config.Load(write(t, "aws:\n  region: eu-central-1\nplaybooks:\n  settle: 2s\n  limits:\n    day: 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.AWS.Region, want.Playbooks.Settle, want.Playbooks.Limits.Day = "eu-central-1", 2*time.Second, 7
	if d := cmp.Diff(want, got, alike()); d != "" {
		t.Error(d)
	}
}

func TestRefuses(t *testing.T) {
	const tail = "\n"
	cases := map[string]struct{ text, want string }{
		"unknown key":        {"listen: 127.0.0.1:1\nlisten_on: x", ":2:1: unknown field \"listen_on\""},
		"wrong type":         {"sweep:\n  every: often", `invalid duration "often"`},
		"listen":             {"listen: here", `:1:9: listen: "here": want host:port`},
		"account":            {"accounts:\n  - id: \"12\"\n    regions: [us-east-1]", `:2:9: accounts[0].id: "12": want twelve digits`},
		"account twice":      {"accounts:\n  - {id: \"111122223333\", regions: [us-east-1]}\n  - {id: \"111122223333\", regions: [us-east-1]}", ":3:10: accounts[1].id: 111122223333 is there twice"},
		"two that list":      {"accounts:\n  - {id: \"111122223333\", regions: [us-east-1], organization: true}\n  - {id: \"444455556666\", regions: [us-east-1], organization: true}", "accounts[1].organization: account 111122223333 lists"},
		"region":             {"accounts:\n  - {id: \"111122223333\", regions: [us-east-1, mars]}", `accounts[0].regions[1]: "mars"`},
		"no region":          {"accounts:\n  - id: \"111122223333\"", "accounts[0].regions: is empty"},
		"queue":              {"sources:\n  s3:\n    - queue: my-queue", ":3:14: sources.s3[0].queue: \"my-queue\": want the queue's URL"},
		"bus":                {"bus: kafka://a", ":1:6: bus: want embedded, or nats://"},
		"database":           {"database: mysql://root:hunter2@a/b", ":1:11: database: want nothing"},
		"log":                {"log: {level: loud}", ":1:14: log.level: \"loud\": use debug"},
		"aws":                {"aws: {reader_role: a, responder_role: a}", "aws.reader_role: and responder_role are both"},
		"playbooks":          {"playbooks:\n  mode: maybe", ":2:9: playbooks.mode: \"maybe\": use plan or enforce"},
		"verdicts":           {"verdicts:\n  mode: maybe", ":2:9: verdicts.mode: \"maybe\": use plan or enforce"},
		"enforce account":    {"playbooks:\n  enforce:\n    - playbook: a\n      accounts: [\"1111\"]", ":4:18: playbooks.enforce[0].accounts[0]: \"1111\": want twelve digits"},
		"sweep":              {"sweep: {every: 1s}", "sweep.every: 1s: a sweep reads every account"},
		"type":               {"sweep: {types: [bucket]}", "sweep.types[0]: \"bucket\": want a resource type"},
		"org":                {"org: none.yaml", ":1:6: org: "},
		"rules":              {"content: {rules: [nowhere]}", "content.rules[0]: "},
		"placeholders":       {"content: {placeholders: [nowhere]}", "content.placeholders[0]: "},
		"mappings":           {"content: {mappings: [nowhere]}", "content.mappings[0]: "},
		"log source":         {"content: {log_sources: [{}]}", "content.log_sources[0]: is empty"},
		"scope of nobody":    {"content: {scopes: [{where: {units: [a]}}]}", "content.scopes[0].rules: is empty"},
		"empty scope":        {"content: {scopes: [{rules: [a]}]}", "content.scopes[0]: says nothing"},
		"scoped level":       {"content: {scopes: [{rules: [a], levels: [{where: {units: [a]}, level: bad}]}]}", `content.scopes[0].levels[0].level: "bad": use informational`},
		"level everywhere":   {"content: {scopes: [{rules: [a], levels: [{level: low}]}]}", "content.scopes[0].levels[0].where: is empty"},
		"waiting":            {"reconcile: {after: 1s}", "reconcile.after: 1s: want 30m0s to 168h0m0s, or 0"},
		"share":              {"reconcile: {missed: 10}", ":1:21: reconcile.missed: 10: want a share of 0 to less than 1"},
		"silence":            {"reconcile: {silence: 1m}", "reconcile.silence: 1m0s: want 1h0m0s to 336h0m0s, or 0"},
		"variable":           {"bus: nats://${JOBZERO_NO_SUCH}@a", ":1:6: bus: the environment has no ${JOBZERO_NO_SUCH}"},
		"token":              {"scim: {token: hunter2}", ":1:15: scim.token: is too short to be safe"},
		"token's variable":   {"scim: {token: \"${JOBZERO_NO_SUCH}\"}", "scim.token: the environment has no ${JOBZERO_NO_SUCH}"},
		"secret's file":      {"database: file:none", ":1:11: database: open "},
		"two at once":        {"listen: x\nbus: y", "the settings have 2 problems:\n"},
		"two at once, first": {"listen: x\nbus: y", ":2:6: bus: "},
		"two at once, next":  {"listen: x\nbus: y", ":1:9: listen: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			alone(t)
			p := write(t, c.text+tail)
			_, err := config.Load(p)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(strings.ReplaceAll(err.Error(), p, ""), c.want) {
				t.Errorf("got  %v\nwant …%s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestRefusesFromOutside(t *testing.T) {
	alone(t)
	t.Setenv("JOBZERO_LISTEN", "nowhere")
	_, err := config.Load(write(t, "listen: 127.0.0.1:1\n"), config.Override{Key: "bus", Value: "x", From: "--bus"})
	for _, want := range []string{"JOBZERO_LISTEN: listen: ", "--bus: bus: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something with %q", err, want)
		}
	}
}

func TestLoadRefusesFiles(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	if _, err := config.Load(filepath.Join(dir, "none.yaml")); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "config example") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := config.Load(dir); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder: %v", err)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	cases := map[string]struct{ content, want, bad string }{
		"one line":      {"postgres://a:p%40ss@db.example.com/x\n", "postgres://a:p%40ss@db.example.com/x", ""},
		"two lines":     {"postgres://a\nb\n", "", "more than one line"},
		"empty":         {"\n", "", "is empty"},
		"far too large": {strings.Repeat("a", 1<<20), "", "too large"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			alone(t)
			p := write(t, "database: file:db.secret\n")
			if err := os.WriteFile(filepath.Join(filepath.Dir(p), "db.secret"), []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := config.Load(p)
			if c.bad != "" {
				if err == nil || !strings.Contains(err.Error(), c.bad) {
					t.Errorf("got %v, want %s", err, c.bad)
				}
				return
			}
			if err != nil || got.Database.Reveal() != c.want {
				t.Errorf("got %q, %v", got.Database.Reveal(), err)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(config.Example()))
	f.Add([]byte("accounts: [{id: 1}]"))
	f.Add([]byte("aws: []\nlog: 3"))
	f.Add([]byte("playbooks: {enforce: [{accounts: ['*']}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		alone(t)
		_, err := config.Load(write(t, string(data)))
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("not an invalid fault: %v", err)
		}
	})
}

func TestNamesHideSecrets(t *testing.T) {
	cases := map[string]struct{ database, bus, wantDatabase, wantBus string }{
		"embedded":   {"", "embedded", "sqlite://jobzero-data/jobzero.db", "embedded"},
		"production": {"postgres://jz:hunter2@db.example.com:5432/jz?password=hunter2", "nats://u:hunter2@a:4222, nats://b:4222", "postgres://db.example.com:5432/jz", "nats://a:4222,nats://b:4222"},
		"no URL":     {"postgres://jz:hunter2%zz@db", "nats://hunter2@", "(not shown)", "(not shown)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			conf := config.Default()
			conf.Database, conf.Bus = telemetry.Secret(c.database), telemetry.Secret(c.bus)
			if got := conf.DatabaseName(); got != c.wantDatabase {
				t.Errorf("database: got %s, want %s", got, c.wantDatabase)
			}
			if got := conf.BusName(); got != c.wantBus {
				t.Errorf("bus: got %s, want %s", got, c.wantBus)
			}
		})
	}
}

// What rules need to know comes from the files that the settings name, and a mistake in one is said with its place.
func TestRuleOptions(t *testing.T) {
	alone(t)
	p := write(t, "content: {placeholders: [p.yaml], mappings: [m.yaml], log_sources: [{service: audit}]}\n")
	file := func(name, text string) {
		if err := os.WriteFile(filepath.Join(filepath.Dir(p), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file("p.yaml", "placeholders: {a: [b, c]}")
	file("m.yaml", "mappings: [{fields: {user: userIdentity.userName}}]")
	c, err := config.Load(p)
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Content.RuleOptions()
	if err != nil || len(o.Placeholders["a"]) != 2 || len(o.Mappings) != 1 || len(o.Logs[0].Sources) != 2 || o.Logs[0].Log != event.CloudTrail {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err := config.Default().Content.RuleOptions(); err != nil || o.Logs != nil {
		t.Errorf("nothing said: %+v, %v", o, err)
	}
	file("m.yaml", "mappings: [{}]")
	if _, err := config.Load(p); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "m.yaml:1:12: a mapping needs fields") {
		t.Errorf("a broken mapping: %v", err)
	}
}

// TestWatch: what the readers are told is watched.
func TestWatch(t *testing.T) {
	if w := config.Default().Watch(); !w.Told() || len(w.Accounts()) != 0 || w.Lister != "" {
		t.Errorf("no accounts: %+v", w)
	}
	c := config.Config{Accounts: []config.Account{{ID: "444455556666", Regions: []string{"eu-central-1"}, Organization: true}, {ID: "111122223333"}}}
	w := c.Watch()
	if d := cmp.Diff([]string{"111122223333", "444455556666"}, w.Accounts()); d != "" || w.Lister != "444455556666" || w.Has("123456789012") || w.Regions["444455556666"][0] != "eu-central-1" {
		t.Errorf("%+v%s", w, d)
	}
}
