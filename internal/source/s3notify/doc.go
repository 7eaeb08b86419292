// Package s3notify reads the log files that CloudTrail and others deliver to S3, as S3 tells of them.
//
// It is: the slow path, complete where EventBridge is not. A notification on a queue names an object full of records.
// It takes: notifications of S3, of EventBridge and of CloudTrail's own topic, with or without SNS around them.
// It gives: the object's events; dead letters for objects that are gone and for records that are not of the account in the key.
// Next door: source/queue brings the messages; source/file reads the object.
package s3notify
