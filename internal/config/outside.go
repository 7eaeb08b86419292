package config

import (
	"os"
	"regexp"

	"jobzero/internal/notify/webhook"
)

// listed is what names an entry of a list.
type listed struct {
	name  string
	wrong error
}

// checkInfrastructure looks whether the code is there.
func (c Config) checkInfrastructure(p *problems) {
	for i, place := range c.Infrastructure {
		if _, err := os.Stat(place); err != nil {
			p.add(at("infrastructure", i), "%q: want a folder or a file with templates or Terraform", place)
		}
	}
}

// checkOutside looks at whom playbooks may tell and ask.
func (c Config) checkOutside(p *problems) {
	var hooks, functions, documents []listed
	for _, w := range c.Webhooks {
		hooks = append(hooks, listed{w.Name, w.Validate()})
	}
	for _, f := range c.Functions {
		functions = append(functions, listed{f.Name, f.Validate()})
		checkScope(p, at("functions", len(functions)-1), f.Accounts, f.Region)
	}
	for _, d := range c.Documents {
		documents = append(documents, listed{d.Name, d.Validate()})
		checkScope(p, at("documents", len(documents)-1), d.Accounts, d.Region)
	}
	checkListed(p, "webhooks", hooks)
	checkListed(p, "functions", functions)
	checkListed(p, "documents", documents)
	hook := func(name string) bool { return webhook.List(c.Webhooks).Knows(name) == nil }
	if err := c.Notify.Validate(hook); err != nil {
		p.room("notify", err)
	}
}

// entryKey is the key that what is wrong with an entry begins with.
var entryKey = regexp.MustCompile(`^([a-z_]+): (?s:(.*))$`)

func checkListed(p *problems, list string, all []listed) {
	seen := map[string]bool{}
	for i, l := range all {
		key := at(list, i)
		if l.wrong != nil {
			text := l.wrong.Error()
			if m := entryKey.FindStringSubmatch(text); m != nil {
				key, text = key+"."+m[1], m[2]
			}
			p.add(key, "%s", text)
		} else if seen[l.name] {
			p.add(key+".name", "%s is there twice", l.name)
		}
		seen[l.name] = true
	}
}

func checkScope(p *problems, key string, accounts []string, region string) {
	for i, a := range accounts {
		if a != "*" && !accountForm.MatchString(a) {
			p.add(at(key+".accounts", i), "%q: want twelve digits or \"*\"", a)
		}
	}
	if region != "" && !regionForm.MatchString(region) {
		p.add(key+".region", "%q: want a region such as eu-central-1", region)
	}
}
