package builtin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// shared reads the one resource of a type and compares who has it.
func shared(t *testing.T, cat *inventory.Catalogue, place inventory.Place, accounts []any, public bool) resource.Resource {
	t.Helper()
	refs := must[[]resource.Ref](t)(cat.List(t.Context(), place))
	if len(refs) != 1 {
		t.Fatalf("listed %d", len(refs))
	}
	got := must[resource.Resource](t)(cat.Read(t.Context(), refs[0]))
	if !cmp.Equal(got.Properties["Accounts"], any(accounts)) || got.Properties["Public"] != public || len(got.Unknown) != 0 || got.Gone {
		t.Errorf("want %v, public %t: %+v", accounts, public, got)
	}
	return got
}

// TestSnapshotShare: private, shared with an account, public beside it, deleted.
func TestSnapshotShare(t *testing.T) {
	cat, server := catalogue(t)
	account, ctx := testmoto.Account(), t.Context()
	c := ec2.NewFromConfig(server.Config(account))
	volume := must[*ec2.CreateVolumeOutput](t)(c.CreateVolume(ctx, &ec2.CreateVolumeInput{AvailabilityZone: aws.String(home + "a"), Size: aws.Int32(1), Encrypted: aws.Bool(false)})).VolumeId
	id := must[*ec2.CreateSnapshotOutput](t)(c.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume})).SnapshotId
	place := inventory.Place{Account: account, Region: home, Type: resource.SnapshotShare}
	if got := shared(t, cat, place, []any{}, false); got.Properties["VolumeId"] != *volume || got.Properties["Encrypted"] != false {
		t.Errorf("private: %v", got.Properties)
	}
	give := &ec2.ModifySnapshotAttributeInput{SnapshotId: id, Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission, OperationType: ec2types.OperationTypeAdd, UserIds: []string{"444455556666"}}
	must[*ec2.ModifySnapshotAttributeOutput](t)(c.ModifySnapshotAttribute(ctx, give))
	shared(t, cat, place, []any{"444455556666"}, false)
	give.UserIds, give.GroupNames = nil, []string{"all"}
	must[*ec2.ModifySnapshotAttributeOutput](t)(c.ModifySnapshotAttribute(ctx, give))
	got := shared(t, cat, place, []any{"444455556666"}, true)
	must[*ec2.DeleteSnapshotOutput](t)(c.DeleteSnapshot(ctx, &ec2.DeleteSnapshotInput{SnapshotId: id}))
	if got := must[resource.Resource](t)(cat.Read(ctx, got.Ref)); !got.Gone {
		t.Errorf("deleted: %+v", got)
	}
}

// TestImageShare: an image that is given to an account, and to everybody.
func TestImageShare(t *testing.T) {
	cat, server := catalogue(t)
	account, ctx := testmoto.Account(), t.Context()
	c := ec2.NewFromConfig(server.Config(account))
	machine := must[*ec2.RunInstancesOutput](t)(c.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-12c6146b"), MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})).Instances[0].InstanceId
	id := must[*ec2.CreateImageOutput](t)(c.CreateImage(ctx, &ec2.CreateImageInput{InstanceId: machine, Name: aws.String("web")})).ImageId
	place := inventory.Place{Account: account, Region: home, Type: resource.ImageShare}
	shared(t, cat, place, []any{}, false)
	for _, p := range []ec2types.LaunchPermission{{UserId: aws.String("444455556666")}, {Group: ec2types.PermissionGroupAll}} {
		must[*ec2.ModifyImageAttributeOutput](t)(c.ModifyImageAttribute(ctx, &ec2.ModifyImageAttributeInput{ImageId: id, LaunchPermission: &ec2types.LaunchPermissionModifications{Add: []ec2types.LaunchPermission{p}}}))
	}
	got := shared(t, cat, place, []any{"444455556666"}, true)
	must[*ec2.DeregisterImageOutput](t)(c.DeregisterImage(ctx, &ec2.DeregisterImageInput{ImageId: id}))
	if got := must[resource.Resource](t)(cat.Read(ctx, got.Ref)); !got.Gone {
		t.Errorf("deregistered: %+v", got)
	}
	// The machine that the image is of is listed too. The emulator has no list of what Inspector covers.
	refs := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: account, Region: home, Type: resource.InstanceScan}))
	if len(refs) != 1 || refs[0].ID != *machine {
		t.Errorf("machines: %v", refs)
	}
	must[*ec2.TerminateInstancesOutput](t)(c.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{*machine}}))
	if got := must[resource.Resource](t)(cat.Read(ctx, refs[0])); !got.Gone {
		t.Errorf("terminated: %+v", got)
	}
}

// TestDatabaseSnapshotShare: of an instance and of a cluster.
func TestDatabaseSnapshotShare(t *testing.T) {
	cat, server := catalogue(t)
	account, ctx := testmoto.Account(), t.Context()
	c := rds.NewFromConfig(server.Config(account))
	name, user, word := aws.String("orders"), aws.String("admin"), aws.String("only-for-the-emulator")
	must[*rds.CreateDBInstanceOutput](t)(c.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{DBInstanceIdentifier: name, DBInstanceClass: aws.String("db.t3.micro"), Engine: aws.String("postgres"), MasterUsername: user, MasterUserPassword: word, AllocatedStorage: aws.Int32(20)}))
	must[*rds.CreateDBSnapshotOutput](t)(c.CreateDBSnapshot(ctx, &rds.CreateDBSnapshotInput{DBInstanceIdentifier: name, DBSnapshotIdentifier: aws.String("last")}))
	must[*rds.CreateDBClusterOutput](t)(c.CreateDBCluster(ctx, &rds.CreateDBClusterInput{DBClusterIdentifier: aws.String("carts"), Engine: aws.String("aurora-postgresql"), MasterUsername: user, MasterUserPassword: word}))
	must[*rds.CreateDBClusterSnapshotOutput](t)(c.CreateDBClusterSnapshot(ctx, &rds.CreateDBClusterSnapshotInput{DBClusterIdentifier: aws.String("carts"), DBClusterSnapshotIdentifier: aws.String("last")}))
	for typ, give := range map[resource.Type]func(to string) error{
		resource.DBShare: func(to string) error {
			return second(c.ModifyDBSnapshotAttribute(ctx, &rds.ModifyDBSnapshotAttributeInput{DBSnapshotIdentifier: aws.String("last"), AttributeName: aws.String("restore"), ValuesToAdd: []string{to}}))
		},
		resource.ClusterShare: func(to string) error {
			return second(c.ModifyDBClusterSnapshotAttribute(ctx, &rds.ModifyDBClusterSnapshotAttributeInput{DBClusterSnapshotIdentifier: aws.String("last"), AttributeName: aws.String("restore"), ValuesToAdd: []string{to}}))
		},
	} {
		t.Run(string(typ), func(t *testing.T) {
			place := inventory.Place{Account: account, Region: home, Type: typ}
			shared(t, cat, place, []any{}, false)
			for _, to := range []string{"444455556666", "all"} {
				if err := give(to); err != nil {
					t.Fatal(err)
				}
			}
			got := shared(t, cat, place, []any{"444455556666"}, true)
			got.Ref.ID = "never-made"
			if got := must[resource.Resource](t)(cat.Read(ctx, got.Ref)); !got.Gone {
				t.Errorf("never made: %+v", got)
			}
		})
	}
}

// TestSharesDenied: who may not see to whom a snapshot is given does not see that it is private.
func TestSharesDenied(t *testing.T) {
	cfg := answers(t, map[string]string{
		"DescribeSnapshots":   `<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><snapshotSet><item><snapshotId>snap-0a1b2c3d4e5f60718</snapshotId><ownerId>111122223333</ownerId></item></snapshotSet></DescribeSnapshotsResponse>`,
		"DescribeDBSnapshots": `<DescribeDBSnapshotsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBSnapshotsResult><DBSnapshots><DBSnapshot><DBSnapshotIdentifier>last</DBSnapshotIdentifier></DBSnapshot></DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>`,
	})
	for typ, id := range map[resource.Type]string{resource.SnapshotShare: "snap-0a1b2c3d4e5f60718", resource.DBShare: "last"} {
		got := must[resource.Resource](t)(of(t, typ).Read(t.Context(), cfg, resource.Ref{Type: typ, Account: "111122223333", Region: "eu-central-1", ID: id}))
		paths := map[string]fault.Code{}
		for _, u := range got.Unknown {
			paths[u.Path] = u.Code
		}
		if want := map[string]fault.Code{"properties.Accounts": fault.Denied, "properties.Public": fault.Denied}; !cmp.Equal(want, paths) || got.Properties["Public"] != nil {
			t.Errorf("%s: %v, %v", typ, paths, got.Properties)
		}
	}
}

// TestAssignment: who has which permission set in which account, in CloudFormation's words.
func TestAssignment(t *testing.T) {
	cat, server := catalogue(t)
	account, ctx := testmoto.Account(), t.Context()
	c := ssoadmin.NewFromConfig(server.Config(account))
	instance := must[*ssoadmin.ListInstancesOutput](t)(c.ListInstances(ctx, &ssoadmin.ListInstancesInput{})).Instances[0].InstanceArn
	set := must[*ssoadmin.CreatePermissionSetOutput](t)(c.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: instance, Name: aws.String("Admin"), SessionDuration: aws.String("PT1H")})).PermissionSet.PermissionSetArn
	must[*ssoadmin.PutInlinePolicyToPermissionSetOutput](t)(c.PutInlinePolicyToPermissionSet(ctx, &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, InlinePolicy: aws.String(policy)}))
	must[*ssoadmin.ProvisionPermissionSetOutput](t)(c.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{InstanceArn: instance, PermissionSetArn: set, TargetType: ssotypes.ProvisionTargetTypeAllProvisionedAccounts}))
	assign := &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: instance, PermissionSetArn: set, TargetId: &account, TargetType: ssotypes.TargetTypeAwsAccount,
		PrincipalType: ssotypes.PrincipalTypeUser, PrincipalId: aws.String("a1b2c3d4-1111-2222-3333-444455556666"),
	}
	must[*ssoadmin.CreateAccountAssignmentOutput](t)(c.CreateAccountAssignment(ctx, assign))
	id := strings.Join([]string{*instance, account, "AWS_ACCOUNT", *set, "USER", *assign.PrincipalId}, "|")
	refs := must[[]resource.Ref](t)(cat.List(ctx, inventory.Place{Account: account, Region: home, Type: resource.SSOAssignment}))
	if len(refs) != 1 || refs[0].ID != id {
		t.Fatalf("listed: %v", refs)
	}
	got := must[resource.Resource](t)(cat.Read(ctx, refs[0]))
	want := object{"InstanceArn": *instance, "TargetId": account, "TargetType": "AWS_ACCOUNT", "PermissionSetArn": *set, "PrincipalType": "USER", "PrincipalId": *assign.PrincipalId}
	if d := cmp.Diff(want, got.Properties); d != "" || len(got.Unknown) != 0 {
		t.Errorf("%v%s", got.Unknown, d)
	}
	handed := object{"InstanceArn": *instance, "Name": "Admin", "SessionDuration": "PT1H", "ManagedPolicies": []any{}, "InlinePolicy": policy}
	if d := cmp.Diff(any(handed), got.Related["permission_set"]); d != "" {
		t.Error(d)
	}
	must[*ssoadmin.DeleteAccountAssignmentOutput](t)(c.DeleteAccountAssignment(ctx, &ssoadmin.DeleteAccountAssignmentInput{
		InstanceArn: instance, PermissionSetArn: set, TargetId: assign.TargetId, TargetType: assign.TargetType, PrincipalType: assign.PrincipalType, PrincipalId: assign.PrincipalId,
	}))
	if got := must[resource.Resource](t)(cat.Read(ctx, refs[0])); !got.Gone {
		t.Errorf("taken away: %+v", got)
	}
}
