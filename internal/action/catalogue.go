package action

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// Org lets the actions into accounts.
type Org interface {
	Reader(ctx context.Context, account, region string) (aws.Config, error)
	Writer(ctx context.Context, e awsorg.Errand) (aws.Config, error)
	Own(ctx context.Context) ([]string, error)
}

// Catalogue knows all actions and gets each its session. It is safe for concurrent use.
type Catalogue struct {
	org     Org
	actions map[string]Action
}

// New makes a catalogue. It refuses actions that do not describe themselves.
func New(org Org, actions ...Action) (*Catalogue, error) {
	c := &Catalogue{org: org, actions: map[string]Action{}}
	for _, a := range actions {
		i := a.Info()
		_, inverts := a.(Inverter)
		_, twice := c.actions[i.ID]
		switch {
		case i.ID == "" || i.Title == "" || i.Why == "" || i.Risk == "" || !i.Outward && (len(i.Targets) == 0 || len(i.Reads) == 0 || len(i.Writes) == 0):
			return nil, fault.New(fault.Internal, "action %q does not describe itself", i.ID)
		case twice:
			return nil, fault.New(fault.Internal, "two actions %s", i.ID)
		case i.Undo != effect.None && !inverts:
			return nil, fault.New(fault.Internal, "action %s does not say which calls its undo makes", i.ID)
		}
		c.actions[i.ID] = a
	}
	return c, nil
}

// Infos gives how every action describes itself, in the order of their IDs.
func (c *Catalogue) Infos() []Info {
	var out []Info
	for _, a := range c.actions {
		out = append(out, a.Info())
	}
	slices.SortFunc(out, func(a, b Info) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (c *Catalogue) find(id string) (Action, error) {
	a, ok := c.actions[id]
	if !ok {
		var known []string
		for _, i := range c.Infos() {
			known = append(known, i.ID)
		}
		return nil, fault.New(fault.Invalid, "no action %q; there are %s", id, strings.Join(known, ", "))
	}
	return a, nil
}

// Plan says what the action would do to the target. It has no responder, so it cannot write.
func (c *Catalogue) Plan(ctx context.Context, id string, t effect.Target) (effect.Plan, error) {
	a, err := c.find(id)
	if err != nil {
		return effect.Plan{}, err
	}
	t = informed(a.Info(), t)
	if err := fits(a.Info(), t); err != nil {
		return effect.Plan{}, err
	}
	s, err := c.session(ctx, a.Info(), t)
	if err != nil {
		return effect.Plan{}, err
	}
	p, err := a.Plan(ctx, s, t)
	if err != nil {
		return effect.Plan{}, err
	}
	i := a.Info()
	p.TwoToUndo, p.Shuts, p.Outward = i.UndoHelpsAttacker, i.Shuts, i.Outward
	return p, within(a.Info(), p.Calls)
}

// informed gives the action what it asks for of all that is known of the target; what a playbook says otherwise does not count.
func informed(i Info, t effect.Target) effect.Target {
	params := maps.Clone(t.Params)
	for _, p := range i.Params {
		if known, ok := t.Known[p.Name]; ok {
			if params == nil {
				params = map[string]string{}
			}
			params[p.Name] = known
		}
	}
	t.Params, t.Known = params, nil
	return t
}

// fits checks what the caller asks for against how the action describes itself.
func fits(i Info, t effect.Target) error {
	if !i.Outward && !slices.Contains(i.Targets, t.Ref.Type) {
		return fault.New(fault.Invalid, "%s does not act on %q; it acts on %v", i.ID, t.Ref.Type, i.Targets)
	}
	if !i.Outward && t.Ref.ID == "" {
		return fault.New(fault.Invalid, "%s: the target has no ID", i.ID)
	}
	for name := range t.Params {
		if !slices.ContainsFunc(i.Params, func(p Param) bool { return p.Name == name }) {
			return fault.New(fault.Invalid, "%s has no parameter %q", i.ID, name)
		}
	}
	for _, p := range i.Params {
		if p.Required && t.Params[p.Name] == "" {
			return fault.New(fault.Invalid, "%s wants the parameter %q: %s", i.ID, p.Name, p.Text)
		}
	}
	return nil
}

// session lets an action look into the account of the target; one that calls nothing of AWS goes nowhere.
func (c *Catalogue) session(ctx context.Context, i Info, t effect.Target) (Session, error) {
	if len(i.Reads)+len(i.Writes) == 0 {
		return Session{}, nil
	}
	reader, err := c.org.Reader(ctx, t.Ref.Account, t.Ref.Region)
	if err != nil {
		return Session{}, err
	}
	own, err := c.org.Own(ctx)
	return Session{Reader: reader, Own: own}, err
}

// within refuses calls that the action has not declared: a plan that was tampered with must not widen what it may do.
func within(i Info, calls []effect.Call) error {
	for _, call := range calls {
		for _, need := range call.Needs() {
			if !slices.Contains(i.Writes, need.Permission) {
				return fault.New(fault.Denied, "%s does not declare that it needs %s", i.ID, need.Permission)
			}
		}
	}
	return nil
}

// Do makes the plan's calls with a responder that may make exactly those. Doing it twice is once. The result has what was called, also
// beside an error.
func (c *Catalogue) Do(ctx context.Context, p effect.Plan) (effect.Result, error) {
	a, err := c.find(p.Action)
	if err != nil {
		return effect.Result{}, err
	}
	if p.Refused != "" {
		return effect.Result{}, fault.New(fault.Denied, "%s refused to act on %s: %s", p.Action, p.Target.Ref, p.Refused)
	}
	if len(p.Calls) == 0 {
		return effect.Result{Already: true}, nil
	}
	s, err := c.narrowed(ctx, a, p, p.Calls)
	if err != nil {
		return effect.Result{}, err
	}
	var tape awsorg.Tape
	res, err := do(tape.Under(ctx), a, s, p)
	return noted(res, &tape, p.Target, p.Calls), err
}

// narrowed gives a session whose responder may make the calls and nothing else.
func (c *Catalogue) narrowed(ctx context.Context, a Action, p effect.Plan, calls []effect.Call) (Session, error) {
	if err := fits(a.Info(), p.Target); err != nil {
		return Session{}, err
	}
	if err := within(a.Info(), calls); err != nil {
		return Session{}, err
	}
	s, err := c.session(ctx, a.Info(), p.Target)
	if err != nil || len(calls) > 0 && len(Permissions(calls)) == 0 {
		return s, err
	}
	s.Responder, err = c.org.Writer(ctx, awsorg.Errand{
		Account: p.Target.Ref.Account, Region: p.Target.Ref.Region, Role: a.Info().Role, Ticket: p.Target.Ticket, May: Permissions(calls),
	})
	return s, err
}

// Verify looks once, afresh, whether the plan's effect holds. What cannot be seen is unknown, with the cause.
func (c *Catalogue) Verify(ctx context.Context, p effect.Plan) (effect.Check, error) {
	a, err := c.find(p.Action)
	if err != nil {
		return effect.Check{}, err
	}
	s, err := c.session(ctx, a.Info(), p.Target)
	if err != nil {
		return Unseen(err), nil
	}
	return a.Verify(ctx, s, p)
}

// Undo restores what the plan has recorded, with a responder that may make exactly the inverse calls.
func (c *Catalogue) Undo(ctx context.Context, p effect.Plan) (effect.Result, error) {
	a, err := c.find(p.Action)
	if err != nil {
		return effect.Result{}, err
	}
	inverter, ok := a.(Inverter)
	if !ok {
		return effect.Result{}, fault.New(fault.Denied, "%s cannot be undone", p.Action)
	}
	if len(p.Calls) == 0 || p.Refused != "" {
		return effect.Result{Already: true}, nil
	}
	calls, err := inverter.Inverse(p)
	if err != nil {
		return effect.Result{}, err
	}
	s, err := c.narrowed(ctx, a, p, calls)
	if err != nil {
		return effect.Result{}, err
	}
	var tape awsorg.Tape
	res, err := a.Undo(tape.Under(ctx), s, p)
	return noted(res, &tape, p.Target, calls), err
}
