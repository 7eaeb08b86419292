package app

import (
	"jobzero/internal/flow"
	"jobzero/internal/playbook"
	"jobzero/internal/playbook/grant"
	"jobzero/internal/store"
)

// Road is the way from what happened to what was settled. Read it from top to bottom.
//
// The first leg runs in this process and keeps nothing: a source hands events to detect, and acknowledges what it has read
// only when everything that follows from it is written down. From there on every leg is durable: a row says what is to be
// done, and a killed process forgets nothing. What inventory finds wrong with a resource it brings to its ticket itself, all of it in one
// transaction; triage's leg has the findings that come from elsewhere, and those that could not come to a ticket at once.
func (h *House) Road() []flow.Leg {
	return []flow.Leg{
		flow.From("source", h.listen(h.detect), "findings, hits, habits, deeds"),
		flow.Via(legCorrelate, "hits", h.correlate, "findings"),
		h.backrunLeg(),
		flow.Via(legBaseline, "habits", h.baselines, "findings"),
		flow.Into(legLedger, "deeds", h.foldLedger),
		h.sweepLeg(),
		flow.Via("inventory", "touched", h.reread, "findings"),
		flow.Via("triage", "findings", h.triager.Triage, "tickets"),
		flow.Via("playbook", "tickets", h.director.Advance, "effects"),
		h.pagerLeg(),
		flow.Into("action", "effects", h.director.Act),
	}
}

// legs is the road and what is done beside it, by the same engine.
func (h *House) legs() []flow.Leg {
	upkeep := flow.Into(legUpkeep, "days", h.upkeep)
	upkeep.Patience = sweepPatience // a million resources are added up in minutes
	return append(append(append(h.Road(), h.tellingLegs()...), append(h.mailLegs(), h.subscribingLegs()...)...), upkeep, flow.Into(legReconcile, "hours", h.reconcile), flow.Into(grant.Leg, "uses of break-glass", h.keeper.Advance), h.leaversLeg(),
		flow.Into(playbook.Contested, "tugs of war", h.contested),
		flow.Via(legSchedule, "times", h.schedule, "findings"), flow.Into(legCheckpoint, "hours", h.checkpoint), flow.From(legHeart, h.alive, "probes"), flow.Into(legProbe, "probes", h.probed), flow.Into(legHandoff, "rotas", h.handoffs), flow.Via(legRota, "rotas", h.proveRota, "findings"), flow.Via(store.TicketsLeg, "states of tickets", h.cameInto, "findings"))
}
