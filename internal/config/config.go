package config

import (
	"path/filepath"
	"slices"
	"time"

	"jobzero/internal/action/lambda"
	"jobzero/internal/action/ssm"
	"jobzero/internal/auth"
	"jobzero/internal/awsorg"
	"jobzero/internal/console"
	"jobzero/internal/glass"
	"jobzero/internal/inventory"
	notifying "jobzero/internal/notify/builtin"
	"jobzero/internal/notify/subscription"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/oncall"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/pulse"
	"jobzero/internal/report"
	"jobzero/internal/resource"
	"jobzero/internal/source/logs"
	"jobzero/internal/telemetry"
)

// Embedded is the bus inside the process.
const Embedded = "embedded"

// Config is everything that can be set. Default is complete: a file only says what is different.
type Config struct {
	Database   telemetry.Secret `yaml:"database"` // empty: SQLite in DataDir; else postgres://… or sqlite://PATH
	Bus        telemetry.Secret `yaml:"bus"`      // embedded, or nats://… with more servers after commas
	DataDir    string           `yaml:"data_dir"`
	Listen     string           `yaml:"listen"` // host:port
	Console    console.Config   `yaml:"console"`
	Log        telemetry.Log    `yaml:"log"`
	AWS        awsorg.Config    `yaml:"aws"`
	Accounts   []Account        `yaml:"accounts"`
	Sources    Sources          `yaml:"sources"`
	Logs       logs.Config      `yaml:"logs"`    // what logs other than CloudTrail's do not say themselves
	Org        string           `yaml:"org"`     // path of org.yaml; empty: nobody owns anything
	Intent     string           `yaml:"intent"`  // path of intent.yaml; empty: nothing is declared public
	Waivers    string           `yaml:"waivers"` // path of waivers.yaml; empty: everything has to be met
	Content    Content          `yaml:"content"`
	Archive    Archive          `yaml:"archive"`
	Sweep      Sweep            `yaml:"sweep"`
	Lease      time.Duration    `yaml:"lease"`    // how long work of a process that has died waits for another one
	Lateness   time.Duration    `yaml:"lateness"` // how late a record may be delivered and still count in its place in a correlation
	Reconcile  Reconcile        `yaml:"reconcile"`
	Baselines  Baselines        `yaml:"baselines"`
	Playbooks  playbook.Config  `yaml:"playbooks"`
	Verdicts   verdict.Config   `yaml:"verdicts"`
	BreakGlass glass.Policy     `yaml:"break_glass"`
	SCIM       SCIM             `yaml:"scim"`
	Auth       auth.Config      `yaml:"auth"` // how people sign in
	Access     Access           `yaml:"access"`
	Leavers    Leavers          `yaml:"leavers"`
	Ledger     Ledger           `yaml:"ledger"`
	Audit      Audit            `yaml:"audit"`
	// Infrastructure is where what exists is written as code: folders and files of templates and Terraform.
	Infrastructure []string         `yaml:"infrastructure"`
	Notify         notifying.Config `yaml:"notify"`   // how people are told
	Webhooks       []webhook.Config `yaml:"webhooks"` // addresses that playbooks may post to
	// Subscriptions is how programs of others are told of changes: jobzero webhook.
	Subscriptions subscription.Config `yaml:"subscriptions"`
	Functions     []lambda.Allowed    `yaml:"functions"` // functions that they may invoke
	Documents     []ssm.Allowed       `yaml:"documents"` // Automation documents that they may run
	OnCall        oncall.Config       `yaml:"oncall"`    // who is on duty
	// Escalation is the path of escalation.yaml, which says who is told of tickets and who next; empty: the built-in policy.
	Escalation string `yaml:"escalation"`
	// Pulse is how it is told outside that jobzero is well.
	Pulse  pulse.Config  `yaml:"pulse"`
	Report report.Config `yaml:"report"` // who may say that something is wrong in the browser and by e-mail
}

// SCIM is how directories tell of people.
type SCIM struct {
	Token telemetry.Secret `yaml:"token"` // that they show; empty: the door is shut
}

// Account is one account that is swept.
type Account struct {
	ID      string   `yaml:"id"` // twelve digits
	Name    string   `yaml:"name"`
	Regions []string `yaml:"regions"`
	// Organization says that the organisation's accounts are listed here where its management account is not watched: this one
	// administers for it. At most one account has it.
	Organization bool `yaml:"organization"`
}

// Sources are the queues that events come from.
type Sources struct {
	EventBridge []Queue `yaml:"eventbridge"` // an EventBridge rule sends CloudTrail events here
	S3          []Queue `yaml:"s3"`          // the trail's bucket sends notifications of new objects here
}

// Queue is one SQS queue.
type Queue struct {
	URL    string `yaml:"queue"`
	Region string `yaml:"region"` // empty: the region of the aws part
	// How long one receive waits for a message (0 is 20s, the longest that SQS allows), and how long a message is ours until it
	// is extended (0 is 60s): a killed process keeps what it had taken for that long.
	Wait       time.Duration `yaml:"wait"`
	Visibility time.Duration `yaml:"visibility"`
}

// Sweep is the periodic reading of everything.
type Sweep struct {
	Every time.Duration   `yaml:"every"` // zero: never
	Types []resource.Type `yaml:"types"` // empty: all that can be read
	// CloudControl has the types read that have no reader of their own, through AWS Cloud Control.
	CloudControl bool `yaml:"cloud_control"`
}

// Archive is where old logs lie, and how new rules are run over them.
type Archive struct {
	Places   []string      `yaml:"places"`    // s3://bucket/prefix, or folders; none: new rules judge only what comes
	LookBack time.Duration `yaml:"look_back"` // how old the logs are at the most
	Parallel int           `yaml:"parallel"`  // files that one process reads at once
	First    bool          `yaml:"first"`     // also when nothing is known yet; otherwise what the first start has is known as it is
}

// Default is what an empty file means.
func Default() Config {
	return Config{
		Bus:           Embedded,
		DataDir:       "./jobzero-data",
		Listen:        "127.0.0.1:8080",
		Log:           telemetry.Log{Level: "info", Format: "auto"},
		AWS:           awsorg.DefaultConfig(),
		Sweep:         Sweep{Every: 6 * time.Hour, CloudControl: true},
		Lease:         30 * time.Second,
		Lateness:      time.Hour,
		Archive:       Archive{LookBack: 30 * 24 * time.Hour, Parallel: 4},
		Reconcile:     Reconcile{After: 6 * time.Hour, Missed: 0.1, Silence: 24 * time.Hour},
		Baselines:     Baselines{Mode: Learn, Budget: 1},
		Playbooks:     playbook.DefaultConfig(),
		Verdicts:      verdict.DefaultConfig(),
		BreakGlass:    glass.DefaultPolicy(),
		Auth:          auth.DefaultConfig(),
		Access:        Access{Look: time.Minute},
		Pulse:         pulse.DefaultConfig(),
		Subscriptions: subscription.DefaultConfig(),
		Report:        report.DefaultConfig(),
		Leavers:       Leavers{Every: 5 * time.Minute, Sessions: 12 * time.Hour},
		Ledger:        Ledger{Days: 400, Leaves: 100},
		Audit:         Audit{After: 15 * time.Minute, Checkpoint: Checkpoint{Every: time.Hour, Retain: 365 * 24 * time.Hour}},
	}
}

// Knows reports whether the account is one of those that are named.
func (c Config) Knows(account string) bool {
	return slices.ContainsFunc(c.Accounts, func(a Account) bool { return a.ID == account })
}

// Watch is what the accounts say is watched.
func (c Config) Watch() inventory.Watch {
	w := inventory.Watch{Regions: map[string][]string{}}
	for _, a := range c.Accounts {
		w.Regions[a.ID] = a.Regions
		if a.Organization {
			w.Lister = a.ID
		}
	}
	return w
}

// DatabaseURL is where the store is, the default filled in.
func (c Config) DatabaseURL() telemetry.Secret {
	if c.Database == "" || c.Database == "sqlite" {
		return telemetry.Secret("sqlite://" + filepath.Join(c.DataDir, "jobzero.db"))
	}
	return c.Database
}
