package story

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/finding"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
	"jobzero/test/weather"
	"jobzero/test/world"
)

// badDay is the weather of a day on which everything that AWS documents to happen happens. Stale is for how long a read may be old.
func badDay(stale time.Duration) []weather.Spell {
	return []weather.Spell{
		{What: weather.Denied, Over: weather.Of("iam", "GetAccessKeyLastUsed"), Share: 1, Most: 1},
		{What: weather.Throttled, Share: 0.08},
		{What: weather.Broken, Share: 0.04},
		{What: weather.Lost, Share: 0.04},
		{What: weather.Stale, Over: weather.Reads, Share: 0.6, For: stale},
	}
}

// stormy sets up a house behind weather.
func stormy(t *testing.T, o world.Options, spells ...weather.Spell) (*world.House, *weather.Weather) {
	t.Helper()
	if absent != "" {
		t.Skip(absent)
	}
	seed := rand.Uint64()
	w, err := weather.Begin(shared.AWS, seed, spells...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	t.Logf("weather of seed %d", seed)
	o.Endpoint = w.Endpoint
	return begin(t, o), w
}

// struck fails where a kind of weather never came: the story would tell of a good day.
func struck(t *testing.T, w *weather.Weather, kinds ...weather.Kind) {
	t.Helper()
	n := w.Struck()
	for _, k := range kinds {
		if n[k] == 0 {
			t.Errorf("the weather was never %s: %v", k, n)
		}
	}
	t.Logf("the weather: %v", n)
}

// thief is somebody who has found the key of a user, and what a person does with that user.
type thief struct {
	user, key, session string
	offence            world.Offence
}

// call is what a thief does with the key or, when it is one, with a session of it.
func (x thief) call(service, name string, at time.Time, session bool) map[string]any {
	r := world.Call{Account: world.Prod, Service: service, Name: name, User: x.user, Key: x.key, Source: "203.0.113.99", Read: true, At: at}.Record()
	if session {
		who := r["userIdentity"].(map[string]any)
		who["accessKeyId"] = x.session
		who["sessionContext"] = map[string]any{"attributes": map[string]any{"creationDate": at.Add(-time.Hour).UTC().Format(time.RFC3339), "mfaAuthenticated": "false"}}
	}
	return r
}

// posted brings records by the queue: each twice, in no order.
func posted(t *testing.T, records ...map[string]any) {
	t.Helper()
	all := slices.Concat(records, records)
	rand.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	if err := shared.Post(t.Context(), shared.Queue, world.Prod, all...); err != nil {
		t.Fatal(err)
	}
}

// TestAStolenKeyOnABadDay: recon that is told late, a session that was minted before the key was off, one ticket, the person behind it named, and
// whoever comes back opens it again. All calls of the house go through bad weather, and all events come twice and out of order.
func TestAStolenKeyOnABadDay(t *testing.T) {
	const settle = 1500 * time.Millisecond
	h, w := stormy(t, world.Options{Enforce: true, Settle: settle, Visibility: 2 * time.Second}, badDay(settle/2)...)
	x := thief{user: name("kim"), session: "ASIA" + strings.ToUpper(name("s")[2:])}
	var err error
	if x.offence, err = shared.LeakedKey(t.Context(), world.Prod, x.user); err != nil {
		t.Fatal(err)
	}
	x.key = x.offence.Subject.ID
	record(t)
	start(t, h)

	began := time.Now()
	minted := x.call("sts", "GetSessionToken", began.Add(-14*time.Minute), false)
	minted["responseElements"] = map[string]any{"credentials": map[string]any{"accessKeyId": x.session, "expiration": began.Add(10 * time.Hour).UTC().Format(time.RFC3339)}}
	posted(t, x.offence.Record, minted)
	first := mended(t, h, x.offence)
	if got := ended(t, x.user); !strings.Contains(got, "aws:TokenIssueTime") {
		t.Errorf("sessions from before are not ended: %q", got)
	}

	// CloudTrail brings a quarter of an hour late what the thief looked at before.
	posted(t, recon(x, began.Add(-13*time.Minute))...)
	until(t, "what was looked at is on the ticket", func(ctx context.Context) (bool, error) {
		tk, _, err := h.TicketOf(ctx, x.offence.Subject)
		return tk.Findings > first.Findings, err
	})
	wait(t, 2*time.Second)
	alone(t, h, x, first.ID)
	if tk, _, err := h.TicketOf(t.Context(), x.offence.Subject); err != nil || tk.State != ticket.Closed || tk.Reopened != 0 {
		t.Errorf("late words have opened the ticket again: %s, %d times (%s), %v", tk.State, tk.Reopened, tk.Reason, err)
	}

	// The session is at work all the same.
	posted(t, x.call("s3", "ListBuckets", time.Now(), true))
	tk := ticketAs(t, h, x.offence.Subject, func(tk ticket.Ticket) bool { return strings.HasPrefix(tk.Reason, "waits for a person: Find out how") })
	if tk.ID != first.ID || tk.Reopened != 1 || tk.Severity != finding.Critical {
		t.Errorf("the use of what was shut: %+v", tk)
	}
	alone(t, h, x, first.ID)
	if text := command(t, h, "ticket", "show", string(tk.ID)); !strings.Contains(text, x.user+" of "+world.Prod) {
		t.Errorf("the story does not name who is behind the session:\n%s", text)
	}
	onlyWrites(t, "iam:PutUserPolicy jobzero-ended-sessions", "iam:PutUserPolicy jobzero-shut-out", "iam:UpdateAccessKey "+x.key)
	struck(t, w, weather.Throttled, weather.Broken, weather.Lost, weather.Stale, weather.Denied)
}

// recon is what a thief looks at first.
func recon(x thief, from time.Time) (all []map[string]any) {
	for i, c := range []struct{ service, name string }{
		{"iam", "ListUsers"},
		{"iam", "ListRoles"},
		{"iam", "ListAttachedUserPolicies"},
		{"iam", "GetAccountAuthorizationDetails"},
		{"iam", "ListGroups"},
		{"iam", "ListAccessKeys"},
		{"s3", "ListBuckets"},
		{"ec2", "DescribeInstances"},
		{"secretsmanager", "ListSecrets"},
		{"ses", "GetSendQuota"},
		{"bedrock", "ListFoundationModels"},
		{"rds", "DescribeDBInstances"},
	} {
		all = append(all, x.call(c.service, c.name, from.Add(time.Duration(i)*time.Second), i%2 == 1))
	}
	return all
}

// ended is the policy of a user that ends sessions.
func ended(t *testing.T, user string) string {
	t.Helper()
	out, err := iam.NewFromConfig(shared.AWS.Config(world.Prod)).GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{
		UserName: &user, PolicyName: aws.String("jobzero-ended-sessions"),
	})
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := url.QueryUnescape(aws.ToString(out.PolicyDocument))
	if err != nil {
		t.Error(err)
	}
	return text
}

// alone looks that there is one ticket about the thief, whatever of him was seen.
func alone(t *testing.T, h *world.House, x thief, want ticket.ID) {
	t.Helper()
	for _, tk := range list[ticket.Ticket](t, h, "ticket", "list") {
		if tk.ID != want {
			t.Errorf("another ticket: %s, %s (%s)", tk.Subject, tk.Title, tk.State)
		}
	}
}

// onlyWrites wants exactly these changes of the house, each once, in the form of said.
func onlyWrites(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, c := range writes(t) {
		got = append(got, said(c))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("it wrote\n  %s\nand not\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// said is a change in a few words: what was called, and on what.
func said(c testmoto.Call) string {
	form, _ := url.ParseQuery(string(c.Body)) // what is no form names its resource in the path
	for _, of := range []string{"PolicyName", "AccessKeyId", "GroupId"} {
		if name := form.Get(of); name != "" {
			return c.Service + ":" + c.Action + " " + name
		}
	}
	return fmt.Sprintf("%s:%s %s", c.Service, c.Action, c.URL)
}
