package claim

import (
	"strings"

	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

const (
	instance resource.Type = "AWS::EC2::Instance"
	user     resource.Type = "AWS::IAM::User"
	role     resource.Type = "AWS::IAM::Role"
)

// form says which CloudFormation type the ARNs of a service and kind name, and by what of the ARN CloudFormation identifies
// it (the primaryIdentifier of the type's schema).
type form struct {
	service, kind string // kind is what stands before the first slash or colon; empty for ARNs without
	typ           resource.Type
	id            func(a principal.ARN, rest string) string
}

func forms() []form {
	return []form{
		{"s3", "accesspoint", "AWS::S3::AccessPoint", last},
		{"s3", "", resource.Bucket, bucket},
		{"ec2", "instance", instance, last},
		{"ec2", "security-group", resource.SecurityGroup, last},
		{"ec2", "volume", "AWS::EC2::Volume", last},
		{"ec2", "vpc", "AWS::EC2::VPC", last},
		{"ec2", "subnet", "AWS::EC2::Subnet", last},
		{"ec2", "network-interface", "AWS::EC2::NetworkInterface", last},
		{"ec2", "network-acl", "AWS::EC2::NetworkAcl", last},
		{"ec2", "route-table", "AWS::EC2::RouteTable", last},
		{"ec2", "internet-gateway", "AWS::EC2::InternetGateway", last},
		{"ec2", "natgateway", "AWS::EC2::NatGateway", last},
		{"ec2", "launch-template", "AWS::EC2::LaunchTemplate", last},
		{"ec2", "transit-gateway", "AWS::EC2::TransitGateway", last},
		{"ec2", "vpc-flow-log", "AWS::EC2::FlowLog", last},
		{"iam", "user", user, last},
		{"iam", "role", role, last},
		{"iam", "group", "AWS::IAM::Group", last},
		{"iam", "access-key", resource.AccessKey, last},
		{"iam", "instance-profile", "AWS::IAM::InstanceProfile", last},
		{"iam", "policy", "AWS::IAM::ManagedPolicy", whole},
		{"iam", "oidc-provider", "AWS::IAM::OIDCProvider", whole},
		{"lambda", "function", "AWS::Lambda::Function", first},
		{"rds", "db", "AWS::RDS::DBInstance", first},
		{"rds", "cluster", "AWS::RDS::DBCluster", first},
		{"redshift", "cluster", "AWS::Redshift::Cluster", first},
		{"dynamodb", "table", "AWS::DynamoDB::Table", first},
		{"kms", "key", "AWS::KMS::Key", last},
		{"sns", "", "AWS::SNS::Topic", whole},
		{"sqs", "", "AWS::SQS::Queue", queueURL},
		{"secretsmanager", "secret", "AWS::SecretsManager::Secret", whole},
		{"acm", "certificate", "AWS::CertificateManager::Certificate", whole},
		{"cloudtrail", "trail", "AWS::CloudTrail::Trail", last},
		{"cloudfront", "distribution", "AWS::CloudFront::Distribution", last},
		{"cloudwatch", "alarm", "AWS::CloudWatch::Alarm", all},
		{"logs", "log-group", "AWS::Logs::LogGroup", group},
		{"kinesis", "stream", "AWS::Kinesis::Stream", last},
		{"codebuild", "project", "AWS::CodeBuild::Project", last},
		{"ecr", "repository", "AWS::ECR::Repository", repository},
		{"ecs", "cluster", "AWS::ECS::Cluster", last},
		{"ecs", "task-definition", "AWS::ECS::TaskDefinition", whole},
		{"eks", "cluster", "AWS::EKS::Cluster", last},
		{"elasticloadbalancing", "loadbalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", balancer},
		{"elasticloadbalancing", "loadbalancer", "AWS::ElasticLoadBalancing::LoadBalancer", last},
		{"autoscaling", "autoScalingGroup", "AWS::AutoScaling::AutoScalingGroup", last},
		{"elasticfilesystem", "file-system", "AWS::EFS::FileSystem", last},
		{"elasticache", "replicationgroup", "AWS::ElastiCache::ReplicationGroup", last},
		{"es", "domain", "AWS::OpenSearchService::Domain", last},
		{"kafka", "cluster", "AWS::MSK::Cluster", whole},
		{"backup", "backup-vault", "AWS::Backup::BackupVault", last},
		{"guardduty", "detector", "AWS::GuardDuty::Detector", first},
		{"route53", "hostedzone", "AWS::Route53::HostedZone", last},
		{"access-analyzer", "analyzer", "AWS::AccessAnalyzer::Analyzer", whole},
		{"network-firewall", "firewall", "AWS::NetworkFirewall::Firewall", whole},
	}
}

// last is the part behind the last slash or colon: paths and generated IDs stand before a name.
func last(_ principal.ARN, rest string) string {
	return rest[strings.LastIndexAny(rest, "/:")+1:]
}

// first is the part before a qualifier, such as a version or an index.
func first(_ principal.ARN, rest string) string {
	name, _, _ := strings.Cut(strings.ReplaceAll(rest, "/", ":"), ":")
	return name
}

func all(_ principal.ARN, rest string) string { return rest }

func whole(a principal.ARN, _ string) string { return a.String() }

// bucket is the bucket also where the ARN is an object's.
func bucket(a principal.ARN, rest string) string {
	if a.Account != "" || a.Region != "" { // access points, jobs and the like
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func queueURL(a principal.ARN, name string) string {
	domain := "amazonaws.com"
	if a.Partition == "aws-cn" {
		domain += ".cn"
	}
	return "https://sqs." + a.Region + "." + domain + "/" + a.Account + "/" + name
}

// group is a log group's name: a stream, or a star for all of them, may stand behind.
func group(_ principal.ARN, rest string) string {
	name, _, _ := strings.Cut(rest, ":")
	return name
}

// repository is the repository also where the ARN is an image's.
func repository(_ principal.ARN, rest string) string {
	name, _, _ := strings.Cut(rest, "/sha256:")
	return name
}

// balancer is for the load balancers of the second generation, whose names have a kind before and an ID behind.
func balancer(a principal.ARN, rest string) string {
	if strings.Count(rest, "/") != 2 {
		return ""
	}
	return a.String()
}
