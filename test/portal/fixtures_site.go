package portal

func init() {
	fixtures["{country}"] = `select 'AZ'`
	fixtures["{field}"] = `select 'culture'`
	fixtures["/{lang}/municipalities/ {slug}"] = `select 'susa'`
	constants["{after}"] = "0.xml"
}
