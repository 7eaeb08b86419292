package builtin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestPlanOfContaining: what plans of the containing actions refuse, and what they find nothing in.
func TestPlanOfContaining(t *testing.T) {
	server := testmoto.Shared(t)
	all := map[string]action.Action{}
	for _, a := range builtin.All(builtin.Options{}) {
		all[a.Info().ID] = a
	}
	type maker = func(t *testing.T, owner aws.Config, account string) effect.Target
	with := func(m maker, name, value string) maker {
		return func(t *testing.T, o aws.Config, account string) effect.Target {
			to := m(t, o, account)
			to.Params = map[string]string{name: value}
			return to
		}
	}
	for name, c := range map[string]struct {
		id   string
		make maker
		want string
	}{
		"a role of a service":     {"iam.quarantine-role", serviceRole, "refused: the role belongs to a service of AWS"},
		"its own role":            {"iam.quarantine-role", ownRole, "refused: jobzero itself works as this role"},
		"a boundary on its own":   {"iam.set-boundary", with(ownRole, "policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"), "refused: jobzero itself works as this role"},
		"a role that is gone":     {"iam.quarantine-role", named(resource.Role), "nothing: the role does not exist any more"},
		"a group that is gone":    {"iam.detach-policy", with(named(resource.Group), "policy", "arn:aws:iam::111122223333:policy/x"), "nothing: the group does not exist any more"},
		"somebody else's denial":  {"iam.shut-out-user", shutOutByOther, "refused: the user has a policy jobzero-shut-out that says something else"},
		"a policy that denies":    {"iam.detach-policy", denyingAttached, "refused: the policy denies something too"},
		"of a group":              {"iam.detach-policy", attachedGroup, "call: iam:DetachGroupPolicy {"},
		"of a user":               {"iam.detach-policy", attachedUser, "call: iam:DetachUserPolicy {"},
		"another boundary":        {"iam.set-boundary", boundRole, "refused: the role has another boundary, arn:aws:iam::aws:policy/ReadOnlyAccess"},
		"an active key":           {"iam.delete-access-key", leakedKey, "refused: the key is active: deactivate it first"},
		"a key that is gone":      {"iam.delete-access-key", named(resource.AccessKey), "nothing: the access key does not exist any more"},
		"ended later already":     {"iam.revoke-user-sessions", with(endedUser, "issued-before", "2026-10-01T08:00:00Z"), "nothing: sessions that were issued before that time are denied everything"},
		"ended by somebody else":  {"iam.revoke-user-sessions", endedByOther, "refused: the user has a policy jobzero-ended-sessions that says something else"},
		"no recorder":             {"config.start-recorder", covered(resource.ConfigCoverage), "refused: there is no recorder"},
		"a declared queue":        {"sqs.remove-public-policy", with(openQueue, "declared", "public"), "refused: the queue is declared public"},
		"a queue's one statement": {"sqs.remove-public-policy", openOnly, `call: sqs:SetQueueAttributes {"Attributes":{"Policy":""}`},
		"a topic's one statement": {"sns.remove-public-policy", openTopicOnly, `\"Sid\":\"Owner\"`},
		"a queue without":         {"sqs.remove-public-policy", closedQueue, "nothing: the queue has no policy"},
		"one permission of two":   {"lambda.remove-public-permission", oneOpen, `call: lambda:RemovePermission {"FunctionName":"shop","StatementId":"open"}`},
		"a declared function":     {"lambda.remove-public-permission", with(openFunction, "declared", "public"), "refused: the function is declared public"},
		"no function":             {"lambda.stop", named(resource.Function), "nothing: the function does not exist any more"},
		"a known secret no more":  {"secretsmanager.rotate", with(knownSecret, "version", "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"), "nothing: another version counts"},
		"no rotation":             {"secretsmanager.rotate", secretByHand, "refused: its rotation is not set up"},
		"a policy that allows":    {"organizations.attach-policy", allowingControl, "refused: the policy allows something"},
		"a full account":          {"organizations.attach-policy", fullMember, "refused: "},
		"who manages":             {"organizations.attach-policy", manager, "refused: the account manages the organisation"},
		"no quarantine":           {"organizations.quarantine-account", openUnit, "refused: no policy that is attached to unit ou-"},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := c.make(t, owner, account)
			own := []string{"arn:aws:iam::*:role/jobzero-reader"}
			p := must[effect.Plan](t)(all[c.id].Plan(t.Context(), action.Session{Reader: owner, Own: own}, to))
			if got := said(p); !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func named(kind resource.Type) func(*testing.T, aws.Config, string) effect.Target {
	return func(_ *testing.T, _ aws.Config, account string) effect.Target {
		return effect.Target{Ref: resource.Ref{Type: kind, Account: account, Region: "us-east-1", ID: "AKIAGONE000000000000"}}
	}
}

func roleAt(t *testing.T, owner aws.Config, account, path, name string) effect.Target {
	must[*iam.CreateRoleOutput](t)(iam.NewFromConfig(owner).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(trust)}))
	return effect.Target{Ref: resource.Ref{Type: resource.Role, Account: account, ID: name}}
}

func serviceRole(t *testing.T, owner aws.Config, account string) effect.Target {
	return roleAt(t, owner, account, "/aws-service-role/guardduty.amazonaws.com/", "AWSServiceRoleForAmazonGuardDuty")
}

func ownRole(t *testing.T, owner aws.Config, account string) effect.Target {
	return roleAt(t, owner, account, "/security/", "jobzero-reader")
}

func shutOutByOther(t *testing.T, owner aws.Config, account string) effect.Target {
	to := withPassword(t, owner, account)
	ownShutOut(t, owner, to)
	return to
}

func endedByOther(t *testing.T, owner aws.Config, account string) effect.Target {
	to := endedUser(t, owner, account)
	putEnd(t, owner, to, wide)
	return to
}

func denyingAttached(t *testing.T, owner aws.Config, account string) effect.Target {
	to := ofRole(t, owner, account)
	policy := *must[*iam.CreatePolicyOutput](t)(iam.NewFromConfig(owner).CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("guard"), PolicyDocument: aws.String(wide)})).Policy.Arn
	must[*iam.AttachRolePolicyOutput](t)(iam.NewFromConfig(owner).AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: &to.Ref.ID, PolicyArn: &policy}))
	to.Params = map[string]string{"policy": policy}
	return to
}

func attachedGroup(t *testing.T, owner aws.Config, account string) effect.Target {
	c, policy, name := iam.NewFromConfig(owner), allowing(t, owner), aws.String("ops")
	must[*iam.CreateGroupOutput](t)(c.CreateGroup(t.Context(), &iam.CreateGroupInput{GroupName: name}))
	must[*iam.AttachGroupPolicyOutput](t)(c.AttachGroupPolicy(t.Context(), &iam.AttachGroupPolicyInput{GroupName: name, PolicyArn: &policy}))
	return effect.Target{Ref: resource.Ref{Type: resource.Group, Account: account, ID: *name}, Params: map[string]string{"policy": policy}}
}

func attachedUser(t *testing.T, owner aws.Config, account string) effect.Target {
	to, policy := withPassword(t, owner, account), allowing(t, owner)
	must[*iam.AttachUserPolicyOutput](t)(iam.NewFromConfig(owner).AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: &to.Ref.ID, PolicyArn: &policy}))
	to.Params = map[string]string{"policy": policy}
	return to
}

func boundRole(t *testing.T, owner aws.Config, account string) effect.Target {
	to := unboundRole(t, owner, account)
	otherBoundary(t, owner, to)
	return to
}

func openOnly(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openQueue(t, owner, account)
	putQueue(t, owner, to, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`)
	return to
}

func openTopicOnly(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openTopic(t, owner, account)
	putTopic(t, owner, to, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"*"}}`)
	return to
}

func closedQueue(t *testing.T, owner aws.Config, account string) effect.Target {
	url := *must[*sqs.CreateQueueOutput](t)(sqs.NewFromConfig(owner).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("quiet")})).QueueUrl
	return effect.Target{Ref: resource.Ref{Type: resource.Queue, Account: account, Region: "us-east-1", ID: url}}
}

func oneOpen(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openFunction(t, owner, account)
	to.Ref.Type, to.Ref.ID = resource.FunctionPermission, "shop|open"
	return to
}

func secretByHand(t *testing.T, owner aws.Config, account string) effect.Target {
	to := aSecret(t, owner, account)
	to.Params = map[string]string{}
	for id := range must[*secretsmanager.DescribeSecretOutput](t)(secretsmanager.NewFromConfig(owner).DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &to.Ref.ID})).VersionIdsToStages {
		to.Params["version"] = id
	}
	return to
}

func allowingControl(t *testing.T, owner aws.Config, account string) effect.Target {
	to := memberWithout(t, owner, account)
	to.Params["policy"] = control(t, owner, "allow", wide)
	return to
}

func fullMember(t *testing.T, owner aws.Config, account string) effect.Target {
	to := memberWithout(t, owner, account)
	fullTarget(t, owner, to)
	attachControl(t, owner, control(t, owner, "one more", denying), to.Ref.ID)
	return to
}

func manager(t *testing.T, owner aws.Config, account string) effect.Target {
	to := memberWithout(t, owner, account)
	to.Ref.ID = account
	return to
}

func openUnit(t *testing.T, owner aws.Config, account string) effect.Target {
	to := memberOutside(t, owner, account)
	to.Params["unit"] = unit(t, owner, parentOf(t, owner, to), "Open")
	return to
}
