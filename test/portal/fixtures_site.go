package portal

func init() {
	fixtures["{country}"] = `select 'AZ'`
	fixtures["{field}"] = `select 'culture'`
}
