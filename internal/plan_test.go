// Package internal_test holds the plan of the house as a test: which room stands where, what it may import and why.
//
// It is: one ordered list that people can read, and the rules that follow from it.
// It takes: the import lines of every Go file of the module; nothing is compiled.
// It gives: a failure that names the rule that was broken and what to do instead.
// Next door: ARCHITECTURE.md says the same in words.
package internal_test

import (
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
)

// A floor holds rooms; a floor imports the floors above it in this list and never those below.
type floor struct {
	name  string
	inner order // what its rooms may import of one another
	rooms []room
}

type room struct{ name, why string }

type order int

const (
	apart   order = iota // rooms of this floor never import one another
	oneWay               // a room may import those that stand before it in the list
	anybody              // test-only rooms
)

// plan is the house, from the cellar up. To add a room, put it on its floor with the reason why it exists.
func plan() []floor {
	return []floor{
		{"cellar", oneWay, []room{
			{"fault", "one vocabulary of errors"},
			{"doc", "strict documents with places in their errors"},
			{"inflate", "gzip in memory, faster than the library and checked against it"},
			{"rawjson", "JSON where it lies, undecoded"},
			{"draw", "pictures as SVG"},
			{"expr", "the one CEL environment"},
			{"telemetry", "logs, measures, secrets; flow reports to it"},
			{"flow", "legs, retries, dead letters; alone knows NATS and the clock"},
			{"awsorg", "accounts, roles and throttled clients; alone assumes roles"},
		}},
		{"ground floor", oneWay, []room{
			{"resource", "what exists"},
			{"event", "what happened"},
			{"principal", "who can act"},
			{"policy", "what policies say of a call; names principals and reads events"},
			{"access", "who can do what: all that policies say of a call, put together"},
			{"finding", "what we believe; names a resource"},
			{"effect", "what we change; names a resource"},
			{"ticket", "what must be settled; joins findings"},
			{"org", "who answers for what; names owners as tickets do"},
			{"report", "what anybody has said is wrong, with a name or without; becomes a ticket"},
			{"notice", "what people are told and what became of it: those who have something to say and those who carry it meet here"},
			{"glass", "rights that are asked for, given for a time and reviewed; made of effects, told by events"},
		}},
		{"first floor", apart, []room{
			{"source", "world to event"},
			{"lake", "event to file of a data lake"},
			{"design", "template or plan to resource"},
			{"inventory", "world to resource"},
			{"detect", "event to finding"},
			{"expect", "resource to finding"},
			{"triage", "finding to ticket"},
			{"playbook", "ticket to steps"},
			{"action", "step to effect; alone calls an AWS API that writes"},
			{"oncall", "ticket to page: who is on duty, what is handed over, who is told next; pure time"},
			{"notify", "page to person"},
		}},
		{"doors", oneWay, []room{
			{"auth", "who is asking, and may they"},
			{"console", "people look and act here"},
			{"api", "machines ask here; alone opens the socket"},
		}},
		{"wall", oneWay, []room{
			{"hunt", "rules over an archive: joins source and detect"},
			{"check", "expectations over templates and plans: joins design and expect"},
			{"gather", "who holds what, read live as answers: joins inventory's readers to what access reads"},
			{"anchor", "the log's head, signed and kept in another account: the one write to AWS that repairs nothing"},
			{"pulse", "a sign of life to whoever would miss it: the one write to AWS that is for nobody but a watcher"},
			{"role", "what each of our roles may do: joins what readers, actions and sources declare"},
			{"stack", "templates over what was made of them: joins design and inventory"},
			{"guardrail", "expectations as policies, and policies over an archive: joins expect and source"},
			{"store", "every room's store; alone knows SQL"},
			{"config", "composes the settings of the rooms"},
			{"app", "builds the house in one straight line"},
			{"cli", "the same verbs for a terminal"},
		}},
	}
}

// testRooms are imported by tests and by the drivers under test/ only.
func testRooms() []room {
	return []room{
		{"testcorpus", "published data, where it is there"},
		{"testmoto", "AWS as an emulator, with a recorder"},
		{"testpg", "a real PostgreSQL for the length of a test"},
	}
}

// A ban keeps an import to the few places that have a reason to use it. Tests are free, unless the ban says otherwise.
type ban struct {
	imports *regexp.Regexp // import paths
	only    *regexp.Regexp // folders, relative to the module, that may
	rule    string         // which rule this is and what to do instead
}

func bans() []ban {
	re := regexp.MustCompile
	return []ban{
		{
			re(`^github\.com/aws/(aws-sdk-go-v2|smithy-go)`), re(`^internal/(awsorg|source|inventory|action|anchor|pulse|notify/sns|notify/voice|testmoto)(/|$)|^(test|cmd/demo)(/|$)`),
			"the AWS SDK lives in awsorg, source, inventory, action, anchor, pulse, notify/sns and notify/voice: put the call there, or take what it gives as an argument",
		},
		{
			re(`^github\.com/aws/aws-sdk-go-v2/service/ec2$`), re(`^internal/(inventory|action)/ec2$|^(test|cmd/demo)(/|$)|^internal/testmoto(/|$)`),
			"service/ec2 takes most of a minute to compile: only inventory/ec2 and action/ec2 import it, at the leaves",
		},
		{
			re(`^(database/sql|modernc\.org/sqlite|github\.com/jackc/pgx|github\.com/pressly/goose)`), re(`^internal/(store|testpg)(/|$)`),
			"only store knows SQL: give it a method that says what you want in words of the ground floor",
		},
		{re(`^github\.com/nats-io/`), re(`^internal/flow(/|$)`), "only flow knows NATS: use a leg"},
		{re(`^github\.com/spf13/`), re(`^internal/cli(/|$)|^test(/|$)`), "only cli reads flags"},
		{re(`^(github\.com/schollz|charm\.land)/`), re(`^internal/cli(/|$)`), "only cli draws on a terminal"},
		{re(`^github\.com/aws/aws-lambda-go`), re(`^internal/cli(/|$)`), "only cli speaks to AWS Lambda: give it a function"},
		{re(`^golang\.org/x/term$`), re(`^internal/cli(/|$)`), "only cli talks to a terminal"},
		{re(`^github\.com/goccy/go-yaml`), re(`^internal/doc(/|$)`), "only doc parses YAML: use doc.Decode or doc.Parse"},
		{re(`^github\.com/(hashicorp/hcl|zclconf)/`), re(`^internal/design/terraform/hcl(/|$)`), "only design/terraform/hcl knows Terraform's language: use what it gives"},
		{re(`^cel\.dev/`), re(`^internal/expr(/|$)`), "only expr knows CEL: use its environment"},
		{re(`^github\.com/parquet-go/`), re(`^internal/lake(/|$)`), "only lake knows Parquet: give it rows"},
		{re(`^net/http/pprof$`), re(`^$`), "pprof registers itself on a global mux: use go test's profiles"},
		{re(`^expvar$`), re(`^$`), "expvar registers itself on a global mux: use telemetry"},
		{re(`^testing$`), re(`^internal/(testcorpus|testmoto|testpg)(/|$)|test$`), "testing belongs into _test files and test rooms"},
		{re(`^log$`), re(`^$`), "use log/slog, and only in doors, flow and app"},
	}
}

// A word ban keeps a name of a package to the few places that have a reason to use it.
type wordBan struct {
	pkg   string         // import path
	names *regexp.Regexp // identifiers
	only  *regexp.Regexp // as in ban
	rule  string
	tests bool // holds for tests too
}

func wordBans() []wordBan {
	re := regexp.MustCompile
	return []wordBan{
		{
			"net/http", re(`^(Server|Serve|ServeTLS|ListenAndServe|ListenAndServeTLS|Handle|HandleFunc)$`), re(`^internal/(api|testmoto)(/|$)|^(test|cmd/demo)(/|$)`),
			"only api opens a socket: hand a http.Handler to it", false,
		},
		{
			"net/http", re(`^(NewServeMux|ServeMux)$`), re(`^internal/(auth|console|api|testmoto)(/|$)|^(test|cmd/demo)(/|$)`),
			"only doors have routes: hand a http.Handler to api", false,
		},
		{
			"os", re(`^(Getenv|LookupEnv|Environ|ExpandEnv)$`), re(`^internal/(cli|config|testcorpus|testmoto|testpg)(/|$)|^(test|cmd/demo)(/|$)`),
			"only cli and config read the environment: take it as a setting", false,
		},
		{"fmt", re(`^Print(ln|f)?$`), re(`^internal/cli(/|$)|^(test|cmd/demo)(/|$)`), "only cli prints: return it, or take an io.Writer", false},
		{"os", re(`^(Exit)$`), re(`^cmd/[a-z]+$|^internal/(testmoto|testpg)(/|$)|^test(/|$)`), "only main ends the process: return an error", false},
		{"time", re(`^Sleep$`), re(`^$`), "wait for what you wait for, with a channel, a timer or testing/synctest", true},
	}
}

// tools are parts of a room that its own front may import: they know no vendor.
func tools() []room {
	return []room{
		{"internal/source/span", "finds where JSON values begin and end"},
		{"internal/store/db", "what sqlc makes of the queries"},
		{"internal/playbook/book", "the language of playbooks"},
		{"internal/playbook/verdict", "the language of verdicts"},
	}
}

const maxLines = 600 // the hard stop; good files have 60 to 190

// forbidden are names that say nothing about what is inside.
var forbidden = regexp.MustCompile(`^(helpers?|utils?|types?|common|models?|misc|pkg|lib|interfaces?|constants?)$`)

var oneWord = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// TestPlan walks through the house.
func TestPlan(t *testing.T) {
	files := house(t)
	var found []string
	noImports, noWords := bans(), wordBans()
	for _, s := range files {
		found = append(found, checkImports(s, noImports)...)
		found = append(found, checkWords(s, noWords)...)
		found = append(found, checkFile(s)...)
	}
	found = append(found, checkDoc(files)...)
	for _, f := range found {
		t.Error(f)
	}
}

// TestPlanCatches breaks each rule once: a plan that cannot fail protects nothing.
func TestPlanCatches(t *testing.T) {
	cases := map[string]struct{ path, text, want string }{
		"against the flow":     {"internal/event/a.go", `package event; import _ "jobzero/internal/source"`, "against the flow"},
		"stages":               {"internal/detect/sigma/a.go", `package sigma; import _ "jobzero/internal/source/file"`, "never import one another"},
		"order in a floor":     {"internal/resource/a.go", `package resource; import _ "jobzero/internal/ticket"`, "turn the dependency round"},
		"cellar":               {"internal/fault/a.go", `package fault; import _ "jobzero/internal/flow"`, "turn the dependency round"},
		"store from a stage":   {"internal/triage/a.go", `package triage; import _ "jobzero/internal/store"`, "against the flow"},
		"unknown room":         {"internal/store/a.go", `package store; import _ "jobzero/internal/attic"`, "not on the plan"},
		"own part":             {"internal/action/a.go", `package action; import _ "jobzero/internal/action/s3"`, "does not know its vendors"},
		"test room":            {"internal/app/a.go", `package app; import _ "jobzero/internal/testmoto"`, "imports the test room"},
		"sdk":                  {"internal/playbook/a.go", `package playbook; import _ "github.com/aws/aws-sdk-go-v2/service/s3"`, "the AWS SDK lives in"},
		"ec2":                  {"internal/inventory/s3/a.go", `package s3; import _ "github.com/aws/aws-sdk-go-v2/service/ec2"`, "at the leaves"},
		"sql":                  {"internal/app/a.go", `package app; import _ "database/sql"`, "only store knows SQL"},
		"nats":                 {"internal/app/a.go", `package app; import _ "github.com/nats-io/nats.go"`, "only flow knows NATS"},
		"http server":          {"internal/app/a.go", `package app; import "net/http"; var _ = http.Server{}`, "only api opens a socket"},
		"routes":               {"internal/app/a.go", `package app; import "net/http"; var _ = http.NewServeMux()`, "only doors have routes"},
		"environment":          {"internal/app/a.go", `package app; import "os"; var _ = os.Getenv("A")`, "read the environment"},
		"print":                {"internal/app/a.go", `package app; import "fmt"; func a() { fmt.Println() }`, "only cli prints"},
		"renamed import":       {"internal/app/a.go", `package app; import f "fmt"; func a() { f.Println() }`, "only cli prints"},
		"sleep in a test":      {"internal/app/a_test.go", `package app; import "time"; func a() { time.Sleep(1) }`, "wait for what you wait for"},
		"init":                 {"internal/app/a.go", `package app; func init() {}`, "func init"},
		"file name":            {"internal/app/utils.go", `package app`, "name says nothing"},
		"package name":         {"internal/app/common/a.go", `package common`, "says nothing"},
		"package in two words": {"internal/app/a.go", `package my_app`, "one lower-case word"},
		"size":                 {"internal/app/a.go", "package app\n" + strings.Repeat("\n", maxLines), "split the file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := source{path: c.path, dir: path.Dir(c.path), test: strings.HasSuffix(c.path, "_test.go"), text: []byte(c.text), fset: token.NewFileSet()}
			var err error
			if s.tree, err = parser.ParseFile(s.fset, c.path, c.text, parser.ParseComments); err != nil {
				t.Fatal(err)
			}
			s.pkg = s.tree.Name.Name
			got := append(append(checkImports(s, bans()), checkWords(s, wordBans())...), checkFile(s)...)
			if !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("got %q, want something with %q", got, c.want)
			}
		})
	}
	quiet := source{path: "internal/event/a.go", dir: "internal/event", text: []byte("package event\n"), fset: token.NewFileSet()}
	quiet.tree, _ = parser.ParseFile(quiet.fset, quiet.path, quiet.text, parser.ParseComments)
	quiet.pkg = "event"
	if got := checkDoc([]source{quiet}); len(got) != 4 {
		t.Errorf("a package without a comment: got %q, want a failure for each of the four lines", got)
	}
}
