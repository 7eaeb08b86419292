package auth

import "slices"

// Role is what somebody is here. A visitor may have several.
type Role string

// The roles. OwnerOfTeam is nobody's by a setting: whoever leads a team of org.yaml, or is in it, has it for that team.
const (
	Reporter    Role = "reporter"
	Viewer      Role = "viewer"
	OwnerOfTeam Role = "owner-of-team"
	Responder   Role = "responder"
	Approver    Role = "approver"
	Admin       Role = "admin"
)

// Verb is one thing that can be done here.
type Verb string

// The verbs. Every route of the console and of the API names one of them.
const (
	Report  Verb = "report"  // say that something is odd, and follow what becomes of it
	Look    Verb = "look"    // read what there is: tickets, findings, runs, scores, rules, who is on duty
	Letters Verb = "letters" // read dead letters, which hold raw records with personal data
	Settle  Verb = "settle"  // close, reopen, assign, comment, review
	Operate Verb = "operate" // pause, resume, cancel and undo runs, say that a task is done
	Approve Verb = "approve" // agree, or not, to what a run asks
	Duty    Verb = "duty"    // acknowledge, snooze and escalate pages, change who is on duty
	Replay  Verb = "replay"  // read dead letters again
	Stop    Verb = "stop"    // stop every change to the world
	Resume  Verb = "resume"  // let changes go on
	Govern  Verb = "govern"  // service tokens, the sessions of others, what was written by whom
)

// Reach is how far a role's right to a verb goes.
type Reach int

// The reaches. Own is what belongs to one of the visitor's teams.
const (
	None Reach = iota
	Own
	All
)

// Row is one line of the table of roles.
type Row struct {
	Verb  Verb
	Text  string
	Reach [6]Reach // by role, in the order of Roles
}

// Roles are all of them, in the order of the table's columns.
func Roles() []Role { return []Role{Reporter, Viewer, OwnerOfTeam, Responder, Approver, Admin} }

// Table is who may do what. There is no other place that says so; docs/how-to/sign-in.md is held against it.
//
// An admin gives rights and uses few: whoever hands out roles neither settles nor approves by that alone.
// Anybody who works on tickets may stop everything at once; letting it go on takes an approver.
func Table() []Row {
	return []Row{
		//                                                              reporter viewer owner responder approver admin
		{Report, "report something odd, and follow it", [6]Reach{All, All, All, All, All, All}},
		{Look, "read everything but raw records", [6]Reach{None, All, All, All, All, All}},
		{Letters, "read dead letters, raw", [6]Reach{None, None, None, All, All, All}},
		{Settle, "close, reopen, assign and comment tickets", [6]Reach{None, None, Own, All, All, None}},
		{Operate, "pause, resume, cancel and undo runs", [6]Reach{None, None, Own, All, All, None}},
		{Approve, "agree to what a run asks", [6]Reach{None, None, None, None, All, None}},
		{Duty, "acknowledge pages, change the rota", [6]Reach{None, None, Own, All, All, None}},
		{Replay, "read dead letters again", [6]Reach{None, None, None, All, None, All}},
		{Stop, "stop all enforcing", [6]Reach{None, None, None, All, All, All}},
		{Resume, "let enforcing go on", [6]Reach{None, None, None, None, All, None}},
		{Govern, "tokens, sessions, who wrote what", [6]Reach{None, None, None, None, None, All}},
	}
}

// Verbs are all of them, in the order of the table.
func Verbs() []Verb {
	var out []Verb
	for _, r := range Table() {
		out = append(out, r.Verb)
	}
	return out
}

// reach is how far the roles together go with a verb. What is not in the table is nobody's.
func reach(roles []Role, v Verb) Reach {
	best := None
	for _, row := range Table() {
		if row.Verb != v {
			continue
		}
		for i, role := range Roles() {
			if slices.Contains(roles, role) {
				best = max(best, row.Reach[i])
			}
		}
	}
	return best
}
