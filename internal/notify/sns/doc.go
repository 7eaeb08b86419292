// Package sns sends text messages through Amazon SNS.
//
// It is: SMS to phones, by the Publish call of Amazon SNS.
// It takes: credentials from app, and letters of deliveries.
// It gives: AWS's own ID of each message, and what was refused for good apart from what may be tried again.
// Next door: notify carries deliveries by it. SNS calls no phones: voice does.
package sns
