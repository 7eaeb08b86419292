package genestate

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
)

// kind is a type of resource that is made up.
type kind struct {
	name, form string // the type; its ARN with the account and the number
	global     bool   // the ARN has no account
	inside     string // what stands behind the ARN of what lies in it
	actions    []string
}

var kinds = []kind{
	{"AWS::S3::Bucket", "arn:aws:s3:::bucket-%s-%s", true, "/*", []string{`"s3:GetObject"`, `"s3:Get*"`, `"s3:PutObject","s3:DeleteObject"`, `"s3:*"`}},
	{"AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:%s:queue-%s", false, "", []string{`"sqs:SendMessage"`, `"sqs:ReceiveMessage","sqs:DeleteMessage"`, `"sqs:*"`}},
	{"AWS::DynamoDB::Table", "arn:aws:dynamodb:eu-west-1:%s:table/table-%s", false, "", []string{`"dynamodb:GetItem","dynamodb:Query"`, `"dynamodb:*Item"`, `"dynamodb:*"`}},
	{"AWS::Lambda::Function", "arn:aws:lambda:eu-west-1:%s:function:function-%s", false, "", []string{`"lambda:InvokeFunction"`, `"lambda:UpdateFunctionCode"`, `"lambda:*"`}},
	{"AWS::KMS::Key", "arn:aws:kms:eu-west-1:%s:key/key-%s", false, "", []string{`"kms:Decrypt"`, `"kms:*"`}},
}

func (k kind) arn(n, i int) string { return fmt.Sprintf(k.form, Account(n), strconv.Itoa(i)) }
func (k kind) all(n int) string    { return fmt.Sprintf(k.form, Account(n), "*") }

// classes are those of data; most of it has none.
var classes = []string{"", "", "", "", "", "public", "internal", "confidential", "secret"}

// Resources writes the resources of the nth account as readers of the live API give them, in one list.
func Resources(w io.Writer, s Size, n int) error {
	out, r, me := &bytes.Buffer{}, rand.New(rand.NewPCG(2, uint64(n))), Account(n)
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
			fmt.Fprintf(out, `"Role":"arn:aws:iam::%s:role/role-%d"`, me, 3+8*r.IntN(5))
		case "AWS::KMS::Key":
			fmt.Fprintf(out, `"KeyPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, me)
		}
		out.WriteString(`}`)
		if k.name == "AWS::S3::Bucket" && r.IntN(5) == 0 {
			fmt.Fprintf(out, `,"related":{"policy":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"%s/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}}`, arn)
		}
		out.WriteString(`}`)
	}
	out.WriteString("]")
	_, err := w.Write(out.Bytes())
	return err
}
