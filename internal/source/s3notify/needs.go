package s3notify

// Needs is what fetching the objects calls for that a notification names, as IAM actions.
func Needs() []string { return []string{"s3:GetObject"} }
