package ledger_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jobzero/internal/access/ledger"
	"jobzero/internal/event"
	"jobzero/internal/principal/lineage"
	"jobzero/internal/source/cloudtrail"
)

const (
	deploy = "arn:aws:iam::111122223333:role/deploy"
	ana    = "arn:aws:iam::111122223333:user/ana"
)

// call is a record to be made.
type call struct {
	id, at, source, name, params, more string
	who                                string // userIdentity without its braces; the session ci of deploy when empty
}

// record is the call as a source hands it on, where one would.
func (c call) record() *event.Record {
	r := c.raw()
	if e, err := cloudtrail.Parse(r.Raw, event.Origin{}); err == nil {
		return e.Record()
	}
	return r
}

// raw is the call as nobody has looked at it.
func (c call) raw() *event.Record {
	if c.who == "" {
		c.who = `"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/ci","accountId":"111122223333","accessKeyId":"ASIA1","sessionContext":{"sessionIssuer":{"type":"Role","arn":"` + deploy + `"},"attributes":{"creationDate":"2026-03-01T08:00:00Z"}}`
	}
	if c.at == "" {
		c.at = "2026-03-01T10:00:00Z"
	}
	if c.params == "" {
		c.params = "null"
	}
	return &event.Record{Raw: []byte(fmt.Sprintf(`{"eventID":%q,"eventTime":%q,"eventSource":"%s.amazonaws.com","eventName":%q,"awsRegion":"eu-west-1","recipientAccountId":"111122223333","eventType":"AwsApiCall","userIdentity":{%s},"requestParameters":%s%s}`,
		c.id, c.at, c.source, c.name, c.who, c.params, c.more))}
}

func get(id, at, key string) call {
	return call{id: id, at: at, source: "s3", name: "GetObject", params: `{"bucketName":"shop","key":"` + key + `"}`, more: `,"eventCategory":"Data"`}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func fold(o ledger.Options, calls ...call) *ledger.Ledger {
	l := ledger.New(o)
	for _, c := range calls {
		l.Add(c.record())
	}
	return l
}

func TestUsed(t *testing.T) {
	l := fold(ledger.Options{},
		get("1", "2026-03-01T10:00:00Z", "a"),
		get("2", "2026-03-03T10:00:00Z", "a"),
		get("2", "2026-03-03T10:00:00Z", "a"), // again
		call{id: "3", at: "2026-03-02T00:00:00Z", source: "s3", name: "GetObject", params: `{"bucketName":"shop","key":"b"}`, more: `,"errorCode":"AccessDenied"`},
		call{id: "4", source: "lambda", name: "CreateFunction20150331", params: `{"functionName":"f","role":"arn:aws:iam::111122223333:role/run"}`},
		call{id: "5", source: "sts", name: "GetCallerIdentity"},
	)
	ten := at("2026-03-01T10:00:00Z")
	want := []ledger.Use{
		{"iam:PassRole", "arn:aws:iam::111122223333:role/run", 1, 0, ten, ten},
		{"lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111122223333:function:f", 1, 0, ten, ten},
		{"s3:GetObject", "arn:aws:s3:::shop/a", 2, 0, ten, at("2026-03-03T10:00:00Z")},
		{"s3:GetObject", "arn:aws:s3:::shop/b", 1, 1, at("2026-03-02T00:00:00Z"), at("2026-03-02T00:00:00Z")},
	}
	if d := cmp.Diff(want, l.Used(deploy)); d != "" {
		t.Error(d)
	}
	daily, sum := 0, 0
	for i, u := range l.Within(time.Time{}, time.Time{}).UsedDaily(deploy) {
		daily += u.Count
		if u.First.Format(time.DateOnly) != u.Last.Format(time.DateOnly) {
			t.Errorf("use %d is of more days than one: %s to %s", i, u.First, u.Last)
		}
	}
	for _, u := range want {
		sum += u.Count
	}
	if daily != sum || len(l.Within(time.Time{}, time.Time{}).UsedDaily(deploy)) <= len(want) {
		t.Errorf("day by day there are %d uses, together %d", daily, sum)
	}
	if got := l.Within(at("2026-03-02T09:00:00Z"), at("2026-03-02T09:00:00Z")).Used(deploy); len(got) != 1 || got[0].Refused != 1 {
		t.Errorf("on the second day: %+v", got)
	}
	counts := l.Counts()
	if counts.Events != 6 || counts.Kept != 5 || counts.Left[ledger.Duplicate] != 1 {
		t.Errorf("got %+v", counts)
	}
	if a, ok := l.Within(time.Time{}, time.Time{}).Activity(deploy); !ok || a.Count != 6 || !a.Last.Equal(at("2026-03-03T10:00:00Z")) {
		t.Errorf("activity %+v, %v", a, ok)
	}
	if got := l.Principals(); !slices.Equal(got, []string{deploy}) {
		t.Errorf("principals %q", got)
	}
}

// TestPrincipals: policies bind the role or user, whoever the record says called.
func TestPrincipals(t *testing.T) {
	cases := map[string]struct{ who, want string }{
		"a role's session":        {"", deploy},
		"without its issuer":      {`"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/ci","accountId":"111122223333"`, "arn:aws:iam::111122223333:role/*deploy"},
		"a user":                  {`"type":"IAMUser","arn":"` + ana + `","accountId":"111122223333"`, ana},
		"a federated user":        {`"type":"FederatedUser","arn":"arn:aws:sts::111122223333:federated-user/x","sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"` + ana + `"}}`, ana},
		"the root user":           {`"type":"Root","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"`, "arn:aws:iam::111122223333:root"},
		"a service":               {`"type":"AWSService","invokedBy":"lambda.amazonaws.com"`, "lambda.amazonaws.com"},
		"another account":         {`"type":"AWSAccount","principalId":"AROA:x","accountId":"444455556666"`, "444455556666"},
		"anybody":                 {`"type":"AWSAccount","accountId":"ANONYMOUS_PRINCIPAL"`, "*"},
		"an identity provider":    {`"type":"WebIdentityUser","userName":"x","identityProvider":"accounts.google.com"`, "accounts.google.com"},
		"AWS by itself":           {`"accountId":"111122223333","invokedBy":"AWS Internal"`, "AWS Internal"},
		"of a kind without names": {`"type":"Directory","userName":"x"`, "Directory:x"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			l := fold(ledger.Options{}, call{id: "1", source: "s3", name: "ListBuckets", who: c.who})
			if got := l.Principals(); !slices.Equal(got, []string{c.want}) {
				t.Errorf("got %q, want %s", got, c.want)
			}
		})
	}
	l := fold(ledger.Options{}, call{id: "1", source: "s3", name: "ListBuckets", who: cases["without its issuer"].who})
	if got := l.Used("arn:aws:iam::111122223333:role/ops/deploy"); len(got) != 1 {
		t.Errorf("a role whose path the record lacks: %+v", got)
	}
}

// TestLeft: what comes to no entry is counted with its reason.
func TestLeft(t *testing.T) {
	flow := call{id: "1", source: "s3", name: "ListBuckets"}.raw()
	flow.Log = event.VPCFlow
	change := func(from, to string) *event.Record {
		r := call{id: "1", source: "s3", name: "ListBuckets"}.raw()
		r.Raw = []byte(strings.Replace(string(r.Raw), from, to, 1))
		return r
	}
	for want, r := range map[ledger.Reason]*event.Record{
		ledger.OtherLog: flow,
		ledger.NoCall:   change("AwsApiCall", "AwsServiceEvent"),
		ledger.Endpoint: change("AwsApiCall", "AwsVpceEvent"),
		ledger.NoTime:   change("2026-03-01T10:00:00Z", "yesterday"),
		ledger.NoName:   change(`"eventName":"ListBuckets"`, `"eventName":""`),
		ledger.NoCaller: change(`"userIdentity":{`, `"userIdentity":null,"x":{`),
		ledger.Kept:     change("AwsApiCall", "AwsConsoleAction"),
	} {
		l := ledger.New(ledger.Options{})
		if got := l.Add(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if c := l.Counts(); c.Events != 1 || want != ledger.Kept && c.Left[want] != 1 || want == ledger.Kept && c.Kept != 1 {
			t.Errorf("%q: counted %+v", want, c)
		}
	}
}

func TestTouchedAndDid(t *testing.T) {
	l := fold(ledger.Options{},
		get("1", "", "a/1"),
		call{id: "2", source: "s3", name: "ListObjectsV2", params: `{"bucketName":"shop"}`, who: `"type":"IAMUser","arn":"` + ana + `","accountId":"111122223333"`, at: "2026-03-02T10:00:00Z"},
		call{id: "3", source: "s3", name: "ListObjectsV2", params: `{"bucketName":"shopping"}`},
		call{id: "4", source: "kms", name: "Decrypt", params: `{"keyId":"alias/x"}`},
	)
	v := l.Within(time.Time{}, time.Time{})
	var got []string
	for _, d := range v.Touched("arn:aws:s3:::shop") {
		got = append(got, fmt.Sprintf("%s %s %s %v", d.Principal, d.Name, d.Resource, d.Perhaps))
	}
	want := []string{ana + " s3:ListBucket arn:aws:s3:::shop false", deploy + " s3:GetObject arn:aws:s3:::shop/a/1 false"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := v.Touched("arn:aws:kms:eu-west-1:111122223333:key/7"); len(got) != 1 || !got[0].Perhaps {
		t.Errorf("a key that may be meant: %+v", got)
	}
	if got := v.Did("S3:list*"); len(got) != 2 {
		t.Errorf("who listed: %+v", got)
	}
}

func TestHumans(t *testing.T) {
	g := lineage.New(lineage.Options{})
	// the last on the way is a person, by way of a role that was assumed with a user's key
	g.Learn(call{
		id: "0", at: "2026-03-01T08:00:00Z", source: "sts", name: "AssumeRole", who: `"type":"IAMUser","arn":"` + ana + `","accountId":"111122223333","accessKeyId":"AKIA1"`,
		params: `{"roleArn":"` + deploy + `","roleSessionName":"ci"}`, more: `,"responseElements":{"credentials":{"accessKeyId":"ASIA1","expiration":"Mar 1, 2026, 9:00:00 PM"},"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/ci"}}`,
	}.record())
	l := ledger.New(ledger.Options{})
	l.Behind(g)
	for _, c := range []call{
		get("1", "2026-03-01T10:00:00Z", "a"), get("2", "2026-03-01T11:00:00Z", "b"),
		{id: "3", source: "secretsmanager", name: "GetSecretValue", params: `{"secretId":"db"}`, more: `,"sessionCredentialFromConsole":"true"`},
		{id: "4", source: "s3", name: "PutObject", params: `{"bucketName":"shop","key":"a"}`, more: `,"managementEvent":false,"errorCode":"AccessDenied"`},
		{id: "5", source: "s3", name: "GetBucketPolicy", params: `{"bucketName":"shop"}`},
		{id: "6", source: "s3", name: "GetObject", more: `,"managementEvent":false`, who: `"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/x/y","accountId":"111122223333"`},
		{id: "7", source: "s3", name: "GetObject", more: `,"managementEvent":false`, who: `"type":"AWSService","invokedBy":"glue.amazonaws.com"`},
	} {
		l.Add(c.record())
	}
	got, others := l.Within(time.Time{}, time.Time{}).Humans()
	want := []ledger.Human{{
		Day: "2026-03-01", Root: ledger.Root{Kind: lineage.Person, ID: ana, Strength: lineage.Proved}, Reads: 3, Writes: 1, Refused: 1, Console: 1, Resources: 3,
		Services: []string{"s3", "secretsmanager"}, Last: "2026-03-01T11:00:00Z",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if others != 1 {
		t.Errorf("%d reads by nobody knows whom, want 1", others)
	}
	if a, _ := l.Within(time.Time{}, time.Time{}).Activity(deploy); a.Human.ID != ana || !a.HumanLast.Equal(at("2026-03-01T11:00:00Z")) {
		t.Errorf("the last person behind it: %+v", a)
	}
}

// text is everything a ledger says.
func text(t interface{ Fatal(...any) }, l *ledger.Ledger) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, x := range []any{l.Counts(), l.Size().Rows, l.Size().Days, l.Size().Folded, l.Coarse(), l.Within(time.Time{}, time.Time{}).Rows()} {
		if err := e.Encode(x); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// calls draws some calls whose objects overlap and soon are too many for a place.
func calls(t *rapid.T) []call {
	n := rapid.IntRange(1, 120).Draw(t, "n")
	out := make([]call, 0, n)
	for i := range n {
		c := get(fmt.Sprint("e", i), fmt.Sprintf("2026-03-%02dT10:%02d:00Z", rapid.IntRange(1, 4).Draw(t, "day"), i%60),
			fmt.Sprintf("%d/%d", rapid.IntRange(0, 5).Draw(t, "folder"), rapid.IntRange(0, 5).Draw(t, "key")))
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			c.more += `,"errorCode":"AccessDenied"`
		case 1:
			c.who = `"type":"IAMUser","arn":"` + ana + `","accountId":"111122223333"`
		case 2:
			c.source, c.name, c.params = "ec2", "StopInstances", fmt.Sprintf(`{"instancesSet":{"items":[{"instanceId":"i-%d"},{"instanceId":"i-7"}]}}`, i)
		}
		out = append(out, c)
	}
	return out
}

// TestOrder: ledgers of parts, merged, say what one pass says, whatever the order and whatever comes twice.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := ledger.Options{Leaves: rapid.IntRange(1, 12).Draw(t, "leaves")}
		all := calls(t)
		twice := append(slices.Clone(all), all[rapid.IntRange(0, len(all)-1).Draw(t, "twice")])
		whole := fold(o, twice...)
		want := text(t, whole)
		if got := text(t, fold(o, rapid.Permutation(twice).Draw(t, "order")...)); got != want {
			t.Errorf("in another order (-want +got):\n%s", cmp.Diff(want, got))
		}
		parts := [3][]call{}
		in := map[string]int{}
		for _, c := range twice {
			if _, known := in[c.id]; !known {
				in[c.id] = rapid.IntRange(0, 2).Draw(t, "part")
			}
			parts[in[c.id]] = append(parts[in[c.id]], c)
		}
		merged := fold(o, parts[0]...)
		merged.Merge(fold(o, parts[1]...))
		merged.Merge(fold(o, parts[2]...))
		if got := text(t, merged); got != want {
			t.Errorf("merged (-want +got):\n%s", cmp.Diff(want, got))
		}
	})
}

// TestOverlap: two ledgers that know the same event say so.
func TestOverlap(t *testing.T) {
	l := fold(ledger.Options{}, get("1", "", "a"), get("2", "", "a"))
	l.Merge(fold(ledger.Options{}, get("2", "", "a"), get("3", "", "a")))
	if c := l.Counts(); c.Overlap != 1 || l.Used(deploy)[0].Count != 4 {
		t.Errorf("got %+v, %+v", c, l.Used(deploy))
	}
}
