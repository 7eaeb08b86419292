package schema

import "jobzero/internal/resource"

// own is what CloudFormation lacks: types of ours, and what AWS says of a resource and CloudFormation has no attribute for. The
// readers of the live account fill it in; a template never can. Terraform has some of it: the account's password policy, databases of
// Athena, and an attachment, which is only met where who gets the policy is not in the text.
var own = map[resource.Type]string{
	resource.AccountPublicAccess: `T jobzero::S3::AccountPublicAccessBlock - -
p BlockPublicAcls b
p BlockPublicPolicy b
p IgnorePublicAcls b
p RestrictPublicBuckets b
`,
	resource.IAMAccount: `T jobzero::IAM::Account - -
p PasswordPolicy o0
p RootAccessKeys b
p RootMFA b
O PasswordPolicy
p AllowUsersToChangePassword b
p MaxPasswordAge i
p MinimumPasswordLength i
p PasswordReusePrevention i
p RequireLowercaseCharacters b
p RequireNumbers b
p RequireSymbols b
p RequireUppercaseCharacters b
`,
	resource.Attachment: `T jobzero::IAM::Attachment - -
p Groups [s
p PermissionSet s
p PolicyArn s
p Roles [s
p Users [s
`,
	resource.AccessAnalyzerCoverage: `T jobzero::AccessAnalyzer::Coverage - -
p Enabled b
`,
	resource.ConfigCoverage: `T jobzero::Config::Coverage - -
p AllSupported b
p Enabled b
p LastStatus s
`,
	resource.GuardDutyCoverage: `T jobzero::GuardDuty::Coverage - -
p DetectorId s
p Enabled b
`,
	resource.InspectorCoverage: `T jobzero::Inspector::Coverage - -
p Ec2 b
p Ecr b
p Enabled b
p Lambda b
`,
	resource.MacieCoverage: `T jobzero::Macie::Coverage - -
p Enabled b
`,
	resource.StackDrift: `T jobzero::CloudFormation::Drift - -
p Differences [o0
p Different i
p NotCompared i
p Open [o1
p Same i
p StackStatus s
O Difference
p Id s
p Is s
p Kind s
p Name s
p Of [s
p Path s
p Place s
p Said s
p Type s
O Open
p Name s
p Path s
p Why s
`,
	resource.Organization: `T jobzero::Organizations::Organization - -
p DelegatedAdministrators [o0
p FeatureSet s
p ManagementAccount s
p Policies [o1
p RootFeatures [s
p Trails [o2
p TrustedServices [s
p WatchedOutside [s
O DelegatedAdministrator
p Account s
p Services [s
O Policy
p Content j
p Name s
p OnRoot b
p Type s
O Trail
p Arn s
p IsLogging b
p IsMultiRegionTrail b
`,
	resource.OrgAccount: `T jobzero::Organizations::Account - -
p JoinedMethod s
p JoinedTimestamp d
p Name s
p SecurityContact b
p State s
p Units [o0
p Watched b
O Unit
p Id s
p Name s
`,
	resource.LandingZone: `T jobzero::ControlTower::LandingZone - -
p Baselines [o0
p Controls [o0
p DriftStatus s
p LatestAvailableVersion s
p Status s
p Version s
O Broken
p Id s
p State s
p Target s
`,
	resource.BackupCoverage: `T jobzero::Backup::Coverage - -
p ProtectedTypes [s
p Tests [o0
O Test
p CreationTime d
p LastExecutionTime d
p LastOutcome s
p Plan s
p Type s
`,
	resource.Regions: `T jobzero::EC2::Regions - -
p Enabled [s
p Unwatched [s
`,
	resource.InstanceScan: `T jobzero::Inspector::Instance - -
p InstanceState s
p LastScannedAt d
p LaunchTime d
p ScanMode s
p ScanReason s
p ScanStatus s
`,
	resource.SnapshotShare: `T jobzero::EC2::SnapshotShare - -
p Accounts [s
p Encrypted b
p Public b
p VolumeId s
`,
	resource.ImageShare: `T jobzero::EC2::ImageShare - -
p Accounts [s
p Name s
p Organizations [s
p Public b
`,
	resource.DBShare: `T jobzero::RDS::SnapshotShare - -
p Accounts [s
p Encrypted b
p Engine s
p Public b
p Source s
`,
	resource.ClusterShare: `T jobzero::RDS::ClusterSnapshotShare - -
p Accounts [s
p Encrypted b
p Engine s
p Public b
p Source s
`,
	resource.AthenaDatabase: `T jobzero::Athena::Database Name -
p Bucket s
p Comment s
p EncryptionConfiguration o0
p ExpectedBucketOwner s
p Name s
p Properties j
p Workgroup s
O EncryptionConfiguration
p EncryptionOption s
p KmsKey s
`,
	resource.SecurityHubCoverage: `T jobzero::SecurityHub::Coverage - -
p Enabled b
`,
}

// more are attributes beyond those of CloudFormation.
var more = map[resource.Type][]Member{
	resource.AccessKey: {{Name: "CreateDate", Value: &Value{Kind: Time}}},
	resource.Key:       {{Name: "DeletionDate", Value: &Value{Kind: Time}}, {Name: "KeyState", Value: &Value{Kind: Text}}},
}
