// Package rates is how much software settles by itself, and how often it was wrong to.
//
// It is: counts over openings of tickets, and a fair sample of closings that nobody has reviewed.
// It takes: openings with what closed them and what people said of that; pure.
// It gives: by playbook, rule or verdict, the share that no person had a part in, those that were opened again, and the false-close rate.
// Next door: ticket has openings and reviews; cli shows the counts.
package rates
