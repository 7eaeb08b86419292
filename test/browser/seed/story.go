package seed

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"jobzero/internal/effect"
	"jobzero/internal/finding"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/verdict"
	"jobzero/internal/store"
	"jobzero/internal/ticket"
)

// ticket makes up the i-th of n with its whole story.
func (m *maker) ticket(ctx context.Context, tx *store.Tx, i, n int) error {
	at := m.now.Add(-time.Duration(n-i) * (180 * 24 * time.Hour) / time.Duration(n)).Add(-time.Minute)
	f, state := m.finding(i, at), m.state(i, n)
	id := ticket.ID(m.id(at))
	f.Ticket, f.State = string(id), map[ticket.State]finding.State{ticket.Closed: finding.Done, ticket.Human: finding.Human}[state]
	if f.State == "" {
		f.State = finding.Open
	}
	f.Evidence = []finding.Evidence{{Kind: "verdict", At: at, Text: f.Why, Data: json.RawMessage(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}`)}}
	if f.Kind == finding.Rule {
		f.Evidence = []finding.Evidence{{Kind: "event", At: at, Text: "ConsoleLogin by worker", Data: json.RawMessage(Login(at, i))}}
	}
	if err := tx.SaveFinding(ctx, f); err != nil {
		return err
	}
	m.made++
	k := ticket.Start(id, f, ticket.Owner{Team: one(m, teams()), Person: one(m, []string{"", "", "ana", "ben", "mia"}), Via: "account"}, at)
	s := story{maker: m, tx: tx, k: &k, f: f, at: at}
	if n-i > told && state == ticket.Closed {
		return s.brief(ctx)
	}
	return s.tell(ctx, state)
}

// told is how many of the newest tickets have their whole story; of older ones only the end is told.
const told = 5_000

// brief tells that it was opened, repaired and closed.
func (s *story) brief(ctx context.Context) error {
	if err := s.say(ctx, "jobzero/triage", "opened", s.f.Title+".", nil); err != nil {
		return err
	}
	if err := s.tx.SaveRun(ctx, s.run(ticket.Closed)); err != nil {
		return err
	}
	return s.move(ctx, ticket.Closed, "three fresh reads agree", "jobzero/playbook", "closed")
}

// story is a ticket while its story is told.
type story struct {
	*maker
	tx *store.Tx
	k  *ticket.Ticket
	f  finding.Finding
	at time.Time
}

func (s *story) say(ctx context.Context, actor, kind, text string, data any) error {
	s.at = s.at.Add(time.Duration(2+s.dice.IntN(50)) * time.Second)
	e := ticket.Entry{At: s.at, Actor: actor, Kind: kind, Text: text}
	if data != nil {
		raw, err := json.Marshal(data)
		if err != nil {
			return err
		}
		e.Data = raw
	}
	return s.tx.AppendEntry(ctx, s.k, e)
}

func (s *story) tell(ctx context.Context, to ticket.State) error {
	if err := s.say(ctx, "jobzero/triage", "opened", s.f.Title+". "+s.f.Why+".", s.f.Evidence); err != nil {
		return err
	}
	if to == ticket.Open {
		return nil
	}
	if err := s.inquire(ctx); err != nil {
		return err
	}
	run := s.run(to)
	if err := s.move(ctx, ticket.Investigating, "looks at it again", "jobzero/playbook", "state"); err != nil {
		return err
	}
	if to != ticket.Investigating {
		if err := s.say(ctx, "jobzero/playbook", "plan", "Would "+playbook.Words(*run.Steps[0].Plan), run.Steps[0].Plan); err != nil {
			return err
		}
		if err := s.tx.SaveRun(ctx, run); err != nil {
			return err
		}
	}
	switch to {
	case ticket.Human:
		return s.move(ctx, ticket.Human, s.k.Reason, "jobzero/playbook", "human")
	case ticket.Remediating, ticket.Verifying, ticket.Closed:
		return s.repair(ctx, run, to)
	case ticket.Open, ticket.Investigating: // it is there already
	}
	return nil
}

// inquire is what software has read about it before anything was done, with a look at the ticket before.
func (s *story) inquire(ctx context.Context) error {
	q := playbook.Inquiry{
		Ticket: s.k.ID, Finding: s.f.Fingerprint, By: s.f.By, Account: s.f.Account, Principal: s.f.Principal, Source: "198.51.100.7", Occurred: s.f.Occurred, At: s.at,
		Facts: map[string]playbook.Gathered{
			"who":     {Text: "release-bot, a role, for ana (Ana Example), who signed in with a second factor 40 minutes before"},
			"event":   {Text: "PutBucketPolicy from 198.51.100.7 in eu-central-1", Links: []string{"event/4f1c2a90-0000-4000-8000-000000000001"}},
			"history": {Text: "the resource was changed twice in the last 30 days, by the same role"},
			"related": {Text: "another ticket of the same principal is open"},
		},
		Unknown: map[string]string{"reach": "nobody has read who may do what in this account yet"},
		Opinion: verdict.Opinion{ID: "made-by-a-pipeline", Title: "A pipeline made it", Word: verdict.Expected, Confidence: verdict.Likely, Why: "the caller is one of your tools, and the change is not approved"},
	}
	if s.before != "" {
		g := q.Facts["related"]
		g.Links = []string{"ticket/" + s.before}
		q.Facts["related"] = g
	}
	s.before = string(s.k.ID)
	if err := s.tx.SaveInquiry(ctx, q); err != nil {
		return err
	}
	return s.say(ctx, "jobzero/playbook", "inquiry", "Looked into it: done by release-bot for ana; what it reaches is not known", map[string]any{
		"finding": q.Finding, "opening": 0, "facts_sha256": q.Digest(), "opinion": q.Opinion,
	})
}

func (s *story) move(ctx context.Context, to ticket.State, why, actor, kind string) error {
	if why == "" {
		why = "waits for a person's answer: step " + "cut asks for one to agree"
	}
	if err := s.k.Move(to, why, s.at); err != nil {
		return err
	}
	return s.say(ctx, actor, kind, why, nil)
}

// repair is what an enforcing playbook does.
func (s *story) repair(ctx context.Context, run playbook.Run, to ticket.State) error {
	if err := s.move(ctx, ticket.Remediating, "begins to repair it", "jobzero/playbook", "state"); err != nil || to == ticket.Remediating {
		return err
	}
	step := run.Steps[0]
	s.k.Clocks.Contained = s.at
	e := effect.Effect{
		Key: run.EffectKey(step.ID), Ticket: string(s.k.ID), Run: run.ID, Step: step.ID, Playbook: run.Playbook, Account: s.k.Account,
		State: effect.Done, Attempts: 1, Calls: 1, Plan: *step.Plan, Began: s.at, Ended: s.at.Add(time.Second),
	}
	if err := s.tx.SaveEffect(ctx, e); err != nil {
		return err
	}
	if err := s.say(ctx, "jobzero/playbook", "effect", "Done: "+step.Plan.Action+" with 1 calls", nil); err != nil {
		return err
	}
	if err := s.move(ctx, ticket.Verifying, "reads again", "jobzero/playbook", "state"); err != nil || to == ticket.Verifying {
		return err
	}
	s.k.Clocks.Verified = s.at
	actor, why := "jobzero/playbook", "three fresh reads agree"
	if s.dice.IntN(12) == 0 {
		actor, why = "person/"+one(s.maker, []string{"ana", "ben", "mia"}), "Closed by hand: it belongs to a drill"
	}
	return s.move(ctx, ticket.Closed, why, actor, "closed")
}

// run is a run of some playbook of the content, as far as the state of the ticket says.
func (s *story) run(to ticket.State) playbook.Run {
	of := aboutOf(s.f)
	d, plan := of.definition(s.Playbooks), of.plan(s.f)
	r := playbook.Run{
		ID: s.id(s.at), Ticket: s.k.ID, Finding: s.f.Fingerprint, Playbook: d.ID, Definition: d.Text, Account: s.k.Account, Mode: playbook.Enforce, Started: s.at.Add(time.Second),
		State: playbook.Settled, Reason: "three fresh reads agree",
	}
	for i, x := range d.Steps {
		st := playbook.Step{ID: x.ID, Action: x.Action, State: playbook.StepDone, Began: s.at, Ended: s.at.Add(3 * time.Second)}
		if i == 0 {
			st.Plan = &plan
		} else {
			st.State, st.Note = playbook.StepSkipped, "there was nothing to do"
		}
		r.Steps = append(r.Steps, st)
	}
	switch to {
	case ticket.Human:
		s.ask(&r, plan)
	case ticket.Closed:
		r.Ended = s.at.Add(4 * time.Minute)
	default:
		r.State, r.Reason = playbook.Running, ""
		r.Steps[0].State, r.Steps[0].Ended = playbook.StepDoing, time.Time{}
	}
	return r
}

// ask has people asked, or given up on.
func (s *story) ask(r *playbook.Run, plan effect.Plan) {
	r.Ended, r.Steps[0].Ended = time.Time{}, time.Time{}
	if s.dice.IntN(2) > 0 || s.now.Sub(s.at) > 7*24*time.Hour {
		r.State, r.Reason, r.Ended = playbook.GaveUp, "the role may not: AccessDenied", s.at.Add(time.Minute)
		r.Steps[0].State, r.Steps[0].Note = playbook.StepFailed, "AccessDenied: the responder may not call "+plan.Calls[0].Permission
		s.k.Reason = r.Reason
		return
	}
	r.State, r.Reason = playbook.Running, ""
	r.Steps[0].State = playbook.StepAsking
	r.Steps[0].Ask = &playbook.Ask{Of: playbook.Words(plan), Hash: strconv.FormatUint(s.dice.Uint64(), 16), Need: 1, Until: s.now.Add(2 * time.Hour)}
}
