package world

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/resource"
)

// Offence is something wrong that somebody did through the real API.
type Offence struct {
	Title   string
	Subject resource.Ref
	Record  map[string]any // what CloudTrail would say of it
	Effects int            // how many changes it takes to mend it
	// Mended looks with a client of its own whether the world is right again, and says what it saw.
	Mended func(ctx context.Context) (bool, string, error)
}

// OpenSSH makes a security group and lets the whole Internet in on port 22, beside a network that must stay.
func (w *World) OpenSSH(ctx context.Context, account, name string) (Offence, error) {
	c := ec2.NewFromConfig(w.AWS.Config(account))
	g, err := c.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: aws.String("made for a demo")})
	if err != nil {
		return Offence{}, err
	}
	id := aws.ToString(g.GroupId)
	_, err = c.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []ec2types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22),
		IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}, {CidrIp: aws.String("203.0.113.0/24"), Description: aws.String("office")}},
	}}})
	if err != nil {
		return Offence{}, err
	}
	call := Call{
		Account: account, Service: "ec2", Name: "AuthorizeSecurityGroupIngress", User: "kim",
		Request: map[string]any{"groupId": id, "ipPermissions": map[string]any{"items": []any{map[string]any{
			"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": map[string]any{},
			"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "0.0.0.0/0"}}},
		}}}},
		Response: map[string]any{"_return": true},
	}
	return Offence{
		Title:   "port 22 is opened to the world: " + id,
		Subject: resource.Ref{Type: resource.SecurityGroup, Account: account, Region: Region, ID: id}, Record: call.Record(), Effects: 1,
		Mended: func(ctx context.Context) (bool, string, error) { return sshClosed(ctx, c, id) },
	}, nil
}

func sshClosed(ctx context.Context, c *ec2.Client, id string) (bool, string, error) {
	out, err := c.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}})
	if err != nil {
		return false, "", err
	}
	var open, office bool
	var seen []string
	for _, p := range out.SecurityGroups[0].IpPermissions {
		for _, r := range p.IpRanges {
			cidr := aws.ToString(r.CidrIp)
			seen = append(seen, fmt.Sprintf("%d from %s", aws.ToInt32(p.FromPort), cidr))
			open = open || cidr == "0.0.0.0/0"
			office = office || cidr == "203.0.113.0/24"
		}
	}
	return !open && office, strings.Join(seen, ", "), nil
}

// LeakedKey makes a user with an access key and uses the key from a strange place with a tool that hunts for keys.
func (w *World) LeakedKey(ctx context.Context, account, user string) (Offence, error) {
	c := iam.NewFromConfig(w.AWS.Config(account))
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &user}); err != nil {
		return Offence{}, err
	}
	made, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &user})
	if err != nil {
		return Offence{}, err
	}
	key := aws.ToString(made.AccessKey.AccessKeyId)
	if err := w.useKey(ctx, key, aws.ToString(made.AccessKey.SecretAccessKey)); err != nil {
		return Offence{}, fmt.Errorf("use the leaked key: %w", err)
	}
	call := Call{
		Account: account, Service: "sts", Name: "GetCallerIdentity", User: user, Key: key,
		Agent: "TruffleHog", Source: "203.0.113.99", Read: true,
	}
	return Offence{
		Title:   "a leaked key is used: " + key,
		Subject: resource.Ref{Type: resource.AccessKey, Account: account, ID: key}, Record: call.Record(),
		Effects: 2, // the key is turned off, and sessions that were made with it are ended
		Mended: func(ctx context.Context) (bool, string, error) {
			out, err := c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &user})
			if err != nil {
				return false, "", err
			}
			k := out.AccessKeyMetadata[0]
			return k.Status == iamtypes.StatusTypeInactive, "status " + string(k.Status), nil
		},
	}, nil
}
