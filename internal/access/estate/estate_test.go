package estate_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
)

const (
	readAll  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`
	denyAll  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	iam      = "arn:aws:iam::111122223333:"
	object   = "arn:aws:s3:::shop/a.txt"
	trusting = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}}`
)

// details is an account in which each holder has its permissions in another way.
var details = `{"UserDetailList":[
 {"Arn":"` + iam + `user/inline","UserPolicyList":[{"PolicyName":"own","PolicyDocument":` + readAll + `}]},
 {"Arn":"` + iam + `user/member","GroupList":["readers"]},
 {"Arn":"` + iam + `user/nobody","GroupList":["gone"]},
 {"Arn":"` + iam + `user/dark","AttachedManagedPolicies":[{"PolicyName":"x","PolicyArn":"arn:aws:iam::aws:policy/NotHere"}]},
 {"Arn":"` + iam + `user/bound","UserPolicyList":[{"PolicyName":"own","PolicyDocument":` + readAll + `}],
  "PermissionsBoundary":{"PermissionsBoundaryArn":"` + iam + `policy/none"}}],
"GroupDetailList":[{"Arn":"` + iam + `group/team/readers","AttachedManagedPolicies":[{"PolicyArn":"` + iam + `policy/read"}]}],
"RoleDetailList":[{"Arn":"` + iam + `role/team/web","AssumeRolePolicyDocument":` + trusting + `,
  "RolePolicyList":[{"PolicyName":"own","PolicyDocument":"` + url.PathEscape(readAll) + `"}]}],
"Policies":[
 {"Arn":"` + iam + `policy/read","PolicyName":"read","DefaultVersionId":"v2","PolicyVersionList":[
  {"VersionId":"v1","Document":` + denyAll + `},{"VersionId":"v2","IsDefaultVersion":true,"Document":` + readAll + `}]},
 {"Arn":"` + iam + `policy/none","PolicyName":"none","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","Document":
  {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}}]}],
"IsTruncated":false}`

func built(t *testing.T, texts ...string) *estate.Estate {
	t.Helper()
	e := estate.New()
	for _, text := range texts {
		if err := e.Read("made.json", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWhoMayDoWhat(t *testing.T) {
	e := built(t, details)
	for who, want := range map[string]access.Outcome{
		iam + "user/inline": access.Allowed, iam + "user/member": access.Allowed, iam + "role/team/web": access.Allowed,
		"arn:aws:sts::111122223333:assumed-role/web/ci": access.Allowed,
		iam + "user/nobody":                             access.Unknown, iam + "user/dark": access.Unknown,
		iam + "user/bound": access.ImplicitlyDenied,
	} {
		d, err := e.Can(who, estate.Question{Action: "s3:GetObject", Resource: object})
		if err != nil || d.Outcome != want {
			t.Errorf("%s: %+v %v, want %s", who, d, err, want)
		}
	}
	can, perhaps := e.Who(estate.Question{Action: "s3:GetObject", Resource: object})
	if !slices.Equal(can, []string{iam + "role/team/web", iam + "user/inline", iam + "user/member"}) || !slices.Equal(perhaps, []string{iam + "user/dark", iam + "user/nobody"}) {
		t.Errorf("%v, perhaps %v", can, perhaps)
	}
	if _, err := e.Can(iam+"user/gone", estate.Question{Action: "s3:GetObject", Resource: object}); !fault.Is(err, fault.NotFound) {
		t.Errorf("of somebody who is not there: %v", err)
	}
}

// TestWhatIsRead: policies of resources and of the organisation count, in whichever order they are read.
func TestWhatIsRead(t *testing.T) {
	const q = "s3:GetObject"
	bucket := `[{"Resource":"arn:aws:s3:::shop","Account":"444455556666","Policy":` +
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::shop/*"}}}]`
	const (
		root  = `{"Id":"r-a","Arn":"arn:aws:organizations::999988887777:root/o-a/r-a","Policies":[{"Name":"all","Type":"SERVICE_CONTROL_POLICY","Content":%s}],"Children":[`
		child = `{"Id":"111122223333","Arn":"arn:aws:organizations::999988887777:account/o-a/111122223333","Policies":[{"Name":"a","Type":"SERVICE_CONTROL_POLICY","Content":%s}]}`
	)
	fill := func(form, policy string) string { return strings.Replace(form, "%s", policy, 1) }
	for name, c := range map[string]struct {
		texts []string
		want  access.Outcome
	}{
		"a bucket of another account that lets it in": {[]string{details, bucket}, access.Allowed},
		"the other way round":                         {[]string{bucket, details}, access.Allowed},
		"one that does not":                           {[]string{details, strings.Replace(bucket, "111122223333", "777788889999", 1)}, access.ImplicitlyDenied},
		"an organisation that denies":                 {[]string{details, fill(root, denyAll) + fill(child, readAll) + "]}"}, access.ExplicitlyDenied},
		"one that allows on each level":               {[]string{details, fill(root, readAll) + fill(child, readAll) + "]}"}, access.Allowed},
		"and not on one":                              {[]string{details, fill(root, readAll) + fill(child, strings.Replace(readAll, "s3:", "ec2:", 1)) + "]}"}, access.ImplicitlyDenied},
		"one that the account manages":                {[]string{details, strings.ReplaceAll(fill(root, denyAll)+fill(child, readAll)+"]}", "999988887777", "111122223333")}, access.Allowed},
	} {
		d, err := built(t, c.texts...).Can(iam+"user/inline", estate.Question{Action: q, Resource: object})
		if err != nil || d.Outcome != c.want {
			t.Errorf("%s: %+v %v, want %s", name, d, err, c.want)
		}
	}
}

func TestBadFiles(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "x.json: it ends too early",
		`{"UserDetailList":[{"Arn":"`:        "x.json: it ends too early",
		`{"UserDetailList" 7}`:               "x.json: byte 18: it is not JSON",
		`{"Version":"2012-10-17"}`:           "want what GetAccountAuthorizationDetails answers",
		`7`:                                  "want what GetAccountAuthorizationDetails answers",
		`[{"Arn":"x"}]`:                      "want its ARN and its policy",
		`{"UserDetailList":{}}`:              "want what GetAccountAuthorizationDetails answers",
		`{"UserDetailList":[{"Arn":"ana"}]}`: `ARN "ana": want arn:`,
		`{"UserDetailList":[{"Arn":"` + iam + `user/a","UserPolicyList":[{"PolicyName":"own","PolicyDocument":{"Statement":[]}}]}]}`: iam + "user/a: own:1:",
		`{"UserDetailList":[{"Arn":"` + iam + `user/a","UserPolicyList":[{"PolicyName":"own","PolicyDocument":"%zz"}]}]}`:            "neither JSON nor in the escapes of URLs",
	} {
		err := estate.New().Read("x.json", strings.NewReader(text))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.50s: %v, want %s", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(details)
	f.Add(`[{"Resource":"arn:aws:s3:::shop","Policy":` + trusting + `}]`)
	f.Add(`{"Id":"r-a","Arn":"arn:aws:organizations::999988887777:root/o-a/r-a","Policies":[],"Children":[{"Id":"1"}]}`)
	f.Fuzz(func(_ *testing.T, text string) {
		e := estate.New()
		if e.Read("x.json", strings.NewReader(text)) == nil && e.Done() == nil {
			e.Who(estate.Question{Action: "s3:GetObject", Resource: object})
		}
	})
}

// BenchmarkWho asks an estate of 100,000 users, each with policies of its own, of its groups and attached, on one core.
func BenchmarkWho(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"UserDetailList":[`)
	for i := range 100_000 {
		if i > 0 {
			text.WriteString(",")
		}
		fmt.Fprintf(&text, `{"Arn":"arn:aws:iam::%012d:user/u%d","UserPolicyList":[{"PolicyName":"own","PolicyDocument":{"Version":"2012-10-17","Statement":
{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::bucket-%d/*"}}}],"AttachedManagedPolicies":[{"PolicyArn":"%spolicy/none"}]}`,
			i/100, i, i%5000, iam)
	}
	text.WriteString(`]}`)
	e := estate.New()
	for _, s := range []string{text.String(), details} {
		if err := e.Read("made.json", strings.NewReader(s)); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Done(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if can, _ := e.Who(estate.Question{Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket-7/a"}); len(can) < 20 {
			b.Fatal(len(can))
		}
	}
}
