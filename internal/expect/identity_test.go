package expect_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/resource"
	"jobzero/internal/testcorpus"
)

// holds evaluates a condition on a role with the properties, in JSON, of which the paths are not known.
func holds(t *testing.T, condition, properties string, unknown ...string) (expr.Verdict, string) {
	t.Helper()
	r := resource.Resource{Ref: resource.Ref{Type: "AWS::IAM::Role", Account: "111122223333", ID: "x"}}
	if err := json.Unmarshal([]byte(properties), &r.Properties); err != nil {
		t.Fatal(err)
	}
	for _, u := range unknown {
		r.Unknown = append(r.Unknown, resource.Unknown{Path: "properties." + u, Cause: "denied"})
	}
	c, err := expect.Compile(expr.Place{File: "x", Line: 1, Col: 1}, condition)
	if err != nil {
		t.Fatal(err)
	}
	return c.Holds(r, expect.Facts{Now: noon})
}

// policyCase asks whether a function finds something in statements.
type policyCase struct {
	statements string
	unknown    string
	want       expr.Verdict
}

func (c policyCase) run(t *testing.T, function string) {
	t.Helper()
	var unknown []string
	if c.unknown != "" {
		unknown = []string{"Doc.Statement" + c.unknown}
	}
	got, why := holds(t, function+".size() > 0", `{"Doc": {"Version": "2012-10-17", "Statement": `+c.statements+`}}`, unknown...)
	if got != c.want {
		t.Errorf("got %v (%s), want %v", got, why, c.want)
	}
}

func TestAdminStatements(t *testing.T) {
	for name, c := range map[string]policyCase{
		"star star":              {`[{"Effect": "Allow", "Action": "*", "Resource": "*"}]`, "", expr.True},
		"one object":             {`{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}`, "", expr.True},
		"star colon star":        {`[{"Effect": "Allow", "Action": "*:*", "Resource": "*"}]`, "", expr.True},
		"second of all":          {`[{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}, {"Effect": "Allow", "Action": ["s3:*", "*"], "Resource": ["a", "*"]}]`, "", expr.True},
		"lower-case names":       {`[{"effect": "Allow", "action": "*", "resource": "*"}]`, "", expr.True},
		"with a condition":       {`[{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]`, "", expr.True},
		"deny":                   {`[{"Effect": "Deny", "Action": "*", "Resource": "*"}]`, "", expr.False},
		"one service":            {`[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]`, "", expr.False},
		"one bucket":             {`[{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::shop-data/*"}]`, "", expr.False},
		"all but a little":       {`[{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}]`, "", expr.True},
		"all but access":         {`[{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}]`, "", expr.False},
		"all but one resource":   {`[{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::logs"}]`, "", expr.True},
		"all but everything":     {`[{"Effect": "Allow", "Action": "*", "NotResource": "*"}]`, "", expr.False},
		"none":                   {`[]`, "", expr.False},
		"bad beside unknown":     {`[{}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]`, "[0]", expr.True},
		"good beside unknown":    {`[{}, {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]`, "[0]", expr.Unknown},
		"action unknown":         {`[{"Effect": "Allow", "Action": "", "Resource": "*"}]`, "[0].Action", expr.Unknown},
		"one action unknown":     {`[{"Effect": "Allow", "Action": ["", "*"], "Resource": "*"}]`, "[0].Action[0]", expr.True},
		"unknown yet harmless":   {`[{"Effect": "Allow", "Action": "", "Resource": "arn:aws:s3:::b"}]`, "[0].Action", expr.False},
		"effect unknown":         {`[{"Effect": "", "Action": "*", "Resource": "*"}]`, "[0].Effect", expr.Unknown},
		"resource unknown":       {`[{"Effect": "Allow", "Action": "*", "Resource": ""}]`, "[0].Resource", expr.Unknown},
		"the other form unknown": {`[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]`, "[0].NotAction", expr.Unknown},
		"all unknown":            {`[]`, "", expr.False},
		"statement unknown":      {`[]`, "[3]", expr.Unknown},
	} {
		t.Run(name, func(t *testing.T) { c.run(t, "adminStatements(resource.properties.Doc)") })
	}
}

func TestWideStatements(t *testing.T) {
	pass := func(resource, condition string) string {
		return `[{"Effect": "Allow", "Action": ["s3:List*", "iam:PassRole"], "Resource": ` + resource + `, "Condition": ` + condition + `}]`
	}
	for name, c := range map[string]policyCase{
		"on everything":          {pass(`"*"`, `{}`), "", expr.True},
		"any case":               {`[{"Effect": "Allow", "Action": "IAM:passrole", "Resource": "*"}]`, "", expr.True},
		"wildcard in the middle": {`[{"Effect": "Allow", "Action": "iam:P*Role", "Resource": "*"}]`, "", expr.True},
		"question mark":          {`[{"Effect": "Allow", "Action": "iam:PassRol?", "Resource": "*"}]`, "", expr.True},
		"another action":         {`[{"Effect": "Allow", "Action": "iam:PassRoles", "Resource": "*"}]`, "", expr.False},
		"all roles":              {pass(`"arn:aws:iam::111122223333:role/*"`, `{}`), "", expr.True},
		"roles on a path":        {pass(`"arn:aws:iam::111122223333:role/shop/*"`, `{}`), "", expr.False},
		"one role":               {pass(`["arn:aws:iam::111122223333:role/shop"]`, `{}`), "", expr.False},
		"to one service":         {pass(`"*"`, `{"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`), "", expr.False},
		"to any service":         {pass(`"*"`, `{"StringLike": {"iam:PassedToService": ["ec2.amazonaws.com", "*"]}}`), "", expr.True},
		"to all but one":         {pass(`"*"`, `{"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`), "", expr.True},
		"from one address":       {pass(`"*"`, `{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`), "", expr.True},
		"all but it":             {`[{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]`, "", expr.True},
		"not it":                 {`[{"Effect": "Allow", "NotAction": ["iam:Pass*"], "Resource": "*"}]`, "", expr.False},
		"condition unknown":      {pass(`"*"`, `{}`), "[0].Condition", expr.Unknown},
		"service unknown":        {pass(`"*"`, `{"StringEquals": {"iam:PassedToService": ""}}`), "[0].Condition.StringEquals[\"iam:PassedToService\"]", expr.Unknown},
		"one resource unknown":   {pass(`["", "*"]`, `{}`), "[0].Resource[0]", expr.True},
	} {
		t.Run(name, func(t *testing.T) { c.run(t, "wideStatements(resource.properties.Doc, ['iam:PassRole'])") })
	}
}

func TestWholeServices(t *testing.T) {
	for name, c := range map[string]policyCase{
		"whole":     {`[{"Effect": "Allow", "Action": ["ec2:Describe*", "s3:*"], "Resource": "*"}]`, "", expr.True},
		"part":      {`[{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]`, "", expr.False},
		"one":       {`[{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}]`, "", expr.False},
		"all of s3": {`[{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*"}]`, "", expr.True},
	} {
		t.Run(name, func(t *testing.T) { c.run(t, "wholeServices(resource.properties.Doc)") })
	}
}

func TestNamelessStatements(t *testing.T) {
	for name, c := range map[string]policyCase{
		"on everything":       {`[{"Effect": "Allow", "Action": ["ec2:Describe*", "s3:GetObject"], "Resource": "*"}]`, "", expr.True},
		"by a pattern":        {`[{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]`, "", expr.True},
		"all buckets":         {`[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/*"}]`, "", expr.True},
		"one bucket":          {`[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]`, "", expr.False},
		"by its tag":          {`[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}}]`, "", expr.False},
		"the whole service":   {`[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]`, "", expr.False},
		"everything":          {`[{"Effect": "Allow", "Action": "*", "Resource": "*"}]`, "", expr.False},
		"whole, and by name":  {`[{"Effect": "Allow", "Action": ["sqs:*", "s3:GetObject"], "Resource": "*"}]`, "", expr.True},
		"all but":             {`[{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]`, "", expr.False},
		"refused":             {`[{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]`, "", expr.False},
		"resource not known":  {`[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ""}]`, "[0].Resource", expr.Unknown},
		"action not known":    {`[{"Effect": "Allow", "Action": "", "Resource": "*"}]`, "[0].Action", expr.Unknown},
		"one action is known": {`[{"Effect": "Allow", "Action": ["", "s3:GetObject"], "Resource": "*"}]`, "[0].Action[0]", expr.True},
	} {
		t.Run(name, func(t *testing.T) {
			c.run(t, "namelessStatements(resource.properties.Doc, ['s3:PutObject', 's3:GetObject'])")
		})
	}
}

func TestPoliciesInAllForms(t *testing.T) {
	const admin = `{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}`
	plain := strings.ReplaceAll(admin, `\`, "")
	for name, c := range map[string]struct {
		doc  string
		want expr.Verdict
	}{
		"text":            {`"` + admin + `"`, expr.True},
		"empty text":      {`""`, expr.False},
		"null":            {`null`, expr.False},
		"inline":          {`[{"PolicyName": "a", "PolicyDocument": {"Statement": []}}, {"PolicyName": "b", "PolicyDocument": ` + plain + `}]`, expr.True},
		"not JSON":        {`"{"`, expr.Unknown},
		"no policy":       {`7`, expr.Unknown},
		"twice":           {`{"Statement": [], "statement": []}`, expr.Unknown},
		"a bad statement": {`{"Statement": ["x"]}`, expr.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			if got, why := holds(t, "adminStatements(resource.properties.Doc).size() > 0", `{"Doc": `+c.doc+`}`); got != c.want {
				t.Errorf("got %v (%s), want %v", got, why, c.want)
			}
		})
	}
}

// TestManagedPolicies judges AWS's own policies: none of those published here is one of an administrator, and what lets its
// holder become one is among what others found so.
func TestManagedPolicies(t *testing.T) {
	data, err := os.ReadFile(testcorpus.Path(t, "aws-managed-policies", "policies.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	const (
		admin    = "adminStatements(resource.properties.Doc)"
		whole    = "wholeServices(resource.properties.Doc)"
		passes   = "wideStatements(resource.properties.Doc, ['iam:PassRole'])"
		promotes = "wideStatements(resource.properties.Doc, ['iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:CreatePolicyVersion'])"
	)
	all, counts := 0, map[string]int{}
	for line := range strings.Lines(string(data)) {
		var p struct {
			Name     string
			Document json.RawMessage
			Privesc  []string `json:"privesc_actions"`
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		all++
		for _, ask := range []string{admin, whole, passes, promotes} {
			v, why := holds(t, ask+".size() > 0", `{"Doc": `+string(p.Document)+`}`)
			if v == expr.Unknown {
				t.Errorf("%s of %s: %s", ask, p.Name, why)
			}
			if v != expr.True {
				continue
			}
			if counts[ask]++; (ask == passes || ask == promotes) && len(p.Privesc) == 0 {
				t.Errorf("%s of %s: nobody else found so", ask, p.Name)
			}
		}
	}
	t.Logf("of %d policies: %v", all, counts)
	if all == 0 || counts[admin] != 0 || counts[whole] == 0 || counts[passes] == 0 || counts[promotes] == 0 {
		t.Error("not as expected")
	}
}
