package oncall

// Config says where the rota is.
type Config struct {
	Rota string `yaml:"rota"` // path of rota.yaml; empty: the built-in sample
}
