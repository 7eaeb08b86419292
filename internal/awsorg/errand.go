package awsorg

import "regexp"

// Role is one of the roles that change something.
type Role string

// The roles. What repairs one account and what changes the whole organisation never stand in one.
const (
	Responder    Role = ""             // in the account of what is repaired
	Organization Role = "organization" // in the account that administers the organisation or Identity Center
)

// Errand is what an account is entered for to change something there.
type Errand struct {
	Account string
	Region  string // empty: the hub's own
	Role    Role
	Ticket  string       // for which it is: CloudTrail shows it with every call; empty: for none
	May     []Permission // nothing else is allowed
}

// maxSession is how many characters STS takes as the name of a session
// (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
const maxSession = 64

var illegal = regexp.MustCompile(`[^\w+=,.@-]`)

// sessionFor names the session of a ticket. IDs of tickets are letters and digits, of which 26 fit behind the longest name that the settings
// may have; of another ID, what STS does not take is replaced and what is too long is cut.
func sessionFor(name, ticket string) string {
	if ticket == "" {
		return name
	}
	name += "-" + illegal.ReplaceAllString(ticket, "-")
	return name[:min(len(name), maxSession)]
}
