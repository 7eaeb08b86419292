package wafv2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/aws/smithy-go"

	"jobzero/internal/action"
	"jobzero/internal/action/block"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

const (
	setMay = "wafv2:UpdateIPSet"
	// How many addresses a set takes (docs.aws.amazon.com/waf/latest/developerguide/limits.html).
	mostAddresses = 10000
)

// set is a set of addresses, and what web ACLs do with it.
type set struct {
	ARN, Version, Description, Token string
	Addresses                        []string // in order
	Blocks, Other                    []string // web ACLs that block by it, and those that do something else with it
}

// BlockAddress adds an address to a set that web ACLs block by.
func BlockAddress() setting.Of[set] {
	return setting.Of[set]{
		About: action.Info{
			ID: "wafv2.block-address", Title: "Block an address in a web ACL's set",
			Why: "Whoever attacks a web application is turned away before it, also behind a load balancer or a content network, where lists of the network see " +
				"only those.",
			Risk: "Everybody behind the address is turned away, such as all of an office or a mobile network. A set that a web ACL lets in by, or by which it " +
				"does anything but block, is refused. Rule groups of one's own are not looked into.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.IPSet},
			Reads: []string{"wafv2:GetIPSet", "wafv2:ListWebACLs", "wafv2:GetWebACL"}, Writes: []string{setMay},
			Params: []action.Param{{Name: "cidr", Text: "the address or range, such as 198.51.100.7/32", Required: true}},
		},
		Find: setting.InRegion, Look: lookSet, Goal: blocked, Calls: setCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, wafv2.NewFromConfig(cfg).UpdateIPSet)
		},
		Same: func(a, b set) bool { // each change of a set gives it another token; the token of the look is sent, so that no change in between is lost
			a.Token, b.Token = "", ""
			return setting.Alike(a, b)
		},
	}
}

// parts reads a target's ID as CloudFormation writes it.
func parts(id string) (name, number string, scope types.Scope, err error) {
	p := strings.Split(id, "|")
	if len(p) != 3 || p[0] == "" || p[1] == "" || !slices.Contains(types.Scope("").Values(), types.Scope(p[2])) {
		return "", "", "", fault.New(fault.Invalid, "set %q: want NAME|ID|REGIONAL or NAME|ID|CLOUDFRONT", id)
	}
	return p[0], p[1], types.Scope(p[2]), nil
}

func lookSet(ctx context.Context, cfg aws.Config, t effect.Target) (v set, err error) {
	name, number, scope, err := parts(t.Ref.ID)
	if err != nil {
		return v, err
	}
	c := wafv2.NewFromConfig(setting.At(cfg, t.Ref))
	out, err := c.GetIPSet(ctx, &wafv2.GetIPSetInput{Name: &name, Id: &number, Scope: scope})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "WAFNonexistentItemException" {
		return v, setting.ErrGone
	}
	if err != nil {
		return v, awsorg.Fault(err, "read set %s", t.Ref.ID)
	}
	if out.IPSet == nil || out.LockToken == nil {
		return v, fault.New(fault.Unavailable, "read set %s: the API answered without it or its token", t.Ref.ID)
	}
	v = set{
		ARN: aws.ToString(out.IPSet.ARN), Version: string(out.IPSet.IPAddressVersion), Description: aws.ToString(out.IPSet.Description),
		Token: *out.LockToken, Addresses: slices.Sorted(slices.Values(out.IPSet.Addresses)),
	}
	return v, v.uses(ctx, c, scope)
}

func blocked(t effect.Target, now set) (setting.Goal[set], error) {
	text := t.Params["cidr"]
	p, refused, err := block.Range(text)
	g := setting.Goal[set]{
		To: now, Met: text + " is in the set", Missing: text + " is not in the set", Loses: []string{"whoever comes from " + text}, Refused: refused, Diff: "+ " + text,
	}
	if err != nil || refused != "" || block.Covers(now.Addresses, p) {
		return g, err
	}
	switch {
	case len(now.Other) > 0:
		g.Refused = "a web ACL does something else with the set than block: " + strings.Join(now.Other, ", ")
	case p.Addr().Is4() != (now.Version == string(types.IPAddressVersionIpv4)):
		g.Refused = "the set is for " + now.Version
	case len(now.Addresses) >= mostAddresses:
		g.Refused = fmt.Sprintf("the set is full: it has %d addresses", len(now.Addresses))
	case len(now.Blocks) == 0:
		g.Diff += "\n  no rule of a web ACL blocks by this set yet: alone it keeps nobody out"
	}
	g.To.Addresses = slices.Sorted(slices.Values(append(slices.Clone(now.Addresses), p.String())))
	return g, nil
}

func setCalls(t effect.Target, from, to set) ([]effect.Call, error) {
	if slices.Equal(from.Addresses, to.Addresses) {
		return nil, nil
	}
	name, number, scope, err := parts(t.Ref.ID)
	if err != nil {
		return nil, err
	}
	in := setting.In{"Name": name, "Id": number, "Scope": scope, "Addresses": to.Addresses, "LockToken": from.Token}
	if from.Description != "" { // which would be lost
		in["Description"] = from.Description
	}
	return setting.One(setMay, from.ARN, in)
}
