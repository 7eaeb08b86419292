package seed

import (
	"fmt"
	"time"
)

// Rule is the built-in rule that fires on a Login.
const Rule = "9f1b3d5e-7a8c-4a46-8c0e-2d4f6b8a0c10"

// Login is a CloudTrail record of a sign-in with a password alone.
func Login(at time.Time, n int) string {
	user := fmt.Sprintf("worker-%03d", n%7)
	return fmt.Sprintf(`{"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE%[1]s","arn":"arn:aws:iam::111122223333:user/%[1]s",`+
		`"accountId":"111122223333","userName":%[1]q},"eventTime":%[2]q,"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1",`+
		`"sourceIPAddress":"198.51.100.23","userAgent":"Mozilla/5.0","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},`+
		`"additionalEventData":{"LoginTo":"https://console.aws.amazon.com/","MobileVersion":"No","MFAUsed":"No"},"eventID":"8f7e5a3c-0000-4000-8000-%012[3]d",`+
		`"readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}`,
		user, at.UTC().Format(time.RFC3339), n)
}
