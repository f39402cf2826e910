package portal

func init() {
	fixtures["/{lang}/services {slug}"] = `select 'business-corporation'`
}
