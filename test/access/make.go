package access

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"jobzero/internal/policy/names"
)

// maker makes random cases: callers, resources and policies that are near one another often enough for each layer to matter. What the two
// evaluators see differently on purpose is left out; TestDifferences has it.
type maker struct {
	*rand.Rand
	sessioned bool // the case has a session policy
}

func (m maker) one(list ...string) string { return list[m.IntN(len(list))] }

func (m maker) some(list ...string) []string {
	out := []string{m.one(list...)}
	for len(out) < 4 && m.IntN(3) == 0 {
		out = append(out, m.one(list...))
	}
	return out
}

func (m maker) often(percent int) bool { return m.IntN(100) < percent }

const (
	home  = "111122223333"
	other = "444455556666"
	third = "777788889999"
)

// thing is what is called.
type thing struct {
	arn, account string
	actions      []string // of its service
	patterns     []string // of Resource
	keys         []string // condition keys that all of its actions have
}

func things() []thing {
	s3 := []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"}
	return []thing{
		{
			"arn:aws:s3:::shop-data/in/a.txt", "", s3,
			[]string{
				"*", "arn:aws:s3:::shop-data/*", "arn:aws:s3:::shop-*", "arn:aws:s3:::shop-data/in/?.txt",
				"arn:aws:s3:::shop-data", "arn:aws:s3:::other/*", "arn:aws:s3:::shop-data/${aws:username}/*", "arn:aws:s3:::shop-data/in/${aws:PrincipalTag/team}.txt",
			},
			[]string{"s3:TlsVersion"},
		},
		{"arn:aws:s3:::shop-data", "", []string{"s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy"}, []string{
			"*", "arn:aws:s3:::shop-data",
			"arn:aws:s3:::*", "arn:aws:s3:::shop-data/*",
		}, []string{"s3:TlsVersion"}},
		{"arn:aws:sqs:eu-west-1:%s:orders", "", []string{"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:SetQueueAttributes"}, []string{
			"*", "arn:aws:sqs:eu-west-1:%s:orders",
			"arn:aws:sqs:*:%s:*", "arn:aws:sqs:eu-west-1:" + third + ":orders", "arn:aws:sqs:eu-west-1:%s:o?ders",
		}, nil},
		{
			"arn:aws:kms:eu-west-1:%s:key/11111111-2222-3333-4444-555555555555", "",
			[]string{"kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"},
			[]string{"*", "arn:aws:kms:*:%s:key/*", "arn:aws:kms:eu-west-1:%s:key/11111111-2222-3333-4444-555555555555"},
			[]string{"kms:ViaService", "kms:CallerAccount"},
		},
		{
			"arn:aws:iam::%s:role/deploy", "",
			[]string{"sts:AssumeRole", "sts:TagSession"},
			[]string{"*", "arn:aws:iam::%s:role/deploy", "arn:aws:iam::*:role/*"},
			nil,
		},
		{
			"arn:aws:dynamodb:eu-west-1:%s:table/orders", "",
			[]string{"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DescribeTable"},
			[]string{"*", "arn:aws:dynamodb:*:%s:table/*", "arn:aws:dynamodb:eu-west-1:%s:table/orders", "arn:aws:dynamodb:eu-west-1:%s:table/other"},
			nil,
		},
		{
			"arn:aws:secretsmanager:eu-west-1:%s:secret:db-AbCdEf", "",
			[]string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
			[]string{"*", "arn:aws:secretsmanager:*:%s:secret:db-*", "arn:aws:secretsmanager:*:%s:secret:web-*"},
			nil,
		},
		{"arn:aws:lambda:eu-west-1:%s:function:bill", "", []string{"lambda:InvokeFunction", "lambda:GetFunction"}, []string{
			"*", "arn:aws:lambda:*:%s:function:*",
			"arn:aws:lambda:eu-west-1:%s:function:bill",
		}, nil},
		{"arn:aws:sns:eu-west-1:%s:news", "", []string{"sns:Publish", "sns:Subscribe"}, []string{"*", "arn:aws:sns:*:%s:news"}, nil},
	}
}

// at puts an account into a text.
func at(text, account string) string { return strings.ReplaceAll(text, "%s", account) }

// made is a case in the form of `jobzero access evaluate`.
type made struct {
	Request    request          `json:"request"`
	Identity   []named          `json:"identityPolicies"`
	Resource   map[string]any   `json:"resourcePolicy,omitempty"`
	Boundaries []map[string]any `json:"permissionBoundaries,omitempty"`
	Session    map[string]any   `json:"sessionPolicy,omitempty"`
	SCPs       [][]any          `json:"serviceControlPolicies,omitempty"`
	RCPs       [][]any          `json:"resourceControlPolicies,omitempty"`
	Endpoint   []map[string]any `json:"endpointPolicies,omitempty"`
}

type request struct {
	Principal who            `json:"principal"`
	Action    string         `json:"action"`
	Resource  what           `json:"resource"`
	Context   map[string]any `json:"context"`
}

type who struct {
	Type    string `json:"type"`
	ARN     string `json:"arn,omitempty"`
	Account string `json:"accountId,omitempty"`
}

type what struct {
	ARN     string `json:"arn"`
	Account string `json:"accountId"`
}

type named struct {
	Name   string         `json:"name"`
	Policy map[string]any `json:"policy"`
}

// make makes a case.
func (m maker) make() made {
	t := things()[m.IntN(len(things()))]
	account := home
	if m.often(35) {
		account = other
	}
	var c made
	c.Request = request{Principal: m.who(), Action: m.one(t.actions...), Resource: what{at(t.arn, account), account}}
	t.account = account
	c.Request.Context = m.context(c.Request.Principal, t)
	if c.Request.Principal.Type == "IAM" {
		for range 1 + m.IntN(2) {
			c.Identity = append(c.Identity, named{fmt.Sprintf("p%d", len(c.Identity)), m.policy(t, "identity", c.Request)})
		}
		if m.often(20) {
			c.Boundaries = []map[string]any{m.policy(t, "identity", c.Request)}
		}
		if m.often(20) && strings.Contains(c.Request.Principal.ARN, ":sts:") {
			c.Session, m.sessioned = m.policy(t, "identity", c.Request), true
		}
		for range m.IntN(3) {
			c.SCPs = append(c.SCPs, m.level(t, "scp", c.Request))
		}
	}
	if m.often(65) || strings.Contains(t.arn, ":key/") || strings.Contains(t.arn, ":role/") {
		c.Resource = m.policy(t, "resource", c.Request)
	}
	if service, _, _ := strings.Cut(c.Request.Action, ":"); m.often(15) && names.Bound(service) {
		c.RCPs = append(c.RCPs, m.level(t, "rcp", c.Request))
	}
	if m.often(10) {
		c.Endpoint = []map[string]any{m.policy(t, "endpoint", c.Request)}
	}
	return c
}

func (m maker) who() who {
	switch m.IntN(12) {
	case 0, 1, 2:
		return who{"IAM", "arn:aws:iam::" + home + ":user/" + m.one("ana", "teams/web/bo"), home}
	case 3:
		return who{"IAM", "arn:aws:iam::" + home + ":role/builder", home}
	case 4:
		return who{Type: "Anonymous"}
	case 5:
		return who{Type: "Service", ARN: m.one("cloudtrail.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com")}
	case 6:
		return who{"IAM", "arn:aws:sts::" + home + ":federated-user/cy", home}
	}
	return who{"IAM", "arn:aws:sts::" + home + ":assumed-role/builder/" + m.one("ci", "di"), home}
}

// level is the policies of one level of an organisation.
func (m maker) level(t thing, kind string, r request) (out []any) {
	if kind == "scp" && m.often(80) {
		out = append(out, named{"FullAWSAccess", map[string]any{"Version": "2012-10-17", "Statement": []any{
			map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"},
		}}})
	}
	for range m.IntN(2) {
		out = append(out, named{"own", m.policy(t, kind, r)})
	}
	if len(out) == 0 {
		out = append(out, named{"own", m.policy(t, kind, r)})
	}
	return out
}

func (m maker) policy(t thing, kind string, r request) map[string]any {
	var list []any
	for range 1 + m.IntN(3) {
		list = append(list, m.statement(t, kind, r))
	}
	p := map[string]any{"Version": "2012-10-17", "Statement": list}
	if len(list) == 1 && m.often(30) {
		p["Statement"] = list[0]
	}
	return p
}

func (m maker) statement(t thing, kind string, r request) map[string]any {
	s := map[string]any{"Effect": "Allow"}
	if kind == "rcp" || m.often(25) {
		s["Effect"] = "Deny"
	}
	action := "Action"
	if m.often(6) && kind != "rcp" {
		action = "NotAction"
	}
	s[action] = m.list(m.actions(t, r, kind))
	trust := kind == "resource" && strings.Contains(t.arn, ":role/")
	if !trust {
		name := "Resource"
		if m.often(6) && kind != "rcp" {
			name = "NotResource"
		}
		var of []string
		for _, p := range m.some(t.patterns...) {
			of = append(of, at(p, t.account))
		}
		s[name] = m.list(of)
	}
	switch kind {
	case "rcp", "endpoint":
		s["Principal"] = "*"
	case "resource":
		name := "Principal"
		if s["Effect"] == "Deny" && m.often(10) {
			name = "NotPrincipal"
		}
		s[name] = m.principal(name == "NotPrincipal", m.sessioned, r)
	}
	if m.often(35) {
		s["Condition"] = m.conditions(t)
	}
	return s
}

// list is a text, or a list of texts.
func (m maker) list(of []string) any {
	if len(of) == 1 && m.often(50) {
		return of[0]
	}
	return of
}

func (m maker) actions(t thing, r request, kind string) []string {
	service, name, _ := strings.Cut(r.Action, ":")
	pick := append([]string{r.Action, service + ":*", service + ":" + name[:3] + "*", service + ":" + name[:len(name)-1] + "?", strings.ToUpper(service) + ":" + strings.ToLower(name)},
		t.actions...)
	if kind != "rcp" {
		pick = append(pick, "*", "ec2:*")
	}
	return m.some(pick...)
}

func (m maker) principal(not, sessioned bool, r request) any {
	if m.often(20) && !not {
		return "*"
	}
	aws := []string{
		home, "arn:aws:iam::" + home + ":root", "arn:aws:iam::" + other + ":root", third, "arn:aws:iam::" + home + ":role/builder",
		"arn:aws:iam::" + home + ":user/ana", "arn:aws:sts::" + home + ":assumed-role/builder/ci",
	}
	if sessioned {
		aws = aws[:len(aws)-1] // see different
	}
	if r.Principal.Type == "IAM" && (!sessioned || !strings.Contains(r.Principal.ARN, ":sts:")) {
		aws = append(aws, r.Principal.ARN, r.Principal.ARN, r.Principal.ARN)
	}
	out := map[string]any{}
	if r.Principal.Type == "Service" || m.often(15) {
		out["Service"] = m.list(m.some("cloudtrail.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com"))
	}
	if len(out) == 0 || m.often(50) {
		if m.often(12) && !not {
			out["AWS"] = "*"
		} else {
			out["AWS"] = m.list(m.some(aws...))
		}
	}
	return out
}
