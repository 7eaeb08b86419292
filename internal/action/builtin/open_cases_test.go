package builtin_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// openCases are those of what lets everybody in by a policy of its own.
func openCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"lambda.remove-public-permission":     {Make: openFunction, State: functionPolicy, Disturb: otherPermission},
		"lambda.require-url-auth":             {Make: openURL, State: urlAuth},
		"lambda.stop":                         {Make: aFunction, State: concurrency, Disturb: otherConcurrency},
		"sqs.remove-public-policy":            {Make: openQueue, State: queuePolicy, Disturb: otherQueuePolicy},
		"sns.remove-public-policy":            {Make: openTopic, State: topicPolicy, Disturb: otherTopicPolicy},
		"ecr.remove-public-policy":            {Make: openRepository, State: repositoryPolicy, Disturb: otherRepositoryPolicy},
		"secretsmanager.remove-public-policy": {Make: openSecret, State: secretPolicy, Disturb: otherSecretPolicy},
		"secretsmanager.rotate":               {Make: knownSecret, State: currentVersion, Disturb: deletedSecret},
	}
}

// everybodys is a policy of three statements, the second of which lets everybody do something.
func everybodys(may, on string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17", "Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":%[1]q,"Resource":%[2]q},`+
		` {"Sid":"Open","Effect":"Allow","Principal":"*","Action":%[1]q,"Resource":%[2]q},{"Sid":"Never","Effect":"Deny","Principal":"*","Action":%[1]q,"Resource":%[2]q,"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, may, on)
}

func aFunction(t *testing.T, owner aws.Config, account string) effect.Target {
	functionCalled(t, owner, "shop")
	return effect.Target{Ref: resource.Ref{Type: resource.Function, Account: account, Region: "us-east-1", ID: "shop"}}
}

func functionCalled(t *testing.T, owner aws.Config, name string) {
	role := *must[*iam.CreateRoleOutput](t)(iam.NewFromConfig(owner).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("shop"), AssumeRolePolicyDocument: aws.String(trust)})).Role.Arn
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	file := must[io.Writer](t)(z.Create("index.py"))
	must[int](t)(file.Write([]byte("def handler(event, context): pass")))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	must[*lambda.CreateFunctionOutput](t)(lambda.NewFromConfig(owner).CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name, Role: &role, Runtime: lambdatypes.RuntimePython312, Handler: aws.String("index.handler"), Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
	}))
}

func openFunction(t *testing.T, owner aws.Config, account string) effect.Target {
	to := aFunction(t, owner, account)
	permit(t, owner, "team", "lambda:InvokeFunction", "111122223333")
	permit(t, owner, "open", "lambda:InvokeFunction", "*")
	permit(t, owner, "open-too", "lambda:GetFunction", "*")
	return to
}

func permit(t *testing.T, owner aws.Config, id, may, who string) {
	must[*lambda.AddPermissionOutput](t)(lambda.NewFromConfig(owner).AddPermission(t.Context(), &lambda.AddPermissionInput{FunctionName: aws.String("shop"), StatementId: &id, Action: &may, Principal: &who}))
}

func functionPolicy(t *testing.T, owner aws.Config, _ effect.Target) string {
	return *must[*lambda.GetPolicyOutput](t)(lambda.NewFromConfig(owner).GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("shop")})).Policy
}

func otherPermission(t *testing.T, owner aws.Config, _ effect.Target) {
	must[*lambda.RemovePermissionOutput](t)(lambda.NewFromConfig(owner).RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("shop"), StatementId: aws.String("open")}))
	permit(t, owner, "open", "lambda:UpdateFunctionCode", "*")
}

func openURL(t *testing.T, owner aws.Config, account string) effect.Target {
	to := aFunction(t, owner, account)
	out := must[*lambda.CreateFunctionUrlConfigOutput](t)(lambda.NewFromConfig(owner).CreateFunctionUrlConfig(t.Context(), &lambda.CreateFunctionUrlConfigInput{FunctionName: aws.String("shop"), AuthType: lambdatypes.FunctionUrlAuthTypeNone}))
	to.Ref.Type, to.Ref.ID = resource.FunctionURL, *out.FunctionArn
	return to
}

func urlAuth(t *testing.T, owner aws.Config, _ effect.Target) string {
	return string(must[*lambda.GetFunctionUrlConfigOutput](t)(lambda.NewFromConfig(owner).GetFunctionUrlConfig(t.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: aws.String("shop")})).AuthType)
}

func concurrency(t *testing.T, owner aws.Config, _ effect.Target) string {
	n := must[*lambda.GetFunctionConcurrencyOutput](t)(lambda.NewFromConfig(owner).GetFunctionConcurrency(t.Context(), &lambda.GetFunctionConcurrencyInput{FunctionName: aws.String("shop")})).ReservedConcurrentExecutions
	return fmt.Sprint(n != nil, aws.ToInt32(n))
}

func otherConcurrency(t *testing.T, owner aws.Config, _ effect.Target) {
	must[*lambda.PutFunctionConcurrencyOutput](t)(lambda.NewFromConfig(owner).PutFunctionConcurrency(t.Context(), &lambda.PutFunctionConcurrencyInput{FunctionName: aws.String("shop"), ReservedConcurrentExecutions: aws.Int32(7)}))
}

func openQueue(t *testing.T, owner aws.Config, account string) effect.Target {
	url := *must[*sqs.CreateQueueOutput](t)(sqs.NewFromConfig(owner).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("orders")})).QueueUrl
	to := effect.Target{Ref: resource.Ref{Type: resource.QueuePolicy, Account: account, Region: "us-east-1", ID: url}}
	putQueue(t, owner, to, everybodys("sqs:SendMessage", "arn:aws:sqs:us-east-1:"+account+":orders"))
	return to
}

func putQueue(t *testing.T, owner aws.Config, to effect.Target, text string) {
	must[*sqs.SetQueueAttributesOutput](t)(sqs.NewFromConfig(owner).SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &to.Ref.ID, Attributes: map[string]string{"Policy": text}}))
}

func queuePolicy(t *testing.T, owner aws.Config, to effect.Target) string {
	return must[*sqs.GetQueueAttributesOutput](t)(sqs.NewFromConfig(owner).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &to.Ref.ID, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNamePolicy},
	})).Attributes["Policy"]
}

func otherQueuePolicy(t *testing.T, owner aws.Config, to effect.Target) {
	putQueue(t, owner, to, strings.ReplaceAll(queuePolicy(t, owner, to), "SendMessage", "ReceiveMessage"))
}

func openTopic(t *testing.T, owner aws.Config, account string) effect.Target {
	arn := *must[*sns.CreateTopicOutput](t)(sns.NewFromConfig(owner).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("news")})).TopicArn
	to := effect.Target{Ref: resource.Ref{Type: resource.TopicPolicy, Account: account, Region: "us-east-1", ID: arn}}
	putTopic(t, owner, to, everybodys("SNS:Publish", arn))
	return to
}

func putTopic(t *testing.T, owner aws.Config, to effect.Target, text string) {
	must[*sns.SetTopicAttributesOutput](t)(sns.NewFromConfig(owner).SetTopicAttributes(t.Context(), &sns.SetTopicAttributesInput{TopicArn: &to.Ref.ID, AttributeName: aws.String("Policy"), AttributeValue: &text}))
}

func topicPolicy(t *testing.T, owner aws.Config, to effect.Target) string {
	return must[*sns.GetTopicAttributesOutput](t)(sns.NewFromConfig(owner).GetTopicAttributes(t.Context(), &sns.GetTopicAttributesInput{TopicArn: &to.Ref.ID})).Attributes["Policy"]
}

func otherTopicPolicy(t *testing.T, owner aws.Config, to effect.Target) {
	putTopic(t, owner, to, strings.ReplaceAll(topicPolicy(t, owner, to), "SNS:Publish", "SNS:Subscribe"))
}

func openRepository(t *testing.T, owner aws.Config, account string) effect.Target {
	must[*ecr.CreateRepositoryOutput](t)(ecr.NewFromConfig(owner).CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("shop")}))
	to := effect.Target{Ref: resource.Ref{Type: resource.Repository, Account: account, Region: "us-east-1", ID: "shop"}}
	putRepository(t, owner, to, `{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}`)
	return to
}

func putRepository(t *testing.T, owner aws.Config, to effect.Target, text string) {
	must[*ecr.SetRepositoryPolicyOutput](t)(ecr.NewFromConfig(owner).SetRepositoryPolicy(t.Context(), &ecr.SetRepositoryPolicyInput{RepositoryName: &to.Ref.ID, PolicyText: &text}))
}

func repositoryPolicy(t *testing.T, owner aws.Config, to effect.Target) string {
	out, err := ecr.NewFromConfig(owner).GetRepositoryPolicy(t.Context(), &ecr.GetRepositoryPolicyInput{RepositoryName: &to.Ref.ID})
	if err != nil {
		return "none"
	}
	return *out.PolicyText
}

func otherRepositoryPolicy(t *testing.T, owner aws.Config, to effect.Target) {
	putRepository(t, owner, to, `{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"ecr:PutImage"}]}`)
}

func aSecret(t *testing.T, owner aws.Config, account string) effect.Target {
	out := must[*secretsmanager.CreateSecretOutput](t)(secretsmanager.NewFromConfig(owner).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("db"), SecretString: aws.String("made-up")}))
	return effect.Target{Ref: resource.Ref{Type: resource.Secret, Account: account, Region: "us-east-1", ID: *out.ARN}}
}

func openSecret(t *testing.T, owner aws.Config, account string) effect.Target {
	to := aSecret(t, owner, account)
	putSecret(t, owner, to, everybodys("secretsmanager:GetSecretValue", "*"))
	return to
}

func putSecret(t *testing.T, owner aws.Config, to effect.Target, text string) {
	must[*secretsmanager.PutResourcePolicyOutput](t)(secretsmanager.NewFromConfig(owner).PutResourcePolicy(t.Context(), &secretsmanager.PutResourcePolicyInput{SecretId: &to.Ref.ID, ResourcePolicy: &text}))
}

func secretPolicy(t *testing.T, owner aws.Config, to effect.Target) string {
	return aws.ToString(must[*secretsmanager.GetResourcePolicyOutput](t)(secretsmanager.NewFromConfig(owner).GetResourcePolicy(t.Context(), &secretsmanager.GetResourcePolicyInput{SecretId: &to.Ref.ID})).ResourcePolicy)
}

func otherSecretPolicy(t *testing.T, owner aws.Config, to effect.Target) {
	putSecret(t, owner, to, everybodys("secretsmanager:PutSecretValue", "*"))
}

// knownSecret has a value that others know, and a rotation that is set up.
func knownSecret(t *testing.T, owner aws.Config, account string) effect.Target {
	to := aSecret(t, owner, account)
	out := must[*secretsmanager.RotateSecretOutput](t)(secretsmanager.NewFromConfig(owner).RotateSecret(t.Context(), &secretsmanager.RotateSecretInput{
		SecretId: &to.Ref.ID, RotationRules: &secrettypes.RotationRulesType{AutomaticallyAfterDays: aws.Int64(30)},
	}))
	to.Params = map[string]string{"version": *out.VersionId}
	return to
}

// currentVersion is whether the version that others know counts.
func currentVersion(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*secretsmanager.DescribeSecretOutput](t)(secretsmanager.NewFromConfig(owner).DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &to.Ref.ID}))
	return fmt.Sprint(out.VersionIdsToStages[to.Params["version"]])
}

func deletedSecret(t *testing.T, owner aws.Config, to effect.Target) {
	must[*secretsmanager.DeleteSecretOutput](t)(secretsmanager.NewFromConfig(owner).DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: &to.Ref.ID}))
}
