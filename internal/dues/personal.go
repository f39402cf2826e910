package dues

import "github.com/birlik/portal/internal/personal"

// Personal is what the books say about people: who booked what. Books are kept as the law
// says.
func Personal() personal.Part {
	return personal.Part{
		Area: "dues",
		Keeps: []string{"exchange_rates.actor_id", "dues_rules.actor_id", "dues_assessments.actor_id", "dues_assessments.cancelled_by", "dues_runs.actor_id",
			"dues_bank_files.actor_id", "dues_payments.actor_id", "dues_waivers.actor_id", "dues_reminders.actor_id"},
	}
}
