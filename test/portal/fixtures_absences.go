package portal

func init() {
	fixtures["/{lang}/desk/absences {absence}"] = `select 'aaaaaaaaaaaaaaaaaaaaaaaaaa'`
	fixtures["/{lang}/calendar {secret}"] = `select repeat('a', 52) || '.ics'`
}
