package playbook

import (
	"encoding/json"
	"fmt"
	"strings"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/playbook/book"
)

// occasion names the one time that a step is done, for those outside who have to know a repetition: the effect's key, and which try it is
// where one that did not work is made again on purpose. It tells the target too what it is done for.
func (d *Director) occasion(k desk, n *book.Node, t *effect.Target) (string, error) {
	about := effect.About{
		Ticket: string(k.ticket.ID), Run: k.run.ID, Step: n.ID, Playbook: k.def.ID, Why: strings.TrimSpace(k.def.Why), Title: k.next.Title,
		Severity: string(k.next.Severity), Account: k.next.Account, Region: k.next.Region, Team: k.ticket.Owner.Team, Person: k.ticket.Owner.Person,
	}
	if k.next.Resource != nil {
		about.Resource = k.next.Resource.String()
	}
	text, err := json.Marshal(about)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "describe what step %s is for", n.ID)
	}
	if t.Known == nil {
		t.Known = map[string]string{}
	}
	t.Known[effect.AboutParam] = string(text)
	key := k.run.EffectKey(n.ID)
	if failed := k.run.step(n.ID).Failed; failed > 0 {
		key += fmt.Sprintf("#%d", failed+1)
	}
	return key, nil
}

// occasionOf keeps the name of an occasion to its effect, whatever the plan says.
func occasionOf(e effect.Effect) string {
	name := e.Plan.Target.Effect
	if name == e.Key || strings.HasPrefix(name, e.Key+"#") {
		return name
	}
	return e.Key
}
