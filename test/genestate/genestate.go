// Package genestate makes organisations up, of any size, the same ones for the same seed.
//
// It is: the generator of what the benchmarks of access are measured on.
// It takes: how many accounts, principals and resources there shall be.
// It gives: the texts that a reader of the live API would write: details of accounts, resources, and the organisation's tree.
// Next door: internal/access/estate reads them.
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
}

// Account is the number of the nth account.
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
// them, beside policies of their own that name resources of the account. One role in eight may be taken on from the next account, so that
// trust leads all the way round.
func Details(w io.Writer, s Size, n int) error {
	out, r, me := &bytes.Buffer{}, rand.New(rand.NewPCG(1, uint64(n))), Account(n)
	users := s.Principals / 5
	out.WriteString(`{"UserDetailList":[`)
	for i := range users {
		comma(out, i)
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:user/user-%d","Path":"/","GroupList":["group-%d"],"Tags":[{"Key":"Team","Value":"team-%d"}]}`, me, i, r.IntN(4), r.IntN(20))
	}
	out.WriteString(`],"GroupDetailList":[`)
	for i := range 4 {
		comma(out, i)
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:group/group-%d","AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::%s:policy/managed-%d"}]}`, me, i, me, i)
	}
	out.WriteString(`],"RoleDetailList":[`)
	for i := range s.Principals - users {
		comma(out, i)
		role(out, r, s, n, i)
	}
	out.WriteString(`],"Policies":[`)
	for i := range managed {
		comma(out, i)
		fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:policy/managed-%d","PolicyName":"managed-%d","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":`, me, i, i)
		document(out, r, s, n, 3+r.IntN(6))
		out.WriteString(`}]}`)
	}
	out.WriteString(`]}`)
	_, err := w.Write(out.Bytes())
	return err
}

const managed = 12 // policies of an account that are attached to many

func role(out *bytes.Buffer, r *rand.Rand, s Size, n, i int) {
	me := Account(n)
	who := `{"Service":"lambda.amazonaws.com"}`
	switch {
	case i == 0: // an administrator of the account, for its own people
		who = `{"AWS":"arn:aws:iam::` + me + `:user/user-0"}`
	case i%8 == 0:
		who = fmt.Sprintf(`{"AWS":"arn:aws:iam::%s:role/role-%d"}`, Account((n+1)%s.Accounts), i)
	case i%8 == 1:
		who = fmt.Sprintf(`{"AWS":"arn:aws:iam::%s:root"}`, me)
	case i%8 == 2:
		who = `{"Service":"ec2.amazonaws.com"}`
	}
	fmt.Fprintf(out, `{"Arn":"arn:aws:iam::%s:role/role-%d","Path":"/","Tags":[],"AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":"sts:AssumeRole"}]},`, me, i, who)
	fmt.Fprintf(out, `"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::%s:policy/managed-%d"}],"RolePolicyList":[{"PolicyName":"own","PolicyDocument":`, me, r.IntN(managed))
	switch {
	case i == 0:
		out.WriteString(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	case i%8 == 0:
		fmt.Fprintf(out, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::%s:role/*"}]}`, Account((n+s.Accounts-1)%s.Accounts))
	default:
		document(out, r, s, n, 1+r.IntN(3))
	}
	out.WriteString(`}]}`)
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
