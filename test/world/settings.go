package world

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Options say how a house is set up. What is left out is as in the demo.
type Options struct {
	Program string
	Dir     string
	Enforce bool   // false: plan mode everywhere
	Extra   string // further lines of the part playbooks of the configuration, indented by two
	Limits  string // of playbooks, in braces; share: 0 when empty
	More    string // further lines of the configuration

	Accounts  []string // members that the house watches; Prod and Sandbox when empty
	EnforceIn []string // where playbooks act when Enforce; in all Accounts when empty
	Intent    string   // text of intent.yaml; nothing is declared when empty

	Settle     time.Duration // window of fresh reads; 1 s
	Visibility time.Duration // of a message: what a killed process had taken comes back after it; 4 s
	Sweep      time.Duration // how often everything is read; never when 0
	Swept      string        // the types that are swept, in quotes and with commas; those that most stories are about when empty

	Database string // URL; SQLite in the house's folder when empty
	Bus      string // URL; embedded when empty
	Queue    string // of events; the world's own when empty
	Trail    string // queue that tells of new log files; none when empty
	Endpoint string // of AWS, such as a Tap's; the emulator's own when empty
	Rate     int    // calls a second to a service in an account, at once too; the product's own limit when 0
}

func (o Options) fill(w *World) Options {
	if len(o.Accounts) == 0 {
		o.Accounts = []string{Prod, Sandbox}
	}
	if len(o.EnforceIn) == 0 {
		o.EnforceIn = o.Accounts
	}
	o.Intent = cmp.Or(o.Intent, intentText)
	o.Settle = cmp.Or(o.Settle, time.Second)
	o.Visibility = cmp.Or(o.Visibility, 4*time.Second)
	o.Bus = cmp.Or(o.Bus, "embedded")
	o.Queue = cmp.Or(o.Queue, w.Queue)
	o.Endpoint = cmp.Or(o.Endpoint, w.AWS.Endpoint)
	return o
}

// config writes jobzero.yaml. o is filled.
func (w *World) config(o Options, address string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("data_dir: data")
	if o.Database != "" {
		line("database: %q", o.Database)
	}
	line("bus: %q", o.Bus)
	line("listen: %s", address)
	line("log: {level: debug}")
	line("org: org.yaml")
	line("intent: intent.yaml")
	line("aws:")
	line("  region: %s", Region)
	line("  endpoint: %q", o.Endpoint)
	line("  max_backoff: 50ms")
	if o.Rate > 0 {
		line("  rate_limit: %d", o.Rate)
		line("  burst: %d", o.Rate)
	}
	line("accounts:")
	for _, a := range o.Accounts {
		line("  - {id: %q, name: %s, regions: [%s]}", a, nameOf(a), Region)
	}
	line("sources:")
	line("  eventbridge:")
	line("    - {queue: %q, region: %s, wait: 1s, visibility: %s}", o.Queue, Region, o.Visibility)
	if o.Trail != "" {
		line("  s3:")
		line("    - {queue: %q, region: %s, wait: 1s, visibility: %s}", o.Trail, Region, o.Visibility)
	}
	line("sweep: {every: %s, cloud_control: false, types: [%s]}", o.Sweep, cmp.Or(o.Swept, swept)) // of what the emulator has
	line("playbooks:")
	line("  mode: plan")
	line("  settle: %s", o.Settle)
	line("  reads: 3")
	line("  give_up: 60s")
	line("  limits: {%s}", cmp.Or(o.Limits, "share: 0")) // the emulator has little besides what is made wrong
	if o.Enforce {
		line("  enforce:")
		line("    - {playbook: \"*\", accounts: [\"%s\"]}", strings.Join(o.EnforceIn, `", "`))
	}
	b.WriteString(o.Extra)
	b.WriteString(o.More)
	return b.String()
}

func nameOf(account string) string {
	switch account {
	case Prod:
		return "production"
	case Sandbox:
		return "sandbox"
	default:
		return "account-" + account
	}
}

// swept is what stories have swept: the emulator has no Cloud Control and no Access Analyzer, and knows nothing of Inspector.
const swept = `"AWS::S3::Bucket", "jobzero::S3::AccountPublicAccessBlock", "AWS::EC2::SecurityGroup", "AWS::IAM::AccessKey", "AWS::IAM::Role", "AWS::KMS::Key"`

const orgText = `accounts:
  - {id: "` + Prod + `", name: production, unit: workloads, environment: prod, owner: storefront}
  - {id: "` + Sandbox + `", name: sandbox, unit: workloads, environment: dev, owner: platform}
units:
  - {name: workloads}
teams:
  - {name: storefront, lead: alex}
  - {name: platform, lead: sam}
people:
  - {id: alex, name: Alex Example, email: alex@example.com}
  - {id: sam, name: Sam Example, email: sam@example.com}
default: platform
environments: [prod, dev]
`

const intentText = `# Nothing is meant to be public.
[]
`
