package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/book"
	"jobzero/internal/principal/person"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
)

// office is a house that watches one account of the emulator, in which people have sessions.
type office struct {
	*stall
	account string
	aws     aws.Config
	iam     *iam.Client
	number  int
	test    *testing.T
}

func newOffice(t *testing.T, enforce ...string) *office {
	t.Helper()
	server := testmoto.NewBeside(t, testmoto.Shared(t))
	o := &office{stall: &stall{t: t, time: flow.NewLeap(), settings: config.Default()}, account: testmoto.Account(), test: t}
	o.aws = server.Config(o.account)
	o.iam = iam.NewFromConfig(o.aws)
	s := &o.settings
	s.DataDir, s.Listen, s.Sweep.CloudControl = t.TempDir(), "127.0.0.1:0", false
	s.AWS.Endpoint, s.AWS.MaxBackoff = server.Endpoint, 50*time.Millisecond
	s.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	s.Accounts = []config.Account{{ID: o.account, Regions: []string{"us-east-1"}}, {ID: testmoto.Account(), Regions: []string{"us-east-1"}}} // nobody is in the other
	for _, p := range enforce {
		s.Playbooks.Enforce = append(s.Playbooks.Enforce, playbook.Switch{Playbook: p, Accounts: []string{o.account}})
	}
	var err error
	if o.House, err = New(t.Context(), *s, Options{Log: slog.New(slog.DiscardHandler), Clock: o.time}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Stop(context.WithoutCancel(t.Context())) })
	return o
}

// role makes a role in the account.
func (o *office) role(name string) {
	o.t.Helper()
	_, err := o.iam.CreateRole(o.t.Context(), &iam.CreateRoleInput{
		RoleName: &name, AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// ended is the policy that ends sessions of a role; empty when there is none.
func (o *office) ended(role string) string {
	out, err := o.iam.GetRolePolicy(o.t.Context(), &iam.GetRolePolicyInput{RoleName: &role, PolicyName: aws.String("jobzero-ended-sessions")})
	if err != nil {
		return ""
	}
	text, err := url.PathUnescape(*out.PolicyDocument)
	if err != nil {
		o.t.Fatal(err)
	}
	return text
}

// user is somebody's user of IAM, denied everything.
func (o *office) user(name string) string {
	o.t.Helper()
	ctx := o.t.Context()
	if _, err := o.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: &name}); err != nil {
		o.t.Fatal(err)
	}
	_, err := o.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: &name, PolicyName: aws.String("out"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`),
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return fmt.Sprintf(`{"type":"IAMUser","arn":"arn:aws:iam::%s:user/%s","accountId":%q,"userName":%q,"accessKeyId":"AKIA%d"}`, o.account, name, o.account, name, o.number)
}

// takesOn has the trail tell that a role of the account was taken on, for so long, and gives who then calls.
func (o *office) takesOn(who, role, session string, lasts time.Duration) string {
	o.t.Helper()
	return o.takesOnIn(o.account, who, role, session, lasts)
}

func (o *office) takesOnIn(account, who, role, session string, lasts time.Duration) string {
	o.t.Helper()
	o.number++
	now := o.clock.Now()
	key := fmt.Sprintf("ASIA%s%d", o.account, o.number)
	arn := "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + session
	e := parsed(o.test, fmt.Sprintf(`{"eventID":"e-%[1]s","eventTime":%[2]q,"eventName":"AssumeRole","eventSource":"sts.amazonaws.com","recipientAccountId":%[3]q,
"userIdentity":%[4]s,"responseElements":{"credentials":{"accessKeyId":%[1]q,"expiration":%[5]q},"assumedRoleUser":{"arn":%[6]q}}}`,
		key, now.Format(time.RFC3339), account, who, now.Add(lasts).Format("Jan 2, 2006, 3:04:05 PM"), arn))
	in := Intake{Store: o.store, Know: o.knowledge.Load(), Triager: o.triager, Sessions: o.sessions, Known: o.config.Knows}
	if _, err := in.Take(o.t.Context(), []*event.Event{e}, now, nil); err != nil {
		o.t.Fatal(err)
	}
	return fmt.Sprintf(`{"type":"AssumedRole","arn":%q,"accountId":%q,"accessKeyId":%q}`, arn, account, key)
}

// departing is somebody, who is here until he leaves.
func departing(id, name string) person.Person {
	return person.Person{ID: person.ID(id), UserName: name, Display: strings.ToUpper(name[:1]) + name[1:strings.IndexByte(name, '@')], Active: true, Source: "hr", Version: 1}
}

// leaves has somebody come and go.
func (o *office) leaves(p person.Person) person.Person {
	o.t.Helper()
	p = o.says(p)
	p.Active = false
	return o.says(p)
}

// round looks at all leavers, and works at somebody's ticket until nothing moves any more.
func (o *office) round(p person.Person) (f finding.Finding, tk ticket.Ticket, words string) {
	o.t.Helper()
	ctx := o.t.Context()
	if _, err := o.House.leavers(ctx, everybody); err != nil {
		o.t.Fatal(err)
	}
	fp := finding.Print(finding.Leaver, byLeaver, string(p.ID), "")
	for range 8 {
		if _, tk, _ = o.found(fp); tk.ID == "" {
			break
		}
		if _, err := o.director.Advance(ctx, string(tk.ID)); err != nil {
			o.t.Logf("advance: %v", err)
		}
		o.acts()
		o.time.Advance(15 * time.Second)
	}
	return o.found(fp)
}

// acts makes the effects that wait.
func (o *office) acts() {
	o.t.Helper()
	var all []effect.Effect
	err := o.store.View(o.t.Context(), func(tx storeTx) (err error) {
		all, err = tx.Effects(o.t.Context(), effect.Filter{})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range all {
		if _, err := o.director.Act(o.t.Context(), e.Key); err != nil {
			o.t.Logf("act: %v", err)
		}
	}
}

// session is what is believed of somebody's sessions of a role and a name.
func (o *office) session(p person.Person, role, name string) finding.Finding {
	o.t.Helper()
	ref := "AWS::IAM::Role|" + o.account + "||" + role
	f, _, _ := o.found(finding.Print(finding.Leaver, book.LeaverBy+heldSession, string(p.ID), ref+name))
	return f
}

// TestSessionsOfALeaverAreEnded: what the trail has told is found, ended by its name and time, and proved to be over; others' go on.
func TestSessionsOfALeaverAreEnded(t *testing.T) {
	o := newOffice(t, "end-leaver-session")
	o.role("deploy")
	anas, bos := o.user("ana@example.com"), o.user("bo@example.com")
	o.takesOn(anas, "deploy", "release", 12*time.Hour)
	o.takesOn(bos, "deploy", "nightly", 12*time.Hour)
	o.takesOn(strings.Replace(bos, "bo@", "zoe@", 2), "deploy", "zoe", 12*time.Hour)
	a, b := o.leaves(departing("01ANA", "ana@example.com")), o.leaves(departing("01BO", "bo@example.com"))
	o.time.Advance(time.Minute)
	_, tk, words := o.round(a)
	if f := o.session(a, "deploy", "release"); f.State != finding.Done || !strings.Contains(f.Why, "a session of role deploy in "+o.account+" that is called release, begun ") {
		t.Fatalf("%+v\n%s", f, words)
	}
	if tk.State == ticket.Closed || !strings.Contains(words, "of which no record has told may last until") {
		t.Errorf("what no record has told yet may be left: %s\n%s", tk.State, words)
	}
	o.round(b)
	if f := o.session(b, "deploy", "nightly"); f.State != finding.Done {
		t.Errorf("the other one's: %+v", f)
	}
	text := o.ended("deploy")
	if strings.Count(text, `"Deny"`) != 2 || !strings.Contains(text, `"*:release"`) || !strings.Contains(text, `"*:nightly"`) || strings.Contains(text, "zoe") {
		t.Errorf("both, and nobody else's, each by a statement of its own: %s", text)
	}
	o.time.Advance(13 * time.Hour)
	if _, tk, words = o.round(a); tk.State != ticket.Closed || !strings.Contains(words, "Ana is gone: on fresh reads") {
		t.Errorf("%s\n%s", tk.State, words)
	}
	// She takes on the role once more, as nobody thought she could.
	o.takesOn(anas, "deploy", "release", time.Hour)
	o.time.Advance(25 * time.Hour)
	o.takesOn(anas, "deploy", "again", time.Hour)
	if _, tk, words = o.round(a); tk.State == ticket.Closed || o.session(a, "deploy", "again").State != finding.Done {
		t.Errorf("a new session: %s\n%s", tk.State, words)
	}
}

// TestSessionsInPlanMode: what would be done is said, and nothing is.
func TestSessionsInPlanMode(t *testing.T) {
	o := newOffice(t)
	o.role("deploy")
	o.takesOn(o.user("ana@example.com"), "deploy", "release", 12*time.Hour)
	p := o.leaves(departing("01ANA", "ana@example.com"))
	_, _, words := o.round(p)
	if f := o.session(p, "deploy", "release"); f.State != finding.Human || !strings.Contains(words, "Would do: iam.end-role-sessions") || o.ended("deploy") != "" {
		t.Fatalf("%+v\n%s\n%s", f, words, o.ended("deploy"))
	}
	if _, err := o.iam.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String("deploy")}); err != nil {
		t.Fatal(err)
	}
	o.time.Advance(time.Hour)
	if _, _, words = o.round(p); o.session(p, "deploy", "release").State != finding.Done {
		t.Errorf("a session ends with its role: %s", words)
	}
}

// TestSessionsThatAreLeftToPeople: software ends no session that only may be his, or under whose name others work too.
func TestSessionsThatAreLeftToPeople(t *testing.T) {
	for name, c := range map[string]struct {
		sessions func(o *office, ana string)
		why      string
	}{
		"nobody saw who took it on": {func(o *office, _ string) {
			o.takesOn(`{"type":"AWSAccount","accountId":"444455556666","principalId":"AROAX:y"}`, "deploy", "ana@example.com", time.Hour)
		}, "perhaps his: the name of the session ana@example.com, and who took it on was not seen"},
		"another one's too": {func(o *office, ana string) {
			o.takesOn(ana, "deploy", "ops", time.Hour)
			o.takesOn(strings.Replace(ana, "ana@", "zoe@", 2), "deploy", "ops", time.Hour)
		}, "others have sessions of this name too"},
		"somebody said so": {func(o *office, _ string) {
			o.takesOn(`{"type":"AssumedRole","arn":"arn:aws:sts::444455556666:assumed-role/x/y","accountId":"444455556666","accessKeyId":"ASIANONE",
"sessionContext":{"sourceIdentity":"ana@example.com"}}`, "deploy", "ops", time.Hour)
		}, "which is only claimed"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "end-leaver-session")
			o.role("deploy")
			c.sessions(o, o.user("ana@example.com"))
			p := o.leaves(departing("01ANA", "ana@example.com"))
			f, tk, words := o.round(p)
			if tk.State == ticket.Closed || !f.Unknown || !strings.Contains(f.Why, c.why) || o.ended("deploy") != "" {
				t.Errorf("%s, %s, %s\n%s", f.State, f.Why, o.ended("deploy"), words)
			}
			if s := o.session(p, "deploy", "ops"); s.Fingerprint != "" {
				t.Errorf("a finding that a playbook would take: %+v", s)
			}
			o.time.Advance(14 * time.Hour) // it ends by itself
			if _, tk, words = o.round(p); tk.State != ticket.Closed {
				t.Errorf("%s\n%s", tk.State, words)
			}
		})
	}
}

// TestWhoseSessionsAreFound: by the user as he was read, with his tags, or by the name of one who is not there any more; through other roles.
func TestWhoseSessionsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		sessions func(o *office)
		found    bool
		why      string // of the verdict, where it is no finding
	}{
		"the user is gone": {func(o *office) {
			o.takesOn(fmt.Sprintf(`{"type":"IAMUser","arn":"arn:aws:iam::%s:user/ana@example.com","accountId":%q,"userName":"ana@example.com"}`, o.account, o.account), "deploy", "x", time.Hour)
		}, true, ""},
		"through another role": {func(o *office) {
			o.takesOn(o.takesOnIn("444455556666", o.user("ana@example.com"), "hub", "ana@example.com", time.Hour), "deploy", "x", time.Hour)
		}, true, ""},
		"his by a tag": {func(o *office) {
			who := o.user("svc-7")
			o.tag("svc-7", "Email", "ana@example.com")
			o.takesOn(who, "deploy", "x", time.Hour)
		}, true, ""},
		"a machine that he answers for": {func(o *office) {
			who := o.user("svc-7")
			o.tag("svc-7", "Owner", "ana@example.com")
			o.takesOn(who, "deploy", "x", time.Hour)
		}, false, ""},
		"another one's": {func(o *office) { o.takesOn(o.user("zoe@example.com"), "deploy", "x", time.Hour) }, false, ""},
		"in an account that is not watched": {func(o *office) {
			o.takesOnIn("444455556666", o.user("ana@example.com"), "deploy", "x", time.Hour)
		}, false, "nobody here may end it, because the account is not watched"},
		"ended by somebody else": {func(o *office) {
			o.takesOn(o.user("ana@example.com"), "deploy", "x", time.Hour)
			_, err := o.iam.PutRolePolicy(o.t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("deploy"), PolicyName: aws.String("AWSRevokeOlderSessions"), PolicyDocument: aws.String(
				`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2099-01-01T00:00:00Z"}}}}`)})
			if err != nil {
				o.t.Fatal(err)
			}
		}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.role("deploy")
			c.sessions(o)
			p := o.leaves(departing("01ANA", "ana@example.com"))
			f, _, words := o.round(p)
			if got := o.session(p, "deploy", "x"); (got.Fingerprint != "") != c.found {
				t.Errorf("%+v\n%s", got, words)
			}
			if c.why != "" && !strings.Contains(f.Why, c.why) {
				t.Errorf("%q is not in %q", c.why, f.Why)
			}
		})
	}
}

func (o *office) tag(user, key, value string) {
	o.t.Helper()
	if _, err := o.iam.TagUser(o.t.Context(), &iam.TagUserInput{UserName: &user, Tags: []iamtypes.Tag{{Key: &key, Value: &value}}}); err != nil {
		o.t.Fatal(err)
	}
}
