package playbooks_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"jobzero/internal/resource"
)

// doors are the scenes of what lets others in by a policy or a setting of its own.
func doors() map[string][]scene {
	return map[string][]scene{
		"close-function":         {{name: "a permission for everybody", make: openPermission}},
		"close-function-url":     {{name: "an address that asks nobody", make: openURL}},
		"close-queue":            {{name: "everybody sends", make: openQueue}},
		"close-topic":            {{name: "everybody publishes", make: openTopic}},
		"close-repository":       {{name: "everybody pulls", make: openRepository}},
		"close-secret":           {{name: "everybody reads", make: openSecret}},
		"close-cluster-endpoint": {{name: "open to the world", make: openCluster}},
		"rotate-key":             {{name: "never rotated", make: newKey}},
	}
}

// everybodys is a policy that lets a team do something, and everybody too.
func everybodys(may, on string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":%[1]q,"Resource":%[2]q},`+
		`{"Sid":"Open","Effect":"Allow","Principal":"*","Action":%[1]q,"Resource":%[2]q}]}`, may, on)
}

// function makes one with a role.
func function(w *town) met {
	role := must[*iam.CreateRoleOutput](w)(iam.NewFromConfig(w.owner).CreateRole(w.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("shop"), AssumeRolePolicyDocument: aws.String(trust),
	})).Role.Arn
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	w.did(must[io.Writer](w)(z.Create("index.py")).Write([]byte("def handler(event, context): pass")))
	w.did(nil, z.Close())
	out := must[*lambda.CreateFunctionOutput](w)(lambda.NewFromConfig(w.owner).CreateFunction(w.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("shop"), Role: role, Runtime: lambdatypes.RuntimePython312, Handler: aws.String("index.handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
	}))
	return met{ref: w.ref(resource.Function, "shop"), arn: *out.FunctionArn}
}

func (w *town) permit(id, who string) {
	w.Helper()
	w.did(lambda.NewFromConfig(w.owner).AddPermission(w.Context(), &lambda.AddPermissionInput{
		FunctionName: aws.String("shop"), StatementId: &id, Action: aws.String("lambda:InvokeFunction"), Principal: &who,
	}))
}

func (w *town) address() {
	w.Helper()
	w.did(lambda.NewFromConfig(w.owner).CreateFunctionUrlConfig(w.Context(), &lambda.CreateFunctionUrlConfigInput{
		FunctionName: aws.String("shop"), AuthType: lambdatypes.FunctionUrlAuthTypeNone,
	}))
}

func openPermission(w *town) met {
	m := function(w)
	w.permit("team", "111122223333")
	w.permit("open", "*")
	m.ref = w.ref(resource.FunctionPermission, "shop|open")
	return m
}

func openURL(w *town) met {
	m := function(w)
	w.address()
	m.ref = w.ref(resource.FunctionURL, m.arn)
	return m
}

func openQueue(w *town) met {
	c := sqs.NewFromConfig(w.owner)
	url := must[*sqs.CreateQueueOutput](w)(c.CreateQueue(w.Context(), &sqs.CreateQueueInput{QueueName: aws.String("orders")})).QueueUrl
	w.did(c.SetQueueAttributes(w.Context(), &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{
		"Policy": everybodys("sqs:SendMessage", "arn:aws:sqs:us-east-1:"+w.account+":orders"),
	}}))
	return met{ref: w.ref(resource.QueuePolicy, *url)}
}

func openTopic(w *town) met {
	c := sns.NewFromConfig(w.owner)
	arn := must[*sns.CreateTopicOutput](w)(c.CreateTopic(w.Context(), &sns.CreateTopicInput{Name: aws.String("news")})).TopicArn
	w.did(c.SetTopicAttributes(w.Context(), &sns.SetTopicAttributesInput{
		TopicArn: arn, AttributeName: aws.String("Policy"), AttributeValue: aws.String(everybodys("SNS:Publish", *arn)),
	}))
	return met{ref: w.ref(resource.TopicPolicy, *arn)}
}

func openRepository(w *town) met {
	c, name := ecr.NewFromConfig(w.owner), aws.String("shop")
	w.did(c.CreateRepository(w.Context(), &ecr.CreateRepositoryInput{RepositoryName: name}))
	w.did(c.SetRepositoryPolicy(w.Context(), &ecr.SetRepositoryPolicyInput{
		RepositoryName: name, PolicyText: aws.String(`{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}`),
	}))
	return met{ref: w.ref(resource.Repository, *name)}
}

func openSecret(w *town) met {
	c := secretsmanager.NewFromConfig(w.owner)
	arn := must[*secretsmanager.CreateSecretOutput](w)(c.CreateSecret(w.Context(), &secretsmanager.CreateSecretInput{
		Name: aws.String("db"), SecretString: aws.String("made-up"),
	})).ARN
	w.did(c.PutResourcePolicy(w.Context(), &secretsmanager.PutResourcePolicyInput{SecretId: arn, ResourcePolicy: aws.String(everybodys("secretsmanager:GetSecretValue", "*"))}))
	return met{ref: w.ref(resource.SecretPolicy, *arn)}
}

func openCluster(w *town) met {
	w.did(eks.NewFromConfig(w.owner).CreateCluster(w.Context(), &eks.CreateClusterInput{
		Name: aws.String("shop"), RoleArn: aws.String("arn:aws:iam::" + w.account + ":role/eks"), ResourcesVpcConfig: &ekstypes.VpcConfigRequest{
			SubnetIds: []string{"subnet-0a1b2c3d", "subnet-1a2b3c4d"}, EndpointPublicAccess: aws.Bool(true), EndpointPrivateAccess: aws.Bool(false), PublicAccessCidrs: []string{"0.0.0.0/0"},
		},
	}))
	return met{ref: w.ref(resource.KubeCluster, "shop")}
}
