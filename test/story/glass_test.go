package story

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/glass"
	"jobzero/internal/policy/timed"
	"jobzero/internal/ticket"
	"jobzero/test/world"
)

// opened is a use of break-glass with what was done in it.
type opened struct {
	glass.Use
	Record   glass.Sum      `json:"record"`
	Timeline []ticket.Entry `json:"timeline"`
	Intact   bool           `json:"timeline_intact"`
}

func glassAs(t *testing.T, h *world.House, id string, enough func(opened) bool) (last opened) {
	t.Helper()
	until(t, "break-glass "+id+" is as wanted", func(ctx context.Context) (bool, error) {
		all, err := world.List[opened](ctx, h, "breakglass", "show", id)
		if err != nil || len(all) != 1 {
			return false, err
		}
		last = all[0]
		return enough(last), nil
	})
	return last
}

// TestBreakGlass is one use as people see it. The process is killed when the grant was made and it has not heard of it yet.
func TestBreakGlass(t *testing.T) {
	role := name("emergency")
	h, tap := tapped(t, world.Options{Visibility: 2 * time.Second, More: `
break_glass:
  enforce: ["` + world.Prod + `"]
  roles:
    - {role: ` + role + `, accounts: ["` + world.Prod + `"], longest: 2h, approvers: [alex, sam]}
`})
	owner := iam.NewFromConfig(shared.AWS.Config(world.Prod))
	nobody := `{"Version":"2012-10-17","Statement":[` + timed.Nobody + `]}`
	if _, err := owner.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &role, Path: aws.String("/break-glass/"), AssumeRolePolicyDocument: &nobody}); err != nil {
		t.Fatal(err)
	}
	trust := func() string {
		out, err := owner.GetRole(t.Context(), &iam.GetRoleInput{RoleName: &role})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := url.PathUnescape(*out.Role.AssumeRolePolicyDocument)
		return text
	}
	start(t, h)
	record(t)
	command(t, h, "breakglass", "request", "--as", "sam@example.com", "--role", role, "--account", world.Prod, "--principal", "arn:aws:iam::"+world.Sandbox+":user/sam",
		"--for", "1h", "--reason", "checkout is down, its queue has to be drained")
	asked := list[glass.Use](t, h, "breakglass", "list")
	if len(asked) != 1 || asked[0].Person != "sam" {
		t.Fatalf("asked: %+v", asked)
	}
	id := string(asked[0].ID)
	if _, err := h.Run(t.Context(), "breakglass", "approve", id, "--as", "sam", "--reason", "me too", "--config", "jobzero.yaml"); err == nil {
		t.Error("sam has approved what sam@example.com has asked for")
	}

	var once sync.Once
	dead := make(chan struct{})
	tap.OnAnswer(func(call string) {
		if call == "UpdateAssumeRolePolicy" {
			once.Do(func() { h.Kill(); close(dead) })
		}
	})
	command(t, h, "breakglass", "approve", id, "--as", "alex", "--reason", "seen the alarms")
	select {
	case <-dead:
	case <-time.After(patience):
		t.Fatal("nothing was granted")
	}
	start(t, h)
	got := glassAs(t, h, id, func(u opened) bool { return u.State == glass.Granted })
	if !strings.Contains(trust(), got.Until.Format(time.RFC3339)) || got.Step(glass.Give).Attempts < 2 || !got.Step(glass.Give).Result.Already {
		t.Errorf("granted: %s, %+v", trust(), got.Step(glass.Give))
	}

	used := world.Call{Account: world.Prod, Service: "sqs", Name: "PurgeQueue", User: "x", Request: map[string]any{"queueUrl": "https://sqs.example.com/q"}}.Record()
	used["userIdentity"] = map[string]any{
		"type": "AssumedRole", "arn": "arn:aws:sts::" + world.Prod + ":assumed-role/" + role + "/" + got.ID.Session(), "accountId": world.Prod,
	}
	forged := world.Call{Account: world.Sandbox, Service: "sqs", Name: "DeleteQueue", User: "x"}.Record() // a role of the same name elsewhere
	forged["userIdentity"] = map[string]any{
		"type": "AssumedRole", "arn": "arn:aws:sts::" + world.Sandbox + ":assumed-role/" + role + "/" + got.ID.Session(), "accountId": world.Sandbox,
	}
	if err := shared.Tell(t.Context(), forged, used); err != nil {
		t.Fatal(err)
	}
	got = glassAs(t, h, id, func(u opened) bool { return u.Record.Events > 0 })
	if len(got.Record.Did) != 1 || got.Record.Did[0].Name != "sqs:PurgeQueue" || got.Record.Writes != 1 {
		t.Errorf("recorded: %+v", got.Record)
	}

	command(t, h, "stop-enforcing", "--as", "mia", "--reason", "drill")
	command(t, h, "breakglass", "revoke", id, "--as", "mia", "--reason", "the shop is up again")
	glassAs(t, h, id, func(u opened) bool { return u.State == glass.Ended })
	if trust() != nobody {
		t.Errorf("revoked: %s", trust())
	}
	command(t, h, "breakglass", "review", id, "--as", "alex", "--reason", "purged the queue, as the incident says")
	got = glassAs(t, h, id, func(u opened) bool { return u.State == glass.Reviewed })
	if !got.Intact || got.Review.Record.Events != 1 {
		t.Errorf("reviewed: %+v", got.Review)
	}
	made := 0
	for _, c := range writes(t) {
		if c.Action == "UpdateAssumeRolePolicy" {
			made++
		}
	}
	if made != 2 {
		t.Errorf("the trust policy was changed %d times, want 2", made)
	}
	command(t, h, "audit", "verify")
}
