// Package gate answers the calls that CloudFormation and the Cloud Control API make before they change something.
//
// It is: the judge behind a Lambda hook: one call in, one answer out, in less than three seconds whatever happens.
// It takes: the call, what is expected, and a way to fetch the template that a call for a stack only names.
// It gives: whether it may go on, a message within the limits of the caller, and an annotation for each expectation.
// Next door: design/hook reads calls, check judges; cli runs it in Lambda.
//
// Sources of the forms: https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
// and https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Annotation.html.
package gate
