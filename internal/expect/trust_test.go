package expect_test

import (
	"testing"

	"jobzero/internal/expr"
)

func TestTrustsEverybody(t *testing.T) {
	with := func(principal, condition string) string {
		return `[{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:AssumeRole", "Condition": ` + condition + `}]`
	}
	for name, c := range map[string]policyCase{
		"star":                {with(`"*"`, `{}`), "", expr.True},
		"aws star":            {with(`{"AWS": ["arn:aws:iam::111122223333:root", "*"]}`, `{}`), "", expr.True},
		"all but one":         {`[{"Effect": "Allow", "NotPrincipal": {"AWS": "444455556666"}, "Action": "sts:AssumeRole"}]`, "", expr.True},
		"service":             {with(`{"Service": "ec2.amazonaws.com"}`, `{}`), "", expr.False},
		"of the organisation": {with(`"*"`, `{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`), "", expr.False},
		"if it has one":       {with(`"*"`, `{"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`), "", expr.True},
		"of any organisation": {with(`"*"`, `{"StringLike": {"aws:PrincipalOrgID": "o-*"}}`), "", expr.True},
		"with MFA":            {with(`"*"`, `{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`), "", expr.True},
		"roles of an account": {with(`"*"`, `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}}`), "", expr.False},
		"from anywhere":       {with(`"*"`, `{"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}}`), "", expr.True},
		"a key not judged":    {with(`"*"`, `{"StringEquals": {"shop:Door": "x"}}`), "", expr.Unknown},
		"principal unknown":   {with(`""`, `{}`), "[0].Principal", expr.Unknown},
		"condition unknown":   {with(`"*"`, `{}`), "[0].Condition", expr.Unknown},
		"second is open":      {`[{}, {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]`, "[0]", expr.True},
	} {
		t.Run(name, func(t *testing.T) { c.run(t, "trustsEverybody(resource.properties.Doc)") })
	}
}

func TestTrustedAccounts(t *testing.T) {
	with := func(principal, condition string) string {
		return `{"Doc": {"Statement": [{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:AssumeRole", "Condition": ` + condition + `}]}}`
	}
	for name, c := range map[string]struct {
		properties, unknown string
		want                expr.Verdict
	}{
		"own":                     {with(`{"AWS": "arn:aws:iam::111122223333:root"}`, `{}`), "", expr.True},
		"another":                 {with(`{"AWS": "arn:aws:iam::444455556666:root"}`, `{}`), "", expr.False},
		"by number":               {with(`{"AWS": ["111122223333", "444455556666"]}`, `{}`), "", expr.False},
		"one role":                {with(`{"AWS": "arn:aws:iam::444455556666:role/deploy"}`, `{}`), "", expr.True},
		"with an external id":     {with(`{"AWS": "444455556666"}`, `{"StringEquals": {"sts:ExternalId": "x7"}}`), "", expr.True},
		"any external id":         {with(`{"AWS": "444455556666"}`, `{"StringLike": {"sts:ExternalId": "*"}}`), "", expr.False},
		"one unknown":             {with(`{"AWS": ["", "444455556666"]}`, `{}`), "Doc.Statement[0].Principal.AWS[0]", expr.False},
		"own and one unknown":     {with(`{"AWS": ["", "111122223333"]}`, `{}`), "Doc.Statement[0].Principal.AWS[0]", expr.Unknown},
		"unknown, but narrowed":   {with(`{"AWS": ""}`, `{"StringEquals": {"sts:ExternalId": "x7"}}`), "Doc.Statement[0].Principal.AWS", expr.True},
		"the principal unknown":   {with(`{}`, `{}`), "Doc.Statement[0].Principal", expr.Unknown},
		"external id not known":   {with(`{"AWS": "444455556666"}`, `{}`), "Doc.Statement[0].Condition", expr.Unknown},
		"of a service, unknown":   {with(`{"Service": ""}`, `{}`), "Doc.Statement[0].Principal.Service", expr.True},
		"the statement not known": {with(`{}`, `{}`), "Doc.Statement[0]", expr.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			var unknown []string
			if c.unknown != "" {
				unknown = append(unknown, c.unknown)
			}
			got, why := holds(t, "trustedAccounts(resource.properties.Doc).all(a, a == resource.account)", c.properties, unknown...)
			if got != c.want {
				t.Errorf("got %v (%s), want %v", got, why, c.want)
			}
		})
	}
}

func TestOpenFederation(t *testing.T) {
	const github = `{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`
	with := func(principal, condition string) string {
		return `[{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": ` + condition + `}]`
	}
	sub := func(operator, value string) string {
		return `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "` + operator +
			`": {"token.actions.githubusercontent.com:sub": "` + value + `"}}`
	}
	for name, c := range map[string]policyCase{
		"audience only":        {with(github, `{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}`), "", expr.True},
		"no condition":         {with(github, `{}`), "", expr.True},
		"a repository":         {with(github, sub("StringLike", "repo:acme/shop:*")), "", expr.False},
		"one branch":           {with(github, sub("StringEqualsIgnoreCase", "repo:acme/shop:ref:refs/heads/main")), "", expr.False},
		"an owner":             {with(github, sub("StringLike", "repo:acme/*")), "", expr.False},
		"owners that begin so": {with(github, sub("StringLike", "repo:acme*")), "", expr.True},
		"everybody":            {with(github, sub("StringLike", "*")), "", expr.True},
		"everybody's main":     {with(github, sub("StringLike", "repo:*:ref:refs/heads/main")), "", expr.True},
		"all but one":          {with(github, sub("StringNotLike", "repo:acme/*")), "", expr.True},
		"second is wide":       {with(github, `{"StringLike": {"token.actions.githubusercontent.com:sub": ["repo:acme/shop:*", "repo:*"]}}`), "", expr.True},
		"a pod":                {with(`{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"}`, `{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:shop:api"}}`), "", expr.False},
		"every pod":            {with(`{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"}`, `{"StringLike": {"oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system:serviceaccount:*:*"}}`), "", expr.True},
		"an app of Cognito":    {with(`{"Federated": "cognito-identity.amazonaws.com"}`, `{"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:0-1"}}`), "", expr.False},
		"any app of Cognito":   {with(`{"Federated": "cognito-identity.amazonaws.com"}`, `{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "*"}}`), "", expr.True},
		"SAML":                 {with(`{"Federated": "arn:aws:iam::111122223333:saml-provider/staff"}`, `{}`), "", expr.False},
		"provider unknown":     {with(`{"Federated": ""}`, `{}`), "[0].Principal.Federated", expr.Unknown},
		"unknown, but fixed":   {with(`{"Federated": ""}`, sub("StringLike", "repo:acme/shop:*")), "[0].Principal.Federated", expr.False},
		"subject unknown":      {with(github, sub("StringLike", "")), `[0].Condition.StringLike["token.actions.githubusercontent.com:sub"]`, expr.Unknown},
		"open beside unknown":  {`[{}, ` + with(github, `{}`)[1:], "[0]", expr.True},
	} {
		t.Run(name, func(t *testing.T) { c.run(t, "openFederation(resource.properties.Doc)") })
	}
}
