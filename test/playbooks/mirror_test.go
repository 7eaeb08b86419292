package playbooks_test

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// mirror answers for Cloud Control, which the emulator has not got, by what the emulator's own services say. It goes to the emulator beside the
// witness (docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_GetResource.html).
type mirror struct {
	*town
	to aws.Config
}

// properties give what a type's schema has of a resource, as far as playbooks and expectations ask for it; nil: it is gone.
func (m mirror) properties() map[resource.Type]func(id string) (map[string]any, error) {
	return map[resource.Type]func(string) (map[string]any, error){
		resource.Instance: m.instance, resource.KubeCluster: m.cluster, resource.Function: m.function, resource.FunctionPermission: m.permission,
		resource.FunctionURL: m.url, resource.DBInstance: m.database, resource.Repository: m.repository, resource.QueuePolicy: m.queue,
		resource.TopicPolicy: m.topic, resource.SecretPolicy: m.secret,
	}
}

// answer is the mirror's testmoto.Reply.
func (m mirror) answer(rw http.ResponseWriter, c testmoto.Call) bool {
	if c.Service != "cloudcontrolapi" || c.Action != "GetResource" {
		return false
	}
	var in struct{ TypeName, Identifier string }
	if err := json.Unmarshal(c.Body, &in); err != nil {
		m.Error(err)
		return false
	}
	rw.Header().Set("Content-Type", "application/x-amz-json-1.0")
	read, ok := m.properties()[resource.Type(in.TypeName)]
	if !ok {
		m.Errorf("the mirror has no %s: add it", in.TypeName)
		return false
	}
	p, err := read(in.Identifier)
	if err != nil || p == nil {
		m.Logf("%s %s: %v", in.TypeName, in.Identifier, err)
		rw.WriteHeader(http.StatusBadRequest)
		_, _ = rw.Write([]byte(`{"__type":"ResourceNotFoundException","message":"gone"}`))
		return true
	}
	text, _ := json.Marshal(p)
	out := map[string]any{"TypeName": in.TypeName, "ResourceDescription": map[string]any{"Identifier": in.Identifier, "Properties": string(text)}}
	return json.NewEncoder(rw).Encode(out) == nil
}

func (m mirror) instance(id string) (map[string]any, error) {
	out, err := ec2.NewFromConfig(m.to).DescribeInstances(m.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	if err != nil {
		return nil, err
	}
	i := out.Reservations[0].Instances[0]
	return map[string]any{"InstanceId": id, "VpcId": *i.VpcId, "MetadataOptions": map[string]any{
		"HttpTokens": string(i.MetadataOptions.HttpTokens), "HttpEndpoint": string(i.MetadataOptions.HttpEndpoint),
	}}, nil
}

func (m mirror) cluster(id string) (map[string]any, error) {
	out, err := eks.NewFromConfig(m.to).DescribeCluster(m.Context(), &eks.DescribeClusterInput{Name: &id})
	if err != nil {
		return nil, err
	}
	v := out.Cluster.ResourcesVpcConfig
	return map[string]any{"Name": id, "ResourcesVpcConfig": map[string]any{"EndpointPublicAccess": v.EndpointPublicAccess, "PublicAccessCidrs": v.PublicAccessCidrs}}, nil
}

func (m mirror) function(id string) (map[string]any, error) {
	out, err := lambda.NewFromConfig(m.to).GetFunctionConfiguration(m.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &id})
	if err != nil {
		return nil, err
	}
	return map[string]any{"FunctionName": id, "Arn": *out.FunctionArn, "Role": *out.Role}, nil
}

func (m mirror) permission(id string) (map[string]any, error) {
	function, sid, _ := strings.Cut(id, "|")
	out, err := lambda.NewFromConfig(m.to).GetPolicy(m.Context(), &lambda.GetPolicyInput{FunctionName: &function})
	if err != nil {
		return nil, err
	}
	var doc struct {
		Statement []struct {
			Sid, Action string
			Principal   any
		}
	}
	if err := json.Unmarshal([]byte(*out.Policy), &doc); err != nil {
		return nil, err
	}
	for _, s := range doc.Statement {
		if s.Sid == sid {
			return map[string]any{"FunctionName": function, "Id": sid, "Action": s.Action, "Principal": s.Principal}, nil
		}
	}
	return nil, nil
}

func (m mirror) url(id string) (map[string]any, error) {
	out, err := lambda.NewFromConfig(m.to).GetFunctionUrlConfig(m.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: aws.String(id[strings.LastIndexByte(id, ':')+1:])})
	if err != nil {
		return nil, err
	}
	return map[string]any{"FunctionArn": id, "TargetFunctionArn": id, "AuthType": string(out.AuthType)}, nil
}

func (m mirror) database(id string) (map[string]any, error) {
	out, err := rds.NewFromConfig(m.to).DescribeDBInstances(m.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &id})
	if err != nil {
		return nil, err
	}
	d := out.DBInstances[0]
	return map[string]any{"DBInstanceIdentifier": id, "Engine": *d.Engine, "PubliclyAccessible": *d.PubliclyAccessible, "DeletionProtection": *d.DeletionProtection}, nil
}

func (m mirror) repository(id string) (map[string]any, error) {
	out, err := ecr.NewFromConfig(m.to).GetRepositoryPolicy(m.Context(), &ecr.GetRepositoryPolicyInput{RepositoryName: &id})
	if err != nil && strings.Contains(err.Error(), "RepositoryPolicyNotFound") {
		return map[string]any{"RepositoryName": id}, nil
	}
	if err != nil {
		return nil, err
	}
	return withPolicy(map[string]any{"RepositoryName": id}, "RepositoryPolicyText", out.PolicyText)
}

func (m mirror) queue(id string) (map[string]any, error) {
	out, err := sqs.NewFromConfig(m.to).GetQueueAttributes(m.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &id, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNamePolicy}})
	if err != nil {
		return nil, err
	}
	return withPolicy(map[string]any{"Queue": id}, "PolicyDocument", aws.String(out.Attributes["Policy"]))
}

func (m mirror) topic(id string) (map[string]any, error) {
	out, err := sns.NewFromConfig(m.to).GetTopicAttributes(m.Context(), &sns.GetTopicAttributesInput{TopicArn: &id})
	if err != nil {
		return nil, err
	}
	return withPolicy(map[string]any{"TopicArn": id}, "PolicyDocument", aws.String(out.Attributes["Policy"]))
}

func (m mirror) secret(id string) (map[string]any, error) {
	out, err := secretsmanager.NewFromConfig(m.to).GetResourcePolicy(m.Context(), &secretsmanager.GetResourcePolicyInput{SecretId: &id})
	if err != nil {
		return nil, err
	}
	return withPolicy(map[string]any{"Id": id, "SecretId": id}, "ResourcePolicy", out.ResourcePolicy)
}

// withPolicy puts a policy into properties as Cloud Control does: as a document.
func withPolicy(p map[string]any, name string, text *string) (map[string]any, error) {
	if aws.ToString(text) == "" {
		return p, nil
	}
	var doc any
	err := json.Unmarshal([]byte(*text), &doc)
	p[name] = doc
	return p, err
}
