package profiles

import "github.com/birlik/portal/internal/apperr"

// Question is one of the short self-assessment of digital maturity (clause 9 of the
// mandate). Its words are messages: "profiles.maturity.<Key>", and for each level
// "profiles.maturity.<Key>.<level>".
type Question struct{ Key string }

// Levels is how many levels a question has: from 0, nothing yet, to Levels-1, a matter of course.
const Levels = 4

// Questions lists the self-assessment. A question that is taken out keeps its answers stored;
// a new one is unanswered everywhere.
func Questions() []Question {
	return []Question{{"services"}, {"documents"}, {"data"}, {"identity"}, {"security"}, {"people"}}
}

// Maturity is what a municipality says of itself: the level by question.
type Maturity map[string]int

// Answered counts the questions of today that are answered.
func (m Maturity) Answered() int {
	n := 0
	for _, q := range Questions() {
		if _, ok := m[q.Key]; ok {
			n++
		}
	}
	return n
}

// Average is the mean level of the questions of today, in tenths: 23 is 2.3. 0 where none is
// answered.
func (m Maturity) Average() int {
	sum, n := 0, m.Answered()
	if n == 0 {
		return 0
	}
	for _, q := range Questions() {
		sum += m[q.Key]
	}
	return (sum*10 + n/2) / n
}

// Check refuses levels that there are not, and questions left open. Errors: invalid, by question.
func (m Maturity) Check() error {
	faults := map[string]string{}
	for _, q := range Questions() {
		if level, ok := m[q.Key]; !ok || level < 0 || level >= Levels {
			faults[q.Key] = "requests.choose"
		}
	}
	return apperr.Fields(faults)
}
