// Package genestate makes organisations up, of any size, always the same one for the same numbers.
//
// It is: accounts with users, groups, roles, machines and data, tied to one another as they are in real life, some of them carelessly: the
// generator of what access is measured and tested on.
// It takes: how many accounts, principals and resources there shall be, and a seed.
// It gives: the texts that a reader of the live API would write, and the estate that is read of them.
// Next door: internal/access/estate reads them, internal/access/reach walks it.
package genestate

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
)

// Size is how large an organisation is.
type Size struct {
	Accounts   int
	Principals int // of each account: one in five is a user, the others are roles
	Resources  int // of each account
	Seed       uint64
}

// Large is what a big organisation has: 1,000 accounts, 100,000 users and roles, 1,000,000 resources.
func Large() Size { return Size{Accounts: 1000, Principals: 100, Resources: 1000} }

// Account is the number of the nth account. The first is the hub, into which people come.
func Account(n int) string { return fmt.Sprintf("%012d", 100000000000+n) }

// Organisation writes the tree: a root, a unit for each fifty accounts, and policies at each of them.
func Organisation(w io.Writer, s Size) error {
	out := &bytes.Buffer{}
	const arn = `"Arn":"arn:aws:organizations::999988887777:`
	fmt.Fprintf(out, `{"Id":"r-made",%sroot/o-made/r-made","Policies":[%s,%s],"Children":[`, arn, full, guard)
	for unit := 0; unit*50 < s.Accounts; unit++ {
		comma(out, unit)
		fmt.Fprintf(out, `{"Id":"ou-made-%d",%sou/o-made/ou-made-%d","Policies":[%s],"Children":[`, unit, arn, unit, full)
		for n := unit * 50; n < min((unit+1)*50, s.Accounts); n++ {
			comma(out, n-unit*50)
			fmt.Fprintf(out, `{"Id":"%s",%saccount/o-made/%s","Policies":[%s]}`, Account(n), arn, Account(n), full)
		}
		out.WriteString("]}")
	}
	out.WriteString("]}")
	_, err := w.Write(out.Bytes())
	return err
}

const (
	full  = `{"Name":"FullAWSAccess","Type":"SERVICE_CONTROL_POLICY","Content":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}`
	guard = `{"Name":"guard","Type":"SERVICE_CONTROL_POLICY","Content":{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["cloudtrail:StopLogging","organizations:LeaveOrganization"],"Resource":"*"}}}`
)

func comma(out *bytes.Buffer, n int) {
	if n > 0 {
		out.WriteByte(',')
	}
}

// Details writes what GetAccountAuthorizationDetails answers of the nth account. Roles share managed policies as they do in life: a dozen of
// them, beside policies of their own that name resources of the account.
func Details(w io.Writer, s Size, n int) error {
	out, r, me := &bytes.Buffer{}, s.draw(1, n), Account(n)
	users := s.Principals / 5
	out.WriteString(`{"UserDetailList":[`)
	for i := range users {
		comma(out, i)
		name, own := fmt.Sprintf("user-%d", i), allow(`"s3:GetObject"`, bucketOf(n, i)+"/*")
		if n == 0 && i == 0 {
			name, own = "ops", allow(assume, "arn:aws:iam::"+me+":role/deploy")
		}
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:user/%s","Path":"/","GroupList":["people","group-%d"],"Tags":[{"Key":"Team","Value":"team-%d"}],"UserPolicyList":[{"PolicyName":"own","PolicyDocument":%s}]}`,
			me, name, r.IntN(groups), r.IntN(20), own)
	}
	out.WriteString(`],"GroupDetailList":[`)
	for i, name := range []string{"group-0", "group-1", "group-2", "group-3", "people", "admins"} {
		comma(out, i)
		attached := map[bool]string{true: "managed" + name[len("group"):], false: name}[i < groups]
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:group/%s","AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::%s:policy/%s"}]}`, me, name, me, attached)
	}
	out.WriteString(`],"RoleDetailList":[`)
	for i := range s.Principals - users {
		comma(out, i)
		role(out, r, s, n, i)
	}
	out.WriteString(`],"Policies":[`)
	for i := range managed {
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:policy/managed-%d","PolicyName":"managed-%d","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":`, me, i, i)
		document(out, r, s, n, 3+r.IntN(6))
		out.WriteString(`}]},`)
	}
	for i, p := range usual(me) {
		comma(out, i)
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:policy/%s","PolicyName":"%s","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":%s}]}`, me, p[0], p[0], p[1])
	}
	out.WriteString(`]}`)
	_, err := w.Write(out.Bytes())
	return err
}

const (
	managed = 12 // policies of an account that are attached to many
	groups  = 4  // groups besides people and admins
)

// draw is what one kind of text of an account is drawn from.
func (s Size) draw(kind uint64, n int) *rand.Rand {
	return rand.New(rand.NewPCG(kind^s.Seed<<8, uint64(n)))
}

// document writes a policy of some statements about resources of an account.
func document(out *bytes.Buffer, r *rand.Rand, s Size, n, statements int) {
	out.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range statements {
		comma(out, i)
		k := kinds[r.IntN(len(kinds))]
		on := k.arn(n, r.IntN(max(1, s.Resources))) + k.inside
		switch r.IntN(10) {
		case 0:
			on = "*"
		case 1, 2, 3:
			on = k.all(n) + k.inside
		}
		effect, condition := "Allow", ""
		switch r.IntN(20) {
		case 0:
			effect = "Deny"
		case 1:
			condition = `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-0123"}}`
		}
		fmt.Fprintf(out, `{"Effect":"%s","Action":[%s],"Resource":"%s"%s}`, effect, k.actions[r.IntN(len(k.actions))], on, condition)
	}
	out.WriteString(`]}`)
}
