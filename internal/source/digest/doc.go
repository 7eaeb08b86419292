// Package digest proves that CloudTrail's log files are what CloudTrail delivered, by the digest files beside them.
//
// It is: a check of hashes, signatures and the chain of digests, from the newest back to the first.
// It takes: objects by their key in a bucket or a copy of one, and the public keys that CloudTrail signed with.
// It gives: for each account and region what was proven, what is wrong and what is unknown, which is never a pass.
// Next door: digest/disk gives the objects of a local copy; cli shows the reports.
//
// The format and the steps are those of the AWS CloudTrail user guide: "CloudTrail digest file structure" and "Custom
// implementations of CloudTrail log file integrity validation":
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
//
// A digest counts as proven in one of two ways. Signed: a signature of it, from its object's metadata or from the digest after
// it, fits one of the keys. Linked: the digest after it is proven itself and holds this one's hash.
package digest
