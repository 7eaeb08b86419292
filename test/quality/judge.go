package quality

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"jobzero/content"
	"jobzero/internal/detect"
	"jobzero/internal/detect/sigma"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source/cloudtrail"
	"jobzero/internal/source/logs"
)

// Judge is the embedded rules, ready to judge samples.
type Judge struct {
	rules  []*sigma.Compiled
	engine detect.Engine
	graph  *lineage.Graph
	calls  map[string][]call // by the name of a call in lower case
	logs   map[event.Log]bool
}

// call is what one rule wants to be called: one name of one of the services.
type call struct{ services []string }

// NewJudge loads the embedded rules. Its errors are those of the rules.
func NewJudge() (*Judge, error) {
	set, errs := sigma.LoadAll(content.FS(), "rules", sigma.Options{})
	linked, more := set.Link()
	if err := errors.Join(append(errs, more...)...); err != nil {
		return nil, err
	}
	j := &Judge{rules: linked.Rules, graph: lineage.New(lineage.Options{}), calls: map[string][]call{}, logs: map[event.Log]bool{}}
	j.engine = sigma.NewEngineWith(j.rules, j.graph)
	for _, r := range j.rules {
		for _, log := range r.Logs {
			j.logs[log] = true
		}
		for _, name := range r.Texts("eventName") {
			j.calls[name] = append(j.calls[name], call{r.Texts("eventSource")})
		}
	}
	return j, nil
}

// Rules is how many rules judge.
func (j *Judge) Rules() int { return len(j.rules) }

// Covers reports whether a rule is about the call of an event: it names the call, and no other service. In other logs than
// CloudTrail there are no calls; there it is enough that a rule is about the log. Rules that are about any call, such as all
// that root does, cover none.
func (j *Judge) Covers(e *event.Event) bool {
	if e.Log != event.CloudTrail {
		return j.logs[e.Log]
	}
	for _, c := range j.calls[strings.ToLower(e.Name)] {
		if len(c.services) == 0 || slices.Contains(c.services, strings.ToLower(e.Source)) {
			return true
		}
	}
	return false
}

// Learn takes what an event says of sessions, for the rules that ask who is behind another one.
func (j *Judge) Learn(e *event.Event) { j.graph.Learn(e.Record()) }

// Alerts are the rules that fire on an event.
func (j *Judge) Alerts(e *event.Event) (out []Alert) {
	for _, m := range j.engine.Detect(e.Record()) {
		out = append(out, Alert{m.Rule.ID, m.Rule.Title, m.Rule.Level, slices.Contains(m.Rule.Tags, hunting)})
	}
	return out
}

// Alert is a rule that fired.
type Alert struct {
	Rule, Title string
	Level       finding.Severity
	// Hunting: the rule is broad by intention. It says nothing of an attack, so that no verdict about one can be held against it.
	Hunting bool
}

// hunting is Sigma's tag for such rules: github.com/SigmaHQ/sigma-specification, the namespace detection of its tags.
const hunting = "detection.threat-hunting"

// read makes an event of a record of CloudTrail. Samples are often shortened so far that the product's own reader refuses them:
// those are judged by what is there, and whole is false.
func read(raw []byte) (e *event.Event, whole bool, err error) {
	if e, err := cloudtrail.Parse(raw, event.Origin{}); err == nil {
		return e, true, nil
	}
	var r struct{ EventName, EventSource string }
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, false, err
	}
	return &event.Event{Name: r.EventName, Source: r.EventSource, Raw: raw}, false, nil
}

// entry makes an event of an entry of another log, as read does.
func entry(log event.Log, raw []byte) (e *event.Event, whole bool) {
	if e, err := (logs.Options{}).Among([]event.Log{log})(raw, event.Origin{}); err == nil && e != nil {
		return e, true
	}
	return &event.Event{Log: log, Raw: raw}, false
}
