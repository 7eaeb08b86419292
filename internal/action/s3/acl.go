package s3

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const aclMay = "s3:PutBucketAcl"

// acl is a bucket's access list.
type acl struct {
	Owner  *types.Owner
	Grants []types.Grant
}

// RemovePublicACL takes the grants to everybody out of a bucket's access list.
func RemovePublicACL() setting.Of[acl] {
	return setting.Of[acl]{
		About: action.Info{
			ID: "s3.remove-public-acl", Title: "Remove the public grants of a bucket's access list",
			Why: "An access list can let everybody in beside a policy that does not. Only the grants to all users and to all users of any AWS " +
				"account go; those to single accounts and to S3's log delivery stay.",
			Risk: "Callers that come in by the grant lose access to the bucket. Access lists of single objects are another matter: only the public access block stops those.",
			Undo: effect.Exact, UndoHelpsAttacker: true, Targets: []resource.Type{resource.Bucket},
			Reads:  []string{"s3:GetBucketLocation", "s3:GetBucketWebsite", "s3:GetBucketAcl"},
			Writes: []string{aclMay},
			Params: []action.Param{declaredParam()},
		},
		Find: located, Guard: undeclared, Look: lookACL, Goal: withoutPublic, Calls: aclCalls,
		Send: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, s3.NewFromConfig(cfg).PutBucketAcl)
		},
	}
}

func lookACL(ctx context.Context, cfg aws.Config, t effect.Target) (acl, error) {
	b := open(cfg, t.Ref)
	out, err := b.client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b.name, ExpectedBucketOwner: b.owner})
	if err != nil {
		return acl{}, b.fault(err, "access list")
	}
	return acl{out.Owner, out.Grants}, nil
}

func withoutPublic(_ effect.Target, now acl) (setting.Goal[acl], error) {
	g := setting.Goal[acl]{
		To: acl{Owner: now.Owner}, Met: "no grant lets everybody in", Missing: "the access list lets everybody in", Loses: publicGrants(now.Grants),
	}
	var lines []string
	for _, grant := range now.Grants {
		if len(publicGrants([]types.Grant{grant})) == 0 {
			g.To.Grants = append(g.To.Grants, grant)
			continue
		}
		uri := aws.ToString(grant.Grantee.URI)
		lines = append(lines, fmt.Sprintf("- %s: %s", uri[strings.LastIndexByte(uri, '/')+1:], grant.Permission))
	}
	g.Diff = strings.Join(lines, "\n")
	return g, nil
}

func aclCalls(t effect.Target, from, to acl) ([]effect.Call, error) {
	if slices.EqualFunc(from.Grants, to.Grants, sameGrant) {
		return nil, nil
	}
	list, err := setting.Lean(types.AccessControlPolicy{Owner: to.Owner, Grants: to.Grants})
	if err != nil {
		return nil, err
	}
	return setting.One(aclMay, arn(t.Ref), setting.In{"Bucket": t.Ref.ID, "ExpectedBucketOwner": t.Ref.Account, "AccessControlPolicy": list})
}

func sameGrant(a, b types.Grant) bool {
	if a.Grantee == nil || b.Grantee == nil {
		return a.Grantee == b.Grantee && a.Permission == b.Permission
	}
	return a.Permission == b.Permission && a.Grantee.Type == b.Grantee.Type && aws.ToString(a.Grantee.ID) == aws.ToString(b.Grantee.ID) &&
		aws.ToString(a.Grantee.URI) == aws.ToString(b.Grantee.URI) && aws.ToString(a.Grantee.EmailAddress) == aws.ToString(b.Grantee.EmailAddress)
}
