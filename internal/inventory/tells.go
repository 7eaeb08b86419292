package inventory

import (
	"slices"
	"strings"

	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
)

// told are the properties that the native readers fill in, so that the absence of one means that there is none. What stands behind a
// minus is a part of one that they leave out.
func told(t resource.Type) (string, bool) {
	switch t {
	case resource.Bucket:
		return "BucketEncryption BucketName LoggingConfiguration OwnershipControls PublicAccessBlockConfiguration Tags VersioningConfiguration " +
			"WebsiteConfiguration -WebsiteConfiguration.RoutingRules -LoggingConfiguration.TargetObjectKeyFormat", true
	case resource.SecurityGroup:
		return "GroupDescription GroupName SecurityGroupEgress SecurityGroupIngress Tags VpcId", true
	case resource.AccessKey:
		return "Status UserName", true
	case resource.Role:
		return "AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies RoleName Tags", true
	case resource.User:
		return "Groups LoginProfile ManagedPolicyArns Path PermissionsBoundary Policies Tags UserName", true
	case resource.ManagedPolicy:
		return "Description Groups ManagedPolicyName Path PolicyDocument Roles Users", true
	case resource.Key:
		return "Description EnableKeyRotation Enabled KeyPolicy KeySpec KeyUsage MultiRegion Origin RotationPeriodInDays Tags", true
	case resource.Trail:
		return "AdvancedEventSelectors CloudWatchLogsLogGroupArn CloudWatchLogsRoleArn EnableLogFileValidation EventSelectors " +
			"IncludeGlobalServiceEvents InsightSelectors IsLogging IsMultiRegionTrail IsOrganizationTrail KMSKeyId S3BucketName S3KeyPrefix " +
			"Tags TrailName", true
	default:
		return "", false
	}
}

// Untold names as unknown the properties that the reader of a resource does not look for. Whoever asks whether something is there
// needs to know; expectations are only written about what is read.
func Untold(res *resource.Resource) {
	Complete(res)
	list, native := told(res.Type)
	t, known := schema.Of(res.Type)
	if !native || !known {
		return
	}
	names := strings.Fields(list)
	for _, m := range t.Properties {
		if _, there := res.Properties[m.Name]; !there && !slices.Contains(names, m.Name) {
			name(res, "properties."+m.Name, resource.NotRead)
		}
	}
	for _, n := range names {
		part, less := strings.CutPrefix(n, "-")
		top, _, _ := strings.Cut(part, ".")
		if _, there := res.Properties[top]; less && there {
			name(res, "properties."+part, resource.NotRead)
		}
	}
}
