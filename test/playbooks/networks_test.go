package playbooks_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/resource"
)

// networks are the scenes of networks, machines, disks and databases.
func networks() map[string][]scene {
	return map[string][]scene{
		"close-open-admin-port":    {{name: "SSH", make: openPort(22)}},
		"close-open-database-port": {{name: "PostgreSQL", make: openPort(5432)}},
		"close-default-group":      {{name: "as it comes", make: defaultGroup}},
		"require-metadata-token":   {{name: "without tokens", make: instance}},
		"unshare-public-snapshot":  {{name: "of a disk", make: publicSnapshot}},
		"unshare-public-image":     {{name: "of a machine", make: publicImage}},
		"make-database-private":    {{name: "with an address", make: database}},
		"protect-database":         {{name: "that a call deletes", make: database}},
	}
}

// openPort is a group with one rule for everybody, and one for a known network.
func openPort(port int32) func(*town) met {
	return func(w *town) met {
		c := ec2.NewFromConfig(w.owner)
		id := must[*ec2.CreateSecurityGroupOutput](w)(c.CreateSecurityGroup(w.Context(), &ec2.CreateSecurityGroupInput{GroupName: aws.String("web"), Description: aws.String("web")})).GroupId
		w.did(c.AuthorizeSecurityGroupIngress(w.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []ec2types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: &port, ToPort: &port, IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}, {CidrIp: aws.String("203.0.113.0/24")}},
		}}}))
		return met{ref: w.ref(resource.SecurityGroup, *id)}
	}
}

func (w *town) vpc() *string {
	w.Helper()
	return must[*ec2.CreateVpcOutput](w)(ec2.NewFromConfig(w.owner).CreateVpc(w.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})).Vpc.VpcId
}

func defaultGroup(w *town) met {
	groups := must[*ec2.DescribeSecurityGroupsOutput](w)(ec2.NewFromConfig(w.owner).DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{Filters: []ec2types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{*w.vpc()}}, {Name: aws.String("group-name"), Values: []string{"default"}},
	}})).SecurityGroups
	return met{ref: w.ref(resource.SecurityGroup, *groups[0].GroupId)}
}

// group makes one in a network that lets nothing in or out.
func (w *town) group(vpc *string, name string) string {
	w.Helper()
	c := ec2.NewFromConfig(w.owner)
	id := must[*ec2.CreateSecurityGroupOutput](w)(c.CreateSecurityGroup(w.Context(), &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name, VpcId: vpc})).GroupId
	g := must[*ec2.DescribeSecurityGroupsOutput](w)(c.DescribeSecurityGroups(w.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*id}})).SecurityGroups[0]
	w.did(c.RevokeSecurityGroupEgress(w.Context(), &ec2.RevokeSecurityGroupEgressInput{GroupId: id, IpPermissions: g.IpPermissionsEgress}))
	return *id
}

// instance is a machine that gives credentials without a token, in a network that has a group for quarantine.
func instance(w *town) met {
	c, vpc := ec2.NewFromConfig(w.owner), w.vpc()
	subnet := must[*ec2.CreateSubnetOutput](w)(c.CreateSubnet(w.Context(), &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: aws.String("10.1.1.0/24")})).Subnet.SubnetId
	out := must[*ec2.RunInstancesOutput](w)(c.RunInstances(w.Context(), &ec2.RunInstancesInput{
		ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		// With groups of the instance's own the emulator would count those to each interface for ever; AWS knows only those of interfaces.
		NetworkInterfaces: []ec2types.InstanceNetworkInterfaceSpecification{{DeviceIndex: aws.Int32(0), SubnetId: subnet, Groups: []string{w.group(vpc, "web")}}},
		MetadataOptions:   &ec2types.InstanceMetadataOptionsRequest{HttpTokens: ec2types.HttpTokensStateOptional, HttpEndpoint: ec2types.InstanceMetadataEndpointStateEnabled},
	}))
	return met{ref: w.ref(resource.Instance, *out.Instances[0].InstanceId), tags: map[string]string{"jobzero:quarantine-" + *vpc: w.group(vpc, "quarantine")}}
}

func publicSnapshot(w *town) met {
	c := ec2.NewFromConfig(w.owner)
	disk := must[*ec2.CreateVolumeOutput](w)(c.CreateVolume(w.Context(), &ec2.CreateVolumeInput{AvailabilityZone: aws.String("us-east-1a"), Size: aws.Int32(10)})).VolumeId
	id := must[*ec2.CreateSnapshotOutput](w)(c.CreateSnapshot(w.Context(), &ec2.CreateSnapshotInput{VolumeId: disk})).SnapshotId
	w.did(c.ModifySnapshotAttribute(w.Context(), &ec2.ModifySnapshotAttributeInput{
		SnapshotId: id, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, GroupNames: []string{"all"},
	}))
	return met{ref: w.ref(resource.SnapshotShare, *id)}
}

func publicImage(w *town) met {
	c, from := ec2.NewFromConfig(w.owner), instance(w)
	id := must[*ec2.CreateImageOutput](w)(c.CreateImage(w.Context(), &ec2.CreateImageInput{InstanceId: &from.ref.ID, Name: aws.String("shop")})).ImageId
	w.did(c.ModifyImageAttribute(w.Context(), &ec2.ModifyImageAttributeInput{
		ImageId: id, Attribute: aws.String("launchPermission"), LaunchPermission: &ec2types.LaunchPermissionModifications{Add: []ec2types.LaunchPermission{{Group: ec2types.PermissionGroupAll}}},
	}))
	return met{ref: w.ref(resource.ImageShare, *id)}
}

func database(w *town) met {
	w.did(rds.NewFromConfig(w.owner).CreateDBInstance(w.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("shop"), Engine: aws.String("postgres"), DBInstanceClass: aws.String("db.t3.micro"), AllocatedStorage: aws.Int32(20),
		MasterUsername: aws.String("shop"), MasterUserPassword: aws.String("emulator-only"), PubliclyAccessible: aws.Bool(true), DeletionProtection: aws.Bool(false),
	}))
	return met{ref: w.ref(resource.DBInstance, "shop")}
}

func publicDatabaseCopy(w *town) met {
	database(w)
	c, name := rds.NewFromConfig(w.owner), aws.String("night")
	w.did(c.CreateDBSnapshot(w.Context(), &rds.CreateDBSnapshotInput{DBInstanceIdentifier: aws.String("shop"), DBSnapshotIdentifier: name}))
	w.did(c.ModifyDBSnapshotAttribute(w.Context(), &rds.ModifyDBSnapshotAttributeInput{DBSnapshotIdentifier: name, AttributeName: aws.String("restore"), ValuesToAdd: []string{"all"}}))
	return met{ref: w.ref(resource.DBShare, *name)}
}
