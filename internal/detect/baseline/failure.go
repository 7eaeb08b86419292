package baseline

import "math"

// failures is how improbable so many errors among the calls of an hour are, in powers of ten.
func (l *Learner) failures(a *actor, t *tally, f *facts, thorough bool) {
	if !f.failed && !thorough {
		return
	}
	errors, calls := t.errors, t.calls[0]+t.calls[1]+1
	if f.failed {
		errors++
	}
	if errors < t.ask[2] && !thorough {
		return
	}
	alpha, beta := a.rate()
	l.marks[Errors].size = float32(-math.Log10(atLeast(int(errors), int(calls), alpha, beta)))
	if !thorough {
		t.ask[2] = again(errors)
	}
}

// The weights of what is believed of a principal's errors: that of its peers as many calls, and its own not more than so many,
// as errors come in bursts.
const (
	peerCalls = 10
	ownCalls  = 60
)

// rate is the Beta distribution of the share of errors that is expected of the principal.
func (a *actor) rate() (alpha, beta float64) {
	share := 0.05 // before anything is known
	for i := len(a.scopes) - 1; i >= 0; i-- {
		if s := a.scopes[i]; s != nil && s.rank != account {
			share = (s.errors + 20*share) / (s.calls + 20)
		}
	}
	own := 1.0
	if a.calls > ownCalls {
		own = ownCalls / a.calls
	}
	return peerCalls*share + own*a.errors, peerCalls*(1-share) + own*(a.calls-a.errors)
}

// atLeast is the chance of k errors or more among n calls, when the share of errors is Beta distributed (the Beta-Binomial
// distribution, Skellam 1948). What is within the mean is not looked at: it is no surprise.
func atLeast(k, n int, alpha, beta float64) float64 {
	if k <= 0 || float64(k) <= float64(n)*alpha/(alpha+beta) {
		return 1
	}
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	i, all := float64(k), float64(n)
	p := math.Exp(lg(all+1) - lg(i+1) - lg(all-i+1) + lg(i+alpha) + lg(all-i+beta) - lg(all+alpha+beta) + lg(alpha+beta) - lg(alpha) - lg(beta))
	const most = 400 // terms; what comes after them is small
	sum := 0.0
	for range most {
		sum += p
		if i >= all || p < sum*1e-6 {
			break
		}
		p *= (all - i) * (i + alpha) / ((i + 1) * (all - i - 1 + beta))
		i++
	}
	return min(1, max(sum, 1e-12))
}
