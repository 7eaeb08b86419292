package cfn

import (
	"strings"

	"jobzero/internal/resource"
)

// arnForm is how the ARN of a type is put together, of the types whose ARN has a name that templates often give.
// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/, the resource types of each service.
type arnForm struct {
	name string // the property that is the name
	form string // behind arn:PARTITION: with R for the region, A for the account, N for the name
}

func arnForms(kind resource.Type) (arnForm, bool) {
	switch kind {
	case "AWS::S3::Bucket":
		return arnForm{"BucketName", "s3:::N"}, true
	case "AWS::IAM::Role":
		return arnForm{"RoleName", "iam::A:role/N"}, true
	case "AWS::IAM::User":
		return arnForm{"UserName", "iam::A:user/N"}, true
	case "AWS::IAM::Group":
		return arnForm{"GroupName", "iam::A:group/N"}, true
	case "AWS::Lambda::Function":
		return arnForm{"FunctionName", "lambda:R:A:function:N"}, true
	case "AWS::DynamoDB::Table":
		return arnForm{"TableName", "dynamodb:R:A:table/N"}, true
	case "AWS::SQS::Queue":
		return arnForm{"QueueName", "sqs:R:A:N"}, true
	case "AWS::Logs::LogGroup":
		return arnForm{"LogGroupName", "logs:R:A:log-group:N:*"}, true
	case "AWS::Kinesis::Stream":
		return arnForm{"Name", "kinesis:R:A:stream/N"}, true
	case "AWS::ECR::Repository":
		return arnForm{"RepositoryName", "ecr:R:A:repository/N"}, true
	default:
		return arnForm{}, false
	}
}

// arnOf is the ARN of a resource that has a name of its own; empty when something in it is not known. The path of a principal
// is a part of its ARN.
func (t *template) arnOf(e *entry) string {
	f, ok := arnForms(e.real)
	if !ok {
		return ""
	}
	name, ok := t.written(e, f.name).known()
	if !ok {
		return ""
	}
	if e.node.Get("Properties").Get("Path") != nil && strings.HasPrefix(string(e.real), "AWS::IAM::") {
		path, ok := t.written(e, "Path").known()
		if !ok {
			return ""
		}
		name = strings.Trim(path, "/") + "/" + name
	}
	o, partition := t.load.o, t.load.o.partition()
	if partition == "" || strings.Contains(f.form, "R:") && o.Region == "" || strings.Contains(f.form, "A:") && o.Account == "" {
		return ""
	}
	return "arn:" + partition + ":" + strings.NewReplacer("R:", o.Region+":", "A:", o.Account+":", "N", strings.TrimPrefix(name, "/")).Replace(f.form)
}
