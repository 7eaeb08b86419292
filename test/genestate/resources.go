package genestate

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// kind is a type of resource that is made up.
type kind struct {
	name, form string // the type; its ARN with the account and the number
	inside     string // what stands behind the ARN of what lies in it
	actions    []string
}

// kinds are what resources are, in turns.
var kinds = []kind{
	bucket,
	{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:%s:queue-%s", "", []string{`"sqs:SendMessage"`, `"sqs:ReceiveMessage","sqs:DeleteMessage"`, `"sqs:*"`}},
	{"AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:%s:table/table-%s", "", []string{`"dynamodb:GetItem","dynamodb:Query"`, `"dynamodb:*Item"`, `"dynamodb:*"`}},
	function,
	{"AWS::KMS::Key", "arn:aws:kms:eu-west-1:%s:key/key-%s", "", []string{`"kms:Decrypt"`, `"kms:*"`}},
	bucket,
	{"AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:%s:secret:secret-%s", "", []string{`"secretsmanager:GetSecretValue"`, `"secretsmanager:*"`}},
	function,
	{"AWS::EC2::Instance", "arn:aws:ec2:eu-west-1:%s:instance/i-%s", "", []string{`"ec2:StopInstances"`, `"ssm:StartSession"`}},
	bucket,
}

var (
	bucket   = kind{"AWS::S3::Bucket", "arn:aws:s3:::bucket-%s-%s", "/*", []string{`"s3:GetObject"`, `"s3:Get*"`, `"s3:PutObject","s3:DeleteObject"`, `"s3:*"`}}
	function = kind{"AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:%s:function:function-%s", "", []string{`"lambda:InvokeFunction"`, `"lambda:GetFunction"`, `"lambda:List*"`}}
)

// bucketOf is one of an account's buckets.
func bucketOf(n, i int) string { return bucket.arn(n, 10*i) }

func (k kind) arn(n, i int) string { return fmt.Sprintf(k.form, Account(n), strconv.Itoa(i)) }
func (k kind) all(n int) string    { return fmt.Sprintf(k.form, Account(n), "*") }

// classes are those of data; most of it has none.
var classes = []string{"", "", "", "", "", "public", "internal", "confidential", "secret"}

// Resources writes the resources of the nth account as readers of the live API give them, in one list.
func Resources(w io.Writer, s Size, n int) error {
	out, r, me := &bytes.Buffer{}, s.draw(2, n), Account(n)
	out.WriteString("[")
	for i := range s.Resources {
		comma(out, i)
		k := kinds[i%len(kinds)]
		arn := k.arn(n, i)
		fmt.Fprintf(out, `{"type":"%s","account":"%s","region":"eu-west-1","id":"%s","arn":"%s","tags":{"Team":"team-%d"`, k.name, me, arn, arn, r.IntN(20))
		if c := classes[r.IntN(len(classes))]; c != "" {
			fmt.Fprintf(out, `,"data-classification":"%s"`, c)
		}
		out.WriteString(`},"properties":{`)
		switch k.name {
		case "AWS::Lambda::Function":
			fmt.Fprintf(out, `"Role":"%s"`, runner(s, n, i))
		case "AWS::EC2::Instance":
			fmt.Fprintf(out, `"IamInstanceProfile":"machine-%d"`, i)
		case "AWS::KMS::Key":
			fmt.Fprintf(out, `"KeyPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, me)
		}
		out.WriteString(`}`)
		if k.name == "AWS::S3::Bucket" && r.IntN(5) == 0 {
			fmt.Fprintf(out, `,"related":{"policy":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"%s/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}}`, arn)
		}
		out.WriteString(`}`)
		if k.name == "AWS::EC2::Instance" {
			fmt.Fprintf(out, `,{"type":"AWS::IAM::InstanceProfile","account":"%s","id":"machine-%d","properties":{"Roles":["%s"]}}`, me, i, runner(s, n, i))
		}
	}
	out.WriteString("]")
	_, err := w.Write(out.Bytes())
	return err
}

// runner is the role that code on a resource has.
func runner(s Size, n, i int) string {
	roles := s.Principals - s.Principals/5
	return fmt.Sprintf("arn:aws:iam::%s:role/role-%d", Account(n), first+i%max(1, roles-first))
}
