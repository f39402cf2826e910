package demo

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/municipalities"
)

// Sisters adds some ties between sister cities. The pairs are publicly known; they are here
// as a demonstration, and no more than that: the cities' own protocols say what holds.
func Sisters(ctx context.Context, tx pgx.Tx) error {
	const ankara, istanbul, izmir, bursa, baku, sarajevo = "gn:323786", "gn:745044", "gn:311046", "gn:750269", "gn:587084", "gn:3191281"
	return municipalities.LoadSisters(ctx, tx, []municipalities.SisterRecord{
		{A: izmir, B: baku, Since: 1985},
		{A: bursa, B: sarajevo, Since: 1972},
		{A: istanbul, B: sarajevo, Since: 1997},
		{A: istanbul, B: "gn:1526384"}, // Almaty
		{A: ankara, B: "gn:785842"},    // Skopje
		{A: ankara, B: "gn:1528675"},   // Bishkek
		{A: ankara, B: "gn:1526273"},   // Astana
		{A: ankara, B: sarajevo},
		{A: ankara, B: "gn:3054643"},     // Budapest
		{A: "gn:315202", B: "gn:551487"}, // Eskişehir and Kazan
		{A: "gn:743952", B: "gn:586523"}, // Kars and Ganja
	})
}
