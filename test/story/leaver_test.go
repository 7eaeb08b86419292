package story

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

const scimToken = "made-up-token-that-is-long-enough-for-a-door"

// leaver is somebody with everything that one can hold.
type leaver struct {
	name, key, ssh string
	instance       string
	store, seat    string
	set, group     string
	role           string // that she has a session of
	beside         *testmoto.Beside
}

// hires gives somebody a user of IAM with all credentials, and one of Identity Center with an assignment and a group.
func hires(t *testing.T) (p leaver) {
	t.Helper()
	ctx, cfg := t.Context(), shared.AWS.Config(world.Prod)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p.name, p.beside = name("ana")+"@example.com", testmoto.NewBeside(t, shared.AWS)
	c := iam.NewFromConfig(cfg)
	_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &p.name})
	must(err)
	_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: &p.name, PolicyName: aws.String("own"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	})
	must(err)
	key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &p.name})
	must(err)
	_, err = c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: &p.name, Password: aws.String("correct-horse-9")})
	must(err)
	ssh, err := c.UploadSSHPublicKey(ctx, &iam.UploadSSHPublicKeyInput{UserName: &p.name, SSHPublicKeyBody: aws.String("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC made-up")})
	must(err)
	p.key, p.ssh = *key.AccessKey.AccessKeyId, *ssh.SSHPublicKey.SSHPublicKeyId
	p.beside.SetService(p.name, "ACCAEXAMPLE", "Active")
	p.role = name("deploy")
	_, err = c.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: &p.role, AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + world.Prod + `"},"Action":"sts:AssumeRole"}]}`),
	})
	must(err)

	admin, store := ssoadmin.NewFromConfig(cfg), identitystore.NewFromConfig(cfg)
	at, err := admin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	must(err)
	p.instance, p.store = *at.Instances[0].InstanceArn, *at.Instances[0].IdentityStoreId
	user, err := store.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: &p.store, UserName: &p.name, DisplayName: aws.String("Ana Sousa"), Name: &storetypes.Name{GivenName: aws.String("Ana"), FamilyName: aws.String("Sousa")},
	})
	must(err)
	group, err := store.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: &p.store, DisplayName: aws.String(name("Admins"))})
	must(err)
	p.seat, p.group = *user.UserId, *group.GroupId
	_, err = store.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: &p.store, GroupId: &p.group, MemberId: &storetypes.MemberIdMemberUserId{Value: p.seat},
	})
	must(err)
	set, err := admin.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: &p.instance, Name: aws.String(name("Admin")), SessionDuration: aws.String("PT1H")})
	must(err)
	p.set = *set.PermissionSet.PermissionSetArn
	for id, kind := range map[string]ssotypes.PrincipalType{p.seat: ssotypes.PrincipalTypeUser, p.group: ssotypes.PrincipalTypeGroup} {
		_, err = admin.CreateAccountAssignment(ctx, &ssoadmin.CreateAccountAssignmentInput{
			InstanceArn: &p.instance, PermissionSetArn: &p.set, PrincipalId: &id, PrincipalType: kind, TargetId: aws.String(world.Prod), TargetType: ssotypes.TargetTypeAwsAccount,
		})
		must(err)
	}
	return p
}

// holds says what of hers still works, by the API itself.
func (p leaver) holds(t *testing.T) (all []string) {
	t.Helper()
	ctx, cfg := t.Context(), shared.AWS.Config(world.Prod)
	c := iam.NewFromConfig(cfg)
	add := func(is bool, what string) {
		if is {
			all = append(all, what)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	keys, err := c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &p.name})
	must(err)
	add(keys.AccessKeyMetadata[0].Status == iamtypes.StatusTypeActive, "access key")
	_, err = c.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &p.name})
	add(err == nil, "password")
	ssh, err := c.ListSSHPublicKeys(ctx, &iam.ListSSHPublicKeysInput{UserName: &p.name})
	must(err)
	add(ssh.SSHPublicKeys[0].Status == iamtypes.StatusTypeActive, "SSH key")
	add(p.beside.Service(p.name, "ACCAEXAMPLE") == "Active", "service-specific credential")
	_, err = c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &p.name, PolicyName: aws.String("jobzero-shut-out")})
	add(err != nil, "rights")
	ended, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &p.role, PolicyName: aws.String("jobzero-ended-sessions")})
	add(err != nil || !strings.Contains(aws.ToString(ended.PolicyDocument), "release"), "session")
	given, err := ssoadmin.NewFromConfig(cfg).ListAccountAssignments(ctx, &ssoadmin.ListAccountAssignmentsInput{InstanceArn: &p.instance, AccountId: aws.String(world.Prod), PermissionSetArn: &p.set})
	must(err)
	add(slices.ContainsFunc(given.AccountAssignments, func(a ssotypes.AccountAssignment) bool { return *a.PrincipalId == p.seat }), "assignment")
	add(!slices.ContainsFunc(given.AccountAssignments, func(a ssotypes.AccountAssignment) bool { return *a.PrincipalId == p.group }), "the group's assignment is gone, which others need")
	in, err := identitystore.NewFromConfig(cfg).ListGroupMemberships(ctx, &identitystore.ListGroupMembershipsInput{IdentityStoreId: &p.store, GroupId: &p.group})
	must(err)
	add(len(in.GroupMemberships) > 0, "group")
	return all
}

// everything is what hires gives.
var everything = []string{"access key", "password", "SSH key", "service-specific credential", "rights", "session", "assignment", "group"}

// takesOn has the trail tell that she took on her role.
func (p leaver) takesOn(t *testing.T) {
	t.Helper()
	now := time.Now().UTC()
	r := world.Call{Account: world.Prod, Service: "sts", Name: "AssumeRole", User: p.name}.Record()
	r["userIdentity"] = map[string]any{
		"type": "IAMUser", "arn": "arn:aws:iam::" + world.Prod + ":user/" + p.name, "accountId": world.Prod, "userName": p.name, "accessKeyId": p.key,
	}
	r["responseElements"] = map[string]any{
		"credentials":     map[string]any{"accessKeyId": name("ASIA"), "expiration": now.Add(time.Hour).Format("Jan 2, 2006, 3:04:05 PM")},
		"assumedRoleUser": map[string]any{"arn": "arn:aws:sts::" + world.Prod + ":assumed-role/" + p.role + "/release"},
	}
	if err := shared.Tell(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// scim tells the house what a directory tells, and gives the ID of what the answer is about.
func scim(t *testing.T, h *world.House, method, path, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+h.Address+"/scim/v2"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+scimToken)
	req.Header.Set("Content-Type", "application/scim+json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	var said struct{ ID string }
	if err != nil || res.StatusCode >= 300 || json.Unmarshal(text, &said) != nil {
		t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, text, err)
	}
	return said.ID
}

// comesAndGoes has the directory tell of somebody, and then that she has left.
func comesAndGoes(t *testing.T, h *world.House, p leaver) resource.Ref {
	t.Helper()
	id := scim(t, h, http.MethodPost, "/Users", fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%q,"displayName":"Ana Sousa","active":true}`, p.name))
	scim(t, h, http.MethodPatch, "/Users/"+id, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`)
	return resource.Ref{Type: resource.Person, ID: id}
}

const leaverSettings = "leavers: {every: 1s, sessions: 2s}\nscim: {token: " + scimToken + "}\n"

// Somebody leaves: everything of hers is found and ended, and her ticket closes when fresh reads of everything prove it.
func TestWhoLeavesIsProvedGone(t *testing.T) {
	if absent != "" {
		t.Skip(absent)
	}
	p := hires(t)
	h := begin(t, world.Options{Enforce: true, Settle: 300e6, Endpoint: p.beside.Endpoint, More: leaverSettings})
	p.takesOn(t)
	start(t, h)
	ana := comesAndGoes(t, h, p)
	until(t, "nothing of hers works any more", func(context.Context) (bool, error) { return len(p.holds(t)) == 0, nil })
	// Who may sign in to Identity Center is for her directory to end: a person waits for it, and everything else is ended.
	tk := withPerson(t, h, ana)
	if left := p.holds(t); len(left) > 0 {
		t.Fatalf("left: %v; %s", left, tk.Reason)
	}
	if !strings.Contains(tk.Reason, "may sign in") {
		t.Errorf("with a person because: %s", tk.Reason)
	}
	done := effects(t, h, tk.ID)
	if len(done) != len(everything) || slices.ContainsFunc(done, func(e effect.Effect) bool { return e.State != effect.Done }) {
		t.Errorf("want %d effects, done; got %+v", len(everything), done)
	}
	if _, err := identitystore.NewFromConfig(shared.AWS.Config(world.Prod)).DeleteUser(t.Context(), &identitystore.DeleteUserInput{IdentityStoreId: &p.store, UserId: &p.seat}); err != nil {
		t.Fatal(err)
	}
	tk = ticketAs(t, h, ana, func(tk ticket.Ticket) bool { return tk.State == ticket.Closed })
	if text := command(t, h, "ticket", "show", string(tk.ID)); !strings.Contains(text, "Ana Sousa is gone: on fresh reads of every account and of Identity Center") {
		t.Errorf("no proof on the timeline: %s", text)
	}
	if all := list[ticket.Ticket](t, h, "ticket", "list"); len(all) != 1 {
		t.Errorf("want one ticket for one person; got %d", len(all))
	}
	command(t, h, "audit", "verify")

	// Somebody gives her a key again: the ticket opens again by itself.
	c := iam.NewFromConfig(shared.AWS.Config(world.Prod))
	if _, err := c.UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{UserName: &p.name, AccessKeyId: &p.key, Status: iamtypes.StatusTypeActive}); err != nil {
		t.Fatal(err)
	}
	if err := h.Stop(); err != nil { // a new process looks at everybody once
		t.Fatal(err)
	}
	start(t, h)
	until(t, "the key is off again", func(context.Context) (bool, error) { return len(p.holds(t)) == 0, nil })
}

// In plan mode everything is found and said, and nothing is written.
func TestWhoLeavesInPlanMode(t *testing.T) {
	if absent != "" {
		t.Skip(absent)
	}
	p := hires(t)
	h := begin(t, world.Options{Endpoint: p.beside.Endpoint, More: leaverSettings})
	p.takesOn(t)
	record(t)
	start(t, h)
	ana := comesAndGoes(t, h, p)
	tk := withPerson(t, h, ana)
	if !strings.Contains(tk.Reason, "plan mode: would do") {
		t.Errorf("the reason does not say what would be done: %s", tk.Reason)
	}
	wroteNothing(t)
	if got := p.holds(t); !slices.Equal(got, everything) {
		t.Errorf("still works: %v, want %v", got, everything)
	}
}
