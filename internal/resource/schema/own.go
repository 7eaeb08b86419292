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
}

// more are attributes beyond those of CloudFormation.
var more = map[resource.Type][]Member{
	resource.AccessKey: {{Name: "CreateDate", Value: &Value{Kind: Time}}},
}
