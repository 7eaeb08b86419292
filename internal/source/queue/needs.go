package queue

// Needs is what a consumer calls for, as IAM actions on its queue.
func Needs() []string {
	return []string{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"}
}
