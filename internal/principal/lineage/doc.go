// Package lineage finds who is behind a credential.
//
// It is: a graph of credentials: which was issued to whom, by which event; pure, its time is that of the events.
// It takes: CloudTrail records, in any order; those that issue credentials teach it, all can be asked about.
// It gives: the person or workload at the root of an event, the way from there, and how sure each step is; its state as rows.
// Next door: event makes the records, detect asks for the fields of rules, app keeps the rows, cli learns in a first pass.
//
// # Links
//
// A temporary credential is issued by an event that names it (responseElements.credentials.accessKeyId), and every event
// that is signed with it names it too. That link is proved. Where the credential itself was not seen issued, as with the
// console, which fetches new ones by itself, the link is the name of the session and the time in which it could have been
// used: that is claimed, because callers choose names of sessions. When two callers had the name at the time and lead to
// different roots, the root is unknown. Nothing is ever guessed.
//
// What AWS itself writes into an event counts as proved without any other event: roles that only one party can assume
// (aws-service-role/… and aws-reserved/sso.amazonaws.com/…), ec2RoleDelivery, inScopeOf.credentialsIssuedTo, the issuer
// of a federated user. sourceIdentity is what somebody said once and nobody could change afterwards: it is taken for the
// root where nothing is proved, and said to be claimed.
//
// An IAM user counts as a person: no record tells a person from a program that has the person's key.
//
// # The promise
//
// As long as nothing is evicted, what Resolve says depends on the set of records that were learnt and not on their order or
// on copies of them: a grant is joined from its records field by field, by rules that do not mind the order, and a
// trace looks at grants by key, or at all those of a session in the order of their time and identity.
//
// Formats: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html, and for sharedEventID
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html.
package lineage
