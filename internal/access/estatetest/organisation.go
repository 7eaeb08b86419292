package estatetest

import (
	"fmt"
	"io"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// Size is how much there is in each account.
type Size struct{ Accounts, Principals, Assets int }

// Large is what a big organisation has: 1,000 accounts, 100,000 users and roles, 1,000,000 resources.
func Large() Size { return Size{1000, 100, 1000} }

// Account is the number of an account, from 0: the hub, into which people come, and whose role "deploy" gets into all others.
func Account(i int) string { return fmt.Sprintf("%012d", 111_000_000_000+i) }

// Organisation makes one up and reads it. Of the principals of an account one in five is a user; the user "ops" of the hub may take on its role
// "deploy", which every account lets in as an administrator; the role "next" of an account lets in that of the one before it, in a ring.
func Organisation(size Size) (*estate.Estate, error) {
	e := estate.New()
	for i := range size.Accounts {
		if err := e.Read(Account(i)+".json", Details(size, i)); err != nil {
			return nil, err
		}
		if err := assets(e, size, i); err != nil {
			return nil, err
		}
	}
	return e, e.Done()
}

// Details is an account, as GetAccountAuthorizationDetails answers.
func Details(size Size, i int) io.Reader {
	var b strings.Builder
	id, users := Account(i), size.Principals/5
	iam := "arn:aws:iam::" + id + ":"
	b.WriteString(`{"UserDetailList":[`)
	for u := range users {
		comma(&b, u)
		name, own := fmt.Sprintf("user-%d", u), allow("s3:GetObject", fmt.Sprintf("arn:aws:s3:::data-%d-%d/*", i, u))
		if i == 0 && u == 0 {
			name, own = "ops", allow("sts:AssumeRole", iam+"role/deploy")
		}
		fmt.Fprintf(&b, `{"Arn":"%suser/%s","GroupList":["people"],"UserPolicyList":[{"PolicyName":"own","PolicyDocument":%s}]}`, iam, name, own)
	}
	fmt.Fprintf(&b, `],"GroupDetailList":[{"Arn":"%sgroup/people","AttachedManagedPolicies":[{"PolicyArn":"%spolicy/people"}]},
{"Arn":"%sgroup/admins","AttachedManagedPolicies":[{"PolicyArn":"%spolicy/admin"}]}],"RoleDetailList":[`, iam, iam, iam, iam)
	for r := range size.Principals - users {
		comma(&b, r)
		role(&b, size, i, r)
	}
	b.WriteString(`],"Policies":[`)
	for n, p := range [][2]string{
		{"people", allow(`iam:Get*","iam:List*","s3:ListAllMyBuckets","sts:AssumeRole`, iam+"role/team-*")},
		{"admin", allow("*", "*")},
		{"run", allow(`logs:PutLogEvents","logs:CreateLogStream`, "*")},
		{"read", allow(`s3:Get*","dynamodb:Get*","sqs:ReceiveMessage`, "*")},
	} {
		comma(&b, n)
		fmt.Fprintf(&b, `{"Arn":"%spolicy/%s","PolicyName":"%s","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":%s}]}`,
			iam, p[0], p[0], p[1])
	}
	b.WriteString(`]}`)
	return strings.NewReader(b.String())
}

// role writes one: the first few tie accounts together, the others are what accounts are full of.
func role(b *strings.Builder, size Size, i, r int) {
	id, hub := Account(i), "arn:aws:iam::"+Account(0)+":role/deploy"
	before := "arn:aws:iam::" + Account((i+size.Accounts-1)%size.Accounts) + ":role/next"
	name, trust, own, managed := fmt.Sprintf("app-%d", r), service("lambda"), allow(`s3:GetObject","s3:PutObject`, fmt.Sprintf("arn:aws:s3:::data-%d-%d/*", i, r)), "run"
	switch {
	case r == 0 && i == 0:
		name, trust, own = "deploy", aws("arn:aws:iam::"+id+":root"), allow("sts:AssumeRole", "arn:aws:iam::*:role/admin")
	case r == 0:
		name, trust, managed = "admin", aws(hub), "admin"
	case r == 1:
		name, trust, own = "next", aws(before), allow("sts:AssumeRole", "arn:aws:iam::*:role/next")
	case r == 2:
		name, trust, own = "ci", aws(before), allow(`iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction`, "*")
	case r < 20:
		name, trust, managed = fmt.Sprintf("team-%d", r), aws("arn:aws:iam::"+id+":root"), "read"
	case r%3 == 0:
		trust = service("ec2")
	case r%3 == 1:
		trust = service("ecs-tasks")
	}
	fmt.Fprintf(b, `{"Arn":"arn:aws:iam::%s:role/%s","AssumeRolePolicyDocument":%s,"RolePolicyList":[{"PolicyName":"own","PolicyDocument":%s}],
"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::%s:policy/%s"}]}`, id, name, trust, own, id, managed)
}

// assets adds what runs and what is kept.
func assets(e *estate.Estate, size Size, i int) error {
	id := Account(i)
	for n := range size.Assets {
		a := estate.Asset{Account: id, Class: [...]string{"internal", "", "confidential", "public", "restricted"}[n%5]}
		name := fmt.Sprintf("%d-%d", i, n)
		switch n % 10 {
		case 0, 1, 2:
			a.Type, a.ARN = resource.Bucket, "arn:aws:s3:::data-"+name
		case 3, 4:
			a.Type, a.ARN = "AWS::Lambda::Function", at("lambda", id, "function:f-"+name)
			a.Runs, a.Class = fmt.Sprintf("arn:aws:iam::%s:role/app-%d", id, 20+n%(size.Principals*4/5-20)), ""
		case 5:
			a.Type, a.ARN, a.Class = "AWS::EC2::Instance", at("ec2", id, "instance/i-"+name), ""
			a.Runs = fmt.Sprintf("arn:aws:iam::%s:role/app-%d", id, 21)
		case 6:
			a.Type, a.ARN = "AWS::DynamoDB::Table", at("dynamodb", id, "table/t-"+name)
		case 7:
			a.Type, a.ARN = "AWS::SecretsManager::Secret", at("secretsmanager", id, "secret:s-"+name)
		case 8:
			a.Type, a.ARN = "AWS::SQS::Queue", at("sqs", id, "q-"+name)
		case 9:
			a.Type, a.ARN = "AWS::KMS::Key", at("kms", id, "key/k-"+name)
			if n%20 == 9 {
				d, _, err := policy.Parse("key", policy.Resource, []byte(aws("arn:aws:iam::"+id+":root", "kms:*")))
				if err != nil {
					return err
				}
				a.Policies = []*policy.Document{d}
			}
		}
		e.AddAsset(a)
	}
	return nil
}

func at(service, account, rest string) string {
	return "arn:aws:" + service + ":us-east-1:" + account + ":" + rest
}

func comma(b *strings.Builder, n int) {
	if n > 0 {
		b.WriteString(",\n")
	}
}

func allow(actions, on string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["%s"],"Resource":"%s"}]}`, actions, on)
}

func service(name string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, name)
}

func aws(who string, actions ...string) string {
	action := "sts:AssumeRole"
	if len(actions) > 0 {
		action = actions[0]
	}
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"%s"}]}`, who, action)
}
