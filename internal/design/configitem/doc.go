// Package configitem reads what AWS Config has recorded.
//
// It is: a loader of configuration items: notifications, snapshots, histories, and the answers of the API of AWS Config.
// It takes: JSON, also packed with gzip; tables/*.txt say how old types, which are shaped like an API, are written.
// It gives: resources in the CloudFormation schema. What an item does not say, or says in words unknown here, is unknown.
// Next door: resource/schema knows names and kinds; check holds what comes out against expectations.
//
// Most types are recorded in CloudFormation's own schema, and what they do not have is not there. The old ones are recorded as their
// API answers: a null or an empty text says that there is nothing, and a property that the API does not have is unknown.
// Source of the forms: https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html,
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html and the property types that AWS publishes.
package configitem
