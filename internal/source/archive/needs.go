package archive

// Needs is what listing and fetching the files of an archive calls for, as IAM actions.
func Needs() []string { return []string{"s3:GetObject", "s3:ListBucket"} }
