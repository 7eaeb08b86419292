package awsorg

// What is called here itself, as IAM actions.
const (
	EnterNeeds  = "sts:AssumeRole"       // Reader and Writer, of the program's own credentials
	RegionNeeds = "s3:GetBucketLocation" // BucketRegion
)
