package baseline

import (
	"strings"

	"jobzero/internal/event"
)

// stage is where in an attack a call stands, and what a surprise at it weighs.
type stage struct {
	name   string
	weight float64
}

// The stages, as ATT&CK's matrix for cloud platforms names tactics and techniques (https://attack.mitre.org/matrices/enterprise/cloud/).
// Looking around weighs more than it does by itself because it is left of the attack: nothing is lost yet.
const (
	who         = "looks who it is (T1033)"
	permissions = "looks what it may do (T1069.003)"
	inventories = "looks what there is (T1580)"
	buckets     = "looks for data (T1619)"
	mail        = "looks whether it can send mail (T1526)"
	models      = "looks for models to use (T1526)"
	watchers    = "looks who is watching (T1526)"
	blinding    = "blinds who is watching (T1562.008)"
	footholds   = "makes itself a way back (T1098)"
	newAccounts = "makes an identity (T1136.003)"
	taking      = "takes credentials (T1555.006)"
	sharing     = "shares data with others (T1537)"
)

// The weights of stages.
const (
	looking = 1.5
	acting  = 2
)

// stages are the calls that stand for a stage when they are unusual for their principal, by service and beginning of the name.
var stages = map[string][]struct {
	prefix string
	stage
}{
	"sts.amazonaws.com": {{"GetCallerIdentity", stage{who, looking}}, {"GetFederationToken", stage{footholds, acting}}},
	"iam.amazonaws.com": {
		{"GetAccountAuthorizationDetails", stage{permissions, looking}},
		{"SimulatePrincipalPolicy", stage{permissions, looking}},
		{"ListAttached", stage{permissions, looking}},
		{"ListUserPolicies", stage{permissions, looking}},
		{"ListUsers", stage{permissions, looking}},
		{"ListRoles", stage{permissions, looking}},
		{"GetAccountSummary", stage{permissions, looking}},
		{"CreateUser", stage{newAccounts, acting}},
		{"CreateAccessKey", stage{footholds, acting}},
		{"CreateLoginProfile", stage{footholds, acting}},
		{"UpdateLoginProfile", stage{footholds, acting}},
		{"UpdateAssumeRolePolicy", stage{footholds, acting}},
		{"Attach", stage{footholds, acting}},
		{"PutUserPolicy", stage{footholds, acting}},
		{"PutRolePolicy", stage{footholds, acting}},
		{"CreatePolicyVersion", stage{footholds, acting}},
	},
	"rolesanywhere.amazonaws.com": {{"CreateTrustAnchor", stage{footholds, acting}}, {"CreateProfile", stage{footholds, acting}}},
	"s3.amazonaws.com": {
		{"ListBuckets", stage{buckets, looking}},
		{"GetBucketAcl", stage{buckets, looking}},
		{"GetBucketPolicy", stage{buckets, looking}},
		{"PutBucketPolicy", stage{sharing, acting}},
		{"PutBucketAcl", stage{sharing, acting}},
	},
	"ses.amazonaws.com":     {{"GetSendQuota", stage{mail, looking}}, {"GetAccount", stage{mail, looking}}, {"ListIdentities", stage{mail, looking}}},
	"bedrock.amazonaws.com": {{"ListFoundationModels", stage{models, looking}}, {"GetFoundationModelAvailability", stage{models, looking}}},
	"ec2.amazonaws.com": {
		{"DescribeRegions", stage{inventories, looking}},
		{"DescribeInstances", stage{inventories, looking}},
		{"DescribeSecurityGroups", stage{inventories, looking}},
		{"DescribeSnapshots", stage{inventories, looking}},
		{"GetPasswordData", stage{taking, acting}},
		{"ModifySnapshotAttribute", stage{sharing, acting}},
		{"ModifyImageAttribute", stage{sharing, acting}},
		{"DeleteFlowLogs", stage{blinding, acting}},
	},
	"servicequotas.amazonaws.com":  {{"GetServiceQuota", stage{inventories, looking}}, {"ListServiceQuotas", stage{inventories, looking}}},
	"secretsmanager.amazonaws.com": {{"GetSecretValue", stage{taking, acting}}, {"BatchGetSecretValue", stage{taking, acting}}, {"ListSecrets", stage{taking, looking}}},
	"ssm.amazonaws.com":            {{"GetParameter", stage{taking, looking}}, {"DescribeParameters", stage{taking, looking}}},
	"cloudtrail.amazonaws.com": {
		{"DescribeTrails", stage{watchers, looking}},
		{"GetTrailStatus", stage{watchers, looking}},
		{"StopLogging", stage{blinding, acting}},
		{"DeleteTrail", stage{blinding, acting}},
		{"UpdateTrail", stage{blinding, acting}},
		{"PutEventSelectors", stage{blinding, acting}},
	},
	"guardduty.amazonaws.com": {
		{"ListDetectors", stage{watchers, looking}},
		{"GetFindings", stage{watchers, looking}},
		{"DeleteDetector", stage{blinding, acting}},
		{"UpdateDetector", stage{blinding, acting}},
	},
	"route53resolver.amazonaws.com": {{"DeleteResolverQueryLogConfig", stage{blinding, acting}}},
	"config.amazonaws.com":          {{"StopConfigurationRecorder", stage{blinding, acting}}, {"DeleteConfigurationRecorder", stage{blinding, acting}}},
}

// stageOf is the stage of a call, of weight one when it stands for none.
func stageOf(e *event.Event) stage {
	for _, s := range stages[e.Source] {
		if strings.HasPrefix(e.Name, s.prefix) {
			return s.stage
		}
	}
	return stage{weight: 1}
}

// refused reports whether the principal was not allowed to do it.
func refused(code string) bool {
	return strings.Contains(code, "AccessDenied") || strings.Contains(code, "Unauthorized") //nolint:misspell // as AWS spells it
}
