// Package voice calls phones and reads a message out, through AWS End User Messaging.
//
// It is: calls to phones, by SendVoiceMessage of the service that was Amazon Pinpoint's (pinpoint-sms-voice-v2).
// It takes: credentials from app, the number or pool of the account that calls, and letters of deliveries.
// It gives: AWS's own ID of each call, and what was refused for good apart from what may be tried again.
// Next door: notify carries deliveries by it; sns sends text messages.
package voice
