package wafv2

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
)

// uses notes what the web ACLs of the scope do with the set.
func (v *set) uses(ctx context.Context, c *wafv2.Client, scope types.Scope) error {
	for next := (*string)(nil); ; {
		page, err := c.ListWebACLs(ctx, &wafv2.ListWebACLsInput{Scope: scope, NextMarker: next, Limit: aws.Int32(100)})
		if err != nil {
			return awsorg.Fault(err, "list the web ACLs")
		}
		for _, a := range page.WebACLs {
			out, err := c.GetWebACL(ctx, &wafv2.GetWebACLInput{Name: a.Name, Id: a.Id, Scope: scope})
			if err != nil {
				return awsorg.Fault(err, "read web ACL %s", aws.ToString(a.Name))
			}
			if out.WebACL == nil {
				continue
			}
			if err := v.usedBy(*out.WebACL); err != nil {
				return err
			}
		}
		if next = page.NextMarker; aws.ToString(next) == "" || len(page.WebACLs) == 0 {
			slices.Sort(v.Blocks)
			slices.Sort(v.Other)
			return nil
		}
	}
}

// usedBy looks through the rules for the set. A rule that blocks whoever is not in it lets in by it.
func (v *set) usedBy(acl types.WebACL) error {
	for _, r := range acl.Rules {
		text, err := action.Text(r.Statement)
		if err != nil {
			return err
		}
		if !strings.Contains(string(text), v.ARN) {
			continue
		}
		what := aws.ToString(acl.Name) + "/" + aws.ToString(r.Name)
		if r.Action != nil && r.Action.Block != nil && !strings.Contains(string(text), `"NotStatement":{`) {
			v.Blocks = append(v.Blocks, what)
		} else {
			v.Other = append(v.Other, what)
		}
	}
	return nil
}
