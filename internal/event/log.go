package event

// Log is the kind of log that a record is of, as product/service. The empty one is CloudTrail, which nearly every record is.
type Log string

// The logs that AWS writes.
const (
	CloudTrail   Log = ""
	VPCFlow      Log = "aws/vpcflow"
	Resolver     Log = "aws/route53resolver" // queries of the Route 53 resolver
	S3Access     Log = "aws/s3access"
	WAF          Log = "aws/waf"
	LoadBalancer Log = "aws/alb" // application load balancers
	CloudFront   Log = "aws/cloudfront"
	APIGateway   Log = "aws/apigateway"
	EKSAudit     Log = "aws/eks"
)

// String is the log's name, of CloudTrail too.
func (l Log) String() string {
	if l == CloudTrail {
		return "aws/cloudtrail"
	}
	return string(l)
}
