package genestate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// first are the roles of an account that the others are counted behind: see role.
const first = 20

// role writes one. The first few tie accounts together: the hub's role deploy, which its user ops may take on, is let in by every account's
// admin; the role next of an account is let in by the one before it, in a ring, and lets its ci in, which may hand any role to a function; teams
// may be taken on by all people of their account. The others are what accounts are full of.
func role(out *bytes.Buffer, r *rand.Rand, s Size, n, i int) {
	me, before := Account(n), `{"AWS":"arn:aws:iam::`+Account((n+s.Accounts-1)%s.Accounts)+`:role/next"}`
	name, attached := fmt.Sprintf("role-%d", i), fmt.Sprintf("managed-%d", r.IntN(managed))
	var who, own string
	switch {
	case i == 0 && n == 0:
		name, who, own = "deploy", `{"AWS":"arn:aws:iam::`+me+`:root"}`, allow(assume, "arn:aws:iam::*:role/admin")
	case i == 0:
		name, attached, who, own = "admin", "admins", `{"AWS":"arn:aws:iam::`+Account(0)+`:role/deploy"}`, allow(`"s3:*"`, "*")
	case i == 1:
		name, attached, who, own = "next", "run", before, allow(assume, "arn:aws:iam::*:role/next")
	case i == 2:
		name, attached, who, own = "ci", "run", before, allow(`"iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"`, "*")
	case i < first:
		name, attached, who = fmt.Sprintf("team-%d", i), "read", `{"AWS":"arn:aws:iam::`+me+`:root"}`
	default:
		who = `{"Service":"` + [...]string{"ec2", "ecs-tasks", "lambda"}[i%3] + `.amazonaws.com"}`
	}
	if own == "" {
		var text bytes.Buffer
		document(&text, r, s, n, 1+r.IntN(3))
		own = text.String()
	}
	fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:role/%s","Path":"/","Tags":[],"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":%s}]},`, me, name, who, assume)
	fmt.Fprintf(out, `"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::%s:policy/%s"}],"RolePolicyList":[{"PolicyName":"own","PolicyDocument":%s}]}`, me, attached, own)
}

// usual are the managed policies of an account that are what their names say.
func usual(account string) [][2]string {
	return [][2]string{
		{"people", allow(`"iam:Get*","iam:List*","s3:ListAllMyBuckets","sts:AssumeRole"`, "arn:aws:iam::"+account+":role/team-*")},
		{"admins", allow(`"*"`, "*")},
		{"run", allow(`"logs:PutLogEvents","logs:CreateLogStream"`, "*")},
		{"read", allow(`"s3:Get*","dynamodb:Get*","sqs:ReceiveMessage"`, "*")},
	}
}

const assume = `"sts:AssumeRole"`

func allow(actions, on string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[%s],"Resource":"%s"}]}`, actions, on)
}
