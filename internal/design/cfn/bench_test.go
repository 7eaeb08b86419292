package cfn_test

import (
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/design/cfn"
)

// generated is a template of 51 resources: a key, and ten each of buckets, groups, databases, roles and volumes; a third of them
// is bad. The same text is JSON and YAML but for how it is written.
func generated(seed int, yaml bool) []byte {
	var r []string
	add := func(format string, args ...any) { r = append(r, fmt.Sprintf(format, args...)) }
	add(`"Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": %t, "KeyPolicy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"}]}}}`, seed%3 != 0)
	for i := range 10 {
		bad := (seed+i)%3 == 0
		cidr := "198.51.100.0/24"
		if bad {
			cidr = "0.0.0.0/0"
		}
		add(`"Bucket%d": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${Team}-%d-%d"}, "VersioningConfiguration": {"Status": "Enabled"}, "PublicAccessBlockConfiguration": {"BlockPublicAcls": %t, "BlockPublicPolicy": "%t", "IgnorePublicAcls": true, "RestrictPublicBuckets": true}, "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}]}, "Tags": [{"Key": "Team", "Value": {"Ref": "Team"}}]}}`, i, seed, i, !bad, !bad)
		add(`"Group%d": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "made", "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": "22", "ToPort": 22, "CidrIp": "%s"}, {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]}}`, i, cidr)
		add(`"Data%d": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "AllocatedStorage": "20", "StorageEncrypted": %t, "PubliclyAccessible": {"Fn::If": ["Production", false, %t]}, "KmsKeyId": {"Ref": "Key"}, "VPCSecurityGroups": [{"Fn::GetAtt": ["Group%d", "GroupId"]}]}}`, i, !bad, bad, i)
		add(`"Role%d": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}, "Policies": [{"PolicyName": "data", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": {"Fn::Join": ["/", [{"Fn::GetAtt": ["Bucket%d", "Arn"]}, "*"]]}}]}}]}}`, i, i)
		add(`"Disk%d": {"Type": "AWS::EC2::Volume", "Properties": {"Size": "100", "Encrypted": "%t", "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}}`, i, !bad)
	}
	head := `"Parameters": {"Team": {"Type": "String", "Default": "shop"}, "Vpc": {"Type": "String"}, "Stage": {"Type": "String", "Default": "prod"}}, "Conditions": {"Production": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}`
	text := "{" + head + `, "Resources": {` + strings.Join(r, ",\n") + "}}"
	if yaml {
		return blocks([]byte(text))
	}
	return []byte(text)
}

// blocks writes JSON as people write YAML, in blocks.
func blocks(data []byte) []byte {
	var v any
	if err := unjson(data, &v); err != nil {
		panic(err)
	}
	var b strings.Builder
	block(&b, v, "")
	return []byte(b.String())
}

func BenchmarkRead(b *testing.B) {
	for _, yaml := range []bool{false, true} {
		name, file := "json", "t.json"
		if yaml {
			name, file = "yaml", "t.yaml"
		}
		b.Run(name, func(b *testing.B) {
			texts := make([][]byte, 100)
			size := 0
			for i := range texts {
				texts[i] = generated(i, yaml)
				size += len(texts[i])
			}
			b.SetBytes(int64(size / len(texts)))
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				d, err := cfn.Read(file, texts[i%len(texts)], cfn.Options{})
				if err != nil || len(d.Resources) != 51 || len(d.Problems) > 0 {
					b.Fatal(len(d.Resources), d.Problems, err)
				}
				i++
			}
		})
	}
}
