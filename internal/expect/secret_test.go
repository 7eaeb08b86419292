package expect_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"jobzero/internal/expr"
	"jobzero/internal/testcorpus"
)

func TestSecretVariables(t *testing.T) {
	key := "AKIA" + "QYLPMN5HHHFPZAM2" // in two parts, so that scanners leave this file alone
	for name, c := range map[string]struct {
		vars, unknown string
		want          expr.Verdict
	}{
		"a password":                {`{"DB_PASSWORD": "hunter2hunter2"}`, "", expr.True},
		"camel case":                {`{"dbPassword": "hunter2!"}`, "", expr.True},
		"capitals run together":     {`{"DBPassword": "hunter2!"}`, "", expr.True},
		"a numbered one":            {`{"PASSWORD_2": "hunter2!"}`, "", expr.True},
		"a default password":        {`{"POSTGRES_PASSWORD": "changeme"}`, "", expr.True},
		"a token":                   {`{"API_TOKEN": "q8Zt3LmW9xVb2KpR7sYd"}`, "", expr.True},
		"a form":                    {`{"ID": "` + key + `"}`, "", expr.True},
		"a password in a URL":       {`{"DATABASE": "postgres://shop:s3cr3tw0rd@db.example.com/shop"}`, "", expr.True},
		"second of a list":          {`[{"Name": "A", "Value": "b"}, {"Name": "DB_PASSWORD", "Value": "hunter2"}]`, "", expr.True},
		"plain by type":             {`[{"Name": "DB_PASSWORD", "Type": "PLAINTEXT", "Value": "hunter2"}]`, "", expr.True},
		"bad beside unknown":        {`{"TABLE": "", "DB_PASSWORD": "hunter2"}`, "Vars.TABLE", expr.True},
		"unknown":                   {`{"TABLE": ""}`, "Vars.TABLE", expr.Unknown},
		"none":                      {`{}`, "", expr.False},
		"null":                      {`null`, "", expr.False},
		"a reference by type":       {`[{"Name": "DB_PASSWORD", "Type": "SECRETS_MANAGER", "Value": "prod/db"}]`, "", expr.False},
		"an ARN":                    {`{"DB_SECRET": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"}`, "", expr.False},
		"a secret's name":           {`{"DB_SECRET": "prod/shop/db-credentials", "DB_PASSWORD": "prod/shop/db-password"}`, "", expr.False},
		"a parameter's name":        {`{"DB_PASSWORD": "/prod/shop/db"}`, "", expr.False},
		"where the password lies":   {`{"PASSWORD_FILE": "/run/secrets/x", "SECRET_ARN": "x", "TOKEN_TTL": "3600", "SECRET_NAME": "q8Zt3LmW9xVb2KpR7sYd"}`, "", expr.False},
		"a switch":                  {`{"REQUIRE_PASSWORD": "true", "RESET_PASSWORD": "disabled"}`, "", expr.False},
		"to be filled in":           {`{"DB_PASSWORD": "${DB_PASSWORD}", "API_TOKEN": "<your-token>", "X_SECRET": "{{resolve:ssm:x}}"}`, "", expr.False},
		"empty":                     {`{"DB_PASSWORD": ""}`, "", expr.False},
		"the working folder":        {`{"PWD": "home"}`, "", expr.False},
		"not a secret key":          {`{"SORT_KEY": "q8Zt3LmW9xVb2KpR7sYd", "PUBLIC_KEY": "q8Zt3LmW9xVb2KpR7sYd", "KMS_KEY": "0f4c2c4e-1111-4a3d-9a2b-5f0f0d5b8c11"}`, "", expr.False},
		"a hash":                    {`{"COMMIT": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}`, "", expr.False},
		"an example":                {`{"KEY": "AKIAIOSFODNN7EXAMPLE"}`, "", expr.False},
		"a URL with a place for it": {`{"DATABASE": "postgres://shop:${PASSWORD}@db.example.com/shop"}`, "", expr.False},
		"a number":                  {`{"PASSWORD": 5}`, "", expr.False},
	} {
		t.Run(name, func(t *testing.T) {
			var unknown []string
			if c.unknown != "" {
				unknown = append(unknown, c.unknown)
			}
			got, why := holds(t, "secretVariables(resource.properties.Vars).size() > 0", `{"Vars": `+c.vars+`}`, unknown...)
			if got != c.want {
				t.Errorf("got %v (%s), want %v", got, why, c.want)
			}
		})
	}
}

func TestSecretsIn(t *testing.T) {
	secret := "#!/bin/bash\nyum -y update\nexport DB_PASSWORD='hunter2hunter2'\n"
	for name, c := range map[string]struct {
		text string
		want expr.Verdict
	}{
		"a script":      {secret, expr.True},
		"in base64":     {base64.StdEncoding.EncodeToString([]byte(secret)), expr.True},
		"fetched":       {"#!/bin/bash\nDB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)\nTOKEN=`curl -X PUT http://169.254.169.254/latest/api/token`\n", expr.False},
		"a private key": {"-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEowIBAAKCAQEAx9q2f3Jk8mWc1vPz\n", expr.True},
		"a public key":  {"-----BEGIN PUBLIC KEY-----\nMIIEowIBAAKCAQEAx9q2f3Jk8mWc1vPz\n", expr.False},
		"an example":    {"export AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7EXAMPLE # mine\n", expr.True},
		"its secret":    {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY\n", expr.True},
		"named in text": {"echo see AKIA" + "IOSFODNN7EXAMPLE\n", expr.False},
		"to be filled":  {"export AWS_ACCESS_KEY_ID=FOO\nexport AWS_SECRET_ACCESS_KEY=bar\n", expr.False},
		"compressed":    {base64.StdEncoding.EncodeToString([]byte("\x1f\x8b\x08\x00abc")), expr.Unknown},
		"empty":         {"", expr.False},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got, why := holds(t, "secretsIn(resource.properties.Text).size() > 0", `{"Text": `+string(text)+`}`); got != c.want {
				t.Errorf("got %v (%s), want %v", got, why, c.want)
			}
		})
	}
}

// TestSecretsInPublishedCases counts how often the published cases are judged as those who published them do. Few kinds are
// known here, on purpose; what must not be is a false alarm.
func TestSecretsInPublishedCases(t *testing.T) {
	data, err := os.ReadFile(testcorpus.Path(t, "gitleaks-cases", "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	clean, alarms, secrets, found := 0, 0, 0, 0
	for line := range strings.Lines(string(data)) {
		var c struct{ Rule, Expected, Text string }
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c.Text)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := holds(t, "secretsIn(resource.properties.Text).size() > 0", `{"Text": `+string(text)+`}`)
		if c.Expected == "clean" {
			if clean++; got == expr.True {
				alarms++
				t.Logf("%s: an alarm for %s", c.Rule, c.Text)
			}
			continue
		}
		if secrets++; got == expr.True {
			found++
		}
	}
	t.Logf("%d of %d clean texts give an alarm; %d of %d secrets are found", alarms, clean, found, secrets)
	if clean == 0 || alarms*50 > clean {
		t.Errorf("%d of %d clean texts give an alarm", alarms, clean)
	}
}
