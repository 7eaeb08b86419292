// Package burndown is how far people still are from never touching systems and data by hand, by team.
//
// It is: human sessions and what people did to data, counted from a ledger, and goals that fall to a number by a day.
// It takes: a view of a ledger, an organisation that says who owns what, and the text of goals.
// It gives: sums by team, person, account or day; for each team the goal, what it was, and whether it falls.
// Next door: access/ledger is who did what, org who owns it; cli shows both.
//
// # Whose count it is
//
// A session counts for the team that owns the account, and a read for the team that owns what was read: only the owner of a system can
// make it run without people, whoever they are that come by hand today. Where nobody owns it the team is unknown, and is shown as
// such. By person the same numbers are those of whoever came.
//
// # What a session is
//
// One person in one principal in one account on one day. Signing in leaves three to five records with Identity Center and one without
// it, and a browser that is left open leaves none: a count of sign-ins would say more of the way in than of the people.
// Shells are counted by themselves: each command that opens one on a machine.
package burndown
