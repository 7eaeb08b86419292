// Package oncall knows who is on duty at any time, and proves that somebody always is.
//
// It is: rotas over sites, as text, with what people changed since; the proof that a rota has no hole; calendars of it. Time is an argument.
// It takes: the text of rotas, the people of org.yaml, calendars of holidays and leave, and changes.
// It gives: who is on duty at a time, the shifts between two times, every fault of a rota, and iCalendar feeds.
// Next door: org names the people; oncall/handoff has duty pass from one to the next; app joins both with what is kept.
//
// Shifts begin at fixed instants of UTC, so that no clock change of any site makes a gap. Who has a shift is reckoned from its number and
// a few shifts beside it, and never from all before it: who is on duty in ten years costs as much as today, and one leave moves only the
// shifts that it hits.
package oncall
