package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// who is a user, role or group. Another one of the same name has another number. The ARN has its path, which nothing else tells, and the
// responder is narrowed to it.
type who struct {
	ARN    string
	Number string
}

// whoIs reads a user, role or group.
func whoIs(ctx context.Context, cfg aws.Config, ref resource.Ref) (who, error) {
	b, err := boundedBy(ctx, cfg, ref)
	return b.who, err
}

// boundedBy reads a user, role or group, and what bounds it.
func boundedBy(ctx context.Context, cfg aws.Config, ref resource.Ref) (b bounded, err error) {
	client := iam.NewFromConfig(cfg)
	var arn, number *string
	var at *types.AttachedPermissionsBoundary
	switch ref.Type {
	case resource.User:
		var out *iam.GetUserOutput
		if out, err = client.GetUser(ctx, &iam.GetUserInput{UserName: &ref.ID}); err == nil && out.User != nil {
			arn, number, at = out.User.Arn, out.User.UserId, out.User.PermissionsBoundary
		}
	case resource.Role:
		var out *iam.GetRoleOutput
		if out, err = client.GetRole(ctx, &iam.GetRoleInput{RoleName: &ref.ID}); err == nil && out.Role != nil {
			arn, number, at = out.Role.Arn, out.Role.RoleId, out.Role.PermissionsBoundary
		}
	case resource.Group:
		var out *iam.GetGroupOutput
		if out, err = client.GetGroup(ctx, &iam.GetGroupInput{GroupName: &ref.ID, MaxItems: aws.Int32(1)}); err == nil && out.Group != nil {
			arn, number = out.Group.Arn, out.Group.GroupId
		}
	default:
		return b, fault.New(fault.Invalid, "%s is no user, role or group", ref)
	}
	switch {
	case noEntity(err):
		return b, setting.Gone("the " + kind(ref))
	case err != nil:
		return b, awsorg.Fault(err, "read %s %s", kind(ref), ref.ID)
	case aws.ToString(arn) == "":
		return b, fault.New(fault.Unavailable, "read %s %s: the API answered without an ARN", kind(ref), ref.ID)
	}
	b.who = who{ARN: *arn, Number: aws.ToString(number)}
	if at != nil {
		b.Boundary = aws.ToString(at.PermissionsBoundaryArn)
	}
	return b, nil
}

// kind is the word for a user, role or group, which the names of the API's members begin with.
func kind(ref resource.Ref) string {
	switch ref.Type {
	case resource.Role:
		return "role"
	case resource.Group:
		return "group"
	default:
		return "user"
	}
}

// nameOf is the member of a call's input that names a user, role or group.
func nameOf(ref resource.Ref) string {
	k := kind(ref)
	return strings.ToUpper(k[:1]) + k[1:] + "Name"
}

// serviceOwned says why a role is not for software to change: AWS lets nobody, and would only refuse.
func serviceOwned(w who) string {
	if strings.Contains(w.ARN, ":role/aws-service-role/") || strings.Contains(w.ARN, ":role/aws-reserved/") {
		return "the role belongs to a service of AWS, which alone may change it"
	}
	return ""
}

// notOwn refuses what jobzero itself works as: it would cut its own hand off, and could not undo it.
func notOwn(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	w, err := whoIs(ctx, s.Reader, t.Ref)
	if errors.Is(err, setting.ErrGone) { // which the look says
		return "", nil
	}
	if err == nil && awsorg.IsOwn(s.Own, w.ARN) {
		return "jobzero itself works as this " + kind(t.Ref), nil
	}
	return "", err
}
