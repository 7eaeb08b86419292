// Package reach is how far somebody gets: who becomes whom, who becomes an administrator, and what one credential is worth.
//
// It is: a graph of users, roles and what runs as a role, walked as it is needed, and the ways of getting from one to the next as a text table.
// It takes: an estate of which all is read, and a principal or a resource.
// It gives: paths to administrators and the fix that cuts most of them, what a credential reaches as a number and a picture, and who reaches something.
// Next door: estate knows who there is and decides; policy reads documents.
//
// Whether a step can be taken is decided by the evaluator over the calls that it needs, on the very resource, so that boundaries, policies of the
// organisation, denials and conditions count. A step that hangs on what is not known is kept, and counted apart.
package reach
