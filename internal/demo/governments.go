package demo

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/opinions"
)

// The two bodies of a state that the demonstration asks for. Neither is real.
const (
	ministry = "Örnek Şehircilik Bakanlığı"
	governor = "Örnek İli Valiliği"
)

// addGovernments enters them once.
func addGovernments(ctx context.Context, tx pgx.Tx) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from organisations where kind = 'government')`).Scan(&there); err != nil || there {
		return err
	}
	for _, name := range []string{ministry, governor} {
		if _, err := opinions.Enter(ctx, tx, identity.Worker(), opinions.NewGovernment{Name: name, Lang: "tr", Country: "TR"}); err != nil {
			return err
		}
	}
	return nil
}
