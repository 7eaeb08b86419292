package builtin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

func dataCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"rds.make-private":          {Make: publicDatabase, State: databaseState},
		"rds.protect-from-deletion": {Make: publicDatabase, State: databaseState},
		"rds.unshare-snapshot":      {Make: sharedDatabase, State: databaseShares, Disturb: otherDatabaseShare},
		"kms.cancel-deletion":       {Make: doomedKey, State: keyIs},
		"kms.enable-rotation":       {Make: newKey, State: keyIs, Disturb: doom},
		"eks.close-public-endpoint": {Make: publicCluster, State: endpointState, Disturb: otherEndpoint},
	}
}

func publicDatabase(t *testing.T, owner aws.Config, account string) effect.Target {
	must[*rds.CreateDBInstanceOutput](t)(rds.NewFromConfig(owner).CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("shop"), Engine: aws.String("postgres"), DBInstanceClass: aws.String("db.t3.micro"), AllocatedStorage: aws.Int32(20),
		MasterUsername: aws.String("shop"), MasterUserPassword: aws.String("emulator-only"), PubliclyAccessible: aws.Bool(true), DeletionProtection: aws.Bool(false),
	}))
	return at(resource.DBInstance, account, "shop")
}

func databaseState(t *testing.T, owner aws.Config, to effect.Target) string {
	d := must[*rds.DescribeDBInstancesOutput](t)(rds.NewFromConfig(owner).DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &to.Ref.ID})).DBInstances[0]
	return fmt.Sprint(*d.PubliclyAccessible, *d.DeletionProtection)
}

func sharedDatabase(t *testing.T, owner aws.Config, account string) effect.Target {
	publicDatabase(t, owner, account)
	must[*rds.CreateDBSnapshotOutput](t)(rds.NewFromConfig(owner).CreateDBSnapshot(t.Context(), &rds.CreateDBSnapshotInput{DBInstanceIdentifier: aws.String("shop"), DBSnapshotIdentifier: aws.String("night")}))
	to := at(resource.DBShare, account, "night")
	shareDatabase(t, owner, to, "all", "444455556666")
	return to
}

func shareDatabase(t *testing.T, owner aws.Config, to effect.Target, with ...string) {
	must[*rds.ModifyDBSnapshotAttributeOutput](t)(rds.NewFromConfig(owner).ModifyDBSnapshotAttribute(t.Context(), &rds.ModifyDBSnapshotAttributeInput{
		DBSnapshotIdentifier: &to.Ref.ID, AttributeName: aws.String("restore"), ValuesToAdd: with,
	}))
}

func databaseShares(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, a := range must[*rds.DescribeDBSnapshotAttributesOutput](t)(rds.NewFromConfig(owner).DescribeDBSnapshotAttributes(t.Context(), &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: &to.Ref.ID})).DBSnapshotAttributesResult.DBSnapshotAttributes {
		out = append(out, a.AttributeValues...)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func otherDatabaseShare(t *testing.T, owner aws.Config, to effect.Target) {
	shareDatabase(t, owner, to, "777788889999")
}

func newKey(t *testing.T, owner aws.Config, account string) effect.Target {
	return at(resource.Key, account, *must[*kms.CreateKeyOutput](t)(kms.NewFromConfig(owner).CreateKey(t.Context(), &kms.CreateKeyInput{})).KeyMetadata.KeyId)
}

func doomedKey(t *testing.T, owner aws.Config, account string) effect.Target {
	to := newKey(t, owner, account)
	doom(t, owner, to)
	return to
}

func doom(t *testing.T, owner aws.Config, to effect.Target) {
	must[*kms.ScheduleKeyDeletionOutput](t)(kms.NewFromConfig(owner).ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &to.Ref.ID, PendingWindowInDays: aws.Int32(7)}))
}

func keyIs(t *testing.T, owner aws.Config, to effect.Target) string {
	c := kms.NewFromConfig(owner)
	k := must[*kms.DescribeKeyOutput](t)(c.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: &to.Ref.ID})).KeyMetadata
	if k.KeyState != kmstypes.KeyStateEnabled {
		return string(k.KeyState)
	}
	return fmt.Sprint(k.KeyState, must[*kms.GetKeyRotationStatusOutput](t)(c.GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: &to.Ref.ID})).KeyRotationEnabled)
}

func publicCluster(t *testing.T, owner aws.Config, account string) effect.Target {
	must[*eks.CreateClusterOutput](t)(eks.NewFromConfig(owner).CreateCluster(t.Context(), &eks.CreateClusterInput{
		Name: aws.String("shop"), RoleArn: aws.String("arn:aws:iam::" + account + ":role/eks"), ResourcesVpcConfig: endpointIs(true, false, "203.0.113.0/24"),
	}))
	return at(resource.KubeCluster, account, "shop")
}

func endpointIs(public, private bool, ranges ...string) *ekstypes.VpcConfigRequest {
	return &ekstypes.VpcConfigRequest{SubnetIds: []string{"subnet-0a1b2c3d", "subnet-1a2b3c4d"}, EndpointPublicAccess: &public, EndpointPrivateAccess: &private, PublicAccessCidrs: ranges}
}

func endpointState(t *testing.T, owner aws.Config, to effect.Target) string {
	c := must[*eks.DescribeClusterOutput](t)(eks.NewFromConfig(owner).DescribeCluster(t.Context(), &eks.DescribeClusterInput{Name: &to.Ref.ID})).Cluster.ResourcesVpcConfig
	return fmt.Sprint(c.EndpointPublicAccess, c.EndpointPrivateAccess, c.PublicAccessCidrs)
}

func otherEndpoint(t *testing.T, owner aws.Config, to effect.Target) {
	must[*eks.UpdateClusterConfigOutput](t)(eks.NewFromConfig(owner).UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{Name: &to.Ref.ID, ResourcesVpcConfig: endpointIs(true, false, "0.0.0.0/0")}))
}

// TestPlanOfData: what the actions on databases, keys and clusters refuse, and what they find nothing in.
func TestPlanOfData(t *testing.T) {
	cat, _, server := catalogue(t)
	same := func(*testing.T, aws.Config, *effect.Target) {}
	for name, c := range map[string]struct {
		from     func(*testing.T, aws.Config, string) effect.Target
		turn     func(*testing.T, aws.Config, *effect.Target)
		id, want string
	}{
		"no such database":     {publicDatabase, func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID = "none" }, "rds.make-private", "nothing: it does not exist any more"},
		"nothing else applies": {publicDatabase, same, "rds.make-private", `{"DBInstanceIdentifier":"shop","PubliclyAccessible":false}`},
		"no such snapshot":     {sharedDatabase, func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID = "none" }, "rds.unshare-snapshot", "nothing: it does not exist any more"},
		"others stay":          {sharedDatabase, same, "rds.unshare-snapshot", `"ValuesToRemove":["all"]`},
		"not to be deleted":    {newKey, same, "kms.cancel-deletion", "nothing: the key is not to be deleted"},
		"doomed":               {doomedKey, same, "kms.enable-rotation", "refused: the key is PendingDeletion"},
		"asymmetric": {newKey, func(t *testing.T, o aws.Config, to *effect.Target) {
			to.Ref.ID = *must[*kms.CreateKeyOutput](t)(kms.NewFromConfig(o).CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: kmstypes.KeySpecRsa2048, KeyUsage: kmstypes.KeyUsageTypeSignVerify})).KeyMetadata.KeyId
		}, "kms.enable-rotation", "refused: the key is RSA_2048"},
		"private too": {publicCluster, same, "eks.close-public-endpoint", `{"EndpointPrivateAccess":true,"EndpointPublicAccess":false}`},
		"closed already": {publicCluster, func(t *testing.T, o aws.Config, to *effect.Target) {
			must[*eks.UpdateClusterConfigOutput](t)(eks.NewFromConfig(o).UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{Name: &to.Ref.ID, ResourcesVpcConfig: endpointIs(false, true)}))
		}, "eks.close-public-endpoint", "nothing: only the cluster's network"},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := c.from(t, owner, account)
			c.turn(t, owner, &to)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to))
			if got := said(p); !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestClusters: clusters and their snapshots go through the same actions as single databases.
func TestClusters(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	c := rds.NewFromConfig(server.Config(account))
	must[*rds.CreateDBClusterOutput](t)(c.CreateDBCluster(t.Context(), &rds.CreateDBClusterInput{
		DBClusterIdentifier: aws.String("shop"), Engine: aws.String("aurora-postgresql"), MasterUsername: aws.String("shop"), MasterUserPassword: aws.String("emulator-only"),
	}))
	must[*rds.CreateDBClusterSnapshotOutput](t)(c.CreateDBClusterSnapshot(t.Context(), &rds.CreateDBClusterSnapshotInput{DBClusterIdentifier: aws.String("shop"), DBClusterSnapshotIdentifier: aws.String("night")}))
	must[*rds.ModifyDBClusterSnapshotAttributeOutput](t)(c.ModifyDBClusterSnapshotAttribute(t.Context(), &rds.ModifyDBClusterSnapshotAttributeInput{
		DBClusterSnapshotIdentifier: aws.String("night"), AttributeName: aws.String("restore"), ValuesToAdd: []string{"all", "444455556666"},
	}))
	must[*rds.CreateDBInstanceOutput](t)(c.CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("shop-1"), DBClusterIdentifier: aws.String("shop"), Engine: aws.String("aurora-postgresql"), DBInstanceClass: aws.String("db.r5.large"),
	}))
	if p := must[effect.Plan](t)(cat.Plan(t.Context(), "rds.protect-from-deletion", at(resource.DBInstance, account, "shop-1"))); !strings.Contains(p.Refused, "cluster shop: lock that") {
		t.Errorf("a member of a cluster: %s", said(p))
	}
	for id, to := range map[string]effect.Target{
		"rds.protect-from-deletion": at(resource.DBCluster, account, "shop"), "rds.unshare-snapshot": at(resource.ClusterShare, account, "night"),
	} {
		p := must[effect.Plan](t)(cat.Plan(t.Context(), id, to))
		for _, step := range []struct {
			do    func() (effect.Result, error)
			holds bool
		}{
			{func() (effect.Result, error) { return cat.Do(t.Context(), p) }, true},
			{func() (effect.Result, error) { return cat.Undo(t.Context(), p) }, false},
		} {
			if r := must[effect.Result](t)(step.do()); r.Calls != 1 {
				t.Errorf("%s: %+v", id, r)
			}
			if k := must[effect.Check](t)(cat.Verify(t.Context(), p)); k.Holds != step.holds || k.Unknown {
				t.Errorf("%s: %+v, want holds %t", id, k, step.holds)
			}
		}
	}
}
