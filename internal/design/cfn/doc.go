// Package cfn reads CloudFormation templates.
//
// It is: a loader of YAML and JSON templates, with their functions, conditions, loops, nested stacks and serverless types.
// It takes: a text that nobody trusts, values of parameters, and a folder in which nested templates are looked for.
// It gives: the resources that the template asks for; what only deployment will tell is unknown, with its path and the reason.
// Next door: doc reads the text, resource/schema says which values a type takes; expect judges what comes out.
//
// A value is unknown alone: what stands beside it is as good as ever. A text with an unknown part is unknown as a whole; its
// known parts are in the cause, and a policy that is written as a text with such parts is read as a policy all the same.
//
// A resource whose condition is false is not made, and is named as skipped. One whose condition is not known stays, with the
// reason in Perhaps: what is wrong with it is wrong whenever it is made. Within it its own condition counts as true.
package cfn
