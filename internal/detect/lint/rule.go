package lint

import (
	"fmt"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/doc"
)

// rule looks at what a rule says.
func (c *checker) rule(r *sigma.Compiled, nodes []*doc.Node) {
	if strings.Contains(r.ID, "/") { // a part of an old rule with an aggregation: the correlation made of it stands for it
		return
	}
	n := nodeAt(nodes, r.File)
	if r.Idle != "" {
		c.add(Warning, IdleSource, child(n, r.File, "logsource"), "the rule can never match here: "+r.Idle)
	}
	if why := r.Senseless(); why != "" {
		c.add(Warning, Senseless, child(n, r.File, "detection", "condition"), why)
	}
	for _, name := range r.Unused() {
		c.add(Warning, Unused, keyOf(n, r.File, name), fmt.Sprintf("search %s is never looked at: use it in the condition or take it out", name))
	}
	c.about(&r.Rule, n, r.Part)
}

func (c *checker) correlation(x *sigma.Correlation) { c.about(&x.Rule, nil, x.Part) }

// about looks at what people are told.
func (c *checker) about(r *detect.Rule, n *doc.Node, part bool) {
	tagged := false
	for i, tag := range r.Tags {
		is, ok := sigma.Attack(tag)
		tagged = tagged || is && ok
		if is && !ok {
			c.add(Warning, BadTag, item(n, r.File, "tags", i), fmt.Sprintf("tag %s is no technique, tactic, group or software of ATT&CK: write it as attack.t1078.004", tag))
		}
	}
	if c.o.Playbooks != nil && r.Answer.Playbook != "" && !c.o.Playbooks[r.Answer.Playbook] {
		c.add(Error, NoPlaybook, child(n, r.File, "jobzero", "playbook"), fmt.Sprintf("there is no playbook %s: mend the id, or load it", r.Answer.Playbook))
	}
	if part || r.Idle != "" {
		return // nobody will be told of its findings
	}
	if !tagged {
		c.add(Warning, NoTag, r.File, "no tag says which technique of ATT&CK this is: add one such as attack.t1078.004")
	}
	if len(r.FalsePositives) == 0 {
		c.add(Warning, NoFalse, r.File, "falsepositives is missing: say when this is harmless, for who has to decide")
	}
	if r.Answer == (detect.Answer{}) {
		c.add(Warning, NoAnswer, r.File, "nothing says what to do about a finding: name a playbook, or say what a person looks at first (jobzero: {person: …})")
	}
}

// names finds ids and titles that two documents have.
func (c *checker) names() {
	one := func(id, title, file string) {
		if strings.Contains(id, "/") {
			return
		}
		if first, ok := c.ids[id]; ok {
			c.add(Error, DuplicateID, file, fmt.Sprintf("the id %s is taken by %s: give this one its own", id, first))
		} else {
			c.ids[id] = file
		}
		if first, ok := c.titles[title]; ok && c.ids[id] == file {
			c.add(Warning, DuplicateTitle, file, fmt.Sprintf("the title is that of %s, too: nobody can tell their findings apart", first))
		} else {
			c.titles[title] = file
		}
	}
	for _, r := range c.all.Rules {
		one(r.ID, r.Title, r.File)
	}
	for _, x := range c.all.Correlations {
		one(x.ID, x.Title, x.File)
	}
	for _, f := range c.all.Filters {
		one(f.ID, f.Title, f.File)
	}
}

// link finds names that nobody has, and correlations that cannot match.
func (c *checker) link() {
	linked, errs := c.all.Link()
	for _, err := range errs {
		c.wrong(Error, Unlinked, err)
	}
	for _, x := range linked.Correlations {
		if x.Idle != "" {
			c.add(Warning, IdleSource, x.File, "the correlation can never match here: "+x.Idle)
		}
	}
}

// nodeAt is the document at a place, nil when several were joined to make it.
func nodeAt(nodes []*doc.Node, place string) *doc.Node {
	for _, n := range nodes {
		if n.Place() == place {
			return n
		}
	}
	return nil
}

// child is the place of a key below a document, or the document's own.
func child(n *doc.Node, place string, keys ...string) string {
	for _, key := range keys {
		if n == nil || n.Get(key) == nil {
			break
		}
		n = n.Get(key)
		place = n.Place()
	}
	return place
}

// keyOf is the place of a search's name.
func keyOf(n *doc.Node, place, search string) string {
	if n == nil || n.Get("detection") == nil {
		return place
	}
	for _, p := range n.Get("detection").Pairs {
		if p.Key.Text == search {
			return p.Key.Place()
		}
	}
	return place
}

// item is the place of an item of a list.
func item(n *doc.Node, place, key string, i int) string {
	if n == nil || n.Get(key) == nil {
		return place
	}
	if list := n.Get(key).Items; i < len(list) {
		return list[i].Place()
	}
	return n.Get(key).Place()
}
