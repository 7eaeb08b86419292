package sigma

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"jobzero/internal/detect"
	"jobzero/internal/doc"
	"jobzero/internal/finding"
)

// unsupported marks an error about valid Sigma that cannot be used here.
type unsupported struct{ error }

// Unwrap gives the error with its place and code.
func (u unsupported) Unwrap() error { return u.error }

// Unsupported reports whether err says that a rule is good Sigma but more than can be done here.
func Unsupported(err error) bool {
	_, ok := errors.AsType[unsupported](err)
	return ok
}

// readRule reads a rule, and what an aggregation at the end of its condition makes of it.
func (o Options) readRule(n *doc.Node, from *text) (Set, error) {
	about, scoping, err := readAbout(n)
	if err != nil {
		return Set{}, err
	}
	if about.LogSource, err = readLogSource(n, "a rule"); err != nil {
		return Set{}, err
	}
	c := &Compiled{Rule: about, Scoping: scoping, text: from}
	c.Logs = o.logsOf(c.LogSource)
	if c.fields, c.Idle, err = o.placesFor(n, c.LogSource); err != nil {
		return Set{}, err
	}
	d := n.Get("detection")
	if d == nil || d.Kind != doc.Map {
		return Set{}, n.Errorf("a rule needs a detection: a map of searches and a condition")
	}
	condition, err := o.bodies(c.fields).searches(d, &c.Detection, "timeframe")
	if err != nil {
		return Set{}, err
	}
	if a := cutAggregation(condition); a != nil {
		return a.read(c, d.Get("timeframe"))
	}
	if t := d.Get("timeframe"); t != nil {
		return Set{}, t.Errorf("a timeframe belongs to an aggregation such as selection | count() > 5: remove it, or write a correlation")
	}
	c.Condition, err = readCondition(condition, c.Searches)
	return Set{Rules: []*Compiled{c}}, err
}

// placesFor gives where the fields of a document are, and why it can never match, if so.
func (o Options) placesFor(n *doc.Node, l detect.LogSource) (fieldMap, string, error) {
	var taxonomy string
	if err := readText(n, "taxonomy", &taxonomy); err != nil {
		return nil, "", err
	}
	f, idle := o.fieldsOf(l, taxonomy), o.idle(l)
	if f == nil && idle == "" && !sameTaxonomy(taxonomy, "") {
		idle = "there is no mapping for its taxonomy " + taxonomy
	}
	return f, idle, nil
}

func (o Options) bodies(f fieldMap) bodies { return bodies{placeholders: o.Placeholders, fields: f} }

// readAbout reads what a rule says about itself. Keys that are not known are custom attributes and left alone.
func readAbout(n *doc.Node) (detect.Rule, Scoping, error) {
	c := detect.Rule{File: n.Place()}
	for key, into := range map[string]*string{
		"title": &c.Title, "id": &c.ID, "name": &c.Name, "status": &c.Status, "description": &c.Description, "author": &c.Author,
	} {
		if err := readText(n, key, into); err != nil {
			return c, Scoping{}, err
		}
	}
	for key, into := range map[string]*[]string{"references": &c.References, "tags": &c.Tags, "falsepositives": &c.FalsePositives} {
		if err := readTexts(n, key, into); err != nil {
			return c, Scoping{}, err
		}
	}
	if c.Title == "" {
		return c, Scoping{}, n.Errorf("a rule needs a title: add one that says what it detects")
	}
	if len(strings.Fields(c.ID)) > 1 {
		return c, Scoping{}, n.Get("id").Errorf("id %q: use a UUID", c.ID)
	}
	if c.ID == "" && len(strings.Fields(c.Name)) == 1 {
		c.ID = c.Name
	}
	c.ID = cmp.Or(c.ID, titleID(c.Title))
	var err error
	if c.Level, err = readLevel(n, finding.Medium); err != nil {
		return c, Scoping{}, err
	}
	scoping, err := readCustom(n.Get("jobzero"), &c)
	return c, scoping, err
}

// readLevel reads the level of a rule; usual is for one that has none.
func readLevel(n *doc.Node, usual finding.Severity) (finding.Severity, error) {
	var word string
	if err := readText(n, "level", &word); err != nil || word == "" {
		return usual, err
	}
	level, err := finding.ParseSeverity(word)
	if err != nil {
		return usual, n.Get("level").Errorf("level %q: use informational, low, medium, high or critical", word)
	}
	return level, nil
}

// readCustom reads jobzero's own attribute, which is strict: nobody else writes into it.
func readCustom(n *doc.Node, c *detect.Rule) (Scoping, error) {
	if n == nil || n.Kind == doc.Null {
		return Scoping{}, nil
	}
	if err := onlyKeys(n, "jobzero", "subject", "playbook", "person", "where", "levels", "when"); err != nil {
		return Scoping{}, err
	}
	var subject string
	for key, into := range map[string]*string{"subject": &subject, "playbook": &c.Answer.Playbook, "person": &c.Answer.Person} {
		if err := readText(n, key, into); err != nil {
			return Scoping{}, err
		}
	}
	var err error
	if c.Subject, err = detect.ParseSubject(subject); err != nil {
		return Scoping{}, n.Get("subject").Errorf("%v", err)
	}
	return readScoping(n)
}

// readLogSource reads which log a rule or a filter is about.
func readLogSource(n *doc.Node, who string) (detect.LogSource, error) {
	var l detect.LogSource
	src := n.Get("logsource")
	if src == nil || src.Kind != doc.Map {
		return l, n.Errorf("%s needs a logsource: for CloudTrail write product: aws and service: cloudtrail", who)
	}
	for key, into := range map[string]*string{"category": &l.Category, "product": &l.Product, "service": &l.Service} {
		if err := readText(src, key, into); err != nil {
			return l, err
		}
	}
	return l, nil
}

func readText(n *doc.Node, key string, into *string) error {
	v := n.Get(key)
	if v == nil {
		return nil
	}
	if v.Kind == doc.Map || v.Kind == doc.List {
		return v.Errorf("%s is %s: want a text", key, v.Kind)
	}
	*into = strings.TrimSpace(v.Text)
	return nil
}

// readTexts reads a list of texts; a single text is a list of one.
func readTexts(n *doc.Node, key string, into *[]string) error {
	v := n.Get(key)
	if v == nil || v.Kind == doc.Null {
		return nil
	}
	items := v.Items
	if v.Kind != doc.List {
		items = []*doc.Node{v}
	}
	for _, item := range items {
		if item.Kind == doc.Map || item.Kind == doc.List {
			return item.Errorf("%s holds %s: want texts", key, item.Kind)
		}
		*into = append(*into, item.Text)
	}
	return nil
}

// titleID is an id for a rule that has none; it stays the same as long as the title does.
func titleID(title string) string {
	sum := sha256.Sum256([]byte(title))
	return "title-" + hex.EncodeToString(sum[:8])
}
