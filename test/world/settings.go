package world

import "fmt"

func (w *World) config(o Options, address string) string {
	mode := "plan"
	enforce := ""
	if o.Enforce {
		enforce = fmt.Sprintf("  enforce:\n    - {playbook: \"*\", accounts: [\"%s\", \"%s\"]}\n", Prod, Sandbox)
	}
	return fmt.Sprintf(`data_dir: data
listen: %s
log: {level: debug}
org: org.yaml
intent: intent.yaml
aws:
  region: %s
  endpoint: %s
  max_backoff: 50ms
accounts:
  - {id: "%s", name: production, regions: [%s]}
  - {id: "%s", name: sandbox, regions: [%s]}
sources:
  eventbridge:
    - {queue: "%s", region: %s, wait: 1s, visibility: 4s}
sweep:
  every: 0s
playbooks:
  mode: %s
  settle: 1s
  reads: 3
  give_up: 60s
%s%s`, address, Region, w.AWS.Endpoint, Prod, Region, Sandbox, Region, w.Queue, Region, mode, enforce, o.Extra)
}

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
