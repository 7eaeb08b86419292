package schema

import "jobzero/internal/resource"

// own is what CloudFormation lacks: types of ours, and what AWS says of a resource and CloudFormation has no attribute for. The
// readers of the live account fill it in; a template never can.
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
	resource.SecurityHubCoverage: `T jobzero::SecurityHub::Coverage - -
p Enabled b
`,
}

// more are attributes beyond those of CloudFormation.
var more = map[resource.Type][]Member{
	resource.AccessKey: {{Name: "CreateDate", Value: &Value{Kind: Time}}},
	resource.Key:       {{Name: "DeletionDate", Value: &Value{Kind: Time}}, {Name: "KeyState", Value: &Value{Kind: Text}}},
}
