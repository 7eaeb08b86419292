package config

import (
	"os"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/fault"
	"jobzero/internal/finding"
)

// Content are folders that are added to the embedded content, and what rules need to know beside their text.
type Content struct {
	Rules        []string    `yaml:"rules"`
	Expectations []string    `yaml:"expectations"`
	Playbooks    []string    `yaml:"playbooks"`
	Verdicts     []string    `yaml:"verdicts"`
	Placeholders []string    `yaml:"placeholders"` // files of values for rules with |expand; see sigma.ReadPlaceholders
	Mappings     []string    `yaml:"mappings"`     // files that say where fields are; see sigma.ReadMappings
	Intel        []string    `yaml:"intel"`        // files and feed folders of threat intelligence
	LogSources   []LogSource `yaml:"log_sources"`  // other names for CloudTrail in rules
	Scopes       []Scope     `yaml:"scopes"`       // where some rules count, and how much there; takes the place of their own
}

// LogSource is a log in Sigma's words.
type LogSource struct {
	Category string `yaml:"category"`
	Product  string `yaml:"product"`
	Service  string `yaml:"service"`
}

// Scope says where rules count; see sigma.Scoping.
type Scope struct {
	Rules  []string     `yaml:"rules"` // ids, names or titles
	Where  Where        `yaml:"where"`
	Levels []ScopeLevel `yaml:"levels"`
}

// ScopeLevel is the level of rules in a part of the organisation.
type ScopeLevel struct {
	Where Where  `yaml:"where"`
	Level string `yaml:"level"`
}

// Where is a part of the organisation. Of each list one pattern must match, and an empty list demands nothing.
type Where struct {
	Accounts     []string `yaml:"accounts"` // IDs or names
	Units        []string `yaml:"units"`
	Environments []string `yaml:"environments"`
	Tags         []string `yaml:"tags"` // key=value, or a key alone
}

func (w Where) empty() bool { return len(w.Accounts)+len(w.Units)+len(w.Environments)+len(w.Tags) == 0 }

func (w Where) sigma() sigma.Where {
	return sigma.Where{Accounts: w.Accounts, Units: w.Units, Environments: w.Environments, Tags: w.Tags}
}

// RuleOptions reads the files of placeholders and mappings. Errors begin with file:line:column.
func (c Content) RuleOptions() (sigma.Options, error) {
	var o sigma.Options
	for _, l := range c.LogSources {
		o = o.AlsoCloudTrail(detect.LogSource{Category: l.Category, Product: l.Product, Service: l.Service})
	}
	return AddToRules(o, c.Placeholders, c.Mappings)
}

// RuleOptions are those of the content, and the logs of applications that the settings name.
func (c Config) RuleOptions() (sigma.Options, error) {
	o, err := c.Content.RuleOptions()
	for _, g := range c.Logs.Applications() {
		product, service, _ := strings.Cut(string(g.Log), "/")
		o = o.Also(g.Log, detect.LogSource{Category: g.Category, Product: product, Service: service})
	}
	return o, err
}

// AddToRules adds what files of placeholders and of mappings say.
func AddToRules(o sigma.Options, placeholders, mappings []string) (sigma.Options, error) {
	for _, name := range placeholders {
		data, err := readFile(name, "a file of values for rules with |expand")
		if err != nil {
			return o, err
		}
		values, err := sigma.ReadPlaceholders(name, data)
		if err != nil {
			return o, err
		}
		o = o.With(values, nil)
	}
	for _, name := range mappings {
		data, err := readFile(name, "a file that says where fields are that rules know by other names")
		if err != nil {
			return o, err
		}
		more, err := sigma.ReadMappings(name, data)
		if err != nil {
			return o, err
		}
		o = o.With(nil, more)
	}
	return o, nil
}

// Rescopes are the scopes as sigma.Set.Rescoped takes them.
func (c Content) Rescopes() []sigma.Rescope {
	out := make([]sigma.Rescope, len(c.Scopes))
	for i, s := range c.Scopes {
		out[i] = sigma.Rescope{Rules: s.Rules, Scoping: sigma.Scoping{Where: s.Where.sigma()}}
		for _, l := range s.Levels {
			out[i].Scoping.Levels = append(out[i].Scoping.Levels, sigma.ScopedLevel{Where: l.Where.sigma(), Level: finding.Severity(l.Level)})
		}
	}
	return out
}

// checkContent looks at the files and folders, and at the scopes.
func (c Config) checkContent(p *problems) {
	file := func(key, path string) {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			p.add(key, "%s: want a file that can be read", path)
		}
	}
	for _, f := range []struct{ key, path string }{{"org", c.Org}, {"intent", c.Intent}, {"waivers", c.Waivers}, {"escalation", c.Escalation}} {
		if f.path != "" {
			file(f.key, f.path)
		}
	}
	for i, path := range c.Content.Intel {
		if _, err := os.Stat(path); err != nil {
			p.add(at("content.intel", i), "%s: want a file, or the folder of a feed, that can be read", path)
		}
	}
	for _, l := range []struct {
		key   string
		paths []string
		file  bool
	}{
		{"content.rules", c.Content.Rules, false},
		{"content.expectations", c.Content.Expectations, false},
		{"content.playbooks", c.Content.Playbooks, false},
		{"content.verdicts", c.Content.Verdicts, false},
		{"content.placeholders", c.Content.Placeholders, true},
		{"content.mappings", c.Content.Mappings, true},
	} {
		for i, path := range l.paths {
			if l.file {
				file(at(l.key, i), path)
			} else if info, err := os.Stat(path); err != nil || !info.IsDir() {
				p.add(at(l.key, i), "%s: want a folder that can be read", path)
			}
		}
	}
	for i, l := range c.Content.LogSources {
		if l == (LogSource{}) {
			p.add(at("content.log_sources", i), "is empty: name a category, product or service")
		}
	}
	if _, err := c.Content.RuleOptions(); err != nil && !fault.Is(err, fault.NotFound) {
		p.add("content", "%s", err)
	}
	c.checkScopes(p)
}

func (c Config) checkScopes(p *problems) {
	for i, s := range c.Content.Scopes {
		key := at("content.scopes", i)
		switch {
		case len(s.Rules) == 0:
			p.add(key+".rules", "is empty: name the rules that it is about")
		case s.Where.empty() && len(s.Levels) == 0:
			p.add(key, "says nothing: add where or levels")
		}
		for j, l := range s.Levels {
			if l.Where.empty() {
				p.add(at(key+".levels", j)+".where", "is empty: name accounts, units, environments or tags")
			}
			if _, err := finding.ParseSeverity(l.Level); err != nil {
				p.add(at(key+".levels", j)+".level", "%q: use informational, low, medium, high or critical", l.Level)
			}
		}
	}
}
