package least_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/least"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

const worker = "arn:aws:iam::111122223333:role/worker"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func used(action, on string) least.Use {
	return least.Use{Action: action, Resource: on, Count: 1, First: noon, Last: noon}
}

// role is a subject with one policy.
func role(t *testing.T, statements string) *least.Subject {
	t.Helper()
	d := parsed(t, "own", []byte(`{"Version":"2012-10-17","Statement":[`+statements+`]}`))
	return &least.Subject{Principal: worker, Kind: least.Role, Holders: []string{worker}, Policies: []estate.Held{{Document: d}}}
}

func reduced(t *testing.T, s *least.Subject, o least.Options) *least.Plan {
	t.Helper()
	p, err := least.Reduce(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func allText(p *least.Plan) string {
	var b strings.Builder
	for _, x := range p.Policies {
		b.Write(x.JSON)
	}
	return strings.Join(strings.Fields(b.String()), "")
}

const s3AndSQS = `{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`

// TestWhatIsWritten: what a policy has, and has not.
func TestWhatIsWritten(t *testing.T) {
	many := func(form string, n int) (out []least.Use) {
		for i := range n {
			out = append(out, used("s3:GetObject", fmt.Sprintf(form, i)))
		}
		return out
	}
	logged := least.Options{Logged: []string{"s3", "sqs"}, Drop: true}
	for name, c := range map[string]struct {
		statements string
		uses       []least.Use
		has, lacks []string
	}{
		"one object":          {s3AndSQS, many("arn:aws:s3:::shop/a/%d", 1), []string{`"arn:aws:s3:::shop/a/0"`}, []string{"*", "sqs"}},
		"objects of a folder": {s3AndSQS, many("arn:aws:s3:::shop/in/%d", 30), []string{`"arn:aws:s3:::shop/in/*"`}, []string{"shop/in/3", "shop/*"}},
		"objects of days":     {s3AndSQS, many("arn:aws:s3:::shop/2026-11-%d/a", 30), []string{`"arn:aws:s3:::shop/*"`}, []string{"2026-11"}},
		"objects that were granted as a pattern only": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/in/a*"}`, many("arn:aws:s3:::shop/in/a%d", 30),
			[]string{`"arn:aws:s3:::shop/in/a*"`},
			[]string{"shop/in/*", "a1"},
		},
		"conditions stay": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, many("arn:aws:s3:::shop/%d", 1),
			[]string{`"Condition":{"Bool":{"aws:SecureTransport":"true"}}`},
			nil,
		},
		"one without conditions is enough": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}},{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`,
			many("arn:aws:s3:::shop/%d", 1), nil,
			[]string{"Condition"},
		},
		"variables stay": {
			`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::home/${aws:username}/*"}`, many("arn:aws:s3:::home/ana/%d", 1),
			[]string{`"arn:aws:s3:::home/${aws:username}/*"`},
			[]string{"ana"},
		},
		"a pattern of actions that were all used": {
			`{"Effect":"Allow","Action":"sqs:*Permission","Resource":"*"}`,
			[]least.Use{used("sqs:AddPermission", "arn:aws:sqs:eu-west-1:111122223333:q"), used("sqs:RemovePermission", "arn:aws:sqs:eu-west-1:111122223333:q")},
			[]string{`"sqs:*permission"`},
			[]string{"sqs:AddPermission"},
		},
		"one of them was not": {
			`{"Effect":"Allow","Action":"sqs:*Permission","Resource":"*"}`,
			[]least.Use{used("sqs:AddPermission", "arn:aws:sqs:eu-west-1:111122223333:q")},
			[]string{`"sqs:AddPermission"`},
			[]string{"*"},
		},
		"denials stay": {
			s3AndSQS + `,{"Sid":"Keep","Effect":"Deny","NotAction":"s3:Get*","NotResource":"arn:aws:s3:::shop/*"}`, many("arn:aws:s3:::shop/%d", 1),
			[]string{`"Sid":"Keep","Effect":"Deny","NotAction":"s3:Get*","NotResource":"arn:aws:s3:::shop/*"`},
			nil,
		},
		"what was refused is not needed": {s3AndSQS, []least.Use{{Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/a", Count: 3, Refused: 3}}, nil, []string{"s3"}},
		"an action that is new":          {s3AndSQS, []least.Use{used("s3:FlyToTheMoon", "arn:aws:s3:::shop")}, []string{`s3:FlyToTheMoon`}, nil},
		"signs in an object's name":      {s3AndSQS, many("arn:aws:s3:::shop/%d*${x}", 1), []string{"shop/0${*}${$}{x}"}, nil},
	} {
		o := logged
		o.Used = c.uses
		text := allText(reduced(t, role(t, c.statements), o))
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in %s", name, want, text)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(text, not) {
				t.Errorf("%s: %s in %s", name, not, text)
			}
		}
	}
}

// TestPassRole: roles that were passed stay where all are known; else it stays as it was.
func TestPassRole(t *testing.T) {
	const pass = `{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/*"}`
	for want, uses := range map[string][]least.Use{
		`"arn:aws:iam::111122223333:role/app"`: {used("iam:PassRole", "arn:aws:iam::111122223333:role/app")},
		`"arn:aws:iam::111122223333:role/*"`:   {used("iam:PassRole", "arn:aws:iam::111122223333:role/app"), used("iam:PassRole", "arn:aws:iam::111122223333:role/*")},
	} {
		if text := allText(reduced(t, role(t, pass), least.Options{Used: uses})); !strings.Contains(text, `"Resource":`+want) {
			t.Errorf("%s: %s", want, text)
		}
	}
	p := reduced(t, role(t, pass), least.Options{})
	if g := p.Grants[0]; g.Reason != least.Unseen || g.Why == "" || !g.Stays() || !strings.Contains(allText(p), "role/*") {
		t.Errorf("%+v %s", g, allText(p))
	}
	if p := reduced(t, role(t, pass), least.Options{Drop: true}); p.Grants[0].Reason != least.Dropped || len(p.Policies) != 0 || len(p.Notes) != 2 {
		t.Errorf("%+v %v", p.Grants, p.Notes)
	}
}

// TestLimits: what does not fit is split, said in general, or left; and that is said.
func TestLimits(t *testing.T) {
	var uses []least.Use
	for i := range 400 {
		uses = append(uses, used("sqs:PurgeQueue", fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:%04d-a-queue-with-a-long-name", i)))
	}
	o := least.Options{Used: uses, Drop: true}
	p := reduced(t, role(t, s3AndSQS), o)
	if len(p.Policies) != 1 || !strings.Contains(allText(p), `"arn:aws:sqs:eu-west-1:111122223333:*"`) {
		t.Errorf("a pattern was granted: %s", allText(p))
	}
	var list []string
	for _, u := range uses {
		list = append(list, `"`+u.Resource+`"`)
	}
	exact := `{"Effect":"Allow","Action":["sqs:PurgeQueue","sqs:DeleteQueue"],"Resource":[` + strings.Join(list, ",") + `]}`
	p = reduced(t, role(t, exact), o)
	if len(p.Policies) < 4 || !slices.ContainsFunc(p.Notes, func(n string) bool { return strings.HasPrefix(n, "it is split into") }) {
		t.Errorf("%d policies, %v", len(p.Policies), p.Notes)
	}
	for _, x := range p.Policies {
		if x.Size > 6144 {
			t.Errorf("%s has %d characters", x.Name, x.Size)
		}
	}
	s := role(t, exact)
	s.Unread = []string{"1", "2", "3", "4", "5", "6", "7"}
	if p = reduced(t, s, o); !strings.Contains(p.Notes[0], "left as it was") || p.After != p.Before {
		t.Errorf("%v %+v", p.Notes, p.After)
	}
	o.Inline = true
	if p = reduced(t, role(t, exact), o); !strings.Contains(p.Notes[0], "written as managed policies") {
		t.Errorf("%v", p.Notes)
	}
}

func TestErrors(t *testing.T) {
	s := role(t, s3AndSQS)
	if _, err := least.Reduce(s, least.Options{Used: []least.Use{used("s3:*", "*")}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a use of a pattern: %v", err)
	}
	d, _, err := policy.Parse("trust.json", policy.Resource, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	s.Policies = []estate.Held{{Document: d}}
	if _, err := least.Reduce(s, least.Options{}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "trust.json:1:") {
		t.Errorf("a principal: %v", err)
	}
}

func TestChange(t *testing.T) {
	p := reduced(t, role(t, s3AndSQS), least.Options{Used: []least.Use{used("s3:ListAllMyBuckets", "*")}, Drop: true})
	c := p.Change()
	if c.Principal != worker || len(c.Before) != 1 || len(c.After) != 1 || p.After.Actions != 1 || p.Proved != 1 {
		t.Errorf("%+v %+v", c, p.After)
	}
}

// TestApart: functions that share a role get what each of them did.
func TestApart(t *testing.T) {
	e := estate.New()
	if err := e.Read("made.json", strings.NewReader(`{"RoleDetailList":[{"Arn":"`+worker+`","RolePolicyList":[{"PolicyName":"own","PolicyDocument":{"Version":"2012-10-17","Statement":[`+s3AndSQS+`]}}]}]}`)); err != nil {
		t.Fatal(err)
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"resize", "report", "idle"} {
		e.AddAsset(estate.Asset{ARN: "arn:aws:lambda:eu-west-1:111122223333:function:" + name, Account: "111122223333", Type: resource.Type("AWS::Lambda::Function"), Runs: worker})
	}
	const session = "arn:aws:sts::111122223333:assumed-role/worker/"
	s, err := least.Apart(e, worker, map[string][]least.Use{
		session + "resize": {used("s3:PutBucketPolicy", "arn:aws:s3:::shop")},
		session + "report": {used("sqs:PurgeQueue", "arn:aws:sqs:eu-west-1:111122223333:q")},
		session + "ana":    {used("s3:DeleteBucket", "arn:aws:s3:::shop")},
		worker:             {used("s3:ListAllMyBuckets", "*")},
	}, least.Options{Drop: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Functions) != 3 || s.Functions[0].Plan != nil || s.Together != 1 || len(s.Notes) != 3 {
		t.Fatalf("%+v", s)
	}
	report, resize := allText(s.Functions[1].Plan), allText(s.Functions[2].Plan)
	if !strings.Contains(report, "PurgeQueue") || strings.Contains(report, "PutBucketPolicy") || !strings.Contains(resize, "PutBucketPolicy") || !strings.Contains(resize, "ListAllMyBuckets") {
		t.Errorf("%s\n%s", report, resize)
	}
	if _, err := least.Apart(e, "arn:aws:iam::111122223333:role/none", nil, least.Options{}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// TestReplay: what is known in part is perhaps denied, and what is not allowed now is not judged.
func TestReplay(t *testing.T) {
	e := estate.New()
	if err := e.Read("made.json", strings.NewReader(`{"RoleDetailList":[{"Arn":"`+worker+`","RolePolicyList":[{"PolicyName":"own","PolicyDocument":{"Version":"2012-10-17","Statement":[`+s3AndSQS+`]}}]}]}`)); err != nil {
		t.Fatal(err)
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	scp, _, err := policy.Parse("scp.json", policy.SCP, []byte(`{"Version":"2012-10-17","Statement":[{"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::shop/secret/*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string][]least.Use{worker: {
		used("s3:GetObject", "arn:aws:s3:::shop/secret/a"), used("s3:GetObject", "arn:aws:s3:::shop/secret/a"), used("s3:GetObject", "arn:aws:s3:::shop/open/a"),
		used("s3:GetObject", "arn:aws:s3:::shop/*"), used("s3:PutObject", ""), used("ec2:RunInstances", "*"),
	}, "arn:aws:iam::111122223333:role/gone": {used("s3:GetObject", "*")}}
	r, err := least.Replay(e, least.Proposal{SCP: scp}, uses, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.Missed {
		got = append(got, fmt.Sprintf("%s %s %s %d %t %s", m.Action, m.Resource, m.Day, m.Count, m.Perhaps, m.Because))
	}
	want := []string{
		"s3:GetObject arn:aws:s3:::shop/* 2026-11-20 1 true ", "s3:GetObject arn:aws:s3:::shop/secret/a 2026-11-20 2 false No", "s3:PutObject  2026-11-20 1 true ",
	}
	if !slices.Equal(got, want) || r.Blind != 1 || r.Bound != 1 || r.Tried != 6 || len(r.Gone) != 1 {
		t.Errorf("%q %+v", got, r)
	}
	if r, err = least.Replay(e, least.Proposal{SCP: scp}, uses, noon.AddDate(0, 0, 1)); err != nil || r.Tried != 0 {
		t.Errorf("%+v %v", r, err)
	}
}

func FuzzReadUses(f *testing.F) {
	f.Add(`{"Action":"s3:GetObject","Resource":"arn:aws:s3:::a","Count":1}` + "\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = least.ReadUses("x.jsonl", strings.NewReader(text))
	})
}

func FuzzReadDeclared(f *testing.F) {
	f.Add("s3:Get* arn:aws:s3:::a # why\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := least.ReadDeclared("x.txt", strings.NewReader(text))
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		if _, err := least.Reduce(role(t, s3AndSQS), least.Options{Declared: list}); err != nil {
			t.Fatal(err)
		}
	})
}
