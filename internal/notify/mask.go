package notify

// Masked is a phone number as far as rows and people may see it: the country and the last two digits.
func Masked(phone string) string {
	const front, back = 3, 2
	if len(phone) <= front+back {
		return "…"
	}
	return phone[:front] + "…" + phone[len(phone)-back:]
}
