package main

import (
	"fmt"
	"math/rand/v2"
)

// maker makes resources by chance.
type maker struct{ *rand.Rand }

// bad reports whether the next resource is one of the third that is.
func (m maker) bad() bool { return m.IntN(3) == 0 }

func (m maker) template(groups int) map[string]any {
	all := map[string]any{"Key": thing("AWS::KMS::Key", m.key())}
	for i := range groups {
		all[fmt.Sprintf("Bucket%d", i)] = thing("AWS::S3::Bucket", m.bucket())
		all[fmt.Sprintf("Group%d", i)] = thing("AWS::EC2::SecurityGroup", m.group())
		all[fmt.Sprintf("Database%d", i)] = thing("AWS::RDS::DBInstance", m.database())
		all[fmt.Sprintf("Role%d", i)] = thing("AWS::IAM::Role", m.role())
		all[fmt.Sprintf("Disk%d", i)] = thing("AWS::EC2::Volume", m.disk())
	}
	return map[string]any{"AWSTemplateFormatVersion": "2010-09-09", "Resources": all}
}

func thing(kind string, properties map[string]any) map[string]any {
	return map[string]any{"Type": kind, "Properties": properties}
}

func (m maker) key() map[string]any {
	return map[string]any{
		"EnableKeyRotation": !m.bad(),
		"KeyPolicy":         document(statement("kms:*", "*", map[string]any{"AWS": "arn:aws:iam::111122223333:root"})),
	}
}

func (m maker) bucket() map[string]any {
	good := !m.bad()
	out := map[string]any{
		"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": good, "IgnorePublicAcls": true, "RestrictPublicBuckets": good},
		"BucketEncryption": map[string]any{"ServerSideEncryptionConfiguration": []any{map[string]any{
			"ServerSideEncryptionByDefault": map[string]any{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": map[string]any{"Fn::GetAtt": []any{"Key", "Arn"}}},
		}}},
	}
	if !m.bad() {
		out["VersioningConfiguration"] = map[string]any{"Status": "Enabled"}
	}
	if !m.bad() {
		out["LoggingConfiguration"] = map[string]any{"DestinationBucketName": "shop-logs", "LogFilePrefix": "a/"}
	}
	return out
}

func (m maker) group() map[string]any {
	from := "203.0.113.0/24"
	if m.bad() {
		from = "0.0.0.0/0"
	}
	return map[string]any{
		"GroupDescription":     "made up",
		"SecurityGroupIngress": []any{map[string]any{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": from, "Description": "SSH"}},
		"SecurityGroupEgress":  []any{map[string]any{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "203.0.113.0/24", "Description": "TLS"}},
	}
}

func (m maker) database() map[string]any {
	return map[string]any{
		"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "ManageMasterUserPassword": true, "MasterUsername": "shop",
		"StorageEncrypted": !m.bad(), "PubliclyAccessible": m.bad(), "DeletionProtection": !m.bad(), "AutoMinorVersionUpgrade": !m.bad(),
		"EnableIAMDatabaseAuthentication": !m.bad(), "BackupRetentionPeriod": []int{1, 7, 30}[m.IntN(3)],
		"KmsKeyId": map[string]any{"Fn::GetAtt": []any{"Key", "Arn"}},
	}
}

func (m maker) role() map[string]any {
	action := []any{"s3:GetObject", "s3:ListBucket"}
	if m.bad() {
		action = []any{"*"}
	}
	return map[string]any{
		"AssumeRolePolicyDocument": document(statement("sts:AssumeRole", "", map[string]any{"Service": "ec2.amazonaws.com"})),
		"Policies":                 []any{map[string]any{"PolicyName": "work", "PolicyDocument": document(statement(action, "*", nil))}},
	}
}

func (m maker) disk() map[string]any {
	return map[string]any{"AvailabilityZone": "eu-west-1a", "Size": 8, "Encrypted": !m.bad()}
}

func document(s map[string]any) map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{s}}
}

func statement(action any, on string, who map[string]any) map[string]any {
	out := map[string]any{"Effect": "Allow", "Action": action}
	if on != "" {
		out["Resource"] = on
	}
	if who != nil {
		out["Principal"] = who
	}
	return out
}
