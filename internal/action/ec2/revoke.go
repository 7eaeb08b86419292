package ec2

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/action"
	"jobzero/internal/action/ec2/port"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
)

// before is what undoing restores.
type before struct {
	Rules []rule
}

// most is how many interfaces a plan names one by one.
const most = 20

// Plan finds the open rules and who is behind them.
func (RevokeOpenIngress) Plan(ctx context.Context, s action.Session, t effect.Target) (effect.Plan, error) {
	p := effect.Plan{Action: revokeID, Target: t, Undo: effect.Compensating}
	ports, err := spans(t.Params["ports"])
	if err != nil {
		return p, err
	}
	if p.Target.Ref.Region == "" {
		p.Target.Ref.Region = s.Reader.Region
	}
	g := open(s.Reader, p.Target.Ref)
	var protects []string
	p.Refused, protects, err = g.look(ctx)
	if gone(err) {
		p.Nothing = "the security group does not exist any more"
		return p, nil
	}
	if err != nil || p.Refused != "" {
		return p, err
	}
	rules, err := g.openRules(ctx, ports)
	if err != nil {
		return p, err
	}
	if len(rules) == 0 {
		p.Nothing = "no rule lets the world in on these ports"
		return p, nil
	}
	return p, finish(&p, rules, protects)
}

func finish(p *effect.Plan, rules []rule, protects []string) error {
	var lines []string
	for _, r := range rules {
		lines = append(lines, "- "+r.String())
		p.Loses = append(p.Loses, "everybody on the internet: "+r.String())
	}
	p.Diff = strings.Join(lines, "\n")
	if len(protects) > most {
		protects = append(protects[:most:most], fmt.Sprintf("%d more", len(protects)-most))
	}
	for _, i := range protects {
		p.Loses = append(p.Loses, "whoever reaches "+i+" that way")
	}
	var err error
	if p.Before, err = action.Text(before{rules}); err != nil {
		return err
	}
	c, err := call(revokeMay, p.Target.Ref, rules)
	p.Calls = []effect.Call{c}
	return err
}

// planned reads the rules of a plan and the ports that it was made for.
func planned(p effect.Plan) ([]rule, []port.Range, error) {
	var b before
	if err := action.ReadBefore(p, &b); err != nil {
		return nil, nil, err
	}
	ports, err := spans(p.Target.Params["ports"])
	return b.Rules, ports, err
}

// Do revokes the rules in one call. Other open rules than the planned ones mean that the world has moved on.
func (RevokeOpenIngress) Do(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	rules, ports, err := planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	c, err := call(revokeMay, p.Target.Ref, rules)
	if err != nil {
		return effect.Result{}, err
	}
	if c, err = action.Exactly(p, c); err != nil {
		return effect.Result{}, err
	}
	now, err := open(s.Reader, p.Target.Ref).still(ctx, ports)
	switch {
	case err != nil:
		return effect.Result{}, err
	case len(now) == 0:
		return effect.Result{Already: true}, nil
	case !slices.EqualFunc(now, rules, rule.same):
		return effect.Result{}, action.Moved(p)
	}
	var in ec2.RevokeSecurityGroupIngressInput
	if err := action.ReadInput(c, &in); err != nil {
		return effect.Result{}, err
	}
	if _, err := open(s.Responder, p.Target.Ref).client.RevokeSecurityGroupIngress(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "revoke %d open rules of %s", len(rules), p.Target.Ref)
	}
	after, err := action.Text(before{[]rule{}})
	return effect.Result{Calls: 1, After: after}, err
}

// still gives the open rules as they are now, none for a group that is gone. A group that has come into a service's hands
// since the plan was made (a load balancer, say) is a conflict: a plan may have waited for hours.
func (g group) still(ctx context.Context, ports []port.Range) ([]rule, error) {
	refused, _, err := g.look(ctx)
	switch {
	case gone(err):
		return nil, nil
	case err != nil:
		return nil, err
	case refused != "":
		return nil, fault.New(fault.Conflict, "since it was planned %s", refused)
	}
	return g.openRules(ctx, ports)
}

// Inverse is authorising the rules again.
func (RevokeOpenIngress) Inverse(p effect.Plan) ([]effect.Call, error) {
	rules, _, err := planned(p)
	if err != nil {
		return nil, err
	}
	c, err := call(authorizeMay, p.Target.Ref, rules)
	return []effect.Call{c}, err
}

// Undo authorises the rules again that are missing, with the same ports and descriptions. AWS gives them new IDs.
func (RevokeOpenIngress) Undo(ctx context.Context, s action.Session, p effect.Plan) (effect.Result, error) {
	rules, ports, err := planned(p)
	if err != nil {
		return effect.Result{}, err
	}
	now, err := open(s.Reader, p.Target.Ref).openRules(ctx, ports)
	if err != nil {
		return effect.Result{}, err
	}
	missing := slices.DeleteFunc(slices.Clone(rules), func(r rule) bool { return slices.ContainsFunc(now, r.opens) })
	if len(missing) == 0 {
		return effect.Result{Already: true}, nil
	}
	c, err := call(authorizeMay, p.Target.Ref, missing)
	if err != nil {
		return effect.Result{}, err
	}
	var in ec2.AuthorizeSecurityGroupIngressInput
	if err := action.ReadInput(c, &in); err != nil {
		return effect.Result{}, err
	}
	if _, err := open(s.Responder, p.Target.Ref).client.AuthorizeSecurityGroupIngress(ctx, &in); err != nil {
		return effect.Result{}, awsorg.Fault(err, "authorise %d rules of %s again", len(missing), p.Target.Ref)
	}
	after, err := action.Text(before{rules})
	return effect.Result{Calls: 1, After: after}, err
}

// Verify looks whether the world gets in on the ports. An empty list of rules counts only for a group that is there.
func (RevokeOpenIngress) Verify(ctx context.Context, s action.Session, p effect.Plan) (effect.Check, error) {
	ports, err := spans(p.Target.Params["ports"])
	if err != nil {
		return effect.Check{}, err
	}
	g := open(s.Reader, p.Target.Ref)
	_, err = g.client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{g.id}})
	if gone(err) {
		return effect.Check{Holds: true, Text: "the security group does not exist any more"}, nil
	}
	if err != nil {
		return action.Unseen(err), nil
	}
	rules, err := g.openRules(ctx, ports)
	if err != nil {
		return action.Unseen(err), nil
	}
	if len(rules) == 0 {
		return effect.Check{Holds: true, Text: "no rule lets the world in on these ports"}, nil
	}
	return effect.Check{Text: fmt.Sprintf("%d rules let the world in, such as %s", len(rules), rules[0])}, nil
}
