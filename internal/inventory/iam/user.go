package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// owner is the user of a key.
type owner struct {
	client *iam.Client
	name   *string
}

func (o owner) user(ctx context.Context) (inventory.Found, error) {
	out, err := o.client.GetUser(ctx, &iam.GetUserInput{UserName: o.name})
	if err != nil || out.User == nil {
		return inventory.Found{}, err
	}
	tags := map[string]any{}
	for _, t := range out.User.Tags {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return inventory.Found{Value: map[string]any{
		"UserName": aws.ToString(out.User.UserName), "Arn": aws.ToString(out.User.Arn), "Path": aws.ToString(out.User.Path), "Tags": tags,
	}}, nil
}

func (o owner) attached(ctx context.Context) (inventory.Found, error) {
	names := []any{}
	pages := iam.NewListAttachedUserPoliciesPaginator(o.client, &iam.ListAttachedUserPoliciesInput{UserName: o.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, p := range page.AttachedPolicies {
			names = append(names, map[string]any{"PolicyName": aws.ToString(p.PolicyName), "PolicyArn": aws.ToString(p.PolicyArn)})
		}
	}
	return inventory.Found{Value: names}, nil
}

func (o owner) inline(ctx context.Context) (inventory.Found, error) {
	names := []any{}
	pages := iam.NewListUserPoliciesPaginator(o.client, &iam.ListUserPoliciesInput{UserName: o.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, n := range page.PolicyNames {
			names = append(names, n)
		}
	}
	return inventory.Found{Value: names}, nil
}

// join puts the user's policies under the user, and the paths of what is unknown with them.
func join(res *resource.Resource) {
	user, ok := res.Related["user"].(map[string]any)
	for from, to := range map[string]string{"user_attached": "AttachedPolicies", "user_inline": "InlinePolicyNames"} {
		if v, there := res.Related[from]; there && ok {
			user[to] = v
		}
		delete(res.Related, from)
		for i := range res.Unknown {
			if res.Unknown[i].Path == "related."+from {
				res.Unknown[i].Path = "related.user." + to
			}
		}
	}
	if ok {
		if tags, is := user["Tags"].(map[string]any); is {
			res.Tags = map[string]string{}
			for k, v := range tags {
				res.Tags[k], _ = v.(string)
			}
		}
	}
}
