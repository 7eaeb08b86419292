// Package drift is how far what is there is from what a text said of it.
//
// It is: a comparison of declared resources with live ones, in normal forms, by path.
// It takes: a document that a loader made, which physical resource each of it became, and these as they were read.
// It gives: differences with the place in the text, and by path and with the reason all that could not be compared.
// Next door: cfn reads templates and resolves references to what was made; stack reads what is live.
//
// What a text does not say is no drift: AWS fills in defaults. More than the text says counts only in lists and maps that the text
// wrote out, such as the rules of a security group, the statements of a policy and tags.
package drift
